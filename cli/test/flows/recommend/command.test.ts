import { join } from 'node:path';
import { synthesize } from '../../../src/migrate/synthesize';
import { netpol } from '../../run-netpol';
import { temporaryFolder } from '../../temporary-folder';

interface Flow {
  readonly from: readonly [namespace: string, name: string];
  readonly to: readonly [namespace: string, name: string];
  readonly port: number;
  readonly verdict?: 'FORWARDED' | 'DROPPED';
}

function line({ from, to, port, verdict = 'FORWARDED' }: Flow, hour: number): string {
  const time = new Date(Date.UTC(2026, 8, 1, hour)).toISOString();
  const end = ([namespace, name]: Flow['from']) => ({
    namespace, labels: [`k8s:app=${name}`, `k8s:io.kubernetes.pod.namespace=${namespace}`], pod_name: `${name}-5d9c7f6b4d-x2vkq`, workloads: [{ name, kind: 'Deployment' }],
  });
  const drop = verdict === 'DROPPED' ? { drop_reason_desc: 'POLICY_DENIED' } : { policy_match_type: 2 };
  return JSON.stringify({
    flow: {
      time, verdict, ...drop, IP: { source: '10.244.0.1', destination: '10.244.0.2' }, l4: { TCP: { source_port: 40000, destination_port: port, flags: { SYN: true } } },
      source: end(from), destination: end(to), Type: 'L3_L4', event_type: { type: 5 }, traffic_direction: 'INGRESS', is_reply: false, node_name: 'n1',
    },
    node_name: 'n1', time,
  });
}

const FLOWS: readonly Flow[] = [
  { from: ['shop', 'web'], to: ['pay', 'api'], port: 8080 },
  { from: ['pay', 'api'], to: ['pay', 'db'], port: 5432 },
  { from: ['shop', 'cart'], to: ['pay', 'db'], port: 5432, verdict: 'DROPPED' },
];

const folder = temporaryFolder({
  'flows.ndjson': FLOWS.flatMap((flow) => Array.from({ length: 10 }, (_, hour) => line(flow, hour))).join('\n'),
  'apps/api.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: pay}
spec:
  selector: {matchLabels: {app: api, component: backend}}
  template: {metadata: {labels: {app: api, component: backend}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {team: payments}, annotations: {contact: '#payments'}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: pay}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: [{ports: [{port: 8080}, {port: 9090}]}]}
`,
  'bad-ranges.txt': '203.0.113.0/24 partner\n0.0.0.0/0 everything\n',
});
const store = join(folder, 'flows.duckdb');
const recommend = (...args: string[]) => netpol(['flows', 'recommend', ...args, '--store', store, '--now', '2026-09-02']);

beforeAll(async () => {
  const { code } = await netpol(['flows', 'import', join(folder, 'flows.ndjson'), '--store', store, '--now', '2026-09-02']);
  expect(code).toBe(0);
}, 60_000);

test('a table of the rules, with what was seen and what was not opened', async () => {
  const { code, stdout, stderr } = await recommend('pay', '--cni', 'cilium@1.18');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^pay +AllowFromPods +shop\/app=web +pay\/app=api +TCP 8080 +10 +2026-09-01 +2026-09-01 +medium /m);
  expect(stdout).toMatch(/^shop\/cart +pay\/db +TCP 5432 +10 times, 2026-09-01 +denied /m);
  expect(stdout).toMatch(/^Evaluated: all 2 connections of these rules pass\. Opened and never seen: nothing\.$/m);
  expect(stdout).toMatch(/^shop +AllowToPods +shop\/app=web +pay\/app=api +TCP 8080$/m);
});

test('the TypeScript is a complete file, and the YAML is what it synthesizes', async () => {
  const [typescript, yaml] = [await recommend('pay', '-o', 'typescript'), await recommend('pay', '-o', 'yaml')];
  expect(yaml.stdout).toBe(synthesize(new Map([['main.ts', typescript.stdout]])));
  expect(yaml.stdout).toContain('name: default-deny');
  expect(yaml.stdout).not.toContain('name: netpol-audit\n  namespace: pay\nspec:\n  podSelector: {}');
});

test('the YAML lets through what was seen, and not what was denied', async () => {
  const { stdout } = await recommend('pay', '-o', 'yaml');
  const workloads = FLOWS.flatMap(({ from, to }) => [from, to]).map(([namespace, name]) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {replicas: 2, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}}}
`);
  const rules = temporaryFolder({ 'rules.yaml': stdout, 'workloads.yaml': [...new Set(workloads)].join('---') });
  const { stdout: list } = await netpol(['list', rules, '--to', 'pay/*', '-o', 'csv']);
  expect(list.trim().split('\r\n').slice(1)).toEqual(['pay/api[Deployment],pay/db[Deployment],TCP 5432,', 'shop/web[Deployment],pay/api[Deployment],TCP 8080,']);
});

test('manifests give the selector and the owner', async () => {
  const { stdout } = await recommend('pay', join(folder, 'apps'), '-o', 'typescript');
  expect(stdout).toContain("owner: { team: 'payments', contact: '#payments' }");
  expect(stdout).toContain("to: pay.pods({ app: 'api', component: 'backend' })");
});

test('JSON has the evidence of each rule', async () => {
  const { stdout } = await recommend('pay', '-o', 'json');
  const { schemaVersion, proof, rules } = JSON.parse(stdout) as { schemaVersion: number; proof: unknown; rules: Array<Record<string, unknown>> };
  expect({ schemaVersion, proof }).toEqual({ schemaVersion: 1, proof: { covered: 2, openedUnseen: { connections: 0, addresses: 0 } } });
  expect(rules.at(-1)).toMatchObject({
    construct: 'AllowFromPods', ports: [{ protocol: 'TCP', port: 8080 }], seen: { count: 10, hours: 10, firstSeen: '2026-09-01T00:00:00.000Z', sources: ['hubble-exporter'] },
    evidence: [{ from: { kind: 'pods', namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } } }],
  });
});

test('--stage audit drops nothing yet', async () => {
  expect((await recommend('pay', '--stage', 'audit', '-o', 'typescript')).stdout).toContain('stage: RolloutStage.AUDIT');
});

test('--tighten says what the policies of the manifests open and nobody used', async () => {
  const { code, stdout } = await recommend('pay', join(folder, 'apps'), '--tighten');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^NetworkPolicy pay\/api +ingress\[0\] +port-never-used +TCP 9090 was never called +\S+api\.yaml:\d+$/m);
  expect(stdout).toMatch(/a proof only where the record is whole/);
});

test.each<[string, string[], RegExp]>([
  ['no namespace', [join(folder, 'apps')], /no namespace is given/],
  ['a namespace of which nothing was recorded', ['pey'], /nothing was recorded of the namespace "pey".*there are records of pay, shop\n\(Did you mean pay\?\)/s],
  ['--tighten without policies', ['pay', '--tighten'], /give their manifests as PATHs/],
  ['--tighten as code', ['pay', join(folder, 'apps'), '--tighten', '-o', 'yaml'], /gives findings and no yaml/],
  ['every address as a known range', ['pay', '--ranges', join(folder, 'bad-ranges.txt')], /bad-ranges\.txt:2: 0\.0\.0\.0\/0 is every address/],
  ['a CNI that enforces nothing', ['pay', '--cni', 'flannel'], /flannel/],
  ['a duration that is none', ['pay', '--window', 'long'], /"long" is no duration/],
])('%s is an error', async (_, args, message) => {
  const { code, stdout, stderr } = await recommend(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
