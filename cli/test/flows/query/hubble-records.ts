/** Lines as `hubble observe -o jsonpb` writes them, from as little as a test wants to say. */
export interface HubbleRecord {
  readonly time: string;
  /** `shop/web` is a pod of a Deployment, `shop/web+v=2` has a label; `{host}` is an entity; an address, or NAME=ADDRESS, is outside. */
  readonly from: string;
  readonly to: string;
  readonly port?: string;
  readonly verdict?: 'FORWARDED' | 'DROPPED' | 'AUDIT';
  readonly direction?: 'INGRESS' | 'EGRESS';
  /** The policy that allows it, as NAMESPACE/NAME. */
  readonly by?: string;
  readonly node?: string;
}

const IDENTITIES: Readonly<Record<string, number>> = { 'host': 1, 'remote-node': 6, 'kube-apiserver': 7 };

export function hubbleLine({ time, from, to, port = '8080/TCP', verdict = 'FORWARDED', direction = 'EGRESS', by, node = 'n1' }: HubbleRecord): string {
  const [number, protocol = 'TCP'] = port.split('/');
  const [source, destination] = [endOf(from), endOf(to)];
  const [namespace, name] = by?.split('/') ?? [];
  const flow = {
    time,
    uuid: '00000000-0000-4000-8000-000000000001',
    verdict,
    ...(verdict === 'DROPPED' ? { drop_reason_desc: 'POLICY_DENIED' } : {}),
    IP: { source: source.ip, destination: destination.ip, ipVersion: 'IPv4' },
    l4: { [protocol]: { source_port: 40000, destination_port: Number(number), ...(protocol === 'TCP' ? { flags: { SYN: true } } : {}) } },
    source: source.endpoint,
    destination: destination.endpoint,
    Type: 'L3_L4',
    node_name: node,
    ...(destination.name === undefined ? {} : { destination_names: [destination.name] }),
    event_type: { type: 5 },
    traffic_direction: direction,
    policy_match_type: 2,
    is_reply: false,
    ...(by === undefined ? {} : { egress_allowed_by: [{ name, namespace, kind: 'CiliumNetworkPolicy' }] }),
  };
  return JSON.stringify({ flow, node_name: node, time });
}

/** Somebody recorded, and nothing was seen that counts. */
export function quietLine(time: string, node = 'n1'): string {
  return JSON.stringify({ agent_event: { type: 'ENDPOINT_CREATED' }, node_name: node, time });
}

export function lostLine(time: string, lost: number, node = 'n1'): string {
  return JSON.stringify({ lost_events: { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: String(lost) }, node_name: node, time });
}

/** A quiet hour in which every minute is recorded. */
export function wholeHour(hour: string, node = 'n1'): readonly string[] {
  return Array.from({ length: 60 }, (_, minute) => quietLine(`${hour}:${String(minute).padStart(2, '0')}:30Z`, node));
}

interface End {
  readonly endpoint: Readonly<Record<string, unknown>>;
  readonly ip: string;
  readonly name?: string;
}

function endOf(text: string): End {
  const [, entity] = /^\{(.+)\}$/.exec(text) ?? [];
  if (entity !== undefined) return { endpoint: { identity: IDENTITIES[entity], labels: [`reserved:${entity}`] }, ip: '10.0.0.1' };
  const [, namespace, name, label] = /^([^/]+)\/([^+]+)(?:\+(.+))?$/.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return podOf(namespace, name, label);
  const [outside, ip = outside] = text.split('=');
  return { endpoint: { identity: 2, labels: ['reserved:world'] }, ip: ip!, ...(ip === outside ? {} : { name: outside! }) };
}

/** A name that begins with ? is that of a pod without a workload. */
function podOf(namespace: string, name: string, label: string | undefined): End {
  const isBare = name.startsWith('?');
  const own = isBare ? name.slice(1) : name;
  const endpoint = {
    identity: 1000,
    namespace,
    labels: [`k8s:app=${own}`, ...(label === undefined ? [] : [`k8s:${label}`])],
    pod_name: isBare ? own : `${own}-645b68dcf7-2jmrw`,
    ...(isBare ? {} : { workloads: [{ name: own, kind: 'Deployment' }] }),
  };
  return { endpoint, ip: addressOf(`${namespace}/${own}`) };
}

/** Always the same for the same pod. */
export function addressOf(pod: string): string {
  const sum = [...pod].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 62_500, 0);
  return `10.244.${Math.floor(sum / 250)}.${(sum % 250) + 2}`;
}
