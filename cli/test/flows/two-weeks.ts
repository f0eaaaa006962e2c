/** Two weeks of a small cluster, as Hubble's exporter writes them: the same things happen every hour, on two nodes. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const DAYS = 14;
/** The days end with yesterday: evidence holds for a while from today. */
export const FIRST_DAY = Math.floor(Date.now() / DAY) * DAY - DAYS * DAY;

interface End {
  readonly namespace: string;
  readonly workload: string;
  readonly kind: string;
  readonly pod: string;
  readonly ip: string;
  readonly node: string;
}

const pod = (place: string, suffix: string, ip: string, node: string, kind = 'Deployment'): End => {
  const [namespace = '', workload = ''] = place.split('/');
  return { namespace, workload, kind, pod: `${workload}-${suffix}`, ip, node };
};
const WEB = pod('shop/web', '645b68dcf7-2jmrw', '10.244.1.10', 'prod/n1');
const API = pod('pay/api', '5d9c7f6b4d-x2vkq', '10.244.2.10', 'prod/n2');
const POSTGRES = pod('data/postgres', '0', '10.244.1.20', 'prod/n1', 'StatefulSet');
const DNS = pod('kube-system/coredns', '789c5fbdb4-vb8r9', '10.244.1.30', 'prod/n1');
const PROMETHEUS = pod('monitoring/prometheus', '0', '10.244.2.40', 'prod/n2', 'StatefulSet');
const SETTLE = pod('pay/settle', '29384760-7xk2p', '10.244.2.50', 'prod/n2', 'CronJob');
const LABELS: Readonly<Record<string, string>> = { coredns: 'k8s-app=kube-dns', prometheus: 'app.kubernetes.io/name=prometheus' };
/** What the DNS proxy knows the address by. */
const STRIPE = { ip: '54.187.174.169', name: 'api.stripe.com' };

const EVERY_HOUR: ReadonlyArray<readonly [src: End, dst: End | typeof STRIPE, port: number, protocol: 'TCP' | 'UDP']> = [
  [WEB, API, 8080, 'TCP'], [API, POSTGRES, 5432, 'TCP'], [API, DNS, 53, 'UDP'], [API, DNS, 53, 'TCP'], [PROMETHEUS, API, 9090, 'TCP'], [API, STRIPE, 443, 'TCP'],
  [WEB, DNS, 53, 'UDP'],
];

/** The days from the first one on, without the weekly job. */
export function* twoWeeks(days = DAYS, verdict: 'trace' | 'policy-verdict' = 'trace'): Generator<string> {
  for (let hour = 0; hour < days * 24; hour++) {
    for (const minute of [4, 24, 44]) {
      const time = FIRST_DAY + hour * HOUR + minute * 60_000;
      for (const [src, dst, port, protocol] of EVERY_HOUR) {
        yield* bothEnds(time, src, dst, port, protocol, verdict);
        if ('pod' in dst && protocol === 'TCP') yield reply(time + 1, src, dst, port);
      }
    }
  }
}

/** One run of the weekly job, yesterday. */
export function* weeklyJob(): Generator<string> {
  const time = FIRST_DAY + (DAYS - 1) * DAY + 3 * HOUR;
  yield* bothEnds(time, SETTLE, POSTGRES, 5432, 'TCP', 'trace');
  yield* bothEnds(time, SETTLE, DNS, 53, 'UDP', 'trace');
}

function* bothEnds(time: number, src: End, dst: End | typeof STRIPE, port: number, protocol: string, verdict: string): Generator<string> {
  yield flow(time, src, dst, port, protocol, 'EGRESS', src.node, verdict);
  if ('pod' in dst) yield flow(time, src, dst, port, protocol, 'INGRESS', dst.node, verdict);
}

let clientPort = 32_768;

function flow(time: number, src: End, dst: End | typeof STRIPE, port: number, protocol: string, direction: string, node: string, verdict: string): string {
  clientPort = clientPort >= 60_000 ? 32_768 : clientPort + 1;
  return JSON.stringify({
    flow: {
      time: new Date(time).toISOString(), verdict: 'FORWARDED', IP: { source: src.ip, destination: dst.ip },
      l4: { [protocol]: { source_port: clientPort, destination_port: port, ...(protocol === 'TCP' ? { flags: { SYN: true } } : {}) } },
      source: endpoint(src), destination: 'pod' in dst ? endpoint(dst) : { identity: 16_777_300, labels: [`cidr:${dst.ip}/32`, 'reserved:world'] },
      ...('pod' in dst ? {} : { destination_names: [dst.name] }),
      event_type: { type: verdict === 'trace' ? 4 : 5 }, traffic_direction: direction, is_reply: false,
      ...(verdict === 'trace' ? {} : { policy_match_type: 2 }),
    },
    node_name: node, time: new Date(time).toISOString(),
  });
}

function reply(time: number, client: End, server: End, port: number): string {
  return JSON.stringify({
    flow: {
      time: new Date(time).toISOString(), verdict: 'FORWARDED', IP: { source: server.ip, destination: client.ip },
      l4: { TCP: { source_port: port, destination_port: clientPort, flags: { SYN: true, ACK: true } } },
      source: endpoint(server), destination: endpoint(client),
      event_type: { type: 4 }, traffic_direction: 'INGRESS', is_reply: true,
    },
    node_name: server.node, time: new Date(time).toISOString(),
  });
}

function endpoint({ namespace, workload, kind, pod: name }: End): unknown {
  const labels = [`k8s:${LABELS[workload] ?? `app=${workload}`}`, `k8s:io.kubernetes.pod.namespace=${namespace}`];
  return { identity: 20_000 + name.length, namespace, labels, pod_name: name, workloads: [{ kind, name: workload }] };
}

/** The manifests of the applications: what `--inventory` is given. */
export const APPLICATIONS = [
  ['apps/v1', 'Deployment', 'shop/web', '{ app: web }', '[{ containerPort: 8443 }]'],
  ['apps/v1', 'Deployment', 'pay/api', '{ app: api }', '[{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }]'],
  ['apps/v1', 'StatefulSet', 'data/postgres', '{ app: postgres }', '[{ containerPort: 5432 }]'],
  ['apps/v1', 'Deployment', 'kube-system/coredns', '{ k8s-app: kube-dns }', '[{ containerPort: 53, protocol: UDP }, { containerPort: 53, protocol: TCP }]'],
  ['apps/v1', 'StatefulSet', 'monitoring/prometheus', '{ app.kubernetes.io/name: prometheus }', '[{ containerPort: 9090 }]'],
].map(([apiVersion, kind, place, labels, ports]) => {
  const [namespace, name] = place!.split('/');
  return `apiVersion: ${apiVersion!}
kind: ${kind!}
metadata: { name: ${name!}, namespace: ${namespace!} }
spec: { selector: { matchLabels: ${labels!} }, template: { metadata: { labels: ${labels!} }, spec: { containers: [{ name: main, image: main, ports: ${ports!} }] } } }
`;
}).join('---\n') + `---
apiVersion: batch/v1
kind: CronJob
metadata: { name: settle, namespace: pay }
spec: { schedule: "0 3 * * 0", jobTemplate: { spec: { template: { metadata: { labels: { app: settle } }, spec: { containers: [{ name: main, image: main }] } } } } }
`;
