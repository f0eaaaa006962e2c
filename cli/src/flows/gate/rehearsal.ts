import { JudgedConnection } from '../coverage/coverage';
import { ObservedPeer } from '../observation';
import { ObservedConnection } from '../store/flow-store';

/** How much of what happens here was exercised in another environment. */
export interface Rehearsal {
  readonly cluster: string;
  readonly connections: number;
  readonly exercised: number;
  /** Those of them that were opened there as often in an hour as they ever were here. */
  readonly underLoad: number;
}

/** Compares with the record of another cluster: the same workloads by namespace and name, and the same ports. */
export function rehearsalOf(cluster: string, here: readonly JudgedConnection[], there: readonly ObservedConnection[]): Rehearsal {
  const peaks = new Map<string, number>();
  for (const each of there) peaks.set(keyOf(each), Math.max(peaks.get(keyOf(each)) ?? 0, each.peak));
  const exercised = here.filter((each) => peaks.has(keyOf(each)));
  return { cluster, connections: here.length, exercised: exercised.length, underLoad: exercised.filter((each) => peaks.get(keyOf(each))! >= each.peak).length };
}

function keyOf({ src, dst, port, protocol }: Pick<ObservedConnection, 'src' | 'dst' | 'port' | 'protocol'>): string {
  return JSON.stringify([endKey(src), endKey(dst), port, protocol]);
}

function endKey(peer: ObservedPeer): unknown {
  switch (peer.kind) {
    case 'pod':
      return [peer.namespace, peer.workload?.name ?? peer.labels];
    case 'external':
      return peer.names?.[0] ?? peer.ip;
    case 'entity':
      return peer.entity;
    case 'service':
      return [peer.namespace, peer.name];
    case 'unknown':
      return peer.ip;
  }
}
