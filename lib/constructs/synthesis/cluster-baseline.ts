import { Cni } from '../../cluster/cni';
import { servesApi } from '../../cluster/cni-facts';
import { antrea, calico } from '../../dialects';
import {
  AWS_BASELINE_TIER, BASELINE_TIER, Cidr, CILIUM_CLUSTERWIDE_TIER, everyNamespace, ipBlockPeer, NOTHING, Peer, podPeer, Policy, PodSet, PortMatch, rule, Rule,
  Selector, Tier,
} from '../../policy';
import { inCalicoWords } from './calico-words';
import { NO_PODS } from './opener';
import {
  ANTREA_CLUSTER_FORM, AWS_CLUSTER_FORM, CALICO_GLOBAL_FORM, CALICO_STAGED_GLOBAL_FORM, CILIUM_CLUSTERWIDE_FORM, CLUSTER_NETWORK_POLICY_FORM, PolicyForm,
} from './policy-form';

/** What everybody may do under a baseline that denies the rest. */
export interface BaselineDns {
  readonly peers: readonly Peer[];
  readonly ports: readonly PortMatch[];
}

/** How a CNI denies what no policy of a namespace is about. */
export interface ClusterBaseline {
  readonly form: PolicyForm;
  /** The form that is shown and not enforced, where there is one. */
  readonly staged?: PolicyForm;
  /** What selects no pod, as the API says it. */
  readonly nobody: Selector;
  /** The name as the API wants it. */
  nameOf(name: string): string;
  /** The policies that it is made of. */
  readonly parts: readonly BaselinePart[];
}

export interface BaselinePart {
  /** What its name ends with. */
  readonly suffix?: string;
  policyOf(name: string, subject: PodSet, dns: BaselineDns, stage: Policy['stage']): Policy;
}

/** Nothing of a baseline comes before another one: the last place, and the one before it. */
const LAST = 1000;
const BEFORE_LAST = 999;
const itself = (name: string): string => name;

const PODS = podPeer(everyNamespace, Selector.everything);
const allowDns = ({ peers, ports }: BaselineDns): Rule => rule({ direction: 'egress', action: 'allow', peers, ports, name: 'dns' });
const DENY_ALL: readonly Rule[] = [
  rule({ direction: 'ingress', action: 'deny', peers: [PODS], name: 'from-pods' }),
  rule({ direction: 'egress', action: 'deny', peers: [PODS, ipBlockPeer(Cidr.all(4)), ipBlockPeer(Cidr.all(6))], name: 'to-everybody' }),
];

/** Policies of these APIs isolate nobody: they deny, behind a rule that allows DNS. */
function part(tier: Tier, order: number, rulesOf: (dns: BaselineDns) => readonly Rule[], suffix?: string): BaselinePart {
  return {
    ...(suffix === undefined ? {} : { suffix }),
    policyOf: (name, subject, dns, stage) => ({ name, tier, order, subject, isolates: [], rules: rulesOf(dns), stage }),
  };
}

const CLUSTER_NETWORK_POLICY_BASELINE: ClusterBaseline = {
  form: CLUSTER_NETWORK_POLICY_FORM,
  nobody: NO_PODS,
  nameOf: itself,
  parts: [part(BASELINE_TIER, LAST, (dns) => [allowDns(dns), ...DENY_ALL])],
};

/** Among rules of one priority a denial wins there, wherever it stands: DNS needs a priority of its own. */
const AWS_BASELINE: ClusterBaseline = {
  form: AWS_CLUSTER_FORM,
  nobody: NO_PODS,
  nameOf: itself,
  parts: [part(AWS_BASELINE_TIER, BEFORE_LAST, (dns) => [allowDns(dns)], 'dns'), part(AWS_BASELINE_TIER, LAST, () => DENY_ALL)],
};

