import { CompiledRule } from '../../analysis';
import { namespaceSelector, PeerTerm } from '../../policy';

/** Without peers, or with all pods of all namespaces among them. */
export function namesEverybody({ rule: { peers } }: CompiledRule): boolean {
  return peers === undefined || peers.some(({ terms }) => terms.every(isEveryPod));
}

function isEveryPod(term: PeerTerm): boolean {
  switch (term.kind) {
    case 'pods':
      return namespaceSelector(term.namespaces).matchesEverything && term.pods.matchesEverything;
    case 'entity':
      return term.entity === 'cluster';
    case 'anyOf':
      return term.terms.some(isEveryPod);
    default:
      return false;
  }
}
