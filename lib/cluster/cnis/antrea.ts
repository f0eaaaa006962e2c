import { ANTREA, CLUSTER_NETWORK_POLICY } from '../apis';
import { CniRow } from '../cni-row';
import { IP_BLOCK_NODES_OPEN, NATIVE_API } from '../open-facts';

const POLICY = 'https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md';
const GATES = 'https://github.com/antrea-io/antrea/blob/main/docs/feature-gates.md';
const PIPELINE = 'https://github.com/antrea-io/antrea/blob/main/docs/design/ovs-pipeline.md';

export const antrea: CniRow = {
  name: 'antrea',
  title: 'Antrea',
  source: POLICY,
  versionOf: 'Antrea',
  enforcesNetworkPolicy: {
    value: true, source: 'https://github.com/antrea-io/antrea/blob/main/docs/design/architecture.md',
    note: 'the gate AntreaPolicy does not touch NetworkPolicy',
  },
  serves: [
    NATIVE_API,
    { api: ANTREA, default: true, setting: { name: 'AntreaPolicy', value: 'true' }, source: GATES },
    {
      api: CLUSTER_NETWORK_POLICY, default: false, since: '2.7', setting: { name: 'ClusterNetworkPolicy', value: 'true' },
      source: 'https://github.com/antrea-io/antrea/pull/8018',
    },
  ],
  auditForm: {
    value: 'opener', source: POLICY,
    note: 'Allow and log in the baseline tier would show more, but a NetworkPolicy that isolates the pod skips that tier, and stages have one',
  },
  showsWouldBeDrops: {
    value: false, source: POLICY,
    note: 'the baseline tier, whose rules can allow and log, is not reached by pods that a NetworkPolicy isolates',
  },
  establishedOnEnforce: {
    value: 'kept', source: POLICY,
    note: 'new rules do not touch open connections: the outage comes at the next restart of the client',
  },
  ipBlockMatchesPods: { value: true, source: 'https://github.com/antrea-io/antrea/blob/main/test/e2e/antreapolicy_test.go' },
  ipBlockMatchesNodes: IP_BLOCK_NODES_OPEN,
  cnpNetworksMatchPods: {
    value: 'depends', source: 'https://github.com/antrea-io/antrea/pull/8018', note: 'no test of networks against pods was found',
  },
  serviceMatch: { value: 'post-dnat', source: POLICY },
  podToOwnNode: { value: 'denied', source: PIPELINE, note: 'the default rule drops every IP packet of the pod' },
  settings: [
    {
      name: 'AntreaPolicy', values: ['true', 'false'], default: 'true', source: GATES,
      meaning: 'false ignores the policies of crd.antrea.io',
    },
    {
      name: 'ClusterNetworkPolicy', values: ['true', 'false'], default: 'false', since: '2.7', source: GATES,
      meaning: 'true serves ClusterNetworkPolicy of policy.networking.k8s.io',
    },
    {
      name: 'AdminNetworkPolicy', values: ['true', 'false'], default: 'false', since: '1.13', source: GATES,
      meaning: 'true serves AdminNetworkPolicy and BaselineAdminNetworkPolicy of policy.networking.k8s.io/v1alpha1',
    },
    {
      name: 'NodeNetworkPolicy', values: ['true', 'false'], default: 'false', source: GATES,
      meaning: 'true applies cluster policies to nodes too',
    },
    {
      name: 'antreaProxy', values: ['true', 'false'], default: 'true', source: POLICY,
      meaning: 'false leaves Services to kube-proxy: toServices matches nothing',
    },
  ],
};
