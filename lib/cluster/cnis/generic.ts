import { CniRow } from '../cni-row';
import {
  CLUSTER_POLICY_UNKNOWN, CNP_NETWORKS_OPEN, ENFORCES, ESTABLISHED_OPEN, IP_BLOCK_NODES_OPEN, IP_BLOCK_PODS_OPEN, NATIVE_API,
  NO_WOULD_BE_DROPS, OPENER, OWN_NODE_AS_DOCUMENTED, SERVICE_MATCH_OPEN,
} from '../open-facts';

/** Any CNI that implements NetworkPolicy as Kubernetes documents it. */
export const generic: CniRow = {
  name: 'generic',
  title: 'the generic CNI',
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  versionOf: 'Kubernetes',
  enforcesNetworkPolicy: ENFORCES,
  serves: [NATIVE_API, CLUSTER_POLICY_UNKNOWN],
  auditForm: OPENER,
  showsWouldBeDrops: NO_WOULD_BE_DROPS,
  establishedOnEnforce: ESTABLISHED_OPEN,
  ipBlockMatchesPods: IP_BLOCK_PODS_OPEN,
  ipBlockMatchesNodes: IP_BLOCK_NODES_OPEN,
  cnpNetworksMatchPods: CNP_NETWORKS_OPEN,
  serviceMatch: SERVICE_MATCH_OPEN,
  podToOwnNode: OWN_NODE_AS_DOCUMENTED,
  settings: [],
};
