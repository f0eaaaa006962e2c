import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import manifest from '../package.json';
import { CERTAIN, ESTATE, WORKLOADS } from './estate';
import { BINARY, spawnNetpol } from './spawn-netpol';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder(ESTATE);

test('the version', async () => {
  expect(await spawnNetpol(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('standard input', async () => {
  const { code, stdout } = await spawnNetpol(['list', '-', '-o', 'csv'], { stdin: WORKLOADS });
  expect(code).toBe(0);
  expect(stdout.split('\r\n').length).toBeGreaterThan(5);
});

test('the exit codes', async () => {
  const other = temporaryFolder({ ...ESTATE, 'policies/api.yaml': ESTATE['policies/api.yaml'].replace('8080', '9090'), 'broken.yml': 'a: @b' });
  const codes = await Promise.all([['list', folder], ['diff', folder, join(other, 'apps'), '--cni', CERTAIN], ['list', other], ['nothing']].map(async (args) => (await spawnNetpol(args)).code));
  expect(codes).toEqual([0, 1, 2, 2]);
});

test('rules of one\'s own in an ES module', async () => {
  const own = temporaryFolder({
    ...ESTATE,
    'rules.mjs': `export default {
  id: 'no-api', title: 'A', severity: 'error', rationale: 'B.', bad: 'c', good: 'd', fix: { summary: 'e', yaml: '', construct: '' }, controls: [],
  check: ({ policies }, report) => policies.forEach(({ kind, policy: { name, namespace } }) => report.finding({ object: { kind, name, namespace }, message: 'found' })),
};
`,
    'netpol.yaml': 'customRules: [rules.mjs]\n',
  });
  const { code, stdout, stderr } = await spawnNetpol(['check', 'policies', '--rule', 'no-api', '-o', 'json'], { cwd: own });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ findings: [{ rule: 'no-api', message: 'found' }] });
});

test('a reader that stops early ends the run without a word', () => {
  const rows = execFileSync('bash', ['-c', `set -o pipefail; '${process.execPath}' '${BINARY}' list '${folder}' | head -n 1`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(rows).toMatch(/^SOURCE/);
});

test('a long answer reaches a slow pipe whole', async () => {
  const many = temporaryFolder({
    'a.yaml': Array.from({ length: 60 }, (_, index) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p${index}, namespace: many, labels: {app: p${index}}}\nspec: {containers: [{name: c}]}\n`).join('---\n'),
  });
  const child = spawn(process.execPath, [BINARY, 'list', many, '-o', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect((JSON.parse(text) as { connections: unknown[] }).connections.length).toBe(60 * 59 + 120);
});

test('help and version do not wait for the engine', () => {
  for (const flag of ['--version', '--help']) {
    const modules = execFileSync(process.execPath, ['-e', `
      process.argv = ['node', 'netpol', '${flag}'];
      const say = process.stdout.write;
      process.stdout.write = () => true;
      require(${JSON.stringify(join(BINARY, '..', '..', 'lib', 'index.js'))}).main(process.argv).then(() => say.call(process.stdout, JSON.stringify(Object.keys(require.cache))));
    `], { encoding: 'utf8' });
    expect((JSON.parse(modules) as string[]).filter((path) => /js-yaml|analysis|client-node|cdk8s\/|dialects/.test(path))).toEqual([]);
  }
});
