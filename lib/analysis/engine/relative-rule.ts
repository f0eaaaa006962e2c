import { labelCondition, Labels, matchingNamespaces, Peer, PeerTerm, PodsAlike, Selector } from '../../policy';
import { CompiledRule } from './compiled';

const KNOWN = new WeakMap<CompiledRule, Map<string, CompiledRule>>();

/** A rule that names namespaces by what they have in common with that of a pod, as it is for pods of one namespace. */
export function forNamespace(rule: CompiledRule, labels: Labels): CompiledRule {
  if (!rule.isRelative) return rule;
  const keys = [...new Set((rule.peers ?? []).flatMap(({ terms }) => terms.flatMap((term) => (term.kind === 'podsAlike' ? term.sameLabels : []))))].sort();
  const alikeTo = JSON.stringify(keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : null)));
  let known = KNOWN.get(rule);
  if (known === undefined) KNOWN.set(rule, (known = new Map<string, CompiledRule>()));
  let found = known.get(alikeTo);
  if (found === undefined) {
    found = { ...rule, isRelative: false, alikeTo, peers: (rule.peers ?? []).flatMap((peer) => peersFor(peer, labels)) };
    known.set(alikeTo, found);
  }
  return found;
}

function peersFor({ terms }: Peer, labels: Labels): Peer[] {
  const found = terms.map((term): PeerTerm | undefined => (term.kind === 'podsAlike' ? podsOf(term, labels) : term));
  return found.includes(undefined) ? [] : [{ terms: found.flatMap((term) => term ?? []) }];
}

/** Nobody is alike to a namespace that lacks one of the labels. */
function podsOf({ sameLabels, pods }: PodsAlike, labels: Labels): PeerTerm | undefined {
  if (!sameLabels.every((key) => Object.hasOwn(labels, key))) return undefined;
  const of = sameLabels.map((key) => labelCondition(key, 'In', [labels[key]!]));
  return { kind: 'pods', namespaces: matchingNamespaces(Selector.expression({ kind: 'and', of })), pods };
}
