import { Labels } from './label-condition';
import { IpBlock, Peer, PodSet, termKey } from './peer';
import { Direction, Rule, ruleKey } from './rule';

/** Where a policy was written. */
export interface Origin {
  /** The path of the construct that made it. */
  readonly path?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The place of a policy among others: policies of one tier are evaluated together, tiers one after the other. */
export interface Tier {
  readonly name: string;
}

/** A tier as an object of the cluster: where it stands, and what happens to pods that its policies select and no rule matches. */
export interface TierDefinition {
  readonly tier: Tier;
  /** Lower is evaluated first; without one it comes last. */
  readonly order?: number;
  readonly defaultAction?: 'deny' | 'pass';
  readonly origin?: Origin;
}

/** Addresses that policies select by the labels of the set, or by its name. */
export interface AddressSet {
  readonly name: string;
  /** Undefined for a set of the whole cluster. */
  readonly namespace?: string;
  readonly labels: Labels;
  readonly blocks: readonly IpBlock[];
  readonly origin?: Origin;
}

/** Ends of connections that policies name together, by the name of an object. */
export interface Group {
  readonly name: string;
  /** Undefined for a group of the whole cluster. */
  readonly namespace?: string;
  readonly members: readonly Peer[];
  readonly origin?: Origin;
}

/** The tier of `networking.k8s.io/v1` NetworkPolicy: its policies add up, none has an order. */
export const NETWORK_POLICY_TIER: Tier = { name: 'network-policy' };

/** The tiers of ClusterNetworkPolicy v1alpha2: before and after NetworkPolicy, policies in the order of their priority. */
export const ADMIN_TIER: Tier = { name: 'admin' };
export const BASELINE_TIER: Tier = { name: 'baseline' };

/** AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1, which came before them. */
export const ADMIN_V1ALPHA1_TIER: Tier = { name: 'admin-v1alpha1' };
export const BASELINE_V1ALPHA1_TIER: Tier = { name: 'baseline-v1alpha1' };

/** One policy, whatever API it was written in. Immutable. */
export interface Policy {
  readonly name: string;
  /** undefined for a policy of the whole cluster. */
  readonly namespace?: string;
  readonly tier: Tier;
  /** Lower is evaluated first; policies of a tier without orders have none. */
  readonly order?: number;
  /** The pods that it speaks about. */
  readonly subject: PodSet;
  /** The directions in which its subject is closed but for what rules allow. Set by the policy, not by its having rules. */
  readonly isolates: readonly Direction[];
  /** The directions in which it has rules and says that they do not isolate: clusters that do not know how to say so isolate all the same. */
  readonly withoutDefaultDeny?: readonly Direction[];
  /**
   * Where the document leaves out which directions it isolates, so that a default of the API decides: the directions that it has
   * a field for, an empty list included. Does not count for equality.
   */
  readonly isolationLeftOut?: readonly Direction[];
  /** What of its subject is not evaluated: whether it speaks about the pods of its subject is open. */
  readonly unevaluated?: string;
  readonly rules: readonly Rule[];
  /**
   * A staged policy is shown to people and dropped by nobody. A staged removal previews that the policy of its name is deleted;
   * a staged one that is to be ignored is kept for the record.
   */
  readonly stage: 'enforced' | 'staged' | 'staged-removal' | 'staged-ignored';
  readonly origin?: Origin;
  /** Which part of its document it is, where that holds several: `specs[1]`. */
  readonly part?: string;
}

export function policyId({ namespace, name }: Pick<Policy, 'namespace' | 'name'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Equal policies have equal keys. Order of rules does not count where all of them allow; the origin never does. */
export function policyKey(policy: Policy): string {
  const rules = policy.rules.map(ruleKey);
  // directions do not meet: between them there is no order
  const ordered = policy.rules.every(({ action }) => action === 'allow') ? rules.sort() : [...rules.filter(isIngress), ...rules.filter((text) => !isIngress(text))];
  return [
    policyId(policy),
    `${policy.tier.name}@${policy.order ?? ''}`,
    termKey(policy.subject),
    [...policy.isolates].sort().join('+'),
    policy.stage,
    ...(policy.withoutDefaultDeny === undefined ? [] : [`open ${[...policy.withoutDefaultDeny].sort().join('+')}`]),
    ...(policy.unevaluated === undefined ? [] : [`unevaluated ${policy.unevaluated}`]),
    ...ordered,
  ].join('\n');
}

function isIngress(text: string): boolean {
  return text.startsWith('ingress ');
}
