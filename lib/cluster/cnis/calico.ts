import { CALICO, CLUSTER_NETWORK_POLICY } from '../apis';
import { CniRow } from '../cni-row';
import { NATIVE_API } from '../open-facts';

const CONNTRACK = 'https://github.com/projectcalico/calico/issues/6399';
const IP_BLOCKS = 'https://github.com/projectcalico/calico/issues/6634';
const RESOURCES = 'https://docs.tigera.io/calico/latest/reference/resources/';
const STAGED = 'https://docs.tigera.io/calico/latest/network-policy/staged-network-policies';

export const calico: CniRow = {
  name: 'calico',
  title: 'Calico',
  source: 'https://docs.tigera.io/calico/latest/network-policy/',
  versionOf: 'Calico',
  enforcesNetworkPolicy: { value: true, source: 'https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-policy/' },
  serves: [
    NATIVE_API,
    {
      api: CALICO, kinds: ['NetworkPolicy', 'GlobalNetworkPolicy', 'NetworkSet', 'GlobalNetworkSet'], default: true, source: RESOURCES,
      note: 'through the Calico API server or native projectcalico.org/v3 definitions; managed Calico on AKS serves NetworkPolicy alone',
    },
    { api: CALICO, kinds: ['Tier'], default: true, since: '3.29', source: `${RESOURCES}tier` },
    {
      api: CALICO, kinds: ['StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy'], default: true,
      since: '3.30', source: STAGED,
    },
    {
      api: CLUSTER_NETWORK_POLICY, default: true, since: '3.32', source: 'https://github.com/tigera/docs/pull/2416',
      note: '3.32 dropped AdminNetworkPolicy and BaselineAdminNetworkPolicy',
    },
  ],
  auditForm: { value: 'staged', source: STAGED, before: { version: '3.30', value: 'opener' } },
  showsWouldBeDrops: {
    value: true, source: STAGED, before: { version: '3.30', value: false },
    note: 'flow logs carry the verdict of staged policies as pending',
  },
  establishedOnEnforce: {
    value: 'kept', source: CONNTRACK,
    note: 'connection tracking comes first: the outage comes at the next restart of the client',
  },
  ipBlockMatchesPods: { value: true, source: IP_BLOCKS },
  ipBlockMatchesNodes: { value: 'depends', source: IP_BLOCKS, note: 'no statement about nodes was found' },
  cnpNetworksMatchPods: {
    value: true,
    source: 'https://github.com/projectcalico/calico/blob/master/libcalico-go/lib/backend/k8s/conversion/clusternetworkpolicy_test.go',
  },
  serviceMatch: { value: 'post-dnat', source: 'https://github.com/projectcalico/calico/tree/master/felix/fv' },
  podToOwnNode: {
    value: 'denied', source: 'https://github.com/projectcalico/calico/blob/master/felix/docs/config-params.md',
    note: 'DefaultEndpointToHostAction comes after egress policy',
  },
  settings: [],
};
