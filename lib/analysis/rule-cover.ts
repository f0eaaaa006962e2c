import { canonicalPorts, Cidr, IpBlock, NamespaceScope, namespaceSelector, Peer, peerKey, PeerTerm, PodSet, PortMatch, portKey, Rule, termKey } from '../policy';
import { addressesOf, CompiledRule } from './engine/compiled';

/**
 * Whether some rules together speak about every packet that one rule speaks about: whatever pods there are or will be, and
 * whatever a CNI makes of a term, since both make the same of it. Each of the rules has to hold for all pods of the one.
 *
 * It says yes only where that follows from the words; what would need a look at labels or addresses of today is a no.
 */
export function areCoveredBy(narrow: Rule, wide: readonly Rule[]): boolean {
  if (narrow.peers?.length === 0) return false;
  const fitting = wide.filter((each) => isNoNarrower(each, narrow));
  if (narrow.peers === undefined) return portsAreWithin(narrow.ports, fitting.filter(({ peers }) => peers === undefined));
  return narrow.peers.every((peer) => {
    const holding = fitting.filter(({ peers }) => peers === undefined || peers.some((other) => peerIsWithin(peer, other)));
    return portsAreWithin(narrow.ports, holding);
  });
}

/** The rules of some that have a part in covering one. */
export function coveringPart(narrow: Rule, wide: readonly CompiledRule[]): readonly CompiledRule[] {
  const alone = wide.find(({ rule }) => areCoveredBy(narrow, [rule]));
  if (alone !== undefined) return [alone];
  // one after the other goes, if the rest is enough
  let kept = wide;
  for (const each of wide) {
    const rest = kept.filter((other) => other !== each);
    if (areCoveredBy(narrow, rest.map(({ rule }) => rule))) kept = rest;
  }
  return kept;
}

/** Whether every pod of one set is in the other, as far as selectors tell. */
export function podsAreWithin(narrow: PodSet, wide: PodSet): boolean {
  return scopeIsWithin(narrow.namespaces, wide.namespaces) && narrow.pods.implies(wide.pods);
}

function scopeIsWithin(narrow: NamespaceScope, wide: NamespaceScope): boolean {
  if (narrow.kind === 'named' && wide.kind === 'named') return narrow.name === wide.name;
  return namespaceSelector(narrow).implies(namespaceSelector(wide));
}

/** What it asks beside peers and ports, the other one asks too. */
function isNoNarrower({ notPorts, subject, sourcePorts, notSourcePorts, l7, dnsNames }: Rule, narrow: Rule): boolean {
  const samePorts = (own: readonly PortMatch[] | undefined, other: readonly PortMatch[] | undefined): boolean => own === undefined
    || (other !== undefined && own.map(portKey).join() === other.map(portKey).join());
  return l7 === undefined && dnsNames === undefined && samePorts(notPorts, narrow.notPorts) && samePorts(sourcePorts, narrow.sourcePorts)
    && samePorts(notSourcePorts, narrow.notSourcePorts)
    && (subject === undefined || (narrow.subject?.every((peer) => subject.some((other) => peerIsWithin(peer, other))) ?? false));
}

function portsAreWithin(ports: readonly PortMatch[] | undefined, rules: readonly Rule[]): boolean {
  if (rules.some((each) => each.ports === undefined)) return true;
  if (ports === undefined) return false;
  const joined = canonicalPorts(rules.flatMap((each) => each.ports ?? []));
  return ports.every((match) => joined.some((wide) => portIsWithin(match, wide)));
}

function portIsWithin(narrow: PortMatch, wide: PortMatch): boolean {
  if (narrow.kind === 'range') return wide.kind === 'range' && wide.protocol === narrow.protocol && wide.first <= narrow.first && narrow.last <= wide.last;
  if (portKey(narrow) === portKey(wide)) return true;
  return narrow.kind === 'protocol' && wide.kind === 'protocol' && narrow.number === wide.number && wide.icmpType === undefined;
}

/** A peer is all of its terms at once: each that the wide one asks for follows from one of the narrow one. */
function peerIsWithin(narrow: Peer, wide: Peer): boolean {
  if (isUnsure(peerKey(narrow)) || isUnsure(peerKey(wide))) return false;
  return wide.terms.every((term) => narrow.terms.some((own) => termIsWithin(own, term)));
}

function termIsWithin(narrow: PeerTerm, wide: PeerTerm): boolean {
  if (narrow.kind === 'pods' && wide.kind === 'pods') return podsAreWithin(narrow, wide);
  if (narrow.kind === 'ipBlock' && wide.kind === 'ipBlock') return blockIsWithin(narrow, wide);
  return termKey(narrow) === termKey(wide);
}

function blockIsWithin(narrow: IpBlock, wide: IpBlock): boolean {
  const holders: readonly Cidr[] = addressesOf(wide);
  return addressesOf(narrow).every((block) => block.minus(holders).length === 0);
}

/** Terms that are read and not evaluated have the words of a message for a key: equal words need not mean the same. */
function isUnsure(key: string): boolean {
  return key.includes('unevaluated ');
}
