import {
  ADMIN_TIER, BASELINE_TIER, Cidr, Direction, LabelSelectorSpec, namespaceSelector, narrowingOf, Peer, PodSet, Policy, policyId,
  PolicyError, portKey, PortMatch, Rule,
} from '../../policy';
import { domainName } from './domain-names';
import { MAX_NETWORKS, MAX_PEERS, MAX_PROTOCOLS, MAX_RULE_NAME, MAX_RULES } from './read';

type Json = Readonly<Record<string, unknown>>;

export interface ClusterNetworkPolicySpecJson {
  readonly tier: 'Admin' | 'Baseline';
  readonly priority: number;
  readonly subject: Json;
  readonly ingress?: readonly Json[];
  readonly egress?: readonly Json[];
}

/** One object to emit. */
export interface WrittenClusterNetworkPolicy {
  readonly name: string;
  readonly spec: ClusterNetworkPolicySpecJson;
}

/** What tells the APIs of this form apart when they are written. */
export interface ClusterPolicyWriting {
  /** The API as messages name it. */
  readonly api: string;
  readonly tiers: Readonly<Record<string, 'Admin' | 'Baseline'>>;
  readonly maxRules: number;
  readonly maxPeers: number;
  readonly maxPorts: number;
  readonly portsField: 'protocols' | 'ports';
  readonly hasNodePeers: boolean;
  /** Whether the first rule that matches decides; else rules of one priority can be split over objects as they come. */
  readonly orderOfRulesCounts: boolean;
  writePort(port: PortMatch): Json | undefined;
}

const UPSTREAM: ClusterPolicyWriting = {
  api: 'policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy',
  tiers: { [ADMIN_TIER.name]: 'Admin', [BASELINE_TIER.name]: 'Baseline' },
  maxRules: MAX_RULES,
  maxPeers: MAX_PEERS,
  maxPorts: MAX_PROTOCOLS,
  portsField: 'protocols',
  hasNodePeers: true,
  orderOfRulesCounts: true,
  writePort,
};

const ACTIONS = { allow: 'Accept', deny: 'Deny', pass: 'Pass' } as const;

/**
 * The objects that say what the policy says: one, or several where it is larger than the API takes and splitting keeps its
 * meaning. What ClusterNetworkPolicy cannot say is an error.
 *
 * A rule with too many peers or ports becomes several rules in its place. A policy with too many rules becomes several of the
 * same priority only where all rules of a direction do the same: between policies of one priority there is no order.
 */
export function writeClusterNetworkPolicy(policy: Policy, form: ClusterPolicyWriting = UPSTREAM): WrittenClusterNetworkPolicy[] {
  const tier = form.tiers[policy.tier.name];
  if (tier === undefined) throw cannotSay(policy, `the tier ${policy.tier.name}`, form);
  if (policy.isolates.length > 0) throw cannotSay(policy, 'a policy that isolates its subject', form);
  if (policy.stage !== 'enforced') throw cannotSay(policy, 'a staged policy', form);
  const { order: priority } = policy;
  if (priority === undefined || !Number.isInteger(priority) || priority < 0 || priority > 1000) {
    throw new PolicyError({ given: priority, where: policyId(policy), problem: 'is not a priority of ClusterNetworkPolicy', instead: 'a whole number from 0 to 1000' });
  }
  const subject = writePodSet(policy.subject);
  const ingress = chunks(policy, 'ingress', form);
  const egress = chunks(policy, 'egress', form);
  return Array.from({ length: Math.max(1, ingress.length, egress.length) }, (_, index) => ({
    name: index === 0 ? policy.name : `${policy.name}-${index + 1}`,
    spec: {
      tier,
      priority,
      subject,
      ...(ingress[index] === undefined ? {} : { ingress: ingress[index] }),
      ...(egress[index] === undefined ? {} : { egress: egress[index] }),
    },
  }));
}

/** The rules of a direction, in lists that one object can hold. */
function chunks(policy: Policy, direction: Direction, form: ClusterPolicyWriting): Json[][] {
  const own = policy.rules.filter((rule) => rule.direction === direction);
  const rules = own.flatMap((rule) => writeRule(policy, rule, form));
  if (form.orderOfRulesCounts && rules.length > form.maxRules && new Set(own.map(({ action }) => action)).size > 1) {
    throw new PolicyError({
      given: rules.length,
      where: policyId(policy),
      problem: `are more ${direction} rules than the ${form.maxRules} that a ClusterNetworkPolicy can hold, and they do different things: split apart their order would be lost`,
      instead: 'fewer rules, or several policies with priorities of their own',
    });
  }
  return split(rules, form.maxRules);
}

