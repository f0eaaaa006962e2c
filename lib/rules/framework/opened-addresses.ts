import { CompiledRule } from '../../analysis';
import { Cidr, PeerTerm } from '../../policy';

const EVERYWHERE: readonly Cidr[] = [Cidr.all(4), Cidr.all(6)];

/** The addresses outside of the cluster that a rule names: blocks, entities of the world, or everybody. What else it asks of them is not looked at. */
export function addressesOpened(parts: readonly CompiledRule[]): readonly Cidr[] {
  return Cidr.merge(parts.flatMap(({ rule: { peers } }) => (peers === undefined ? EVERYWHERE : peers.flatMap(({ terms }) => addressesOf(terms)))));
}

/** The same without everybody and entities: what is written as blocks, wherever it stands. */
export function blocksOpened(parts: readonly CompiledRule[]): readonly Cidr[] {
  return Cidr.merge(parts.flatMap(({ rule: { peers = [] } }) => peers.flatMap(({ terms }) => (terms.some(namesNoBlock) ? [] : addressesOf(terms)))));
}

function namesNoBlock(term: PeerTerm): boolean {
  return term.kind === 'anyOf' ? term.terms.some(namesNoBlock) : term.kind === 'not' ? namesNoBlock(term.term) : term.kind !== 'ipBlock';
}

/** All of the terms hold: what they have in common. */
function addressesOf(terms: readonly PeerTerm[]): readonly Cidr[] {
  return terms.reduce((left: readonly Cidr[], term) => {
    if (term.kind === 'not') {
      const holes = addressesOfTerm(term.term);
      return left.flatMap((block) => block.minus(holes));
    }
    const own = addressesOfTerm(term);
    return left === EVERYWHERE ? own : Cidr.common(left, own);
  }, EVERYWHERE);
}

function addressesOfTerm(term: PeerTerm): readonly Cidr[] {
  switch (term.kind) {
    case 'ipBlock':
      return term.cidr.minus(term.except);
    case 'entity':
      if (term.entity === 'world') return EVERYWHERE;
      return term.entity === 'world-ipv4' ? [Cidr.all(4)] : term.entity === 'world-ipv6' ? [Cidr.all(6)] : [];
    case 'anyOf':
      return term.terms.flatMap((each) => addressesOf([each]));
    case 'not':
      return addressesOf([term]);
    default:
      return [];
  }
}
