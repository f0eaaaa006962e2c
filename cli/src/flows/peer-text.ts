import { ObservedPeer, ObservedProtocol } from './observation';
import { printable } from './printable';

/** A peer in a word, as the command line takes it where it can: `shop/web`, `203.0.113.7`, `{host}`. */
export function peerText(peer: ObservedPeer): string {
  switch (peer.kind) {
    case 'pod':
      return `${peer.namespace}/${peer.workload?.name ?? (labelsText(peer.labels) || peer.pod || '?')}`;
    case 'service':
      return `svc/${peer.namespace}/${peer.name}`;
    case 'external':
      return peer.names?.[0] ?? peer.ip ?? 'outside';
    case 'entity':
      return peer.name === undefined || peer.entity === 'host' ? `{${peer.entity}}` : `{${peer.entity} ${peer.name}}`;
    case 'unknown':
      return `${peer.ip} (unknown pod)`;
  }
}

/** The same for a terminal. */
export function shownPeer(peer: ObservedPeer): string {
  return printable(peerText(peer));
}

export function observedPortText(port: number | null, protocol: ObservedProtocol): string {
  return port === null ? protocol : `${port}/${protocol}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
