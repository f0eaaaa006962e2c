import { Peer, peerKey } from './peer';
import { canonicalPorts, PortMatch, portKey } from './port-match';

export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

export type Action = 'allow' | 'deny' | 'pass';

/** What one rule says about connections in one direction. */
export interface Rule {
  readonly direction: Direction;
  readonly action: Action;
  /** The other end; undefined means everybody, inside and outside of the cluster, an empty list nobody. */
  readonly peers?: readonly Peer[];
  /** The destination ports; undefined means every port and protocol. Never empty. */
  readonly ports?: readonly PortMatch[];
  readonly name?: string;
}

/** A rule in canonical form: peers and ports sorted, each once. */
export function rule(parts: Rule): Rule {
  const { direction, action, name } = parts;
  const peers = parts.peers === undefined ? undefined : canonicalPeers(parts.peers);
  const ports = parts.ports === undefined ? undefined : canonicalPorts(parts.ports);
  return { direction, action, ...(peers ? { peers } : {}), ...(ports ? { ports } : {}), ...(name === undefined ? {} : { name }) };
}

function canonicalPeers(peers: readonly Peer[]): readonly Peer[] {
  if (peers.length < 2) return peers;
  const byKey = new Map(peers.map((peer) => [peerKey(peer), peer]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!);
}

/** Equal rules have equal keys; the name does not count. */
export function ruleKey({ direction, action, peers, ports }: Rule): string {
  const from = peers === undefined ? '*' : peers.map(peerKey).join(' | ');
  const to = ports === undefined ? '*' : ports.map(portKey).join(',');
  return `${direction} ${action} ${from} : ${to}`;
}
