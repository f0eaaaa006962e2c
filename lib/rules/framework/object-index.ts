import { ObjectName, objectText, SourceObject } from '../../analysis';
import { Labels, Origin } from '../../policy';
import { mapping, readStageRecord, STAGE_RECORD, StageRecord } from './stage-record';

/** What people write beside the specification of an object. */
export interface ObjectMetadata {
  readonly apiVersion: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly origin?: Origin;
}

/** Labels and annotations by object. */
export class ObjectIndex {
  private readonly byName = new Map<string, ObjectMetadata>();
  private readonly policies = new Map<string, ObjectMetadata[]>();
  /** What our constructs have recorded of namespaces. */
  public readonly records = new Map<string, StageRecord>();
  /** Objects of kinds outside of Kubernetes: an operator may make pods for one. */
  private readonly custom = new Map<string, string[]>();

  public constructor(objects: readonly SourceObject[]) {
    for (const { object, origin } of objects) {
      const { apiVersion, kind, metadata } = mapping(object);
      const { name, namespace, labels, annotations } = mapping(metadata);
      if (typeof kind !== 'string' || typeof name !== 'string') continue;
      const space = typeof namespace === 'string' && namespace !== '' ? namespace : undefined;
      const key = keyOf({ kind, name, ...(space === undefined ? {} : { namespace: space }) });
      const known = { apiVersion: typeof apiVersion === 'string' ? apiVersion : '', labels: texts(labels), annotations: texts(annotations), ...(origin === undefined ? {} : { origin }) };
      this.byName.set(key, known);
      if (kind.endsWith('NetworkPolicy')) append(this.policies, space ?? 'default', known);
      if (name === STAGE_RECORD && kind === 'ConfigMap') this.records.set(space ?? 'default', readStageRecord(mapping(object)));
      if (typeof apiVersion === 'string' && isCustom(apiVersion)) append(this.custom, space ?? 'default', `${kind} ${name}`);
    }
  }

  public get(object: ObjectName): ObjectMetadata | undefined {
    return this.byName.get(keyOf(object));
  }

  /** The policies of a namespace, of whatever API. */
  public policiesOf(namespace: string): readonly ObjectMetadata[] {
    return this.policies.get(namespace) ?? [];
  }

  /** The objects of custom kinds in a namespace, as `KIND NAME`. */
  public customObjects(namespace: string): readonly string[] {
    return this.custom.get(namespace) ?? [];
  }

  /** Every object with its metadata, in the order of the input. */
  public get all(): Iterable<readonly [string, ObjectMetadata]> {
    return this.byName;
  }
}

/** An object of a namespace that does not say so is in `default`. */
function keyOf(object: ObjectName): string {
  return objectText(object.namespace === 'default' ? { kind: object.kind, name: object.name } : object);
}

/** @see https://kubernetes.io/docs/reference/using-api/#api-groups */
function isCustom(apiVersion: string): boolean {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return group.includes('.') && !group.endsWith('.k8s.io');
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function texts(value: unknown): Labels {
  return Object.fromEntries(Object.entries(mapping(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
