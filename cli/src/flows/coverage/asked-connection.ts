import { ObservedPeer } from '../observation';
import { ObservedConnection } from '../store/flow-store';
import { ObservedWorkloads } from './observed-workloads';

/** A connection as the engine can be asked about it; each of several ends must fare alike. */
export interface AskedConnection {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly port: string;
  /** The container ports of one of its ends are not known. */
  readonly hasUnknownPorts: boolean;
}

/** Why nobody can tell what policies say about it. */
export interface Unanswerable {
  readonly why: string;
}

type Ends = readonly string[] | Unanswerable;

/** What entities of records are to the engine. A node may be that of the pod, or another. */
const ENTITIES: Readonly<Record<string, readonly string[]>> = {
  'host': ['{host}'],
  'remote-node': ['{remote-node}'],
  'node': ['{host}', '{remote-node}'],
  'kube-apiserver': ['{kube-apiserver}'],
  'ingress': ['{ingress-controller}'],
  // what Calico leaves of an address
  'public': ['{world}'],
  'private': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
};

/** The question to ask about a recorded connection. */
export function askedConnection({ src, dst, port, protocol }: ObservedConnection, workloads: ObservedWorkloads): AskedConnection | Unanswerable {
  const asked = askedPort(port, protocol);
  if (typeof asked !== 'string') return asked;
  const [from, to] = [endsOf(src, workloads, 'source'), endsOf(dst, workloads, 'destination')];
  if ('why' in from) return from;
  if ('why' in to) return to;
  return { from, to, port: asked, hasUnknownPorts: dst.kind === 'pod' && workloads.end(dst).isMade };
}

function askedPort(port: number | null, protocol: ObservedConnection['protocol']): string | Unanswerable {
  if (protocol === 'unknown') return { why: 'the record does not say which protocol it was' };
  if (protocol === 'ICMP' || protocol === 'ICMPv6') return protocol;
  return port === null ? { why: 'the record does not say which port was called' } : `${port}/${protocol}`;
}

function endsOf(peer: ObservedPeer, workloads: ObservedWorkloads, side: string): Ends {
  switch (peer.kind) {
    case 'pod':
      return peer.cluster === undefined ? [workloads.end(peer).text] : { why: `the ${side} is a pod of the cluster ${peer.cluster}, of which the input has nothing` };
    case 'external':
      return peer.ip === null ? { why: `the record has no address of the ${side}` } : [peer.ip];
    case 'service':
      return [`svc/${peer.namespace}/${peer.name}`];
    case 'unknown':
      return { why: `nobody knows whose address ${peer.ip} was: give the import an --inventory` };
    case 'entity':
      return Object.hasOwn(ENTITIES, peer.entity) ? ENTITIES[peer.entity]! : { why: `"${peer.entity}" is nothing that policies can be asked about` };
  }
}
