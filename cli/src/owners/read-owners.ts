import { ObjectIndex, OWNER_KEYS, ownerOf, ownerOfNamespace } from 'cdk8s-netpol/rules';
import { Config } from '../config/netpol-yaml';
import { InputObject, KubernetesJson } from '../input';
import { metadataOf } from './object-metadata';

/** What netpol.yaml says about owners. */
export type OwnerChoice = Pick<Config, 'ownerKeys'>;

/** Who owns what, as the objects of the input say: the reading of the rules, so that no two verbs name different owners. */
export interface Owners {
  readonly ofNamespace: (namespace: string) => string | undefined;
  /** The owner that an object names itself, else that of its namespace; a policy does not speak for its neighbours. */
  readonly ofObject: (object: KubernetesJson) => string | undefined;
  /** The owner of a workload of the input, by what it is called. */
  readonly ofWorkload: (workload: { readonly kind: string; readonly namespace: string; readonly name: string }) => string | undefined;
}

export function readOwners(objects: readonly InputObject[], config: OwnerChoice | undefined): Owners {
  const [index, keys] = [new ObjectIndex(objects), ownerKeysOf(config)];
  const ofNamespace: Owners['ofNamespace'] = (namespace) => ownerOfNamespace(namespace, index, keys);
  return {
    ofNamespace,
    ofObject: (object) => {
      const { name, namespace } = metadataOf(object);
      return ownerOf({ kind: object.kind, name, namespace: namespace ?? 'default' }, index, keys);
    },
    ofWorkload: (workload) => ownerOf(workload, index, keys) ?? ofNamespace(workload.namespace),
  };
}

/** Labels and annotations that name an owner: ours, and those of netpol.yaml, or where it lists none, those that many teams use. */
export function ownerKeysOf(config: OwnerChoice | undefined): readonly string[] {
  return config === undefined || config.ownerKeys.length === 0 ? OWNER_KEYS : [OWNER_KEYS[0]!, ...config.ownerKeys];
}
