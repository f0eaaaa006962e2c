import { ObservedPeer, PodPeer } from '../../src/flows/observation';
import { ObservedConnection } from '../../src/flows/store/flow-store';

/** `shop/web` as a pod of the Deployment web with the label app=web; other kinds as `pay/report[CronJob]`. */
export function pod(text: string, labels?: Readonly<Record<string, string>>): PodPeer {
  const [, namespace = '', name = '', kind = 'Deployment'] = /^([^/]+)\/([^[]+)(?:\[(\w+)\])?$/.exec(text) ?? [];
  return { kind: 'pod', namespace, workload: { kind, name }, labels: labels ?? { app: name } };
}

export const outside = (ip: string, ...names: string[]): ObservedPeer => ({ kind: 'external', ip, ...(names.length === 0 ? {} : { names }) });
export const entity = (name: string): ObservedPeer => ({ kind: 'entity', entity: name });

const NOON = Date.UTC(2026, 8, 14, 12);

/** A connection that was seen a hundred times. */
export function seen(src: ObservedPeer, dst: ObservedPeer, port: number | null = 8080, more: Partial<ObservedConnection> = {}): ObservedConnection {
  return {
    src, dst, port,
    protocol: 'TCP',
    direction: 'unknown',
    verdict: 'allowed',
    decidedBy: null,
    count: 100,
    firstSeen: NOON - 86_400_000,
    lastSeen: NOON,
    hours: 24,
    peak: 10,
    sources: ['hubble'],
    ...more,
  };
}
