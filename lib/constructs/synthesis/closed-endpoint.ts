import { Action, Cidr, ipBlockPeer, Peer, PeerTerm, PortMatch, Rule } from '../../policy';

/** An address whose ports are to stay closed. */
export interface ClosedEndpoint {
  readonly cidr: Cidr;
  readonly ports: readonly PortMatch[];
}

/**
 * The same egress rule without the closed endpoints: they become exceptions of every block that holds them, where the rule's
 * ports meet theirs. A block that is nothing but an endpoint stays as it is, for the check of the app to refuse.
 */
export function avoiding(rule: Rule, closed: readonly ClosedEndpoint[]): Rule {
  if (rule.direction !== 'egress' || rule.action !== 'allow' || rule.peers === undefined || closed.length === 0) return rule;
  const holes = closed.filter(({ ports }) => portsMeet(rule.ports, ports)).map(({ cidr }) => cidr);
  return { ...rule, peers: rule.peers.map((peer) => withHoles(peer, holes)) };
}

function withHoles(peer: Peer, holes: readonly Cidr[]): Peer {
  const [term, ...more] = peer.terms;
  if (term?.kind !== 'ipBlock' || more.length > 0) return peer;
  const inside = holes.filter((hole) => term.cidr.contains(hole) && !term.cidr.sameAs(hole) && !term.except.some((each) => each.contains(hole)));
  return inside.length === 0 ? peer : ipBlockPeer(term.cidr, [...term.except, ...inside]);
}

/** The closed endpoints that a rule with one of some actions is about, or may be, on at least one of their ports. */
export function reachedBy(rule: Rule, closed: readonly ClosedEndpoint[], actions: readonly Action[]): readonly ClosedEndpoint[] {
  if (rule.direction !== 'egress' || !actions.includes(rule.action)) return [];
  const { peers } = rule;
  const mayReach = (cidr: Cidr): boolean => peers === undefined || peers.some(({ terms }) => terms.every((term) => mayHold(term, cidr)));
  return closed.filter(({ cidr, ports }) => portsMeet(rule.ports, ports) && mayReach(cidr));
}

const WORLD = ['world', 'world-ipv4', 'world-ipv6'];

/**
 * Whether a condition may hold for an address outside of the cluster; what cannot be told may. Sets of addresses and groups are looked
 * at where they are defined, not where a rule names them; what a domain resolves to is not the policy's to say.
 */
function mayHold(term: PeerTerm, endpoint: Cidr): boolean {
  switch (term.kind) {
    case 'ipBlock':
      return term.cidr.overlaps(endpoint) && endpoint.minus(term.except).length > 0;
    case 'entity':
      return WORLD.includes(term.entity);
    case 'pods':
    case 'nodes':
    case 'podsAlike':
    case 'service':
    case 'servicePods':
    case 'dialledService':
    case 'domain':
    case 'labelled':
    case 'addressSet':
    case 'group':
      return false;
    case 'anyOf':
      return term.terms.some((each) => mayHold(each, endpoint));
    case 'not':
      return !mustHold(term.term, endpoint);
    default:
      return true;
  }
}

function mustHold(term: PeerTerm, endpoint: Cidr): boolean {
  switch (term.kind) {
    case 'ipBlock':
      return term.cidr.contains(endpoint) && !term.except.some((hole) => hole.overlaps(endpoint));
    case 'anyOf':
      return term.terms.some((each) => mustHold(each, endpoint));
    case 'not':
      return !mayHold(term.term, endpoint);
    default:
      return false;
  }
}

/** Whether a rule with these ports says anything about those. A named port says nothing about an address. */
function portsMeet(rulePorts: readonly PortMatch[] | undefined, ports: readonly PortMatch[]): boolean {
  if (rulePorts === undefined) return true;
  return rulePorts.some((a) => ports.some((b) => a.kind === 'range' && b.kind === 'range' && a.protocol === b.protocol && a.first <= b.last && b.first <= a.last));
}
