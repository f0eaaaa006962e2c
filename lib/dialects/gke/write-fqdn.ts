import {
  FIRST_PORT, GKE_FQDN_TIER, LAST_PORT, narrowingOf, Peer, Policy, policyId, PolicyError, portKey, PortMatch, Protocol, Rule,
} from '../../policy';
import { API_VERSION, FQDN_KIND, FqdnMatchJson, FqdnNetworkPolicySpecJson, FqdnPortJson } from './api';
import { writeDomainMatch } from './domain-match';

/** The API has no ranges of ports: a range is written port by port, up to so many. */
const MAX_PORTS_OF_A_RANGE = 100;

/** One object to emit. */
export interface WrittenFqdnNetworkPolicy {
  readonly name: string;
  readonly namespace: string;
  readonly spec: FqdnNetworkPolicySpecJson;
}

/**
 * The FQDNNetworkPolicy that says what the policy says, or an error that names what it cannot say.
 *
 * `*.x` is one label in the model and here. Any number of labels, `**.x`, has no form: it would take a pattern for each depth.
 */
export function writeFqdnNetworkPolicy(policy: Policy): WrittenFqdnNetworkPolicy {
  const { name, namespace, subject, isolates, rules } = policy;
  if (namespace === undefined || subject.namespaces.kind !== 'named' || subject.namespaces.name !== namespace) {
    throw cannotSay(policy, 'a subject outside of its own namespace');
  }
  if (policy.tier.name !== GKE_FQDN_TIER.name || policy.order !== undefined) throw cannotSay(policy, `a tier or an order (${policy.tier.name})`);
  if (policy.stage !== 'enforced') throw cannotSay(policy, 'a staged policy');
  if (policy.unevaluated !== undefined) throw cannotSay(policy, 'what it may mean or not');
  if (isolates.length !== 1 || isolates[0] !== 'egress') throw cannotSay(policy, 'another direction than egress, which it always isolates');
  const egress = rules.filter(({ peers }) => peers?.length !== 0).map((rule) => {
    const ports = writePorts(policy, rule);
    return { matches: writeMatches(policy, rule), ...(ports === undefined ? {} : { ports }) };
  });
  if (egress.length === 0) throw cannotSay(policy, 'no rule at all');
  return { name, namespace, spec: { podSelector: subject.pods.toSpec(), egress } };
}

function writeMatches(policy: Policy, rule: Rule): readonly FqdnMatchJson[] {
  if (rule.direction !== 'egress') throw cannotSay(policy, 'an ingress rule');
  if (rule.action !== 'allow') throw cannotSay(policy, `the action ${rule.action}`);
  const narrowing = narrowingOf(rule);
  if (narrowing !== undefined) throw cannotSay(policy, narrowing);
  if (rule.peers === undefined) throw cannotSay(policy, 'a rule for everybody');
  return rule.peers.map((peer) => writePeer(policy, peer));
}

function writePeer(policy: Policy, { terms }: Peer): FqdnMatchJson {
  const [term, ...more] = terms;
  if (term?.kind !== 'domain' || more.length > 0) throw cannotSay(policy, `a peer that is no domain name (${terms.map(({ kind }) => kind).join(' and ')})`);
  const match = writeDomainMatch(term.pattern);
  if (match !== undefined) return match;
  if (term.pattern.startsWith('**.')) {
    const rest = term.pattern.slice('**.'.length);
    throw new PolicyError({
      given: term.pattern,
      where: policyId(policy),
      problem: `stands for any number of labels before ${rest}, and * in ${API_VERSION} ${FQDN_KIND} stands for one`,
      instead: `*.${rest} for one label, *.*.${rest} for two, each as a name of its own`,
    });
  }
  throw cannotSay(policy, `the domain pattern ${term.pattern}`);
}

/** TCP, UDP, or every protocol: SCTP alone has no word. */
function writePorts(policy: Policy, { ports }: Rule): readonly FqdnPortJson[] | undefined {
  if (ports === undefined) return undefined;
  const [tcp, udp, sctp] = [Protocol.TCP, Protocol.UDP, Protocol.SCTP].map((protocol) => numbersOf(policy, ports, protocol)) as [Numbers, Numbers, Numbers];
  if (sctp === 'all' || sctp.some((port) => !holds(tcp, port) || !holds(udp, port))) throw cannotSay(policy, 'SCTP without TCP and UDP on the same port');
  const own = (protocol: Protocol, numbers: Numbers): FqdnPortJson[] => (numbers === 'all'
    ? [{ protocol }]
    : numbers.filter((port) => !sctp.includes(port)).map((port) => ({ protocol, port })));
  return [...sctp.map((port) => ({ protocol: 'ALL', port })), ...own(Protocol.TCP, tcp), ...own(Protocol.UDP, udp)];
}

type Numbers = readonly number[] | 'all';

function holds(numbers: Numbers, port: number): boolean {
  return numbers === 'all' || numbers.includes(port);
}

function numbersOf(policy: Policy, ports: readonly PortMatch[], protocol: Protocol): Numbers {
  const numbers: number[] = [];
  for (const port of ports) {
    if (port.kind !== 'range') throw cannotSay(policy, `the port ${portKey(port)}`);
    if (port.protocol !== protocol) continue;
    if (port.first === FIRST_PORT && port.last === LAST_PORT) return 'all';
    if (port.last - port.first >= MAX_PORTS_OF_A_RANGE) throw cannotSay(policy, `the range of ports ${portKey(port)}`);
    for (let number = port.first; number <= port.last; number++) numbers.push(number);
  }
  return numbers;
}

function cannotSay(policy: Policy, what: string): PolicyError {
  return new PolicyError({
    given: policyId(policy),
    problem: `needs ${what}, which ${API_VERSION} ${FQDN_KIND} cannot say`,
    instead: 'a NetworkPolicy beside it, whose rules add up with its own',
  });
}
