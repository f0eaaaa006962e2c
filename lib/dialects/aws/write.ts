import {
  AWS_ADMIN_TIER, AWS_APPLICATION_TIER, AWS_BASELINE_TIER, NETWORK_POLICY_TIER, Peer, Policy, policyId, PolicyError, PortMatch, Protocol, Rule,
} from '../../policy';
import { ClusterPolicyWriting, writeClusterNetworkPolicy as writeCluster, WrittenClusterNetworkPolicy } from '../cluster-network-policy';
import { domainName } from '../cluster-network-policy/domain-names';
import { NetworkPolicyPortJson, NetworkPolicySpecJson, writeNetworkPolicySpec } from '../kubernetes';
import { API_VERSION, APPLICATION_KIND, CLUSTER_KIND, MAX_PEERS, MAX_PORT_ENTRIES, MAX_PORTS, MAX_RULES } from './api';
import { crowdedRules } from './port-entries';

const FORM: ClusterPolicyWriting = {
  api: `${API_VERSION} ${CLUSTER_KIND}`,
  tiers: { [AWS_ADMIN_TIER.name]: 'Admin', [AWS_BASELINE_TIER.name]: 'Baseline' },
  maxRules: MAX_RULES,
  maxPeers: MAX_PEERS,
  maxPorts: MAX_PORTS,
  portsField: 'ports',
  hasNodePeers: false,
  orderOfRulesCounts: false,
  writePort,
};

/**
 * The ClusterNetworkPolicy objects of AWS that say what the policy says, or an error that names what they cannot say.
 * More port entries for one peer than the data plane keeps are an error too: the rest would be cut in silence.
 */
export function writeClusterNetworkPolicy(policy: Policy): WrittenClusterNetworkPolicy[] {
  checkPortEntries(policy);
  for (const { name, action, peers } of policy.rules) {
    if (action !== 'allow' && peers?.some(({ terms }) => terms.some(({ kind }) => kind === 'domain')) === true) {
      throw cannotSay(policy, CLUSTER_KIND, `domain names in a rule that does not allow${name === undefined ? '' : ` ("${name}")`}`);
    }
  }
  return writeCluster(policy, FORM);
}

function writePort(port: PortMatch): Readonly<Record<string, unknown>> | undefined {
  if (port.kind === 'named') return port.protocol === Protocol.TCP ? { namedPort: port.name } : undefined;
  if (port.kind !== 'range') return undefined;
  const { protocol, first, last } = port;
  return first === last ? { portNumber: { protocol, port: first } } : { portRange: { protocol, start: first, end: last } };
}

/** The spec of an ApplicationNetworkPolicy: that of a NetworkPolicy, with domain names among the peers of egress. */
export interface ApplicationNetworkPolicySpecJson extends Omit<NetworkPolicySpecJson, 'egress'> {
  readonly egress?: ReadonlyArray<{ readonly to: readonly unknown[]; readonly ports?: readonly NetworkPolicyPortJson[] }>;
}

/**
 * The spec of an ApplicationNetworkPolicy that says what the policy says. A rule for everybody is refused: no document says that
 * a rule without peers means that here.
 */
export function writeApplicationNetworkPolicySpec(policy: Policy): ApplicationNetworkPolicySpecJson {
  if (policy.tier.name !== AWS_APPLICATION_TIER.name) throw cannotSay(policy, APPLICATION_KIND, `the tier ${policy.tier.name}`);
  if (policy.unevaluated !== undefined) throw cannotSay(policy, APPLICATION_KIND, 'what it may mean or not');
  checkPortEntries(policy);
  const written = policy.rules.map((rule) => writeRule(policy, rule));
  const native = (rules: readonly Rule[]): NetworkPolicySpecJson => writeNetworkPolicySpec({ ...policy, tier: NETWORK_POLICY_TIER, rules });
  const { podSelector, policyTypes } = native([]);
  const ingress = native(policy.rules.filter(({ direction }) => direction === 'ingress')).ingress;
  const egress = written.flatMap(({ direction, native: own, domains, ports }) => {
    if (direction !== 'egress') return [];
    const to = [...(own === undefined ? [] : native([own]).egress?.[0]?.to ?? []), ...(domains.length > 0 ? [{ domainNames: domains }] : [])];
    return to.length === 0 ? [] : [{ to, ...(ports === undefined ? {} : { ports: native([{ ...ports }]).egress?.[0]?.ports }) }];
  });
  return { podSelector, policyTypes, ...(ingress === undefined ? {} : { ingress }), ...(egress.length > 0 ? { egress } : {}) };
}

interface WrittenRule {
  readonly direction: Rule['direction'];
  /** The rule without its domain names, where anybody else is left. */
  readonly native: Rule | undefined;
  readonly domains: readonly string[];
  /** A rule that has the ports of this one, where it names any. */
  readonly ports: Rule | undefined;
}

function writeRule(policy: Policy, rule: Rule): WrittenRule {
  if (rule.peers === undefined) throw cannotSay(policy, APPLICATION_KIND, 'a rule for everybody, which its peers have to name as blocks');
  const domains: string[] = [];
  const others: Peer[] = [];
  for (const peer of rule.peers) {
    const [term, ...more] = peer.terms;
    if (term?.kind !== 'domain' || more.length > 0) {
      others.push(peer);
      continue;
    }
    const name = domainName(term.pattern);
    if (name === undefined) throw cannotSay(policy, APPLICATION_KIND, `the domain pattern ${term.pattern}`);
    domains.push(name);
  }
  if (domains.length > 0 && rule.direction === 'ingress') throw cannotSay(policy, APPLICATION_KIND, 'ingress from a domain');
  return {
    direction: rule.direction,
    native: others.length > 0 ? { ...rule, peers: others } : undefined,
    domains,
    ports: rule.ports === undefined ? undefined : { direction: rule.direction, action: rule.action, ports: rule.ports },
  };
}

function checkPortEntries(policy: Policy): void {
  const [first] = crowdedRules(policy);
  if (first === undefined) return;
  throw new PolicyError({
    given: first.entries,
    where: policyId(policy),
    problem: `are more port entries towards one peer than the ${MAX_PORT_ENTRIES} that the data plane keeps; it cuts the rest without a word`,
    instead: 'ranges of ports, or fewer ports for one peer',
  });
}

function cannotSay(policy: Policy, kind: string, what: string): PolicyError {
  return new PolicyError({
    given: policyId(policy),
    problem: `needs ${what}, which ${API_VERSION} ${kind} cannot say`,
    instead: 'a policy API of the CNI that can',
  });
}
