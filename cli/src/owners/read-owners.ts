import { InputObject, KubernetesJson } from '../input';
import { mapping, metadataOf, ObjectMetadata, text } from './object-metadata';

/** What our constructs write. */
export const OWNER_KEY = 'cdk8s-netpol/owner';
const RECORD = 'netpol-stage';

/** Who owns what, as the objects of the input say. */
export interface Owners {
  readonly ofNamespace: (namespace: string) => string | undefined;
  /** The owner that an object names itself, else that of its namespace. */
  readonly ofObject: (object: KubernetesJson) => string | undefined;
  /** The same for a workload of the input, by what it is called. */
  readonly ofWorkload: (workload: { readonly kind: string; readonly namespace: string; readonly name: string }) => string | undefined;
}

/**
 * Reads the owners. Of a namespace, the record of our constructs says more than a policy, and a policy more than the Namespace.
 * @param ownerKeys labels and annotations, beside our own, by which teams are named already; the first that is there counts
 */
export function readOwners(objects: readonly InputObject[], ownerKeys: readonly string[]): Owners {
  const keys = [OWNER_KEY, ...ownerKeys];
  const [fromNamespace, fromPolicy, fromRecord] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
  const ofWorkload = new Map<string, string>();
  for (const { object } of objects) {
    const metadata = metadataOf(object);
    const { name, namespace = 'default', labels } = metadata;
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') put(fromNamespace, name, named(metadata, keys));
    else if (object.kind === 'ConfigMap' && name === RECORD) put(fromRecord, namespace, text(mapping(object.data).owner) ?? text(labels[OWNER_KEY]));
    else if (object.kind.endsWith('NetworkPolicy')) put(fromPolicy, namespace, text(labels[OWNER_KEY]));
    else put(ofWorkload, workloadKey({ kind: object.kind, namespace, name }), named(metadata, keys));
  }
  const ofNamespace: Owners['ofNamespace'] = (namespace) => fromRecord.get(namespace) ?? fromPolicy.get(namespace) ?? fromNamespace.get(namespace);
  return {
    ofNamespace,
    ofObject: (object) => {
      const metadata = metadataOf(object);
      return named(metadata, keys) ?? ofNamespace(metadata.namespace ?? 'default');
    },
    ofWorkload: (workload) => ofWorkload.get(workloadKey(workload)) ?? ofNamespace(workload.namespace),
  };
}

function named({ labels, annotations }: ObjectMetadata, keys: readonly string[]): string | undefined {
  return keys.map((key) => text(labels[key]) ?? text(annotations[key])).find((owner) => owner !== undefined);
}

function put(owners: Map<string, string>, key: string, owner: string | undefined): void {
  if (owner !== undefined) owners.set(key, owner);
}

function workloadKey({ kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string }): string {
  return `${kind} ${namespace}/${name}`;
}
