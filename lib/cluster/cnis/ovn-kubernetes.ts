import { ADMIN_NETWORK_POLICY, CLUSTER_NETWORK_POLICY, OVN_EGRESS_FIREWALL } from '../apis';
import { CniRow } from '../cni-row';
import { ESTABLISHED_OPEN, IP_BLOCK_NODES_OPEN, NATIVE_API, NO_WOULD_BE_DROPS, OPENER, OWN_NODE_OPEN } from '../open-facts';

const DOCS = 'https://ovn-kubernetes.io/features/network-security-controls';
const REPOSITORY = 'https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master';
const ACLS = `${REPOSITORY}/docs/design/acls.md`;
const ADMIN = `${DOCS}/admin-network-policy/`;
const FIREWALL = `${DOCS}/egress-firewall/`;

export const ovnKubernetes: CniRow = {
  name: 'ovn-kubernetes',
  title: 'OVN-Kubernetes',
  source: `${DOCS}/network-policy/`,
  versionOf: 'OVN-Kubernetes',
  enforcesNetworkPolicy: { value: true, source: `${DOCS}/network-policy/` },
  serves: [
    NATIVE_API,
    { api: ADMIN_NETWORK_POLICY, default: true, setting: { name: 'enable-admin-network-policy', value: 'true' }, source: ADMIN },
    {
      api: OVN_EGRESS_FIREWALL, kinds: ['EgressFirewall'], default: true, setting: { name: 'enable-egress-firewall', value: 'true' }, source: FIREWALL,
      note: 'a further layer that denies traffic out of the cluster',
    },
    { api: CLUSTER_NETWORK_POLICY, default: false, source: 'https://network-policy-api.sigs.k8s.io/implementations/' },
  ],
  auditForm: OPENER,
  showsWouldBeDrops: { ...NO_WOULD_BE_DROPS, note: 'the ACL log shows what the opener allows, at 20 messages a second and node' },
  establishedOnEnforce: ESTABLISHED_OPEN,
  ipBlockMatchesPods: { value: true, source: ACLS, note: 'a block is compared with the address, whoever has it; what it leaves out is denied by itself' },
  ipBlockMatchesNodes: IP_BLOCK_NODES_OPEN,
  cnpNetworksMatchPods: { value: true, source: ADMIN, note: 'said of networks of an AdminNetworkPolicy' },
  serviceMatch: { value: 'post-dnat', source: ACLS, note: 'rules are applied after the load balancer' },
  podToOwnNode: OWN_NODE_OPEN,
  settings: [
    {
      name: 'enable-admin-network-policy', values: ['true', 'false'], default: 'true', source: ADMIN,
      meaning: 'false: AdminNetworkPolicy and BaselineAdminNetworkPolicy are not evaluated',
    },
    {
      name: 'enable-egress-firewall', values: ['true', 'false'], default: 'true', source: `${REPOSITORY}/go-controller/pkg/config/config.go`,
      meaning: 'false: EgressFirewall is not evaluated. OpenShift turns it on',
    },
  ],
};
