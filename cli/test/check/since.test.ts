import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const policy = (name: string, cidr: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: pay, labels: { team: payments } }
spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: 80 }] }] }
`;
const RULE = ['--rule', 'invalid-cidr'];

const here = process.cwd();
const repository = temporaryFolder({ 'm/old.yaml': policy('old', '192.0.2.1/24') });
const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: repository, stdio: 'pipe' });

beforeAll(() => {
  process.chdir(repository);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', 'first');
});
afterAll(() => process.chdir(here));

test('only what a revision did not have counts, wherever lines have gone', async () => {
  writeFileSync('m/old.yaml', `# moved\n${policy('old', '192.0.2.1/24')}`);
  expect(await netpol(['check', 'm', ...RULE, '--since', 'main'])).toEqual({ code: 0, stdout: '0 errors, 0 warnings, 1 at main\n', stderr: 'reading main\n' });
  writeFileSync('m/new.yaml', policy('new', '198.51.100.1/24'));
  const { code, stdout } = await netpol(['check', 'm', ...RULE, '--since', 'main', '-o', 'json']);
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as { readonly findings: ReadonlyArray<{ readonly object: object }> }).findings.map(({ object }) => object)).toEqual([{ kind: 'NetworkPolicy', namespace: 'pay', name: 'new' }]);
});

test('a baseline counts beside it', async () => {
  await netpol(['check', 'm', ...RULE, '--write-baseline', 'baseline.json']);
  expect(await netpol(['check', 'm', ...RULE, '--since', 'main', '--baseline', 'baseline.json'])).toMatchObject({ code: 0, stdout: '0 errors, 0 warnings, 2 in the baseline or at main\n' });
});

test('nothing is left behind', () => {
  expect(git('worktree', 'list').toString().trim().split('\n')).toHaveLength(1);
});

test.each<[string[], RegExp]>([
  [['m', '--since', 'nowhere'], /"nowhere" is no revision here \(a shallow clone/],
  [['m', '--since', '--output=x'], /"--output=x" is no revision/],
  [['-', '--since', 'main'], /--since reads a revision of files/],
  [['m', '--since', 'main', '--write-baseline', 'b.json'], /give one of them/],
  [['m/new.yaml', '--since', 'main'], /main:m\/new\.yaml: there is no such file or folder/],
])('%j ends in 2', async (args, message) => {
  const { code, stdout, stderr } = await netpol(['check', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
