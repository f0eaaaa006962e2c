import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESTATE } from '../estate';
import { netpol } from '../run-netpol';
import { Files, temporaryFolder } from '../temporary-folder';

const policy = (namespace: string, metadata = '') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: ${namespace}${metadata}}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;
const owned = (namespace: string, team: string) => policy(namespace, `, labels: {cdk8s-netpol/owner: ${JSON.stringify(team)}}`);
const namespace = (name: string, team: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {team: ${team}}}\n`;

const here = process.cwd();
afterEach(() => process.chdir(here));

function repository(files: Files): string {
  const folder = temporaryFolder(files);
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  process.chdir(folder);
  return folder;
}

const lines = (stdout: string) => stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('a line for each file with policies, by name; other files have none', async () => {
  repository({ 'dist/pay.yaml': owned('pay', 'payments'), 'dist/a b.yaml': owned('shop', 'web'), ...ESTATE, 'policies/api.yaml': owned('pay', 'payments') });
  const { code, stdout, stderr } = await netpol(['codeowners', '.', '--owner', 'payments=@example/payments @alice', '--owner', 'web=web@example.com']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'skipped: 1 hidden or vendored folder (.git)\n' });
  expect(lines(stdout)).toEqual(['/dist/a\\ b.yaml web@example.com', '/dist/pay.yaml @example/payments @alice', '/policies/api.yaml @example/payments @alice']);
});

test('paths begin at the root of the repository, from wherever it is asked', async () => {
  const folder = repository({ 'infra/dist/pay.yaml': owned('pay', '@example/payments') });
  process.chdir(join(folder, 'infra'));
  expect(lines((await netpol(['codeowners', 'dist'])).stdout)).toEqual(['/infra/dist/pay.yaml @example/payments']);
});

test('the owners of netpol.yaml, by the keys that teams use; a flag counts before them', async () => {
  repository({
    'm/pay.yaml': `${namespace('pay', 'payments')}---\n${policy('pay')}`,
    'm/shop.yaml': `${namespace('shop', 'web')}---\n${policy('shop')}`,
    'netpol.yaml': "clusters: [{name: prod, paths: [m]}]\nownerKeys: [team]\nowners: {payments: '@example/payments', web: '@example/web'}\n",
  });
  expect(lines((await netpol(['codeowners', '--owner', 'web=@example/shop'])).stdout)).toEqual(['/m/pay.yaml @example/payments', '/m/shop.yaml @example/shop']);
});

test('files of the inventory say who owns what, and get no line', async () => {
  repository({ 'm/pay.yaml': policy('pay'), 'apps/pay.yaml': `${namespace('pay', 'payments')}---\n${owned('pay', 'somebody').replace('default-deny', 'theirs')}` });
  const { code, stdout, stderr } = await netpol(['codeowners', 'm', '--inventory', 'apps', '--owner', 'payments=@example/payments']);
  expect({ code, stderr, lines: lines(stdout) }).toEqual({ code: 0, stderr: '', lines: ['/m/pay.yaml @example/payments'] });
});

test('what netpol migrate left to fill in is nobody', async () => {
  repository({ 'a.yaml': owned('pay', 'FILL-IN') });
  expect(await netpol(['codeowners', '.'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/warning: "pay" names no owner/) as unknown });
});

test('one file of two teams names both; the record of a stage is reviewed too', async () => {
  const record = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: netpol-stage, namespace: shop}\ndata: {owner: "@example/web", stage: OBSERVE}\n';
  repository({ 'all.yaml': `${owned('pay', '@example/payments')}---\n${record}` });
  expect(lines((await netpol(['codeowners', '.'])).stdout)).toEqual(['/all.yaml @example/payments @example/web']);
});

test('a team without a name and a namespace without an owner are reported, and get no line that would take the file from others', async () => {
  repository({ 'a.yaml': owned('pay', 'payments'), 'b.yaml': policy('shop'), 'c.yaml': owned('data', '@example/data') });
  const { code, stdout, stderr } = await netpol(['codeowners', '.']);
  expect(code).toBe(1);
  expect(lines(stdout)).toEqual(['/c.yaml @example/data']);
  expect(stderr).toMatch(/warning: the team "payments" has no name in CODEOWNERS; give it one with --owner 'payments=@ORG\/TEAM', .* \(a\.yaml\)\n/);
  expect(stderr).toMatch(/warning: "shop" names no owner; .* \(b\.yaml\)\n/);
});

describe('--check and --write', () => {
  const OTHERS = '* @example/everyone\n';

  test('what was written is up to date, and the rest of the file stays as it was', async () => {
    const folder = repository({ 'm/a.yaml': owned('pay', '@example/payments'), 'CODEOWNERS': OTHERS });
    const file = () => readFileSync(join(folder, 'CODEOWNERS'), 'utf8');
    expect(await netpol(['codeowners', 'm', '--check', 'CODEOWNERS'])).toMatchObject({ code: 1, stdout: expect.stringMatching(/^CODEOWNERS is not up to date[^]*\n\+ \/m\/a\.yaml @example\/payments\n/) as unknown });
    expect(await netpol(['codeowners', 'm', '--write', 'CODEOWNERS'])).toMatchObject({ code: 0, stdout: '' });
    expect(file().startsWith(`${OTHERS}\n# netpol codeowners: begin`)).toBe(true);
    const once = file();
    await netpol(['codeowners', 'm', '--write', 'CODEOWNERS']);
    expect(file()).toBe(once);
    expect(await netpol(['codeowners', 'm', '--check', 'CODEOWNERS'])).toMatchObject({ code: 0, stdout: 'CODEOWNERS is up to date.\n' });
  });

  test('an owner that changed is told line by line', async () => {
    repository({ 'm/a.yaml': owned('pay', '@example/payments') });
    await netpol(['codeowners', 'm', '--write', 'CODEOWNERS']);
    const text = readFileSync('CODEOWNERS', 'utf8');
    execFileSync('sed', ['-i', 's/payments/billing/', 'm/a.yaml']);
    expect((await netpol(['codeowners', 'm', '--check', 'CODEOWNERS'])).stdout.split('\n').slice(1)).toEqual(['- /m/a.yaml @example/payments', '+ /m/a.yaml @example/billing', '']);
    expect(readFileSync('CODEOWNERS', 'utf8')).toBe(text);
  });

  test.each<[string, Files, string[], RegExp]>([
    ['a file that is not there', { 'a.yaml': owned('pay', '@x/y') }, ['--check', 'nowhere'], /nowhere: there is no such file/],
    ['both at once', { 'a.yaml': owned('pay', '@x/y') }, ['--check', 'a', '--write', 'b'], /give one of them/],
    ['a block without an end', { 'a.yaml': owned('pay', '@x/y'), 'CODEOWNERS': '# netpol codeowners: begin\n' }, ['--write', 'CODEOWNERS'], /do not enclose one block/],
    ['a mapping to nobody', { 'a.yaml': owned('pay', 'x') }, ['--owner', 'x'], /says nobody's name/],
    ['a name that is none', { 'a.yaml': owned('pay', 'x') }, ['--owner', 'x=the team'], /"the" is nobody that CODEOWNERS can name/],
    ['a file that no pattern names', { 'a[1].yaml': owned('pay', '@x/y') }, [], /CODEOWNERS cannot name a file/],
  ])('%s', async (_, files, args, message) => {
    repository(files);
    expect(await netpol(['codeowners', '.', ...args])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) as unknown });
  });
});

test('policies that lie in no file, outside of the repository, or in none', async () => {
  const outside = temporaryFolder({ 'a.yaml': owned('pay', '@x/y') });
  repository({});
  expect(await netpol(['codeowners', '-'], { stdin: owned('pay', '@x/y') })).toMatchObject({ code: 2, stderr: expect.stringMatching(/lie in no file/) as unknown });
  expect(await netpol(['codeowners', outside])).toMatchObject({ code: 2, stderr: expect.stringMatching(/lies outside of the repository/) as unknown });
  process.chdir(outside);
  expect(await netpol(['codeowners', '.'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/in no git repository/) as unknown });
});
