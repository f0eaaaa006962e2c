import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ESTATE } from '../estate';
import { netpol } from '../run-netpol';
import { temporaryFolder, write } from '../temporary-folder';

const record = (namespace: string, stage: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: netpol-stage
  namespace: ${namespace}
  labels: {cdk8s-netpol/owner: team-${namespace}}
data:
  owner: team-${namespace}
  contact: "#${namespace}"
  stage: ${stage}
`;
const deny = (namespace: string, name = 'default-deny') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;
const namespace = (name: string, metadata = '') => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}${metadata}}\n`;

async function status(files: Record<string, string>): Promise<Array<Record<string, unknown>>> {
  const { code, stdout, stderr } = await netpol(['status', temporaryFolder(files), '-o', 'json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { namespaces: Array<Record<string, unknown>> }).namespaces;
}

test('owner, contact and stage come from the record of the constructs', async () => {
  expect(await status({ 'a.yaml': record('pay', 'AUDIT') })).toEqual([{
    namespace: 'pay', owner: 'team-pay', contact: '#pay', stage: 'AUDIT', workloads: 0, unprotected: 0, rolledBack: false,
    nextStep: 'ENFORCE, once the recorded traffic fits the policies',
  }]);
});

test('the easiest first, what is done last', async () => {
  const rows = await status({
    ...ESTATE,
    'stages.yaml': [record('done', 'ENFORCE'), record('audited', 'AUDIT'), record('observed', 'OBSERVE'), namespace('nobody'), namespace('owned', ', labels: {cdk8s-netpol/owner: x}')].join('---\n'),
  });
  expect(rows.map((row) => [row.namespace, row.stage ?? '-'])).toEqual([
    ['audited', 'AUDIT'], ['observed', 'OBSERVE'], ['owned', '-'], ['nobody', '-'], ['pay', '-'], ['shop', '-'], ['done', 'ENFORCE'],
  ]);
});

test('workloads of which no policy speaks are counted', async () => {
  const rows = await status({ ...ESTATE, 'deny.yaml': deny('pay') });
  expect(rows.find((row) => row.namespace === 'pay')).toMatchObject({ workloads: 1, unprotected: 0 });
  expect(rows.find((row) => row.namespace === 'shop')).toMatchObject({ workloads: 2, unprotected: 2 });
});

test('policies by hand under an owner are told from none', async () => {
  const [row] = await status({ ...ESTATE, 'deny.yaml': `${deny('pay')}---\n${namespace('pay', ', annotations: {cdk8s-netpol/owner: payments}')}` });
  expect(row).toMatchObject({ namespace: 'pay', owner: 'payments', nextStep: 'policies by hand cover it: take it over with a DefaultDenyNamespace' });
});

test('ENFORCE that leaves workloads open is not done', async () => {
  const rows = await status({ ...ESTATE, 'stage.yaml': record('shop', 'ENFORCE') });
  expect(rows[0]).toMatchObject({ namespace: 'shop', nextStep: 'ENFORCE leaves 2 of 2 workloads open: find out why' });
});

test('a rollback by hand comes before everything else', async () => {
  const rows = await status({ 'a.yaml': [record('pay', 'ENFORCE'), deny('pay'), deny('pay', 'netpol-rollback'), record('shop', 'AUDIT')].join('---\n') });
  expect(rows[0]).toMatchObject({ namespace: 'pay', rolledBack: true, nextStep: expect.stringMatching(/^it was rolled back by hand/) as unknown });
});

test('two stages of one namespace are an error', async () => {
  const folder = temporaryFolder({ 'a.yaml': record('pay', 'AUDIT'), 'b.yaml': record('pay', 'ENFORCE') });
  expect(await netpol(['status', folder])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/b\.yaml:1:1: the ConfigMap pay\/netpol-stage is in the input twice/) as unknown });
});

test('since when is what git says about the line of the stage', async () => {
  const folder = temporaryFolder({ 'a.yaml': record('pay', 'OBSERVE') });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder, stdio: 'pipe', env: { ...process.env, GIT_AUTHOR_DATE: '2026-03-04T12:00:00Z', GIT_COMMITTER_DATE: '2026-03-05T12:00:00Z' },
  });
  const since = async () => ((JSON.parse((await netpol(['status', folder, '-o', 'json'])).stdout) as { namespaces: Array<{ since?: string }> }).namespaces[0]!.since);
  expect(await since()).toBeUndefined();
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', 'x');
  expect(await since()).toBe('2026-03-04');
  write(folder, { 'a.yaml': record('pay', 'AUDIT') });
  expect(await since()).toBeUndefined();
});

test('without netpol.yaml the keys count that many teams use, as in netpol check', async () => {
  const [row] = await status({ 'a.yaml': namespace('pay', ', labels: {team: payments}') });
  expect(row).toMatchObject({ namespace: 'pay', owner: 'payments' });
});

test('owners that teams have written already are read by the keys that netpol.yaml names', async () => {
  const folder = temporaryFolder({ 'm/a.yaml': namespace('pay', ', labels: {team: payments}'), 'netpol.yaml': 'clusters: [{name: prod, paths: [m]}]\nownerKeys: [team]\n' });
  const here = process.cwd();
  process.chdir(folder);
  try {
    expect((await netpol(['status'])).stdout).toMatch(/^NAMESPACE +OWNER +STAGE +SINCE +WORKLOADS +UNPROTECTED +NEXT STEP\npay +payments +- +- +0 +0 +start with OBSERVE/);
  } finally {
    process.chdir(here);
  }
});

test('Markdown', async () => {
  const folder = temporaryFolder({ 'a.yaml': record('pay', 'AUDIT') });
  expect((await netpol(['status', join(folder, 'a.yaml'), '-o', 'markdown'])).stdout).toMatch(/\| pay \| team-pay \| AUDIT \| - \| 0 \| 0 \| ENFORCE/);
});
