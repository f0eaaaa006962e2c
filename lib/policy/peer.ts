import { Cidr, compareCidrs } from './cidr';
import { NamespaceScope, scopeKey } from './namespace-scope';
import { PolicyError } from './policy-error';
import { Selector } from './selector';

/** Pods by their labels, in namespaces by name or labels. */
export interface PodSet {
  readonly kind: 'pods';
  readonly namespaces: NamespaceScope;
  readonly pods: Selector;
  /**
   * Written as whole namespaces, not as pods of them: some CNIs then take sets of addresses of these namespaces as well. No part
   * of the key.
   */
  readonly wholeNamespaces?: true;
}

/**
 * Pods in namespaces that have the same values of some labels as the namespace of the pod that the policy is about. The name of a
 * namespace is one of its labels, so that its own namespace can be said. A namespace that lacks one of the labels is alike to none.
 */
export interface PodsAlike {
  readonly kind: 'podsAlike';
  readonly sameLabels: readonly string[];
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

/** What a domain name resolves to at the moment of the connection. `*.x` has one label before x, `**.x` one or more. */
export interface DomainName {
  readonly kind: 'domain';
  readonly pattern: string;
}

/** A condition that was read but cannot be evaluated: it may hold or not. */
export interface UnevaluatedTerm {
  readonly kind: 'unevaluated';
  readonly what: string;
}

/**
 * Whatever carries labels: pods, and sets of addresses that have labels and perhaps a namespace. A set without a namespace meets
 * what a namespace without labels would meet.
 */
export interface LabelledSet {
  readonly kind: 'labelled';
  readonly namespaces: NamespaceScope;
  readonly labels: Selector;
}

/** What stands behind a Service: the addresses of its endpoints and, at the destination, their ports. */
export interface ServiceEndpoints {
  readonly kind: 'service';
  readonly namespace: string;
  readonly name: string;
}

/** The pods that the selector of a Service matches, on whatever port. */
export interface ServicePods {
  readonly kind: 'servicePods';
  readonly namespace: string;
  readonly name: string;
}

/** What is behind a Service, where its own address was dialled: pods that are dialled themselves are not meant. */
export interface DialledService {
  readonly kind: 'dialledService';
  readonly namespace: string;
  readonly name: string;
}

/** Whatever an object of its own puts together. One that is not there has nobody in it. */
export interface GroupTerm {
  readonly kind: 'group';
  /** The kind of the object. */
  readonly of: string;
  /** Undefined for a group of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** Ends by what they are to the cluster, or to the pod: outside of it, its nodes, the pod's own node. */
export interface EntityTerm {
  readonly kind: 'entity';
  readonly entity: Entity;
}

export type Entity =
  | 'world' | 'world-ipv4' | 'world-ipv6'
  /** Every pod and node. */
  | 'cluster'
  /** The node of the pod that the policy is about, and the other nodes. */
  | 'host' | 'remote-node'
  | 'kube-apiserver'
  | 'ingress' | 'init' | 'health' | 'unmanaged'
  | 'none';

/** Addresses that stand in objects of their own, found by their name or labels, without some of them. */
export interface AddressSetTerm {
  readonly kind: 'addressSet';
  /** The kind of the objects. */
  readonly of: string;
  readonly name?: string;
  readonly labels?: Selector;
  readonly except: readonly Cidr[];
}

/** One of several conditions holds. */
export interface AnyOf {
  readonly kind: 'anyOf';
  readonly terms: readonly PeerTerm[];
}

/** A condition does not hold. */
export interface Not {
  readonly kind: 'not';
  readonly term: PeerTerm;
}

/** One condition on one end of a connection. */
export type PeerTerm =
  | PodSet | PodsAlike | IpBlock | NodeSet | DomainName | UnevaluatedTerm | LabelledSet | ServiceEndpoints | ServicePods | DialledService | GroupTerm
  | EntityTerm | AddressSetTerm | AnyOf | Not;

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

/** One of the terms, which is the term itself where there is one. */
export function anyOf(terms: readonly PeerTerm[]): PeerTerm {
  const [only, ...more] = terms;
  return only !== undefined && more.length === 0 ? only : { kind: 'anyOf', terms };
}

export function not(term: PeerTerm): PeerTerm {
  return term.kind === 'not' ? term.term : { kind: 'not', term };
}

export function unevaluatedPeer(what: string): Peer {
  return { terms: [{ kind: 'unevaluated', what }] };
}

export function termKey(term: PeerTerm): string {
  switch (term.kind) {
    case 'pods':
      return `pods ${scopeKey(term.namespaces)}/${term.pods.toString()}`;
    case 'podsAlike':
      return `pods same ${[...term.sameLabels].sort().join('+')}/${term.pods.toString()}`;
    case 'ipBlock':
      return `ip ${term.cidr.toString()}${term.except.map((hole) => ` except ${hole.toString()}`).sort().join('')}`;
    case 'nodes':
      return `nodes ${term.nodes.toString()}`;
    case 'domain':
      return `domain ${term.pattern}`;
    case 'unevaluated':
      return `unevaluated ${term.what}`;
    case 'labelled':
      return `labelled ${scopeKey(term.namespaces)}/${term.labels.toString()}`;
    case 'service':
      return `service ${term.namespace}/${term.name}`;
    case 'servicePods':
      return `pods behind ${term.namespace}/${term.name}`;
    case 'dialledService':
      return `dialled ${term.namespace}/${term.name}`;
    case 'group':
      return `${term.of} ${term.namespace === undefined ? '' : `${term.namespace}/`}${term.name}`;
    case 'entity':
      return `entity ${term.entity}`;
    case 'addressSet':
      return `${term.of} ${term.name ?? `{${term.labels?.key ?? ''}}`}${term.except.map((hole) => ` except ${hole.toString()}`).sort().join('')}`;
    case 'anyOf':
      return `any(${[...new Set(term.terms.map(termKey))].sort().join(' | ')})`;
    case 'not':
      return `not(${termKey(term.term)})`;
  }
}

/** Equal peers have equal keys. */
export function peerKey(peer: Peer): string {
  return peer.terms.map(termKey).sort().join(' & ');
}
