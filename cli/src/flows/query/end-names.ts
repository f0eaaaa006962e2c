import { ObservedPeer } from '../observation';
import { peerText } from '../peer-text';

/**
 * Names for the ends of a list. Two ends that are not the same have different names: where a word is not enough, what they differ
 * in stands behind it, such as `shop/web {version=2}` for pods of one Deployment with other labels.
 */
export function endNames(peers: Iterable<ObservedPeer>): (peer: ObservedPeer) => string {
  const byWord = new Map<string, Map<string, ObservedPeer>>();
  for (const peer of peers) {
    const word = wordFor(peer);
    const alike = byWord.get(word) ?? new Map<string, ObservedPeer>();
    byWord.set(word, alike.set(JSON.stringify(peer), peer));
  }
  const names = new Map<string, string>();
  for (const [word, alike] of byWord) {
    const facets = [...alike.values()].map(facetsOf);
    [...alike.keys()].forEach((key, index) => {
      const own = facets[index]!.filter((facet) => !facets.every((each) => each.includes(facet)));
      names.set(key, own.length === 0 ? word : `${word} {${own.join(',')}}`);
    });
  }
  return (peer) => names.get(JSON.stringify(peer)) ?? wordFor(peer);
}

function wordFor(peer: ObservedPeer): string {
  return peer.kind === 'pod' && peer.cluster !== undefined ? `${peerText(peer)} (cluster ${peer.cluster})` : peerText(peer);
}

/** What an end can be told apart by, beside its name. */
function facetsOf(peer: ObservedPeer): readonly string[] {
  switch (peer.kind) {
    case 'pod':
      return [...(peer.workload?.kind ? [peer.workload.kind] : []), ...Object.entries(peer.labels).map(([key, value]) => `${key}=${value}`)];
    case 'service':
      return Object.entries(peer.labels ?? {}).map(([key, value]) => `${key}=${value}`);
    case 'external':
      return [...(peer.ip === null ? [] : [peer.ip]), ...peer.names ?? []];
    case 'entity':
      return [peer.namespace, peer.name, peer.ip].filter((facet) => facet !== undefined);
    case 'unknown':
      return [];
  }
}
