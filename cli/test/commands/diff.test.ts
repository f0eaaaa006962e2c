import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { CERTAIN, ESTATE, POLICY } from '../estate';
import { netpol } from '../run-netpol';
import { BINARY } from '../spawn-netpol';
import { temporaryFolder, write } from '../temporary-folder';

const WIDER = POLICY.replace('port: 8080', 'port: 8080, endPort: 8090');
const NARROWER = POLICY.replace('ports: [{port: 8080}]', 'ports: [{port: 9}]').replace('app: web', 'app: none');

const estate = (policy: string) => temporaryFolder({ ...ESTATE, 'policies/api.yaml': policy });
const diff = async (before: string, after: string, ...args: string[]) => netpol(['diff', before, after, '--cni', CERTAIN, ...args]);

describe('two folders', () => {
  test.each<[string, string, string, number, string]>([
    ['the same', POLICY, POLICY, 0, 'none'],
    ['written otherwise', POLICY, POLICY.replace('[{port: 8080}]', '[{protocol: TCP, port: 8080, endPort: 8080}]'), 0, 'none'],
    ['wider', POLICY, WIDER, 1, 'wider'],
    ['narrower', POLICY, NARROWER, 1, 'narrower'],
    ['mixed', POLICY, POLICY.replace('8080', '9090'), 1, 'mixed'],
  ])('%s', async (_, before, after, code, verdict) => {
    const outcome = await diff(estate(before), estate(after), '-o', 'json');
    expect(outcome).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ schemaVersion: 1, verdict });
  });

  test('JSON lists what was added, removed and changed', async () => {
    const ends = { source: { kind: 'workload', namespace: 'shop', name: 'web', workload: 'Deployment' }, destination: { kind: 'workload', namespace: 'pay', name: 'api', workload: 'Deployment' } };
    expect(JSON.parse((await diff(estate(POLICY), estate(WIDER), '-o', 'json')).stdout)).toMatchObject({
      added: [], removed: [], changed: [{ ...ends, before: { TCP: '8080' }, after: { TCP: '8080-8090' } }],
    });
    expect(JSON.parse((await diff(estate(POLICY), estate(NARROWER), '-o', 'json')).stdout)).toMatchObject({ added: [], removed: [{ ...ends, ports: { TCP: '8080' } }], changed: [] });
  });

  test('a table, and a form for pull requests', async () => {
    const [before, after] = [estate(POLICY), estate(WIDER)];
    expect((await diff(before, after)).stdout).toBe([
      'Wider: connections came, none went away.', '',
      'CHANGE    SOURCE                 DESTINATION           BEFORE     AFTER',
      'changed   shop/web[Deployment]   pay/api[Deployment]   TCP 8080   TCP 8080-8090', '',
    ].join('\n'));
    expect((await diff(before, after, '-o', 'markdown')).stdout).toMatch(/^<!-- netpol diff -->\n### Wider: [^]*\| `shop\/web/);
    expect((await diff(before, before)).stdout).toBe('No connection changed.\n');
  });

  test.each([['any', 1, 1], ['wider', 0, 1], ['never', 0, 0]])('--fail-on %s', async (failOn, narrower, wider) => {
    expect((await diff(estate(POLICY), estate(NARROWER), '--fail-on', failOn)).code).toBe(narrower);
    expect((await diff(estate(POLICY), estate(WIDER), '--fail-on', failOn)).code).toBe(wider);
  });
});

