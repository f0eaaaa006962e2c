/** The time that tests assume. */
export const NOW = '2026-10-01T00:00:00Z';
export const START = Date.parse('2026-09-01T10:00:00Z');

export interface HubbleRecord {
  /** Milliseconds; default: the beginning of `START`. */
  readonly time?: number;
  readonly src?: string;
  readonly dst?: string;
  readonly pod?: number;
  readonly port?: number;
  readonly sourcePort?: number;
  readonly node?: string;
  readonly verdict?: 'FORWARDED' | 'DROPPED' | 'AUDIT';
  readonly isReply?: boolean;
  readonly policy?: string;
  readonly uuid?: number;
}

/** One line of `hubble observe -o jsonpb`: a workload is `namespace/name`. */
export function hubbleLine(
  { time = START, src = 'shop/web', dst = 'shop/db', pod = 0, port = 5432, sourcePort = 40_000, node = 'n1', verdict = 'FORWARDED', isReply = false, policy, uuid = 0 }: HubbleRecord = {},
): string {
  const at = new Date(time).toISOString().replace('Z', '123456Z');
  const flow = {
    time: at,
    uuid: `00000000-0000-4000-8000-${String(uuid).padStart(12, '0')}`,
    verdict,
    ...(verdict === 'DROPPED' ? { drop_reason_desc: 'POLICY_DENIED' } : {}),
    IP: { source: addressOf(src, pod), destination: addressOf(dst, 0), ipVersion: 'IPv4' },
    l4: { TCP: { source_port: sourcePort, destination_port: port, flags: { SYN: !isReply } } },
    source: endpoint(src, pod),
    destination: endpoint(dst, 0),
    Type: 'L3_L4',
    node_name: node,
    event_type: { type: policy === undefined ? 4 : 5 },
    traffic_direction: 'EGRESS',
    is_reply: isReply,
    ...(policy === undefined ? {} : { policy_match_type: 2, egress_allowed_by: [{ name: policy, namespace: 'shop', kind: 'CiliumNetworkPolicy' }] }),
    Summary: 'TCP Flags: SYN',
  };
  return JSON.stringify({ flow, node_name: node, time: at });
}

/** Lines of one record for each, a second apart, with all else as it is given. */
export function hubbleLines(count: number, record: (index: number) => HubbleRecord = () => ({})): string {
  return Array.from({ length: count }, (_, index) => `${hubbleLine({ time: START + index * 1000, uuid: index, sourcePort: 32_768 + (index * 7919) % 28_000, ...record(index) })}\n`).join('');
}

function endpoint(workload: string, pod: number): object {
  const [namespace, name] = workload.split('/');
  return {
    identity: 1000 + workload.length,
    namespace,
    labels: [`k8s:app=${name}`, `k8s:io.kubernetes.pod.namespace=${namespace}`],
    pod_name: `${name}-7f9c6d8b5f-abcd${pod}`,
    workloads: [{ name, kind: 'Deployment' }],
  };
}

function addressOf(workload: string, pod: number): string {
  const sum = [...workload].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 60_000, 7);
  return `10.${10 + pod}.${Math.floor(sum / 250)}.${sum % 250 + 1}`;
}
