import { Cidr, compareCidrs } from './cidr';
import { NamespaceScope, scopeKey } from './namespace-scope';
import { PolicyError } from './policy-error';
import { Selector } from './selector';

/** Pods by their labels, in namespaces by name or labels. */
export interface PodSet {
  readonly kind: 'pods';
  readonly namespaces: NamespaceScope;
  readonly pods: Selector;
}

/** Addresses: a block without some of its parts. */
export interface IpBlock {
  readonly kind: 'ipBlock';
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
}

/** Nodes by their labels: their own addresses, and what runs in their network. */
export interface NodeSet {
  readonly kind: 'nodes';
  readonly nodes: Selector;
}

/** What a domain name resolves to at the moment of the connection. A leading `*.` stands for one or more labels. */
export interface DomainName {
  readonly kind: 'domain';
  readonly pattern: string;
}

/** A condition that was read but cannot be evaluated: it may hold or not. */
export interface UnevaluatedTerm {
  readonly kind: 'unevaluated';
  readonly what: string;
}

/** One condition on the other end of a connection. */
export type PeerTerm = PodSet | IpBlock | NodeSet | DomainName | UnevaluatedTerm;

/** One end of a connection: all of its terms hold. A rule's peers are a union. */
export interface Peer {
  readonly terms: readonly PeerTerm[];
}

export function podPeer(namespaces: NamespaceScope, pods: Selector): Peer {
  return { terms: [{ kind: 'pods', namespaces, pods }] };
}

/** A block of addresses; each exception must lie strictly inside it. */
export function ipBlockPeer(cidr: Cidr, except: readonly Cidr[] = []): Peer {
  for (const hole of except) {
    if (hole.family !== cidr.family || !cidr.contains(hole)) {
      throw new PolicyError({ given: hole.toString(), problem: `is an exception outside its block ${cidr.toString()}`, instead: 'a block inside of it, or no exception' });
    }
    if (hole.sameAs(cidr)) {
      throw new PolicyError({ given: hole.toString(), problem: 'is an exception that takes away its whole block', instead: 'no rule at all' });
    }
  }
  return { terms: [{ kind: 'ipBlock', cidr, except: [...new Map(except.map((hole) => [hole.toString(), hole])).values()].sort(compareCidrs) }] };
}

export function nodePeer(nodes: Selector): Peer {
  return { terms: [{ kind: 'nodes', nodes }] };
}

export function domainPeer(pattern: string): Peer {
  return { terms: [{ kind: 'domain', pattern }] };
}

export function unevaluatedPeer(what: string): Peer {
  return { terms: [{ kind: 'unevaluated', what }] };
}

export function termKey(term: PeerTerm): string {
  switch (term.kind) {
    case 'pods':
      return `pods ${scopeKey(term.namespaces)}/${term.pods.toString()}`;
    case 'ipBlock':
      return `ip ${term.cidr.toString()}${term.except.map((hole) => ` except ${hole.toString()}`).join('')}`;
    case 'nodes':
      return `nodes ${term.nodes.toString()}`;
    case 'domain':
      return `domain ${term.pattern}`;
    case 'unevaluated':
      return `unevaluated ${term.what}`;
  }
}

/** Equal peers have equal keys. */
export function peerKey(peer: Peer): string {
  return peer.terms.map(termKey).sort().join(' & ');
}