describe('git revisions', () => {
  const here = process.cwd();
  const repository = temporaryFolder({ 'manifests/apps.yaml': ESTATE['apps/workloads.yaml'], 'manifests/api.yaml': POLICY });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: repository, stdio: 'pipe' });
  const commit = (message: string) => {
    git('add', '--all');
    git('commit', '--quiet', '--no-verify', '--message', message);
  };
  // a folder for temporary files of its own, since other runs leave theirs in the common one meanwhile
  const temporary = temporaryFolder();
  const leftBehind = () => [readdirSync(temporary), execFileSync('git', ['worktree', 'list'], { cwd: repository }).toString().trim().split('\n').length];

  beforeAll(() => {
    jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);
    process.chdir(repository);
    git('init', '--quiet', '--initial-branch', 'main');
    commit('first');
    git('checkout', '--quiet', '-b', 'feature');
    write(repository, { 'manifests/api.yaml': WIDER });
    commit('wider');
  });
  afterAll(() => {
    process.chdir(here);
    jest.restoreAllMocks();
  });
  afterEach(() => expect(leftBehind()).toEqual([[], 1]));

  test('a range and paths', async () => {
    const outcome = await netpol(['diff', 'main..HEAD', 'manifests', '--cni', CERTAIN, '-o', 'json']);
    expect(outcome.code).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ verdict: 'wider' });
    expect(outcome.stderr).toBe('reading main\nreading HEAD\n');
  });

  test('a revision and the folder as it is', async () => {
    expect((await netpol(['diff', 'main', 'manifests', '--cni', CERTAIN])).code).toBe(1);
    expect((await netpol(['diff', 'HEAD', 'manifests', '--cni', CERTAIN])).code).toBe(0);
  });

  test('from a folder within the repository', async () => {
    process.chdir(join(repository, 'manifests'));
    expect((await netpol(['diff', 'main..', '.', '--cni', CERTAIN])).code).toBe(1);
    process.chdir(repository);
  });

  test('A...B is what B has changed since it left A', async () => {
    git('checkout', '--quiet', 'main');
    write(repository, { 'manifests/api.yaml': NARROWER });
    commit('narrower, on main');
    const [two, three] = [await netpol(['diff', 'main..feature', 'manifests', '--cni', CERTAIN]), await netpol(['diff', 'main...feature', 'manifests', '--cni', CERTAIN])];
    git('reset', '--quiet', '--hard', 'HEAD~1');
    git('checkout', '--quiet', 'feature');
    expect(two.stdout).toMatch(/added +shop\/web/);
    expect(three.stdout).toMatch(/changed +shop\/web/);
  });

  test('what netpol.yaml renders at each revision', async () => {
    git('checkout', '--quiet', '-b', 'rendered', 'main');
    write(repository, {
      'netpol.yaml': `clusters: [{name: prod, cni: "${CERTAIN}", render: "mkdir -p out && sed 's/PORT/80/' template > out/a.yaml && cp manifests/apps.yaml out", paths: [out]}]\n`,
      'template': POLICY.replace('8080', 'PORT'),
    });
    commit('render');
    write(repository, { template: POLICY.replace('8080', 'PORT, endPort: 90') });
    commit('wider');
    const outcome = await netpol(['diff', 'HEAD~1..HEAD', '-o', 'json']);
    git('checkout', '--quiet', 'feature');
    expect(outcome.code).toBe(1);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ verdict: 'wider', changed: [{ before: { TCP: '80' }, after: { TCP: '80-90' } }] });
  });

  test('no manifests at a revision is an error, never an empty difference', async () => {
    git('checkout', '--quiet', '--orphan', 'empty');
    git('rm', '--quiet', '-r', '--cached', '.');
    git('commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'empty');
    git('checkout', '--quiet', '--force', 'feature');
    const withPath = await netpol(['diff', 'empty..feature', 'manifests']);
    expect(withPath).toMatchObject({ code: 2, stdout: '' });
    expect(withPath.stderr).toMatch(/error: empty:manifests: there is no such file or folder\n$/);
    const without = await netpol(['diff', 'empty..feature']);
    expect(without).toMatchObject({ code: 2, stdout: '' });
    expect(without.stderr).toMatch(/error: at empty: nothing to read/);
  });

  test('what is wrong at a revision is told with its name', async () => {
    git('checkout', '--quiet', '-b', 'broken');
    write(repository, { 'manifests/api.yaml': 'a: @b\n' });
    commit('broken');
    const outcome = await netpol(['diff', 'main..HEAD', 'manifests']);
    write(repository, { 'manifests/api.yaml': POLICY.replace('8080', '80800') });
    commit('refused by the API server');
    const refused = await netpol(['diff', 'main..HEAD', 'manifests']);
    git('checkout', '--quiet', 'feature');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/error: HEAD:manifests\/api\.yaml:1:4: is not YAML/);
    expect(refused.stderr).toMatch(/error: HEAD:manifests\/api\.yaml:\d+:\d+: NetworkPolicy .*80800 is not a port number/);
  });

  test('a run that is ended half way leaves nothing behind', async () => {
    git('checkout', '--quiet', '-b', 'slow', 'main');
    write(repository, { 'netpol.yaml': 'clusters: [{name: prod, render: "touch ../started; sleep 60", paths: [manifests]}]\n' });
    commit('slow');
    const child = spawn(process.execPath, [BINARY, 'diff', 'HEAD..HEAD'], { cwd: repository, stdio: 'ignore', env: { ...process.env, TMPDIR: temporary } });
    const ended = new Promise((resolve) => child.on('close', resolve));
    const hasStarted = () => readdirSync(temporary).some((name) => existsSync(join(temporary, name, 'started')));
    for (let waited = 0; !hasStarted() && waited < 200; waited++) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    git('checkout', '--quiet', 'feature');
  });

  test.each<[string[], RegExp]>([
    [['nowhere..HEAD'], /"nowhere" is neither a path nor a revision here \(a shallow clone/],
    [['manifests'], /"manifests" is compared with nothing/],
    [['manifests', 'nowhere'], /"nowhere" is neither a path nor a revision/],
    [['manifests', 'manifests', 'manifests'], /there are 3 ends/],
    [['--', '--output=x..HEAD'], /neither a path nor a revision/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await netpol(['diff', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
