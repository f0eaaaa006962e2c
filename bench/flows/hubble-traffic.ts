export const WORKLOADS = 300;
const NAMESPACES = 30;
const NODES = 12;
const PODS = 3;
const DAY = 86_400_000;
const START = Date.parse('2026-09-01T00:00:00Z');
const PORTS = [8080, 5432, 53, 9090, 443];
const VERDICTS = 0.24;
const REPLIES = 0.25;
const LINES = 1000;

/** When all of it was, in hours since 1970, and a time after it. */
export const RECORDED = { hour: START / 3_600_000, now: '2026-09-30T00:00:00Z' };

interface Pod {
  readonly name: string;
  readonly ip: string;
}

interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly id: number;
  readonly labels: readonly string[];
  readonly pods: readonly Pod[];
}

/** A day of one cluster as Hubble writes it, the same each time: policy verdicts among traces, and replies. Gives some lines at once. */
export function* hubbleTraffic(records: number, edges: number): Generator<string> {
  const random = randomNumbers();
  const workloads = Array.from({ length: WORKLOADS }, (_, index) => workload(index));
  const choose = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const connections = Array.from({ length: edges }, () => ({ client: choose(workloads), server: choose(workloads), port: choose(PORTS) }));
  let lines = '';
  for (let index = 0; index < records; index++) {
    const { client, server, port } = choose(connections);
    const [clientPod, serverPod, kind, clientPort] = [choose(client.pods), choose(server.pods), random(), 32_768 + Math.floor(random() * 28_000)];
    const isVerdict = kind < VERDICTS;
    const isReply = !isVerdict && kind < VERDICTS + REPLIES;
    const ends = [
      { workload: client, pod: clientPod, port: clientPort },
      { workload: server, pod: serverPod, port },
    ] as const;
    const [from, to] = isReply ? [ends[1], ends[0]] : ends;
    const time = new Date(START + Math.floor((index / records) * DAY)).toISOString().replace('Z', '123456Z');
    const node = `prod/n${from.workload.id % NODES}`;
    const flow = {
      time,
      uuid: uuid(random),
      verdict: 'FORWARDED',
      ethernet: { source: '92:34:10:65:b5:ee', destination: 'c2:3c:0f:7f:7d:73' },
      IP: { source: from.pod.ip, destination: to.pod.ip, ipVersion: 'IPv4' },
      l4: { TCP: { source_port: from.port, destination_port: to.port, flags: isVerdict ? { SYN: true } : { ACK: true } } },
      source: { ID: from.workload.id % 5000, ...endpoint(from.workload, from.pod) },
      destination: endpoint(to.workload, to.pod),
      Type: 'L3_L4',
      node_name: node,
      event_type: isVerdict ? { type: 5 } : { type: 4, sub_type: 3 },
      traffic_direction: 'EGRESS',
      ...(isVerdict ? { policy_match_type: 2 } : { trace_observation_point: 'TO_STACK', trace_reason: 'ESTABLISHED' }),
      is_reply: isReply,
      Summary: isVerdict ? 'TCP Flags: SYN' : 'TCP Flags: ACK',
      ...(isVerdict ? { egress_allowed_by: [policy(client)] } : {}),
    };
    lines += `${JSON.stringify({ flow, node_name: node, time })}\n`;
    if (index % LINES < LINES - 1) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

function workload(index: number): Workload {
  const [namespace, name] = [`ns${index % NAMESPACES}`, `w${index}`];
  return {
    namespace,
    name,
    id: 20_000 + index,
    labels: [
      `k8s:app=${name}`, `k8s:app.kubernetes.io/name=${name}`, 'k8s:app.kubernetes.io/instance=prod',
      `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`, 'k8s:io.cilium.k8s.policy.cluster=prod',
      `k8s:io.cilium.k8s.policy.serviceaccount=${name}`, `k8s:io.kubernetes.pod.namespace=${namespace}`,
    ],
    pods: Array.from({ length: PODS }, (_, pod) => ({ name: `${name}-7f9c6d8b5f-${'bcd'[pod]}xqz${pod}`, ip: `10.244.${index % 250}.${Math.floor(index / 250) * 100 + pod + 10}` })),
  };
}

function endpoint({ id, namespace, labels, name }: Workload, pod: Pod): object {
  return { identity: id, cluster_name: 'prod', namespace, labels, pod_name: pod.name, workloads: [{ name, kind: 'Deployment' }] };
}

function policy({ name, namespace }: Workload): object {
  return { name: `allow-${name}`, namespace, labels: [`k8s:io.cilium.k8s.policy.name=allow-${name}`], revision: '6', kind: 'CiliumNetworkPolicy' };
}

function uuid(random: () => number): string {
  const word = (digits: number): string => Math.floor(random() * 16 ** digits).toString(16).padStart(digits, '0');
  return `${word(8)}-${word(4)}-4${word(3)}-a${word(3)}-${word(6)}${word(6)}`;
}

/** From 0 to 1, the same each time. */
function randomNumbers(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
