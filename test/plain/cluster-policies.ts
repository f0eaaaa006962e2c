import { readAdminNetworkPolicy, readBaselineAdminNetworkPolicy } from './admin-network-policy';
import type { Cluster } from './cluster';
import { readClusterNetworkPolicy } from './cluster-network-policy';
import type { ClusterPolicy } from './cluster-policy';
import type { PlainProfile } from './profile';

export type Tier = 'Admin' | 'Baseline';

/**
 * The policies of a tier, one list for each API that the cluster serves: priorities order the policies of one API; how two
 * APIs that are served together interleave is written nowhere. An API that is not served contributes nothing.
 */
export function clusterPoliciesOf(tier: Tier, cluster: Cluster, profile: PlainProfile): ClusterPolicy[][] {
  const current = cluster.clusterNetworkPolicies.filter((policy) => (policy.spec as { tier?: Tier }).tier === tier);
  const former = tier === 'Admin'
    ? cluster.adminNetworkPolicies.map(readAdminNetworkPolicy)
    : cluster.baselineAdminNetworkPolicies.map(readBaselineAdminNetworkPolicy);
  return [...(profile.cnp ? [current.map(readClusterNetworkPolicy)] : []), ...(profile.anp ? [former] : [])];
}
