import { ADMIN_NETWORK_POLICY, CLUSTER_NETWORK_POLICY, OVN_EGRESS_FIREWALL } from '../apis';
import { CniRow } from '../cni-row';
import {
  CNP_NETWORKS_OPEN, ESTABLISHED_OPEN, IP_BLOCK_NODES_OPEN, IP_BLOCK_PODS_OPEN, NATIVE_API, NO_WOULD_BE_DROPS, OPENER, OWN_NODE_OPEN,
  SERVICE_MATCH_OPEN,
} from '../open-facts';

const DOCS = 'https://ovn-kubernetes.io/features/network-security-controls';

export const ovnKubernetes: CniRow = {
  name: 'ovn-kubernetes',
  title: 'OVN-Kubernetes',
  source: `${DOCS}/network-policy/`,
  versionOf: 'OVN-Kubernetes',
  enforcesNetworkPolicy: { value: true, source: `${DOCS}/network-policy/` },
  serves: [
    NATIVE_API,
    { api: ADMIN_NETWORK_POLICY, default: true, source: `${DOCS}/admin-network-policy/` },
    {
      api: OVN_EGRESS_FIREWALL, kinds: ['EgressFirewall'], default: true, source: `${DOCS}/egress-firewall/`,
      note: 'a further layer that denies traffic out of the cluster',
    },
    { api: CLUSTER_NETWORK_POLICY, default: false, source: 'https://network-policy-api.sigs.k8s.io/implementations/' },
  ],
  auditForm: OPENER,
  showsWouldBeDrops: { ...NO_WOULD_BE_DROPS, note: 'the ACL log shows what the opener allows, at 20 messages a second and node' },
  establishedOnEnforce: ESTABLISHED_OPEN,
  ipBlockMatchesPods: IP_BLOCK_PODS_OPEN,
  ipBlockMatchesNodes: IP_BLOCK_NODES_OPEN,
  cnpNetworksMatchPods: CNP_NETWORKS_OPEN,
  serviceMatch: SERVICE_MATCH_OPEN,
  podToOwnNode: OWN_NODE_OPEN,
  settings: [],
};
