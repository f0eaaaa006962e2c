import {
  Cidr, IpBlock, LabelledSet, namespaceSelector, Peer, PeerTerm, PodSet, Policy,
} from '../../policy';
import { MAX_NETS } from './api';
import { cannotSay } from './cannot-say';
import { EITHER, namespaceWords } from './scope';
import { writeSelector } from './selector-writer';

/** `source` or `destination`, without its ports. */
export interface EntityJson {
  readonly selector?: string;
  readonly namespaceSelector?: string;
  readonly notSelector?: string;
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly services?: { readonly name: string; readonly namespace: string };
}

/**
 * The ends that say what some peers say: blocks alone are gathered, every other peer has a rule of its own. Undefined for
 * everybody.
 */
export function writeEntities(policy: Policy, peers: readonly Peer[] | undefined): readonly EntityJson[] {
  if (peers === undefined) return [{}];
  const plain = peers.flatMap(({ terms: [term, ...more] }) => (term?.kind === 'ipBlock' && more.length === 0 && term.except.length === 0 ? [term.cidr] : []));
  const others = peers.filter(({ terms: [term, ...more] }) => !(term?.kind === 'ipBlock' && more.length === 0 && term.except.length === 0));
  return [...split(plain.map(String), MAX_NETS).map((nets) => ({ nets })), ...others.map((peer) => writePeer(policy, peer))];
}

function writePeer(policy: Policy, { terms }: Peer): EntityJson {
  const [only, ...more] = terms;
  if (only?.kind === 'service' && more.length === 0) return { services: { name: only.name, namespace: only.namespace } };
  const nets: string[] = [];
  const notNets: string[] = [];
  const selectors: Array<LabelledSet | PodSet> = [];
  const notSelectors: LabelledSet[] = [];
  for (const term of terms) {
    if (term.kind === 'labelled' || term.kind === 'pods') selectors.push(term);
    else if (term.kind === 'not' && term.term.kind === 'labelled') notSelectors.push(term.term);
    else if (term.kind === 'not' && term.term.kind === 'ipBlock') notNets.push(...blocksOf(term.term));
    else if (nets.length === 0 && isBlocks(term)) addNets(term, nets, notNets);
    else throw cannotSay(policy, `a peer of the kind ${term.kind} together with others`);
  }
  if (nets.length > MAX_NETS || notNets.length > MAX_NETS) throw cannotSay(policy, `more than ${MAX_NETS} nets in one rule`);
  return { ...writeSelectors(policy, selectors, notSelectors), ...(nets.length > 0 ? { nets } : {}), ...(notNets.length > 0 ? { notNets } : {}) };
}

/** Exceptions of a single block are nets that do not match; of several they are taken out. */
function addNets(term: PeerTerm, nets: string[], notNets: string[]): void {
  if (term.kind === 'ipBlock') {
    nets.push(term.cidr.toString());
    notNets.push(...term.except.map(String));
  } else if (term.kind === 'anyOf') {
    nets.push(...term.terms.flatMap((block) => blocksOf(block as IpBlock)));
  }
}

function isBlocks(term: PeerTerm): boolean {
  return term.kind === 'ipBlock' || (term.kind === 'anyOf' && term.terms.every(({ kind }) => kind === 'ipBlock'));
}

function blocksOf({ cidr, except }: IpBlock): string[] {
  return (except.length === 0 ? [cidr] : cidr.minus(except)).map((each: Cidr) => each.toString());
}

/** Selectors of one end meet in one; a namespaced policy has its own namespace as soon as there is one. */
function writeSelectors(policy: Policy, selectors: ReadonlyArray<LabelledSet | PodSet>, notSelectors: readonly LabelledSet[]): EntityJson {
  const [only, ...more] = selectors;
  if (more.length > 0) throw cannotSay(policy, 'several selectors on one end of a rule');
  if (notSelectors.length > 1) throw cannotSay(policy, 'several selectors that do not match on one end of a rule');
  const [absent] = notSelectors;
  if (absent !== undefined && !namespaceSelector(absent.namespaces).matchesEverything) throw cannotSay(policy, 'a selector of some namespaces that does not match');
  if (only === undefined && absent !== undefined && policy.namespace !== undefined) {
    throw cannotSay(policy, 'a selector that does not match, for addresses that nothing selects: in a namespaced policy it confines the rule to its own namespace');
  }
  return {
    ...(only === undefined ? {} : writeLabelled(policy, only)),
    ...(absent === undefined ? {} : { notSelector: writeSelector(absent.labels.toExpression(), policy.name) }),
  };
}

function writeLabelled(policy: Policy, term: LabelledSet | PodSet): EntityJson {
  const labels = term.kind === 'pods' ? term.pods : term.labels;
  const scope = scopeOf(policy, term);
  const selector = writeSelector(labels.toExpression(), policy.name);
  return { ...(labels.matchesEverything && scope !== undefined ? {} : { selector }), ...(scope === undefined ? {} : { namespaceSelector: scope }) };
}

/** Undefined where the rule has that scope by itself: its own namespace, or everything for a policy of the cluster. */
function scopeOf({ namespace, name }: Policy, { kind, namespaces }: LabelledSet | PodSet): string | undefined {
  if (namespaces.kind === 'named' && namespaces.name === namespace) return undefined;
  const selector = namespaceSelector(namespaces);
  if (!selector.matchesEverything) return writeSelector(selector.toExpression(), name, namespaceWords);
  // every pod has a namespace; a set of addresses may have none
  if (kind === 'pods') return 'all()';
  return namespace === undefined ? undefined : EITHER;
}

/**
 * The subject of a policy as `selector` and `namespaceSelector`. Without the second a policy of the cluster is about host endpoints
 * too, and what was said of pods would hold for their nodes.
 * @see https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy
 */
export function writeSubject({ name, namespace, subject }: Policy): { readonly selector?: string; readonly namespaceSelector?: string } {
  const selector = writeSelector(subject.pods.toExpression(), name);
  if (namespace !== undefined) return { selector };
  const namespaces = namespaceSelector(subject.namespaces);
  return { selector, namespaceSelector: writeSelector(namespaces.toExpression(), name) };
}

export function split<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
