import { CLUSTER_NETWORK_POLICY, NETWORK_POLICY } from './apis';
import { AuditForm, Fact, ServedApi } from './cni-row';

/**
 * What the Kubernetes documentation says, or leaves to the implementation. A CNI of which no statement was found takes
 * these: its answers are then `depends`, with the place that leaves the question open.
 */
const CONCEPTS = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const NO_DRY_RUN = 'https://github.com/kubernetes-sigs/network-policy-api/issues/230';

export const NATIVE_API: ServedApi = { api: NETWORK_POLICY, default: true, source: CONCEPTS };

export const CLUSTER_POLICY_UNKNOWN: ServedApi = {
  api: CLUSTER_NETWORK_POLICY,
  default: 'depends',
  source: 'https://network-policy-api.sigs.k8s.io/implementations/',
  note: 'say cnp=on or cnp=off',
};

export const ENFORCES: Fact<boolean> = { value: true, source: CONCEPTS };

export const OPENER: Fact<AuditForm> = {
  value: 'opener',
  source: CONCEPTS,
  note: 'native policies have no dry run; one that allows everything opens the pods again, because policies add up',
};

export const NO_WOULD_BE_DROPS: Fact<boolean> = {
  value: false,
  source: NO_DRY_RUN,
  note: 'the evidence is the offline evaluation of recorded flows',
};

export const ESTABLISHED_OPEN: Fact<'cut' | 'kept'> = {
  value: 'depends',
  source: 'https://github.com/kubernetes-sigs/network-policy-api/issues/305',
  note: 'Kubernetes does not say what happens to open connections; test with fresh ones',
};

export const IP_BLOCK_PODS_OPEN: Fact<boolean> = {
  value: 'depends',
  source: CONCEPTS,
  note: 'ipBlock should be cluster-external addresses; whether it matches pods is left to the CNI',
};

export const IP_BLOCK_NODES_OPEN: Fact<boolean> = {
  value: 'depends',
  source: CONCEPTS,
  note: 'whether addresses are rewritten before policy is applied is not defined',
};

export const CNP_NETWORKS_OPEN: Fact<boolean> = {
  value: 'depends',
  source: 'https://network-policy-api.sigs.k8s.io/reference/spec/',
  note: 'the API says that networks match pods; implementations differ',
};

export const SERVICE_MATCH_OPEN: Fact<'post-dnat' | 'pre-dnat'> = {
  value: 'depends',
  source: CONCEPTS,
  note: 'whether Service addresses are rewritten before policy is applied is not defined',
};

/** The documentation says always allowed; several CNIs deny it all the same, so only the generic profile may rely on it. */
export const OWN_NODE_AS_DOCUMENTED: Fact<'allowed' | 'denied'> = { value: 'allowed', source: CONCEPTS };
export const OWN_NODE_OPEN: Fact<'allowed' | 'denied'> = {
  value: 'depends',
  source: CONCEPTS,
  note: 'documented as always allowed, denied by several CNIs',
};
