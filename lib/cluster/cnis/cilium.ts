import { CILIUM, CLUSTER_NETWORK_POLICY } from '../apis';
import { CniRow } from '../cni-row';
import { NATIVE_API } from '../open-facts';

const POLICY_INTRO = 'https://docs.cilium.io/en/stable/security/policy/intro/';
const CIDR_MODE = 'https://github.com/cilium/cilium/issues/20550';
const CIDR_MODE_PODS = 'https://github.com/cilium/cilium/pull/45194';
const CNP_GATE = 'https://github.com/cilium/cilium/issues/47227';

export const cilium: CniRow = {
  name: 'cilium',
  title: 'Cilium',
  source: 'https://docs.cilium.io/en/stable/security/policy/',
  versionOf: 'Cilium',
  enforcesNetworkPolicy: {
    value: true,
    source: POLICY_INTRO,
    when: [
      { setting: 'enable-policy', values: ['never'], value: false, why: 'the agent enforces no policy at all' },
      { setting: 'policy-audit-mode', values: ['true'], value: false, why: 'the agent only logs what it would drop, in the whole cluster' },
      { setting: 'enable-k8s-networkpolicy', values: ['false'], value: false, why: 'the agent ignores NetworkPolicy objects' },
    ],
  },
  serves: [
    { ...NATIVE_API, setting: { name: 'enable-k8s-networkpolicy', value: 'true' } },
    { api: CILIUM, default: true, source: 'https://docs.cilium.io/en/stable/security/policy/language/' },
    {
      api: CLUSTER_NETWORK_POLICY,
      default: false,
      since: '1.20',
      setting: { name: 'enable-k8s-cluster-network-policy', value: 'true' },
      source: CNP_GATE,
    },
  ],
  auditForm: {
    value: 'opener-entities',
    source: POLICY_INTRO,
    note: 'a native opener would not cover nodes and the world alike: CIDRs do not match them',
  },
  showsWouldBeDrops: {
    value: true,
    source: 'https://github.com/cilium/cilium/pull/30572',
    note: 'policy verdicts of matching type "all" are traffic that only the opener allows',
  },
  establishedOnEnforce: {
    value: 'cut',
    source: 'https://github.com/cilium/cilium/issues/2700',
    note: 'every packet is checked: ENFORCE ends open connections at once',
  },
  ipBlockMatchesPods: {
    value: false,
    source: 'https://github.com/cilium/cilium/issues/9209',
    when: [
      { setting: 'policy-cidr-match-mode', values: ['pods', 'nodes pods'], value: true, why: `CIDRs match pods (${CIDR_MODE_PODS})` },
    ],
  },
  ipBlockMatchesNodes: {
    value: false,
    source: CIDR_MODE,
    when: [
      { setting: 'policy-cidr-match-mode', values: ['nodes', 'nodes pods'], value: true, why: 'CIDRs match nodes' },
    ],
  },
  cnpNetworksMatchPods: {
    value: false,
    source: 'https://github.com/cilium/cilium/issues/9209',
    note: 'a Deny of 0.0.0.0/0 does not stop traffic to pods',
    when: [
      { setting: 'policy-cidr-match-mode', values: ['pods', 'nodes pods'], value: true, why: `CIDRs match pods (${CIDR_MODE_PODS})` },
    ],
  },
  serviceMatch: { value: 'post-dnat', source: 'https://docs.cilium.io/en/stable/security/policy/language/#services-based' },
  podToOwnNode: {
    value: 'denied',
    source: 'https://github.com/cilium/cilium/blob/main/cilium-cli/connectivity/builder/host_entity_egress.go',
    note: 'needs the entity host',
  },
  settings: [
    {
      name: 'enable-policy', values: ['default', 'always', 'never'], default: 'default', source: POLICY_INTRO,
      meaning: 'default isolates pods that a policy selects, always isolates every pod, never isolates none',
    },
    {
      name: 'policy-audit-mode', values: ['true', 'false'], default: 'false',
      source: 'https://docs.cilium.io/en/stable/security/policy-creation/',
      meaning: 'true logs verdicts and drops nothing, in the whole cluster',
    },
    {
      name: 'enable-k8s-networkpolicy', values: ['true', 'false'], default: 'true',
      source: 'https://docs.cilium.io/en/stable/cmdref/cilium-agent/',
      meaning: 'false ignores NetworkPolicy objects',
    },
    {
      name: 'enable-k8s-cluster-network-policy', values: ['true', 'false'], default: 'false', since: '1.20', source: CNP_GATE,
      meaning: 'true serves ClusterNetworkPolicy',
    },
    {
      name: 'policy-cidr-match-mode', values: ['', 'nodes', 'pods', 'nodes pods'], default: '', since: '1.15', source: CIDR_MODE,
      meaning: 'what CIDRs match besides addresses outside of the cluster',
    },
    {
      name: 'enable-non-default-deny-policies', values: ['true', 'false'], default: 'true', since: '1.16', source: POLICY_INTRO,
      meaning: 'false ignores enableDefaultDeny: every policy isolates the pods that it selects',
    },
    {
      name: 'allow-localhost', values: ['auto', 'always', 'policy'], default: 'auto', source: POLICY_INTRO,
      meaning: 'policy makes traffic from the own node subject to policy',
    },
  ],
};
