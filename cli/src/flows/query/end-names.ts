import { ObservedLabels, ObservedPeer } from '../observation';
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
    const bearers = new Map<string, number>();
    for (const facet of [...alike.values()].flatMap((peer) => [...facetsOf(peer)])) bearers.set(facet, (bearers.get(facet) ?? 0) + 1);
    for (const [key, peer] of alike) {
      const own = [...facetsOf(peer)].filter((facet) => bearers.get(facet) !== alike.size);
      names.set(key, own.length === 0 ? word : `${word} {${own.join(',')}}`);
    }
  }
  return (peer) => names.get(JSON.stringify(peer)) ?? wordFor(peer);
}

function wordFor(peer: ObservedPeer): string {
  const word = peerText(peer);
  if (peer.kind === 'pod' && peer.cluster !== undefined) return `${word} (cluster ${peer.cluster})`;
  // whoever answers for a name chooses it, and it must not pass for a workload or an entity
  return peer.kind === 'external' && /[/{}]/.test(word) ? `outside, called ${JSON.stringify(word)}` : word;
}

/** What an end can be told apart by, beside its name. */
function facetsOf(peer: ObservedPeer): ReadonlySet<string> {
  switch (peer.kind) {
    case 'pod':
      return new Set([...(peer.workload?.kind ? [peer.workload.kind] : []), ...pairs(peer.labels)]);
    case 'service':
      return new Set(pairs(peer.labels ?? {}));
    case 'external':
      return new Set([...(peer.ip === null ? [] : [peer.ip]), ...peer.names ?? []]);
    case 'entity':
      return new Set([peer.namespace, peer.name, peer.ip].filter((facet) => facet !== undefined));
    case 'unknown':
      return new Set();
  }
}

function pairs(labels: ObservedLabels): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}
