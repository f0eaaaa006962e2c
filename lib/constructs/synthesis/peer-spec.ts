import { PeerSpec } from '../../cluster/peer-spec';
import { Cidr, Entity, ipBlockPeer, matchingNamespaces, namedNamespace, Peer, PodSet, Selector } from '../../policy';

/** A well-known peer from the tables, as a peer of the model. */
export function peerOf(spec: PeerSpec): Peer {
  return spec.kind === 'cidr' ? ipBlockPeer(Cidr.parse(spec.cidr)) : { terms: [podSetOf(spec)] };
}

export function entityPeer(entity: Entity): Peer {
  return { terms: [{ kind: 'entity', entity }] };
}

function podSetOf({ namespace, namespaceLabels, matchLabels, matchExpressions }: Extract<PeerSpec, { kind: 'pods' }>): PodSet {
  return {
    kind: 'pods',
    namespaces: namespace === undefined ? matchingNamespaces(Selector.labels(namespaceLabels ?? {})) : namedNamespace(namespace),
    pods: Selector.of({ matchLabels, matchExpressions }),
  };
}

/** The pods among peers: the ends that a rule may have to be mirrored at. */
export function podSetsOf(peers: readonly Peer[]): PodSet[] {
  return peers.flatMap(({ terms }) => terms).filter((term): term is PodSet => term.kind === 'pods');
}
