import { readAdminNetworkPolicy, readBaselineAdminNetworkPolicy } from './admin-network-policy';
import type { Cluster } from './cluster';
import { readClusterNetworkPolicy } from './cluster-network-policy';
import type { ClusterPolicy } from './cluster-policy';
import type { KubernetesObject } from './kubernetes-objects';
import type { PlainProfile } from './profile';

export type Tier = 'Admin' | 'Baseline';

/** Reading is by far the slowest part, and says the same every time. */
const alreadyRead = new WeakMap<KubernetesObject, ClusterPolicy>();

function readOnce(policies: readonly KubernetesObject[], read: (policy: KubernetesObject) => ClusterPolicy): ClusterPolicy[] {
  return policies.map((policy) => {
    const result = alreadyRead.get(policy) ?? read(policy);
    alreadyRead.set(policy, result);
    return result;
  });
}

/**
 * The policies of a tier, one list for each API that the cluster serves: priorities order the policies of one API; how two
 * APIs that are served together interleave is written nowhere. An API that is not served contributes nothing.
 */
export function clusterPoliciesOf(tier: Tier, cluster: Cluster, profile: PlainProfile): ClusterPolicy[][] {
  const current = cluster.clusterNetworkPolicies.filter((policy) => (policy.spec as { tier?: Tier }).tier === tier);
  const former = tier === 'Admin'
    ? { policies: cluster.adminNetworkPolicies, read: readAdminNetworkPolicy }
    : { policies: cluster.baselineAdminNetworkPolicies, read: readBaselineAdminNetworkPolicy };
  return [
    ...(profile.cnp ? [readOnce(current, readClusterNetworkPolicy)] : []),
    ...(profile.anp ? [readOnce(former.policies, former.read)] : []),
  ];
}
