import { Analysis } from 'cdk8s-netpol/analysis';
import { InputError, InputObject } from '../input';
import { easiestFirst, NamespaceStatus, Stage, STAGES } from './namespace-status';
import { stageSince } from './stage-since';

/** What our constructs write. */
const OWNER = 'cdk8s-netpol/owner';
const CONTACT = 'cdk8s-netpol/contact';
const STAGE = 'cdk8s-netpol/stage';
const RECORD = 'netpol-stage';
const ROLLBACK = 'netpol-rollback';

type Texts = Readonly<Record<string, unknown>>;

interface Marks {
  owner?: string;
  contact?: string;
  stage?: Stage;
  since?: string;
  rolledBack: boolean;
}

/**
 * The namespaces of the input and how far each has come.
 * @param ownerKeys labels and annotations of the Namespace by which a team is named already
 */
export function readStatus(analysis: Analysis, objects: readonly InputObject[], ownerKeys: readonly string[]): NamespaceStatus[] {
  const { inventory } = analysis;
  const marks = marksOf(objects, ownerKeys);
  const workloads = countBy(inventory.workloads.map(({ namespace }) => namespace));
  const unprotected = countBy(analysis.exposure().unprotected.flatMap(({ workload }) => (workload.kind === 'workload' ? [workload.namespace] : [])));
  const names = new Set([...inventory.namespaces.keys(), ...marks.keys()]);
  return easiestFirst([...names].map((namespace) => ({
    namespace,
    workloads: workloads.get(namespace) ?? 0,
    unprotected: unprotected.get(namespace) ?? 0,
    rolledBack: false,
    ...marks.get(namespace),
  })));
}

/** What objects of a namespace say about it; the record says more than a policy, and a policy more than the Namespace. */
function marksOf(objects: readonly InputObject[], ownerKeys: readonly string[]): ReadonlyMap<string, Marks> {
  const found = new Map<string, Marks>();
  const marksFor = (namespace: string): Marks => {
    let marks = found.get(namespace);
    if (marks === undefined) found.set(namespace, (marks = { rolledBack: false }));
    return marks;
  };
  const records = new Set<string>();
  const ranked = objects.map((object) => ({ ...object, rank: rankOf(object) })).filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank);
  for (const each of ranked) {
    const { object, rank } = each;
    const metadata = mapping(object.metadata);
    const [name, namespace] = [text(metadata.name) ?? '', text(metadata.namespace) ?? 'default'];
    const [labels, annotations, data] = [mapping(metadata.labels), mapping(metadata.annotations), rank === 3 ? mapping(object.data) : {}];
    if (rank === 1) {
      const owner = [OWNER, ...ownerKeys].map((key) => text(labels[key]) ?? text(annotations[key])).find((value) => value !== undefined);
      if (owner !== undefined) marksFor(name).owner = owner;
      continue;
    }
    const marks = marksFor(namespace);
    marks.owner = text(data.owner) ?? text(labels[OWNER]) ?? marks.owner;
    marks.contact = text(data.contact) ?? text(annotations[CONTACT]) ?? marks.contact;
    const stage = [data.stage, annotations[STAGE]].find((value): value is Stage => STAGES.includes(value as Stage));
    if (stage !== undefined) marks.stage = stage;
    if (rank === 3) {
      if (records.has(namespace)) throw new InputError([each.origin.problemIn('', `the ConfigMap ${namespace}/${RECORD} is in the input twice: which of the stages holds is anybody's guess`)]);
      records.add(namespace);
      marks.since = stageSince(each);
    }
    if (name === ROLLBACK) marks.rolledBack = true;
  }
  return found;
}

function rankOf({ object: { apiVersion, kind, metadata } }: InputObject): 0 | 1 | 2 | 3 {
  if (kind === 'Namespace' && apiVersion === 'v1') return 1;
  if (kind === 'ConfigMap' && mapping(metadata).name === RECORD) return 3;
  const { labels, annotations } = mapping(metadata);
  const isOurs = OWNER in mapping(labels) || STAGE in mapping(annotations);
  return kind === 'NetworkPolicy' && (isOurs || mapping(metadata).name === ROLLBACK) ? 2 : 0;
}

function mapping(value: unknown): Texts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Texts : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
