import { Decider } from '../observation';

/**
 * The kinds of policies, as Antrea numbers and names them.
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/apis/flow/v1alpha1/flow.proto
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/apis/controlplane/v1beta2/types.go
 */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['1', 'NetworkPolicy'],
  ['2', 'AntreaNetworkPolicy'],
  ['3', 'AntreaClusterNetworkPolicy'],
  ['4', 'ClusterNetworkPolicy'],
  ['K8sNetworkPolicy', 'NetworkPolicy'],
  ['AntreaNetworkPolicy', 'AntreaNetworkPolicy'],
  ['AntreaClusterNetworkPolicy', 'AntreaClusterNetworkPolicy'],
  ['K8sClusterNetworkPolicy', 'ClusterNetworkPolicy'],
  ['AdminNetworkPolicy', 'AdminNetworkPolicy'],
  ['BaselineAdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
]);

export interface PolicyName {
  /** A number or a word of Antrea. */
  readonly type: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly rule?: string;
}

/** Null where no policy is named: what the isolation by a NetworkPolicy drops has none. */
export function antreaDecider({ type, namespace, name, rule }: PolicyName): readonly Decider[] | null {
  if (name === undefined) return null;
  return [{
    kind: KINDS.get(type) ?? null,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(rule === undefined ? {} : { rule }),
  }];
}
