import type { CiliumPlainProfile } from './cilium-profile';

/**
 * What the Kubernetes documents leave to the cluster. `undefined` = not known: the verdict is `depends` where it matters.
 */
export interface PlainProfile {
  readonly name: string;
  /** Does the cluster serve ClusterNetworkPolicy? What is not served contributes nothing. */
  readonly cnp: boolean;
  /** Does it serve AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1? */
  readonly anp: boolean;
  /** Does `ipBlock` match the address of a pod? */
  readonly ipBlockMatchesPods?: boolean;
  /** Does `ipBlock` match the address of a node (that is not the pod's own)? */
  readonly ipBlockMatchesNodes?: boolean;
  /** Does `networks` of a cluster policy match the address of a pod? */
  readonly cnpNetworksMatchPods?: boolean;
  /** Does `networks` of a cluster policy match the address of a node? */
  readonly cnpNetworksMatchNodes?: boolean;
  /** Are `hostNetwork` pods selected by NetworkPolicy, as subject and as peer, like other pods? */
  readonly hostNetworkPodsAreOrdinary?: boolean;
  /** Does a NetworkPolicy that isolates a pod stop ICMP? */
  readonly networkPolicyIsolatesIcmp?: boolean;
  /** Does a NetworkPolicy rule without `ports` let ICMP through? */
  readonly rulesWithoutPortsAllowIcmp?: boolean;
  /** Does `except` of a NetworkPolicy deny by itself, whatever other rules allow? Absent: no, as the API says. */
  readonly exceptDenies?: true;
  /** The evaluation of a cluster with Cilium, where it has one. */
  readonly cilium?: CiliumPlainProfile;
  /** Is the address of a Service replaced by that of a pod behind it before egress policy sees the packet? */
  readonly servicesResolvedBeforePolicy?: boolean;
  /** Where the addresses of pods lie that the input does not tell. Absent: anywhere. */
  readonly podCidrs?: readonly string[];
  /** Where the addresses of nodes lie that the input does not tell. Absent: anywhere. */
  readonly nodeCidrs?: readonly string[];
  /** Where the addresses of Services lie that the input does not tell. Absent: anywhere. */
  readonly serviceCidrs?: readonly string[];
}

/** Kubernetes with a CNI of which nothing is known. */
export const GENERIC: PlainProfile = { name: 'generic', cnp: true, anp: true };
