import { CALICO, CILIUM, CLUSTER_NETWORK_POLICY } from '../../cluster/apis';
import { Cni } from '../../cluster/cni';
import { servesApi } from '../../cluster/cni-facts';
import { Known } from '../../cluster/cni-row';
import { isAtLeast } from '../../cluster/version';
import { antrea, calico } from '../../dialects';
import { ADMIN_TIER, AWS_ADMIN_TIER, CILIUM_CLUSTERWIDE_TIER, Direction, NOTHING, Policy, PodSet, Rule, Selector, TierDefinition } from '../../policy';
import { inCalicoWords } from './calico-words';
import { NO_PODS } from './opener';
import {
  ANTREA_CLUSTER_FORM, AWS_CLUSTER_FORM, CALICO_GLOBAL_FORM, CALICO_STAGED_GLOBAL_FORM, CILIUM_CLUSTERWIDE_FORM, CLUSTER_NETWORK_POLICY_FORM, PolicyForm,
} from './policy-form';

/** How a CNI denies connections of pods whatever the policies of namespaces say. */
export interface HardDeny {
  readonly form: PolicyForm;
  /** The form that is shown and not enforced, where there is one. */
  readonly staged?: PolicyForm;
  /** The tier that has to exist for it. */
  readonly tier?: TierDefinition;
  /** What selects no pod, as the API says it. */
  readonly nobody: Selector;
  /** The name as the API wants it. */
  nameOf(name: string): string;
  /** A policy that denies and does nothing else: it neither allows nor isolates. */
  policyOf(name: string, subject: PodSet, rules: readonly Rule[], stage: Policy['stage']): Policy;
}

/** Why a cluster has no hard deny. */
export interface NoHardDeny {
  readonly because: string;
  /** Whether to deny all the same would cut every pod off, not only from what is denied. */
  readonly isDangerous?: boolean;
  /** Whether it has one if the profile leaves out no more than its version or a setting. */
  readonly isUnsure?: boolean;
}

interface Row {
  readonly cnis: readonly string[];
  /** What it rests on; `depends` where the profile does not say enough. */
  serves(cni: Cni): Known<boolean>;
  readonly needs: string;
  readonly deny: HardDeny;
  readonly source: string;
}

/** Priority 0 is evaluated first. Two policies of one priority that disagree have no order: nobody else should use it. */
const FIRST = 0;
const itself = (name: string): string => name;

/** The tier is passed by what no rule matches: a tier that ends in a denial would close whatever its policies select. */
export const CALICO_GUARD: TierDefinition = { tier: { name: calico.tierKey('netpol-guard') }, order: 50, defaultAction: 'pass' };
const inGuard = (name: string): string => `netpol-guard.${name}`;

const CLUSTER_NETWORK_POLICY_DENY: HardDeny = {
  form: CLUSTER_NETWORK_POLICY_FORM,
  nobody: NO_PODS,
  nameOf: itself,
  policyOf: (name, subject, rules, stage) => ({ name, tier: ADMIN_TIER, order: FIRST, subject, isolates: [], rules, stage }),
};

