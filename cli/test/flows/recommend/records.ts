import { profileFor, parseCni } from '../../../src/config/cni-flag';
import { ExternalPeer, ObservedLabels, PodPeer } from '../../../src/flows/observation';
import { RecommendInput } from '../../../src/flows/recommend/recommend';
import { ObservedConnection } from '../../../src/flows/store/flow-store';

export const NOW = Date.UTC(2026, 8, 30);
export const DAY = 86_400_000;
export const WINDOW = { from: NOW - 14 * DAY, until: NOW };

export function pods(namespace: string, name: string, labels: ObservedLabels = { app: name }, kind: string | null = 'Deployment'): PodPeer {
  return { kind: 'pod', namespace, workload: { kind, name }, labels };
}

export function outside(ip: string | null, ...names: string[]): ExternalPeer {
  return { kind: 'external', ip, ...(names.length === 0 ? {} : { names }) };
}

/** A connection as a store gives it; what is not said is that of one that is seen all the time. */
export function connection(
  src: ObservedConnection['src'], dst: ObservedConnection['dst'], port: number | null, more: Partial<ObservedConnection> = {},
): ObservedConnection {
  return {
    src, dst, port, protocol: 'TCP', direction: 'ingress', verdict: 'allowed', decidedBy: null, count: 400, peak: 5,
    firstSeen: NOW - 13 * DAY, lastSeen: NOW - 60_000, hours: 300, sources: ['hubble'], ...more,
  };
}

export function input(
  namespaces: readonly string[], connections: readonly ObservedConnection[],
  { cniText = 'calico@3.31', ...rest }: Partial<RecommendInput> & { readonly cniText?: string } = {},
): RecommendInput {
  const cni = parseCni(cniText);
  return {
    connections, sightings: [], coverage: [], window: WINDOW, objects: [], cluster: 'prod', cni, profile: profileFor(cni), podCidrs: [], nodeCidrs: [], ranges: [],
    expires: '2026-10-30', stage: 'ENFORCE',
    namespaces: namespaces.map((name) => ({ name, owner: { team: 'payments', contact: '#payments', missing: [] } })),
    ...rest,
  };
}
