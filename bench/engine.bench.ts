// How long the engine takes for clusters in which every workload has labels of its own.
import { performance } from 'node:perf_hooks';
import { Analysis, profileOf, readInventory } from '../lib/analysis';
import { POLICY_READERS } from '../lib/dialects/readers';

const PER_NAMESPACE = 20;

function workload(index: number): unknown {
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `app-${index}`, namespace: namespaceOf(index) },
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app: `app-${index}`, tier: `tier-${index % 4}` } },
        spec: { containers: [{ name: 'main', image: 'none', ports: [{ name: 'http', containerPort: 8000 + (index % 50) }, { name: 'metrics', containerPort: 9090 }] }] },
      },
    },
  };
}

function namespaceOf(index: number): string {
  return `ns-${Math.floor(index / PER_NAMESPACE)}`;
}

function policy(name: string, namespace: string, spec: unknown): unknown {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

/** About 2.25 policies a workload: its clients, where it goes, a block of addresses for some; default deny and scraping for each namespace. */
function cluster(count: number): unknown[] {
  const objects: unknown[] = [];
  for (let index = 0; index < count; index++) {
    const namespace = namespaceOf(index);
    const peer = (other: number): unknown => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespaceOf(other % count) } },
      podSelector: { matchLabels: { app: `app-${other % count}` } },
    });
    const own = { matchLabels: { app: `app-${index}` } };
    objects.push(workload(index));
    objects.push(policy(`in-${index}`, namespace, { podSelector: own, ingress: [{ from: [peer(index + 1), peer(index * 7 + 3)], ports: [{ port: 'http' }] }] }));
    objects.push(policy(`out-${index}`, namespace, {
      podSelector: own, policyTypes: ['Egress'],
      egress: [{ to: [peer(index + count - 1), peer(index * 3 + 1)] }, { to: [{ ipBlock: { cidr: `203.0.${index % 200}.0/24` } }], ports: [{ port: 443 }] }],
    }));
    if (index % PER_NAMESPACE === 0) {
      objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: `team-${index % 7}` } } });
      objects.push(policy('default-deny', namespace, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }));
      objects.push(policy('metrics', namespace, {
        podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ns-0' } } }], ports: [{ port: 'metrics' }] }],
      }));
      objects.push(policy('dns', namespace, { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [peer(0)], ports: [{ protocol: 'UDP', port: 53 }] }] }));
    }
  }
  return objects;
}

/** Nobody has a policy: every pair may talk. */
function open(count: number): unknown[] {
  return [
    ...Array.from({ length: count }, (_, index) => workload(index)),
    ...Array.from({ length: count }, (_, index) => policy(`p-${index}`, namespaceOf(index), {
      podSelector: { matchLabels: { app: `app-${index}` } }, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'],
    })),
  ];
}

function measure(title: string, objects: readonly unknown[]): void {
  const sources = objects.map((object) => ({ object }));
  const start = performance.now();
  const inventory = readInventory(sources, { readers: POLICY_READERS });
  const read = performance.now();
  const analysis = new Analysis(inventory, profileOf('generic', { settings: { ipBlockMatchesPods: 'false' } }));
  let cells = 0;
  for (const { verdict } of analysis.model.matrix.cells()) cells += verdict.allowed === verdict.depends ? 0 : 1;
  const evaluated = performance.now();
  const rows = title.startsWith('open') ? undefined : analysis.connections().length;
  const listed = performance.now();
  const line = [
    title.padEnd(18), `read ${(read - start).toFixed(0)} ms`, `evaluate ${(evaluated - read).toFixed(0)} ms (${cells} pairs)`,
    rows === undefined ? '' : `list ${(listed - evaluated).toFixed(0)} ms (${rows} rows)`, `heap ${(process.memoryUsage().heapUsed / 2 ** 20).toFixed(0)} MB`,
  ];
  console.log(line.join('  '));
}

for (const count of [400, 2000, 4000, 10_000]) measure(`closed ${count}`, cluster(count));
for (const count of [400, 2000]) measure(`open ${count}`, open(count));