function writeRule(policy: Policy, rule: Rule, form: ClusterPolicyWriting): Json[] {
  const narrowing = narrowingOf(rule);
  if (rule.action === 'log' || narrowing !== undefined) throw cannotSay(policy, narrowing ?? 'a rule that only logs', form);
  const action = ACTIONS[rule.action];
  if (rule.name !== undefined && rule.name.length > MAX_RULE_NAME) {
    throw new PolicyError({ given: rule.name, where: policyId(policy), problem: 'is too long for the name of a rule', instead: `at most ${MAX_RULE_NAME} characters` });
  }
  const peers = writePeers(policy, rule, form);
  const ports = rule.ports?.map((port) => form.writePort(port) ?? refusePort(policy, port, form));
  if (rule.ports?.some(({ kind }) => kind === 'named') && peers.some((peer) => 'networks' in peer || 'nodes' in peer || 'domainNames' in peer)) {
    throw cannotSay(policy, 'a named port towards addresses, which have no names for their ports', form);
  }
  const name = rule.name === undefined ? {} : { name: rule.name };
  const end = rule.direction === 'ingress' ? 'from' : 'to';
  return split(peers, form.maxPeers).flatMap((some) => (ports === undefined ? [undefined] : split(ports, form.maxPorts))
    .map((list) => ({ ...name, action, [end]: some, ...(list === undefined ? {} : { [form.portsField]: list }) })));
}

/** Addresses are gathered, so that a rule takes as few peers as it can. */
function writePeers(policy: Policy, { direction, peers }: Rule, form: ClusterPolicyWriting): Json[] {
  if (peers === undefined) {
    if (direction === 'ingress') throw cannotSay(policy, 'ingress from everybody, addresses outside of the cluster included', form);
    return [{ namespaces: {} }, { networks: [Cidr.all(4).toString(), Cidr.all(6).toString()] }];
  }
  const networks: string[] = [];
  const domains: string[] = [];
  const others: Json[] = [];
  for (const peer of peers) {
    const term = onlyTerm(policy, peer, form);
    if (direction === 'ingress' && term.kind !== 'pods') throw cannotSay(policy, 'ingress from anything but pods', form);
    switch (term.kind) {
      case 'pods':
        others.push(writePodSet(term));
        break;
      case 'ipBlock':
        networks.push(...term.cidr.minus(term.except).map(String));
        break;
      case 'nodes':
        if (!form.hasNodePeers) throw cannotSay(policy, 'nodes as a peer', form);
        others.push({ nodes: writeSelector(term.nodes.toSpec()) });
        break;
      case 'domain':
        domains.push(domainName(term.pattern) ?? refuseDomain(policy, term.pattern, form));
        break;
      default:
        throw cannotSay(policy, `a peer of the kind ${term.kind}`, form);
    }
  }
  return [
    ...others,
    ...split(networks, MAX_NETWORKS).map((list) => ({ networks: list })),
    ...split(domains, MAX_NETWORKS).map((list) => ({ domainNames: list })),
  ];
}

function onlyTerm(policy: Policy, { terms }: Peer, form: ClusterPolicyWriting): Peer['terms'][number] {
  const [term, ...more] = terms;
  if (term === undefined || more.length > 0) throw cannotSay(policy, 'several conditions on one peer', form);
  return term;
}

function writePodSet({ namespaces, pods }: PodSet): Json {
  const selector = writeSelector(namespaceSelector(namespaces).toSpec());
  return pods.matchesEverything ? { namespaces: selector } : { pods: { namespaceSelector: selector, podSelector: writeSelector(pods.toSpec()) } };
}

function writeSelector(spec: LabelSelectorSpec): Json {
  return { ...spec };
}

function writePort(port: PortMatch): Json | undefined {
  if (port.kind === 'named') return port.protocol === undefined ? { destinationNamedPort: port.name } : undefined;
  if (port.kind !== 'range') return undefined;
  const { protocol, first, last } = port;
  return { [protocol.toLowerCase()]: { destinationPort: first === last ? { number: first } : { range: { start: first, end: last } } } };
}

function refuseDomain(policy: Policy, pattern: string, form: ClusterPolicyWriting): never {
  throw cannotSay(policy, `the domain pattern ${pattern}`, form);
}

function refusePort(policy: Policy, port: PortMatch, form: ClusterPolicyWriting): never {
  throw cannotSay(policy, `the port ${portKey(port)}`, form);
}

function split<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function cannotSay(policy: Policy, what: string, { api }: ClusterPolicyWriting): PolicyError {
  return new PolicyError({
    given: policyId(policy),
    problem: `needs ${what}, which ${api} cannot say`,
    instead: 'a policy API of the CNI that can',
  });
}
