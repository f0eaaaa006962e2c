import { Direction, DIRECTIONS, NETWORK_POLICY_TIER, Policy, Rule } from '../../policy';
import { writeNetworkPolicySpec } from '../kubernetes';
import {
  API_VERSION, GLOBAL_NETWORK_POLICY, MAX_RULES, NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY, STAGED_KUBERNETES_NETWORK_POLICY,
  STAGED_NETWORK_POLICY, TIER_PREFIX,
} from './api';
import { cannotSay } from './cannot-say';
import { writeEntities, writeSubject } from './write-entity';
import { writePorts } from './write-ports';

type Json = Readonly<Record<string, unknown>>;

/** One object to emit. */
export interface WrittenCalicoPolicy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly spec: Json;
}

const ACTIONS = { allow: 'Allow', deny: 'Deny', pass: 'Pass', log: 'Log' } as const;
const STAGED_ACTIONS = { 'staged': 'Set', 'staged-removal': 'Delete', 'staged-ignored': 'Ignore' } as const;

/**
 * The object that says what the policy says. A NetworkPolicy of Kubernetes can be written only staged. The name begins with that
 * of the tier, which Calico 3.29 to 3.31 ask for. A rule that one rule of Calico cannot say becomes several in its place.
 */
export function writeCalicoPolicy(policy: Policy): WrittenCalicoPolicy {
  if (policy.tier.name === NETWORK_POLICY_TIER.name) return writeStagedKubernetes(policy);
  if (!policy.tier.name.startsWith(TIER_PREFIX)) throw cannotSay(policy, `the tier ${policy.tier.name}`);
  const tier = policy.tier.name.slice(TIER_PREFIX.length);
  const isStaged = policy.stage !== 'enforced';
  const { namespace, subject } = policy;
  if (namespace !== undefined && (subject.namespaces.kind !== 'named' || subject.namespaces.name !== namespace)) throw cannotSay(policy, 'a subject outside of its own namespace');
  const kinds = isStaged ? [STAGED_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY] as const : [NETWORK_POLICY, GLOBAL_NETWORK_POLICY] as const;
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? kinds[1] : kinds[0],
    name: policy.name.startsWith(`${tier}.`) ? policy.name : `${tier}.${policy.name}`,
    ...(namespace === undefined ? {} : { namespace }),
    spec: {
      ...(policy.stage === 'enforced' ? {} : { stagedAction: STAGED_ACTIONS[policy.stage] }),
      tier,
      ...(policy.order === undefined ? {} : { order: policy.order }),
      ...(policy.stage === 'staged-removal' ? {} : writeBody(policy)),
    },
  };
}

function writeBody(policy: Policy): Json {
  if (policy.isolates.length === 0) throw cannotSay(policy, 'a policy that isolates nobody');
  const body: Record<string, unknown> = { ...writeSubject(policy), types: DIRECTIONS.filter((direction) => policy.isolates.includes(direction)).map(typeOf) };
  for (const direction of DIRECTIONS) {
    const own = policy.rules.filter((rule) => rule.direction === direction);
    if (own.length === 0) continue;
    if (!policy.isolates.includes(direction)) throw cannotSay(policy, `an ${direction} rule without the type ${typeOf(direction)}`);
    const rules = own.flatMap((rule) => writeRule(policy, rule));
    if (rules.length > MAX_RULES) throw cannotSay(policy, `more than ${MAX_RULES} ${direction} rules`);
    if (rules.length > 0) body[direction] = rules;
  }
  return body;
}

function typeOf(direction: Direction): string {
  return direction === 'ingress' ? 'Ingress' : 'Egress';
}

/** One rule for each protocol, each end that is not a plain list of nets, and each part of its own end. */
function writeRule(policy: Policy, rule: Rule): Json[] {
  if (rule.l7 !== undefined) throw cannotSay(policy, 'a condition on the content of the traffic');
  const subjects = writeEntities(policy, rule.subject);
  const pairs = writeEntities(policy, rule.peers).flatMap((peer) => subjects.map((own) => (rule.direction === 'ingress' ? [peer, own] as const : [own, peer] as const)));
  return pairs.flatMap(([from, to]) => writePorts(policy, rule).map(({ source, destination, ...ports }): Json => {
    const ends = { source: { ...from, ...source }, destination: { ...to, ...destination } };
    return {
      action: ACTIONS[rule.action],
      ...ports,
      ...(Object.keys(ends.source).length > 0 ? { source: ends.source } : {}),
      ...(Object.keys(ends.destination).length > 0 ? { destination: ends.destination } : {}),
    };
  }));
}

/** @see https://docs.tigera.io/calico/latest/network-policy/staged-network-policies */
function writeStagedKubernetes(policy: Policy): WrittenCalicoPolicy {
  if (policy.stage === 'enforced') throw cannotSay(policy, 'an enforced NetworkPolicy of Kubernetes');
  const spec = policy.stage === 'staged-removal' ? {} : writeNetworkPolicySpec({ ...policy, stage: 'enforced' });
  return {
    apiVersion: API_VERSION,
    kind: STAGED_KUBERNETES_NETWORK_POLICY,
    name: policy.name,
    ...(policy.namespace === undefined ? {} : { namespace: policy.namespace }),
    spec: { stagedAction: STAGED_ACTIONS[policy.stage], ...spec },
  };
}