/** Its baseline tier is left out for pods that a NetworkPolicy isolates; a rule without peers is about everybody there. */
const ANTREA_BASELINE: ClusterBaseline = {
  form: ANTREA_CLUSTER_FORM,
  nobody: NO_PODS,
  nameOf: itself,
  parts: [part({ name: antrea.tierKey(antrea.BASELINE_TIER) }, antrea.MAX_PRIORITY, (dns) => [
    allowDns(dns), rule({ direction: 'ingress', action: 'deny', name: 'from-everybody' }), rule({ direction: 'egress', action: 'deny', name: 'to-everybody' }),
  ])],
};

const CILIUM_BASELINE: ClusterBaseline = {
  form: CILIUM_CLUSTERWIDE_FORM,
  nobody: NO_PODS,
  nameOf: itself,
  parts: [{
    policyOf: (name, subject, { peers, ports }, stage) => ({
      name, tier: CILIUM_CLUSTERWIDE_TIER, subject, isolates: ['ingress', 'egress'], stage,
      // a rule each: Cilium has no rule with ends of several kinds
      rules: peers.map((peer) => rule({ direction: 'egress', action: 'allow', peers: [peer], ports })),
    }),
  }],
};

/** Behind every NetworkPolicy in the tier `default`, whose end denies what a policy selects and nothing decided. */
const CALICO_BASELINE: ClusterBaseline = {
  form: CALICO_GLOBAL_FORM,
  staged: CALICO_STAGED_GLOBAL_FORM,
  nobody: Selector.expression(NOTHING),
  nameOf: (name) => `${calico.DEFAULT_TIER}.${name}`,
  parts: [{
    policyOf: (name, subject, { peers, ports }, stage) => inCalicoWords({
      name, tier: calico.DEFAULT_TIER_DEFINITION.tier, order: 100_000, subject, isolates: ['ingress', 'egress'], stage,
      rules: [rule({ direction: 'egress', action: 'allow', peers, ports })],
    }),
  }],
};

interface Row {
  readonly cnis: readonly string[];
  readonly needs: string;
  readonly baseline: ClusterBaseline;
  readonly source: string;
}

const ROWS: readonly Row[] = [
  { cnis: ['cilium'], needs: 'CiliumClusterwideNetworkPolicy', baseline: CILIUM_BASELINE, source: 'https://docs.cilium.io/en/stable/security/policy/intro/' },
  {
    cnis: ['calico'], needs: 'GlobalNetworkPolicy', baseline: CALICO_BASELINE,
    source: 'https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-default-deny',
  },
  {
    cnis: ['antrea'], needs: 'the feature gate AntreaPolicy', baseline: ANTREA_BASELINE,
    source: 'https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#static-tiers',
  },
  {
    cnis: ['aws'], needs: 'the VPC CNI 1.21 or later, or EKS Auto Mode', baseline: AWS_BASELINE,
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
  },
  {
    cnis: ['generic', 'gke-dpv2'], needs: 'ClusterNetworkPolicy v1alpha2', baseline: CLUSTER_NETWORK_POLICY_BASELINE,
    source: 'https://network-policy-api.sigs.k8s.io/api-overview/',
  },
];

/** How a cluster denies what no policy of a namespace is about, or why it cannot. */
export function clusterBaselineOf(cni: Cni): ClusterBaseline | { readonly because: string } {
  const row = ROWS.find(({ cnis }) => cnis.includes(cni.name));
  if (row === undefined) return { because: `${cni.toString()} has no policy of the cluster that is written here` };
  const { form, staged, ...others } = row.baseline;
  const served = servesApi(cni, form.apiVersion, form.kind);
  if (served === true) return { form, ...others, ...(staged !== undefined && servesApi(cni, staged.apiVersion, staged.kind) === true ? { staged } : {}) };
  return { because: served === false ? `it needs ${row.needs}` : `it needs ${row.needs}, and the ClusterProfile does not say whether ${cni.toString()} has it` };
}
