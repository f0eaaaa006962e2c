import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APPLICATIONS, DAYS, FIRST_DAY, twoWeeks } from '../flows/two-weeks';
import { netpol } from '../run-netpol';
import { temporaryFolder, write } from '../temporary-folder';

const NOW = new Date(FIRST_DAY + DAYS * 86_400_000).toISOString();
/** Lets everything in and out but to the database: that connection would be dropped. */
const POLICIES = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pay }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: most, namespace: pay }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{ ports: [{ port: 443 }, { port: 53 }, { port: 53, protocol: UDP }] }] }
`;
const WAIVERS = `gate:
  waivers:
    - { connection: "pay/api -> data/* 5432/TCP", reason: the database moves, until: 2999-01-01 }
    - { cronJob: pay/settle, reason: reviewed by hand, until: 2999-12-31 }
`;

let folder: string;
const here = process.cwd();
beforeAll(async () => {
  folder = temporaryFolder({ 'policies.yaml': POLICIES, 'apps.yaml': APPLICATIONS, 'flows.ndjson': [...twoWeeks()].join('\n') });
  expect((await netpol(['flows', 'import', join(folder, 'flows.ndjson'), '--store', join(folder, '.netpol', 'flows.duckdb'), '--cluster', 'prod'])).code).toBe(0);
}, 60_000);
beforeEach(() => {
  write(folder, { 'netpol.yaml': 'flows: { retention: 60d }\n' });
  process.chdir(folder);
});
afterEach(() => process.chdir(here));

const gate = (...args: readonly string[]) => netpol(['gate', 'pay', 'policies.yaml', '--inventory', 'apps.yaml', '--cni', 'cilium@1.18', '--now', NOW, ...args]);

test('says FAIL with what stands in the way, and exits with 1', async () => {
  const { code, stdout } = await gate();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^pay: FAIL\n/);
  expect(stdout).toMatch(/FAIL nothing that was recorded would be dropped: 1 of 6 connections would be dropped\n +pay\/api -> data\/postgres 5432\/TCP \(1008 times\)\n/);
  expect(stdout).toMatch(/FAIL every CronJob has run: 0 of 1 were seen\n +CronJob pay\/settle \("0 3 \* \* 0"\) was not seen/);
  expect(stdout).toMatch(/ok {3}the record is complete: 672 of 672 hours of 2 nodes are complete: 100 % of 95 %/);
});

test('says PASS with waivers of netpol.yaml, and writes evidence that ends with the first of them', async () => {
  write(folder, { 'netpol.yaml': WAIVERS });
  const { code, stdout, stderr } = await gate('--write', 'evidence/pay.json');
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('evidence written to evidence/pay.json') });
  expect(stdout).toMatch(/waived until 2999-01-01: connection pay\/api -> data\/\* 5432\/TCP \(the database moves\)/);
});

test('writes no evidence for FAIL', async () => {
  const { code, stderr } = await gate('--write', 'other/pay.json');
  expect({ code, written: existsSync('other/pay.json') }).toEqual({ code: 1, written: false });
  expect(stderr).toContain('other/pay.json is not written: there is evidence for a PASS only');
});

test('is JSON for pipelines, and Markdown for the pull request', async () => {
  const json = JSON.parse((await gate('-o', 'json')).stdout) as { readonly schemaVersion: number; readonly namespaces: ReadonlyArray<{ readonly namespace: string; readonly counts: object }> };
  expect(json).toMatchObject({ schemaVersion: 1, cluster: 'prod', namespaces: [{ namespace: 'pay', verdict: 'FAIL', counts: { 'covered': 5, 'would-drop': 1, 'undecided': 0 } }] });
  expect((await gate('-o', 'markdown')).stdout).toMatch(/^### pay: FAIL\n\n\| {2}\| criterion \| figures \|\n/);
});

test('finds what ENFORCE would open that the policies of today keep closed', async () => {
  write(folder, { 'netpol.yaml': WAIVERS, 'today.yaml': POLICIES.replace('{ port: 443 }, ', '') });
  const { code, stdout } = await gate('--against', 'today.yaml');
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL ENFORCE opens nothing that is closed today: 0 connections were denied and would pass, \d+ more could be opened\n +pay\/api\[Deployment\] -> /);
  write(folder, { 'today.yaml': POLICIES });
  expect((await gate('--against', 'today.yaml')).code).toBe(0);
});

test('a longer window is not covered by two weeks', async () => {
  expect((await gate('--window', '21d')).stdout).toMatch(/FAIL traffic was observed for a whole business cycle: .* 14 d of 21 d/);
});

describe('what cannot be asked', () => {
  test.each([
    ['a namespace that nobody knows', ['gate', 'payy', 'policies.yaml'], /neither the input nor the record has a namespace "payy".*\n?.*pay/],
    ['no namespace', ['gate', 'a/b', 'policies.yaml'], /"a\/b" is no namespace\. Instead: netpol gate NAMESPACE PATH, with the namespaces first/],
    ['evidence for two', ['gate', 'pay', 'shop', 'policies.yaml', '--write', 'x.json'], /--write leaves evidence for one namespace: name one/],
    ['no store', ['gate', 'pay', 'policies.yaml', '--store', 'none.duckdb'], /there is no flow store none\.duckdb\. Instead: fill it with netpol flows import, or name another with --store/],
    ['another cluster', ['gate', 'pay', 'policies.yaml', '--recorded', 'prd'], /the flow store has nothing of the cluster "prd"; it has prod/],
    ['a time that is none', ['gate', 'pay', 'policies.yaml', '--now', 'yesterday'], /--now: "yesterday" is no time/],
    ['a window that is none', ['gate', 'pay', 'policies.yaml', '--window', 'long'], /"long" is no duration\. Instead: a number and m, h, d or w, such as 14d/],
  ])('%s', async (_title, args, message) => {
    const { code, stdout, stderr } = await netpol(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test.each([
    ['gate: { windw: 14d }', /unknown key "windw" \(did you mean "window"\?\)/],
    ['gate: { completeness: most }', /"most" is no share\. Instead: 95% or 0\.95/],
    ['gate: { waivers: [{ cronJob: pay/settle, reason: agreed }] }', /gate\.waivers\[0\].*has no until|has no until/],
    ['gate: { waivers: [{ cronJob: pay/settle, workload: pay/api, reason: agreed, until: 2999-01-01 }] }', /is about several things\. Instead: one of connection, cronJob, workload/],
    ['gate: { waivers: [{ connection: pay/api, reason: agreed, until: 2999-01-01 }] }', /"pay\/api" is no connection\. Instead: shop\/web -> pay\/api 8080\/TCP/],
    ['gate: { waivers: [{ cronJob: pay/settle, reason: agreed, until: soon }] }', /"soon" is no day\. Instead: 2026-12-31/],
    ['flows: { retention: 7d }', /a retention of 7d is too short to see what happens once a month\. Instead: 30d to 90d/],
    ['flows: { retention: 365d }', /a retention of 365d is longer than 90 days/],
  ])('netpol.yaml with %s', async (config, message) => {
    write(folder, { 'netpol.yaml': `${config}\n` });
    const { code, stderr } = await gate();
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
