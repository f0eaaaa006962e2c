import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { netpol } from '../run-netpol';
import { temporaryFolder, write } from '../temporary-folder';
import { APPLICATIONS, DAYS, FIRST_DAY, twoWeeks, weeklyJob } from './two-weeks';

const DAY = 86_400_000;
const NOW = new Date(FIRST_DAY + DAYS * DAY).toISOString();
const CNI = ['--cni', 'cilium@1.18'];
/** What the team knows and the record does not show yet: the weekly job reaches its database, and asks DNS. */
const FOR_THE_JOB = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: settle, namespace: pay }
spec:
  podSelector: { matchLabels: { app: settle } }
  policyTypes: [Egress]
  egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }, podSelector: { matchLabels: { app: postgres } } }], ports: [{ port: 5432 }] }]
`;
const OBSERVED = `apiVersion: v1
kind: ConfigMap
metadata: { name: netpol-stage, namespace: pay }
data: { owner: payments, contact: "#payments", stage: OBSERVE }
`;

interface GateJson {
  readonly namespaces: ReadonlyArray<{ readonly verdict: string; readonly criteria: ReadonlyArray<{ readonly id: string; readonly passed: boolean }> }>;
}

const here = process.cwd();
afterEach(() => process.chdir(here));

/** The whole way of one namespace, with the commands that a team uses. */
test('from OBSERVE over AUDIT to ENFORCE, and nothing that was recorded is dropped', async () => {
  const folder = temporaryFolder();
  const file = (name: string, content: string) => {
    write(folder, { [name]: content });
    return join(folder, name);
  };
  const store = ['--store', join(folder, 'flows.duckdb')];
  const asked = [...store, '--now', NOW];
  const run = async (args: readonly string[], expected = 0) => {
    const outcome = await netpol(args);
    expect({ args, code: outcome.code, stderr: outcome.code === expected ? '' : outcome.stderr + outcome.stdout }).toEqual({ args, code: expected, stderr: '' });
    return outcome.stdout;
  };
  const apps = file('apps/all.yaml', APPLICATIONS);
  const policies = join(folder, 'policies');
  const gate = async (code: number) => JSON.parse(await run(['gate', 'pay', `${policies}/`, '--inventory', apps, ...CNI, ...asked, '-o', 'json'], code)) as GateJson;
  const failing = ({ namespaces: [pay] }: GateJson) => pay!.criteria.filter(({ passed }) => !passed).map(({ id }) => id);

  // OBSERVE: two weeks are recorded, and no policy is there
  file('policies/pay.yaml', OBSERVED);
  await run(['flows', 'import', file('flows/weeks.ndjson', [...twoWeeks()].join('\n')), ...store, '--cluster', 'prod']);
  expect(failing(await gate(1))).toEqual(['cron-jobs', 'isolation']);
  expect(await run(['status', `${policies}/`, '--inventory', apps, ...CNI, ...asked])).toMatch(/pay +payments +OBSERVE .* 0 of \d+ +FAIL/);

  // AUDIT: the rules that the record supports, and one that the team knows of
  const recommended = (stage: string) => run(['flows', 'recommend', 'pay', `${folder}/apps`, ...CNI, ...asked, '--stage', stage, '-o', 'yaml']);
  const audit = await recommended('audit');
  expect(audit).toMatch(/name: netpol-audit/);
  file('policies/pay.yaml', `${audit}\n${FOR_THE_JOB}`);
  expect(failing(await gate(1))).toEqual(['cron-jobs']);

  // the weekly job runs
  await run(['flows', 'import', file('flows/job.ndjson', [...weeklyJob()].join('\n')), ...store, '--cluster', 'prod', '--source', 'hubble-exporter']);
  expect(await gate(0)).toMatchObject({ namespaces: [{ verdict: 'PASS' }] });
  const evidence = join(folder, 'evidence', 'pay.json');
  await run(['gate', 'pay', `${policies}/`, '--inventory', apps, ...CNI, ...asked, '--write', evidence]);
  expect(JSON.parse(readFileSync(evidence, 'utf8'))).toMatchObject({ namespace: 'pay', verdict: 'PASS', cluster: 'prod', connections: { 'would-drop': 0 } });

  // ENFORCE: the same policies without the opener; what was recorded passes, all of it
  file('policies/pay.yaml', `${await recommended('enforce')}\n${FOR_THE_JOB}`);
  const replay = JSON.parse(await run(['flows', 'coverage', `${policies}/`, '-n', 'pay', '--inventory', apps, ...CNI, ...asked, '-o', 'json'])) as { readonly counts: object };
  expect(replay.counts).toEqual({ 'would-drop': 0, 'undecided': 0, 'unprotected': 0, 'covered': 8, 'denied-today': 0 });

  // and CI, which has no store, takes the evidence: for these policies, and for no others
  write(folder, { 'netpol.yaml': 'rules: { enforce-without-evidence: error }\n' });
  process.chdir(folder);
  const checked = ['check', 'policies/', ...CNI, '--rule', 'enforce-without-evidence', '--fail-on', 'error'];
  await run(checked);
  file('policies/pay.yaml', `${await recommended('enforce')}\n${FOR_THE_JOB.replace('5432', '5433')}`);
  expect(await run(checked, 1)).toMatch(/its evidence in evidence\/pay\.json is for other policies than these/);
}, 120_000);
