import { DIRECTIONS, Peer, peerKey, Policy, Rule } from '../../policy';
import { API_VERSION, BASELINE_TIER, CLUSTER_NETWORK_POLICY, MAX_PRIORITY, MIN_PRIORITY, NETWORK_POLICY, TIER_PREFIX } from './api';
import { cannotSay } from './cannot-say';
import { isAboutEveryPod, writeAppliedTo, writePeers } from './write-peers';
import { writePorts } from './write-ports';

type Json = Readonly<Record<string, unknown>>;

/** One object to emit. */
export interface WrittenAntreaObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly spec: Json;
}

const ACTIONS = { allow: 'Allow', deny: 'Drop', pass: 'Pass' } as const;

/**
 * The object that says what the policy says: a NetworkPolicy of Antrea, or a ClusterNetworkPolicy where the policy has no
 * namespace. What a policy denies is written as Drop.
 *
 * ```yaml
 * apiVersion: crd.antrea.io/v1beta1
 * kind: ClusterNetworkPolicy
 * metadata: { name: metadata-block }
 * spec:
 *   tier: securityops
 *   priority: 1
 *   appliedTo: [{ podSelector: {} }]
 *   egress: [{ action: Drop, to: [{ ipBlock: { cidr: 169.254.169.254/32 } }], ports: [{ protocol: TCP, port: 80 }] }]
 * ```
 */
export function writeAntreaPolicy(policy: Policy): WrittenAntreaObject {
  const { name, namespace, tier, order, isolates, stage, unevaluated } = policy;
  if (!tier.name.startsWith(TIER_PREFIX)) throw cannotSay(policy, `the tier ${tier.name}`);
  if (isolates.length > 0) throw cannotSay(policy, 'isolation of the pods that it is about: a rule that denies does that');
  if (stage !== 'enforced') throw cannotSay(policy, `the stage ${stage}`);
  if (unevaluated !== undefined) throw cannotSay(policy, unevaluated);
  if (order === undefined || order < MIN_PRIORITY || order > MAX_PRIORITY) throw cannotSay(policy, `a priority of ${order ?? 'none'}, outside of ${MIN_PRIORITY} to ${MAX_PRIORITY}`);
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? CLUSTER_NETWORK_POLICY : NETWORK_POLICY,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    spec: { tier: tier.name.slice(TIER_PREFIX.length), priority: order, ...writeRules(policy) },
  };
}

/** `appliedTo` stands in the policy where all rules are about the same, else in each rule, so that it is read as it was said. */
function writeRules(policy: Policy): Json {
  const { rules, subject } = policy;
  const keys = new Set(rules.map(({ subject: own }) => subjectKey(own)));
  const isCommon = keys.size < 2 && !isPodSet(rules[0]?.subject);
  const common = isCommon ? rules[0]?.subject : undefined;
  const isNarrowed = rules.some((rule) => rule.subject !== undefined);
  if (isNarrowed && !isAboutEveryPod(policy)) throw cannotSay(policy, 'rules for some of the pods of a subject that is not every pod');
  if (!isCommon && rules.some((rule) => rule.subject?.some(namesNodes) === true)) throw cannotSay(policy, 'nodes in some of its rules');
  const appliedTo = (peers: readonly Peer[] | undefined): Json[] => (peers ?? [{ terms: [subject] }]).map((peer) => writeAppliedTo(policy, peer));
  const written: Record<string, unknown> = isCommon ? { appliedTo: appliedTo(common) } : {};
  for (const direction of DIRECTIONS) {
    const own = rules.filter((rule) => rule.direction === direction);
    if (own.length > 0) written[direction] = own.map((rule) => ({ ...writeRule(policy, rule), ...(isCommon ? {} : { appliedTo: appliedTo(rule.subject) }) }));
  }
  return written;
}

function subjectKey(subject: Rule['subject']): string {
  return subject === undefined ? '*' : subject.map(peerKey).join(' | ');
}

function isPodSet(subject: Rule['subject'] = []): boolean {
  const [peer, ...more] = subject;
  return peer !== undefined && more.length === 0 && peer.terms.every(({ kind }) => kind === 'pods');
}

function namesNodes({ terms }: Peer): boolean {
  return terms.some(({ kind }) => kind === 'nodes');
}

function writeRule(policy: Policy, rule: Rule): Json {
  const { action, l7, dnsNames, index, name, log } = rule;
  if (l7 !== undefined || dnsNames !== undefined) throw cannotSay(policy, 'a condition on the content of the traffic');
  if (index !== undefined) throw cannotSay(policy, 'several rules at one place');
  if (action === 'log') throw cannotSay(policy, 'a rule that only logs');
  if (action === 'pass' && policy.tier.name === `${TIER_PREFIX}${BASELINE_TIER}`) throw cannotSay(policy, 'Pass in the tier baseline');
  const ends = writePeers(policy, rule);
  const ports = writePorts(policy, rule);
  if (ends.toServices !== undefined && Object.keys(ports).length > 0) throw cannotSay(policy, 'ports of a Service that is dialled');
  return {
    ...(name === undefined ? {} : { name }),
    action: ACTIONS[action],
    ...ends,
    ...ports,
    ...(log === undefined ? {} : { enableLogging: true, ...(log.label === undefined ? {} : { logLabel: log.label }) }),
  };
}
