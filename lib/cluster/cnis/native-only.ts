import { ADMIN_NETWORK_POLICY, CLUSTER_NETWORK_POLICY, NETWORK_POLICY } from '../apis';
import { Cloud } from '../cloud';
import { CniRow } from '../cni-row';
import { CLUSTER_POLICY_UNKNOWN, OWN_NODE_OPEN } from '../open-facts';
import { generic } from './generic';

/** CNIs that know NetworkPolicy and of which little more is documented: generic, except for what is said here. */

const FLANNEL = 'https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md';
const NOT_SERVED = { ...CLUSTER_POLICY_UNKNOWN, default: false, note: 'not among the implementations' } as const;

export const flannel: CniRow = {
  ...generic,
  name: 'flannel',
  title: 'Flannel',
  source: FLANNEL,
  versionOf: 'Flannel',
  enforcesNetworkPolicy: {
    value: false,
    source: FLANNEL,
    note: 'Flannel connects pods and enforces nothing',
    when: [
      { setting: 'netpol.enabled', values: ['true'], value: true, why: 'the chart runs kube-network-policies beside Flannel' },
    ],
  },
  remedy: 'install its chart with netpol.enabled=true and say so: Cni.flannel({ settings: { "netpol.enabled": "true" } })',
  serves: [
    { api: NETWORK_POLICY, default: false, setting: { name: 'netpol.enabled', value: 'true' }, source: FLANNEL },
    NOT_SERVED,
  ],
  podToOwnNode: OWN_NODE_OPEN,
  settings: [
    {
      name: 'netpol.enabled', values: ['true', 'false'], default: 'false', source: FLANNEL,
      meaning: 'the value of its chart that runs kube-network-policies beside it',
    },
  ],
};

const KUBE_ROUTER = 'https://github.com/cloudnativelabs/kube-router/blob/master/docs/user-guide.md';

export const kubeRouter: CniRow = {
  ...generic,
  name: 'kube-router',
  title: 'kube-router',
  source: KUBE_ROUTER,
  versionOf: 'kube-router',
  enforcesNetworkPolicy: {
    value: true,
    source: KUBE_ROUTER,
    when: [
      { setting: 'run-firewall', values: ['false'], value: false, why: 'kube-router runs without its network policy controller' },
    ],
  },
  serves: [
    { api: NETWORK_POLICY, default: true, setting: { name: 'run-firewall', value: 'true' }, source: KUBE_ROUTER },
    CLUSTER_POLICY_UNKNOWN,
  ],
  podToOwnNode: OWN_NODE_OPEN,
  settings: [
    {
      name: 'run-firewall', values: ['true', 'false'], default: 'true', source: KUBE_ROUTER,
      meaning: 'whether the network policy controller runs',
    },
  ],
};

const KIND = 'https://github.com/kubernetes-sigs/kind/pull/3612';

export const kindnet: CniRow = {
  ...generic,
  name: 'kindnet',
  title: 'kindnet',
  source: KIND,
  versionOf: 'kind',
  enforcesNetworkPolicy: { value: true, source: KIND, before: { version: '0.24', value: false } },
  remedy: 'make the cluster with kind 0.24 or later',
  serves: [{ api: NETWORK_POLICY, default: true, since: '0.24', source: KIND }, CLUSTER_POLICY_UNKNOWN],
  podToOwnNode: OWN_NODE_OPEN,
};

const AZURE = 'https://learn.microsoft.com/azure/aks/use-network-policies';

export const azureNpm: CniRow = {
  ...generic,
  name: 'azure-npm',
  title: 'Azure Network Policy Manager',
  source: AZURE,
  versionOf: 'Azure NPM',
  clouds: [Cloud.AZURE],
  enforcesNetworkPolicy: { value: true, source: AZURE },
  serves: [{ api: NETWORK_POLICY, default: true, source: AZURE }, CLUSTER_POLICY_UNKNOWN],
  podToOwnNode: OWN_NODE_OPEN,
};

const WEAVE = 'https://github.com/weaveworks/weave/blob/master/site/kubernetes/kube-addon.md';

export const weaveNet: CniRow = {
  ...generic,
  name: 'weave-net',
  title: 'Weave Net',
  source: WEAVE,
  versionOf: 'Weave Net',
  enforcesNetworkPolicy: {
    value: true,
    source: WEAVE,
    when: [
      { setting: 'EXPECT_NPC', values: ['0'], value: false, why: 'the network policy controller weave-npc is off' },
    ],
  },
  serves: [
    { api: NETWORK_POLICY, default: true, setting: { name: 'EXPECT_NPC', value: '1' }, source: WEAVE },
    CLUSTER_POLICY_UNKNOWN,
  ],
  podToOwnNode: OWN_NODE_OPEN,
  settings: [
    { name: 'EXPECT_NPC', values: ['0', '1'], default: '1', source: WEAVE, meaning: '0 runs without the network policy controller' },
  ],
};

const KNP = 'https://github.com/kubernetes-sigs/kube-network-policies';

export const kubeNetworkPolicies: CniRow = {
  ...generic,
  name: 'kube-network-policies',
  title: 'kube-network-policies',
  source: KNP,
  versionOf: 'kube-network-policies',
  enforcesNetworkPolicy: { value: true, source: KNP, note: 'fails open by default: traffic passes while its agent is down' },
  serves: [
    { api: NETWORK_POLICY, default: true, source: KNP },
    { api: CLUSTER_NETWORK_POLICY, default: 'depends', source: KNP, note: 'a build of its own serves it; say cnp=on or cnp=off' },
    { api: ADMIN_NETWORK_POLICY, default: 'depends', source: KNP, note: 'a build of its own serves it' },
  ],
  ipBlockMatchesPods: { value: true, source: `${KNP}/tree/main/pkg/networkpolicy` },
  cnpNetworksMatchPods: { value: true, source: `${KNP}/tree/main/plugins` },
  podToOwnNode: OWN_NODE_OPEN,
};