/** The first row of a CNI that is served decides. */
const ROWS: readonly Row[] = [
  {
    // An Admin Accept outranks egressDeny: where there are Admin policies, the denial is one.
    // https://github.com/cilium/design-cfps/pull/84
    cnis: ['cilium'], serves: (cni) => servesApi(cni, CLUSTER_NETWORK_POLICY), needs: 'enable-k8s-cluster-network-policy', deny: CLUSTER_NETWORK_POLICY_DENY,
    source: 'https://github.com/cilium/cilium/issues/47227',
  },
  {
    cnis: ['cilium'], serves: (cni) => (servesApi(cni, CILIUM) === true ? isAtLeast(cni.version, DEFAULT_DENY_SINCE) : false), needs: 'Cilium 1.16 or later',
    source: 'https://docs.cilium.io/en/stable/security/policy/deny/',
    deny: {
      form: CILIUM_CLUSTERWIDE_FORM,
      nobody: NO_PODS,
      nameOf: itself,
      policyOf: (name, subject, rules, stage) => ({
        name, tier: CILIUM_CLUSTERWIDE_TIER, subject, isolates: [], withoutDefaultDeny: directionsOf(rules), rules, stage,
      }),
    },
  },
  {
    cnis: ['calico'], serves: (cni) => servesApi(cni, CALICO, calico.TIER), needs: 'Calico 3.29 or later',
    source: 'https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy',
    deny: {
      form: CALICO_GLOBAL_FORM,
      staged: CALICO_STAGED_GLOBAL_FORM,
      tier: CALICO_GUARD,
      nobody: Selector.expression(NOTHING),
      nameOf: inGuard,
      policyOf: (name, subject, rules, stage) => inCalicoWords({
        name: inGuard(name), tier: CALICO_GUARD.tier, order: 10, subject, isolates: directionsOf(rules), rules, stage,
      }),
    },
  },
  {
    cnis: ['antrea'], serves: (cni) => servesApi(cni, ANTREA_CLUSTER_FORM.apiVersion, ANTREA_CLUSTER_FORM.kind), needs: 'the feature gate AntreaPolicy',
    source: 'https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#static-tiers',
    deny: {
      form: ANTREA_CLUSTER_FORM,
      nobody: NO_PODS,
      nameOf: itself,
      policyOf: (name, subject, rules, stage) => ({ name, tier: { name: antrea.tierKey('securityops') }, order: 1, subject, isolates: [], rules, stage }),
    },
  },
  {
    cnis: ['aws'], serves: (cni) => servesApi(cni, AWS_CLUSTER_FORM.apiVersion, AWS_CLUSTER_FORM.kind), needs: 'the VPC CNI 1.21 or later, or EKS Auto Mode',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
    deny: {
      form: AWS_CLUSTER_FORM,
      nobody: NO_PODS,
      nameOf: itself,
      policyOf: (name, subject, rules, stage) => ({ name, tier: AWS_ADMIN_TIER, order: FIRST, subject, isolates: [], rules, stage }),
    },
  },
  {
    cnis: ['generic', 'gke-dpv2'], serves: (cni) => servesApi(cni, CLUSTER_NETWORK_POLICY), needs: 'ClusterNetworkPolicy v1alpha2', deny: CLUSTER_NETWORK_POLICY_DENY,
    source: 'https://network-policy-api.sigs.k8s.io/',
  },
];

/** The first version in which a policy can say that it does not isolate. https://github.com/cilium/cilium/pull/30572 */
const DEFAULT_DENY_SINCE = '1.16';

function directionsOf(rules: readonly Rule[]): readonly Direction[] {
  return (['ingress', 'egress'] as const).filter((direction) => rules.some((rule) => rule.direction === direction));
}

/** How a cluster denies for good, or why it cannot. */
export function hardDenyOf(cni: Cni): HardDeny | NoHardDeny {
  const rows = ROWS.filter(({ cnis }) => cnis.includes(cni.name)).map((row) => ({ ...row, served: row.serves(cni) }));
  // Policies that deny isolate there, in every direction in which they deny: a real cluster was cut off by one.
  // https://github.com/devantler-tech/platform/issues/3407
  const isolates = cni.name === 'cilium'
    && (cni.settings['enable-non-default-deny-policies'] === 'false' || isAtLeast(cni.version, DEFAULT_DENY_SINCE) === false);
  const found = rows.find(({ served, deny }) => served === true && !(isolates && deny.form === CILIUM_CLUSTERWIDE_FORM));
  if (found !== undefined) return found.deny;
  if (isolates) return { because: `a policy that denies would isolate every pod of the cluster (${cni.toString()})`, isDangerous: true };
  const unsure = rows.find(({ served }) => served === 'depends');
  if (unsure !== undefined) return { because: `it needs ${unsure.needs}, and the ClusterProfile does not say whether ${cni.toString()} has it`, isUnsure: cni.name !== 'generic' };
  return { because: rows.length === 0 ? `${cni.toString()} has no policy that denies` : `it needs ${rows.map(({ needs }) => needs).join(', or ')}` };
}

export function isHardDeny(deny: HardDeny | NoHardDeny): deny is HardDeny {
  return 'form' in deny;
}
