import { ExternalPeer, ObservedLabels, PodPeer } from '../../../src/flows/observation';
import { ObservedConnection, PodSighting } from '../../../src/flows/store/flow-store';

/** A pod of a Deployment: `shop/web`; `shop/?` has labels only. */
export function pod(text: string, labels: ObservedLabels = {}): PodPeer {
  const [namespace, name] = text.split('/') as [string, string];
  return { kind: 'pod', namespace, workload: name === '?' ? null : { kind: 'Deployment', name }, labels };
}

export function outside(ip: string | null, ...names: string[]): ExternalPeer {
  return { kind: 'external', ip, ...(names.length === 0 ? {} : { names }) };
}

export function sighting(text: string, name: string, ip: string | null = null, labels: ObservedLabels = {}): PodSighting {
  const { namespace, workload } = pod(text, labels);
  return { namespace, pod: name, ip, workload, labels, firstSeen: 0, lastSeen: 1 };
}

export function connection(change: Partial<ObservedConnection> = {}): ObservedConnection {
  return {
    src: pod('shop/web'), dst: pod('pay/api'), port: 8080, protocol: 'TCP', direction: 'egress', verdict: 'allowed', decidedBy: null,
    count: 1, firstSeen: 0, lastSeen: 0, hours: 1, peak: 1, sources: ['hubble'], ...change,
  };
}
