import {
  Direction, DIRECTIONS, FIRST_PORT, LAST_PORT, narrowingOf, namespaceSelector, NETWORK_POLICY_TIER, Peer, Policy, policyId, PolicyError, PortMatch, Rule,
} from '../../policy';
import { NetworkPolicyPeerJson, NetworkPolicyPortJson, NetworkPolicySpecJson } from './api';

type RuleParts = { readonly peers?: readonly NetworkPolicyPeerJson[]; readonly ports?: readonly NetworkPolicyPortJson[] };

/**
 * The spec of a NetworkPolicy that says what the policy says, or an error naming what NetworkPolicy cannot say.
 *
 * `policyTypes` is always written: left out, the API server adds Ingress, and Egress only where there are egress rules.
 * All ports of a protocol are `{protocol}` alone; port 0 is not "all" but refused.
 */
export function writeNetworkPolicySpec(policy: Policy): NetworkPolicySpecJson {
  const { namespace, subject, isolates, rules } = policy;
  if (namespace === undefined || subject.namespaces.kind !== 'named' || subject.namespaces.name !== namespace) {
    throw cannotSay(policy, 'a subject outside of its own namespace');
  }
  if (policy.tier.name !== NETWORK_POLICY_TIER.name || policy.order !== undefined) throw cannotSay(policy, 'a tier or an order');
  if (policy.stage !== 'enforced') throw cannotSay(policy, 'a staged policy');
  if (isolates.length === 0) throw cannotSay(policy, 'rules that do not isolate their subject');
  const parts = (direction: Direction): RuleParts[] => rules
    .filter((rule) => rule.direction === direction)
    .filter(({ peers, ports }) => (peers === undefined || peers.length > 0) && (ports === undefined || ports.length > 0))
    .map((rule) => writeRule(policy, namespace, rule));
  const ingress = parts('ingress').map(({ peers, ports }) => ({ ...(peers ? { from: peers } : {}), ...(ports ? { ports } : {}) }));
  const egress = parts('egress').map(({ peers, ports }) => ({ ...(peers ? { to: peers } : {}), ...(ports ? { ports } : {}) }));
  return {
    podSelector: subject.pods.toSpec(),
    policyTypes: DIRECTIONS.filter((direction) => isolates.includes(direction)).map((direction) => (direction === 'ingress' ? 'Ingress' : 'Egress')),
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
}

function writeRule(policy: Policy, namespace: string, rule: Rule): RuleParts {
  if (rule.action !== 'allow') throw cannotSay(policy, `the action ${rule.action}`);
  const narrowing = narrowingOf(rule);
  if (narrowing !== undefined) throw cannotSay(policy, narrowing);
  if (!policy.isolates.includes(rule.direction)) throw cannotSay(policy, `an ${rule.direction} rule without isolating ${rule.direction}`);
  return {
    ...(rule.peers === undefined ? {} : { peers: rule.peers.map((peer) => writePeer(policy, namespace, peer)) }),
    ...(rule.ports === undefined ? {} : { ports: rule.ports.map((port) => writePort(policy, port)) }),
  };
}

function writePeer(policy: Policy, namespace: string, peer: Peer): NetworkPolicyPeerJson {
  const [term, ...more] = peer.terms;
  if (term === undefined || more.length > 0) throw cannotSay(policy, 'several conditions on one peer');
  switch (term.kind) {
    case 'ipBlock': {
      const except = term.except.map(String);
      return { ipBlock: { cidr: term.cidr.toString(), ...(except.length > 0 ? { except } : {}) } };
    }
    case 'pods': {
      const podSelector = term.pods.toSpec();
      if (term.namespaces.kind === 'named' && term.namespaces.name === namespace) return { podSelector };
      return { namespaceSelector: namespaceSelector(term.namespaces).toSpec(), ...(term.pods.matchesEverything ? {} : { podSelector }) };
    }
    default:
      throw cannotSay(policy, `a peer of the kind ${String((term as { kind: unknown }).kind)}`);
  }
}

function writePort(policy: Policy, port: PortMatch): NetworkPolicyPortJson {
  if (port.kind === 'named') {
    if (port.protocol === undefined) throw cannotSay(policy, 'a named port of any protocol');
    return { protocol: port.protocol, port: port.name };
  }
  if (port.kind !== 'range') throw cannotSay(policy, `a port of the kind ${String((port as { kind: unknown }).kind)}`);
  const { protocol, first, last } = port;
  if (first === FIRST_PORT && last === LAST_PORT) return { protocol };
  return first === last ? { protocol, port: first } : { protocol, port: first, endPort: last };
}

function cannotSay(policy: Policy, what: string): PolicyError {
  return new PolicyError({
    given: policyId(policy),
    problem: `needs ${what}, which networking.k8s.io/v1 NetworkPolicy cannot say`,
    instead: 'a policy API of the CNI that can',
  });
}
