import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FakeGitHub } from './fake-github';
import { Runner, StandIn } from './run-action';

// each test starts processes of its own, on machines that may be busy
jest.setTimeout(60_000);

const MARKER = '<!-- netpol diff -->';
const WIDER = `${MARKER}\n### Wider: 1 connection opened, none closed\n\n| \`a\` |\n`;
const NONE = `${MARKER}\n### No connection changed\n`;
const ALICE = { login: 'alice', id: 1, type: 'User' } as const;

const started: Array<{ stop?: () => Promise<void>; remove?: () => void }> = [];
afterEach(async () => {
  for (const each of started.splice(0)) {
    await each.stop?.();
    each.remove?.();
  }
});

async function fake(options: ConstructorParameters<typeof FakeGitHub>[0] = {}): Promise<FakeGitHub> {
  const github = await new FakeGitHub(options).start();
  started.push(github);
  return github;
}

function runner(standIn: StandIn): Runner {
  const found = new Runner(standIn);
  started.push(found);
  return found;
}

/** The comparison alone; the check has tests of its own. */
const inputs = (github: FakeGitHub, more: Readonly<Record<string, string>> = {}) => ({ GITHUB_API_URL: github.url, NETPOL_CHECK: 'false', ...more });

describe('the comment', () => {
  test('is written once, and brought up to date in its place', async () => {
    const github = await fake();
    expect((await runner({ diff: WIDER }).run(inputs(github))).code).toBe(0);
    expect(github.comments.map(({ body }) => body)).toEqual([WIDER]);
    await runner({ diff: WIDER.replace('1 connection', '2 connections') }).run(inputs(github));
    expect(github.comments.map(({ body }) => body)).toEqual([WIDER.replace('1 connection', '2 connections')]);
    expect(github.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /repos/example/infra/issues/7/comments?per_page=100', 'POST /repos/example/infra/issues/7/comments',
      'GET /repos/example/infra/issues/7/comments?per_page=100', 'PATCH /repos/example/infra/issues/comments/1000',
    ]);
  });

  test('is found on a later page', async () => {
    const github = await fake();
    for (let index = 0; index < 230; index++) github.add(`comment ${index}`);
    const own = github.add(NONE);
    await runner({ diff: WIDER }).run(inputs(github));
    expect(own.body).toBe(WIDER);
    expect(github.comments).toHaveLength(231);
  });

  test('is another one for each cluster', async () => {
    const github = await fake();
    const other = github.add('<!-- netpol diff cluster=dev -->\n### `dev`: Wider');
    await runner({ diff: WIDER.replace(MARKER, '<!-- netpol diff cluster=prod -->').replace('### ', '### `prod`: ') }).run(inputs(github, { NETPOL_CLUSTER: 'prod' }));
    expect(github.comments).toHaveLength(2);
    expect(other.body).toMatch(/dev/);
  });

  test('is not that of a person who quotes it', async () => {
    const github = await fake();
    const quoted = github.add(`${WIDER}\nlook at this`, ALICE);
    await runner({ diff: WIDER }).run(inputs(github));
    expect(quoted.body).toMatch(/look at this/);
    expect(github.comments).toHaveLength(2);
  });

  test('is that of the person whose token it is', async () => {
    const github = await fake({ login: 'alice' });
    const own = github.add(NONE, ALICE);
    await runner({ diff: WIDER }).run(inputs(github));
    expect(own.body).toBe(WIDER);
    expect(github.comments).toHaveLength(1);
  });

  test('that was deleted meanwhile is written anew', async () => {
    const github = await fake();
    github.add(NONE);
    const list = github.comments.slice();
    jest.spyOn(github.comments, 'find').mockReturnValue(undefined);
    await runner({ diff: WIDER }).run(inputs(github));
    expect(github.comments.slice(list.length).map(({ body }) => body)).toEqual([WIDER]);
  });

  test('is not written where nothing changes, but one that is there hears of it', async () => {
    const github = await fake();
    await runner({ diff: NONE }).run(inputs(github));
    expect(github.comments).toEqual([]);
    const own = github.add(WIDER);
    await runner({ diff: NONE }).run(inputs(github));
    expect(own.body).toBe(NONE);
  });

  test('is left out where it is not wanted, and where there is no pull request', async () => {
    const github = await fake();
    const off = await runner({ diff: WIDER }).run(inputs(github, { NETPOL_COMMENT: 'false' }));
    expect(off).toMatchObject({ code: 0, summary: WIDER });
    const each = runner({ diff: WIDER });
    expect(await each.run(inputs(github, { GITHUB_EVENT_NAME: 'push' }), { before: each.git('rev-parse', 'HEAD') })).toMatchObject({ code: 0, summary: WIDER });
    expect(github.calls).toEqual([]);
  });
});

describe('a token that may not', () => {
  test.each(['reads', 'sees nothing'] as const)('%s: the summary has it all, and the step passes', async (token) => {
    const github = await fake({ token });
    const { code, stdout, summary } = await runner({ diff: WIDER }).run(inputs(github));
    expect({ code, summary }).toEqual({ code: 0, summary: WIDER });
    expect(stdout).toMatch(/^::notice title=netpol::the comment was not written; the summary of the run has the same text: the token may not/m);
    expect(stdout).not.toMatch(/secret/);
  });

  test.each([['is refused', /401 Bad credentials/], ['breaks', /502 Server Error/]] as const)('%s: a warning with the reason; the gate is about policies', async (token, reason) => {
    const github = await fake({ token });
    const { code, stdout, summary } = await runner({ diff: WIDER }).run(inputs(github));
    expect({ code, summary }).toEqual({ code: 0, summary: WIDER });
    expect(/^::warning title=netpol::the comment was not written.*$/m.exec(stdout)?.[0]).toMatch(reason);
  });

  test('an API that is not there is a warning too', async () => {
    const { code, stdout } = await runner({ diff: WIDER }).run({ GITHUB_API_URL: 'http://127.0.0.1:1', NETPOL_CHECK: 'false' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^::warning title=netpol::the comment was not written/m);
  });

  test('the gate holds all the same', async () => {
    const github = await fake({ token: 'reads' });
    expect((await runner({ diff: WIDER }).run(inputs(github, { NETPOL_FAIL_ON: 'wider' }))).code).toBe(1);
  });
});

describe('what fails', () => {
  const mixed = WIDER.replace('Wider', 'Mixed');
  const narrower = `${MARKER}\n### Narrower: 1 connection closed, none opened\n`;
  test.each([
    [WIDER, 'never', 0], [WIDER, 'wider', 1], [WIDER, 'any', 1], [mixed, 'wider', 1], [narrower, 'wider', 0], [narrower, 'any', 1], [NONE, 'any', 0],
    [WIDER.replace('### ', '### ``a`: Narrower``: '), 'wider', 1],
  ])('%j, fail-on %s', async (diff, failOn, code) => {
    const github = await fake();
    expect((await runner({ diff }).run(inputs(github, { NETPOL_FAIL_ON: failOn }))).code).toBe(code);
  });

  test.each<[string, StandIn, Record<string, string>, RegExp]>([
    ['netpol that fails', { code: 2, stderr: 'error: a.yaml:1:4: is not YAML\n' }, {}, /netpol diff failed \(2\): error: a\.yaml:1:4/],
    ['netpol without a verdict', { diff: 'something else' }, {}, /printed no verdict/],
    ['netpol that is not there', {}, { NETPOL: '/nowhere/netpol' }, /cannot be run/],
    ['a word that nobody knows', { diff: WIDER }, { NETPOL_FAIL_ON: 'Wider' }, /the input fail-on is "Wider"\. Instead: never, wider, any/],
    ['a base that is not there', { diff: WIDER }, { NETPOL_BASE: 'nowhere' }, /the base nowhere is not in this clone/],
    ['a base that is a flag', { diff: WIDER }, { NETPOL_BASE: '--upload-pack=x' }, /is no revision/],
    ['a write token for what a stranger wrote', { diff: WIDER }, { GITHUB_EVENT_NAME: 'pull_request_target' }, /Instead: on: pull_request;/],
  ])('%s ends in 2, and writes no comment', async (_, standIn, env, message) => {
    const github = await fake();
    const { code, stdout } = await runner(standIn).run(inputs(github, env));
    expect(code).toBe(2);
    expect(/^::error title=netpol::.*$/m.exec(stdout)?.[0]).toMatch(message);
    expect(github.calls).toEqual([]);
  });

  test('an event without a base asks for one', async () => {
    const { code, stdout } = await runner({ diff: WIDER }).run({ GITHUB_EVENT_NAME: 'workflow_dispatch' }, {});
    expect(code).toBe(2);
    expect(stdout).toMatch(/the event workflow_dispatch does not say with what to compare\. Instead: the input base/);
  });
});

test('netpol is asked with what the workflow says, and nothing of it goes through a shell', async () => {
  const github = await fake();
  const each = runner({ diff: WIDER });
  const { asked } = await each.run(inputs(github, { NETPOL_PATHS: 'dist\n a b/$(id) \n', NETPOL_INVENTORY: 'apps.yaml', NETPOL_CNI: 'calico@3.31', NETPOL_CLUSTER: 'prod' }));
  expect(asked).toEqual([[
    'diff', `${each.git('rev-parse', 'HEAD')}..HEAD`, 'dist', 'a b/$(id)', '--cluster', 'prod', '--inventory', 'apps.yaml', '--cni', 'calico@3.31',
    '-o', 'markdown', '--fail-on', 'never', '--max-length', '65536',
  ]]);
});

test('a base that a shallow clone lacks is fetched', async () => {
  const github = await fake();
  const origin = runner({});
  const base = origin.git('rev-parse', 'HEAD');
  origin.git('commit', '--quiet', '--allow-empty', '--message', 'second');
  const clone = runner({ diff: WIDER });
  clone.git('remote', 'add', 'origin', `file://${origin.folder}`);
  clone.git('fetch', '--quiet', '--depth=1', 'origin', 'main');
  clone.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
  origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const { code, asked } = await clone.run(inputs(github), { pull_request: { number: 7, base: { sha: base } } });
  expect({ code, range: asked[0]![1] }).toEqual({ code: 0, range: `${base}..HEAD` });
});

test('the verdict is an annotation; no line of a log is a command, whatever files are called', async () => {
  const github = await fake();
  const { stdout } = await runner({ diff: WIDER, stderr: 'reading a\n::error::not mine\n' }).run(inputs(github));
  expect(stdout).toMatch(/^::warning title=netpol::Wider: 1 connection opened, none closed$/m);
  const [, word, inside] = /^::stop-commands::(\S+)\n([^]*?)^::\1::$/m.exec(stdout) ?? [];
  expect(word).toMatch(/^[\w-]{36}$/);
  expect(inside).toBe('reading a\n::error::not mine\n');
});

describe('netpol check', () => {
  const check = { markdown: '#### 1 finding\n\n| error | a.yaml:1 |\n', github: '::error file=a.yaml,line=1,title=no-all-ports::all ports\n', sarif: '{"version":"2.1.0"}' };

  test('is on: what the base did not have follows the difference, its annotations go to the log', async () => {
    const github = await fake();
    const each = runner({ diff: WIDER, check, checkCode: 1 });
    const base = each.git('rev-parse', 'HEAD');
    const { code, stdout, summary, asked } = await each.run({ GITHUB_API_URL: github.url, NETPOL_BASELINE: 'baseline.json', NETPOL_PATHS: 'dist' });
    expect(code).toBe(1);
    expect(github.comments[0]!.body).toBe(`${WIDER}\n${check.markdown}`);
    expect(summary).toBe(github.comments[0]!.body);
    expect(stdout).toMatch(check.github);
    expect(asked).toEqual([
      ...[['github', 'error'], ['markdown', 'warning']].map(([form, failOn]) => ['check', 'dist', '--baseline', 'baseline.json', '--since', base, '-o', form, '--fail-on', failOn]),
      ['diff', `${base}..HEAD`, 'dist', '-o', 'markdown', '--fail-on', 'never', '--allow-unknown', '--max-length', '45000'],
    ]);
  });

  test('findings alone are worth a comment', async () => {
    const github = await fake();
    await runner({ diff: NONE, check, checkCode: 1 }).run(inputs(github, { NETPOL_CHECK: 'true' }));
    expect(github.comments).toHaveLength(1);
  });

  test('a version without the verb fails, and is not taken for one without findings', async () => {
    const github = await fake();
    const each = runner({ diff: WIDER });
    writeFileSync(join(each.folder, 'netpol'), readFileSync(join(each.folder, 'netpol'), 'utf8').replace('process.exitCode =', "process.exitCode = verb === 'check' ? 2 :"));
    const { code, stdout } = await each.run(inputs(github, { NETPOL_CHECK: 'true' }));
    expect(code).toBe(2);
    expect(stdout).toMatch(/^::error title=netpol::netpol check failed \(2\)/m);
  });

  test('what does not fit is cut at a line, with what was opened closed again', async () => {
    const github = await fake();
    const many = { ...check, markdown: `<details><summary>all</summary>\n\n${Array.from({ length: 4000 }, (_, index) => `| error | a.yaml:${index} | something |\n`).join('')}\n</details>\n` };
    await runner({ diff: WIDER, check: many, checkCode: 1 }).run(inputs(github, { NETPOL_CHECK: 'true' }));
    const { body } = github.comments[0]!;
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_000);
    const left = Number(/\n<\/details>\n\n(\d+) lines are left out here\. All of them: `netpol check`\.\n$/.exec(body)?.[1]);
    expect(body.match(/^\| error/gm)!.length + left).toBe(4000 + 3);
  });

  test('SARIF is uploaded only where it is asked for', async () => {
    const github = await fake();
    await runner({ diff: NONE, check }).run(inputs(github, { NETPOL_CHECK: 'true' }));
    expect(github.calls.filter(({ path }) => path.includes('sarifs'))).toEqual([]);
    const { asked } = await runner({ diff: NONE, check }).run(inputs(github, { NETPOL_SARIF: 'true' }));
    // code scanning takes what is missing for mended: the whole of it, not what is new
    expect(asked.filter(([verb]) => verb === 'check')).toEqual([['check', '-o', 'sarif', '--fail-on', 'never']]);
    const [call] = github.calls.filter(({ path }) => path.includes('sarifs'));
    expect(call).toMatchObject({ method: 'POST', body: { commit_sha: 'f'.repeat(40), ref: 'refs/pull/7/merge', tool_name: 'netpol' } });
    const { sarif } = call!.body as { readonly sarif: string };
    expect(gunzipSync(Buffer.from(sarif, 'base64')).toString()).toBe(check.sarif);
  });

  test('a read-only token does not fail the upload', async () => {
    const github = await fake({ token: 'reads' });
    const { code, stdout } = await runner({ diff: NONE, check }).run(inputs(github, { NETPOL_SARIF: 'true' }));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^::notice title=netpol::the findings were not uploaded to code scanning: the token may not/m);
  });
});

describe('the netpol that is built here', () => {
  const NETPOL = join(__dirname, '..', '..', 'cli', 'bin', 'netpol');
  beforeAll(() => {
    if (!existsSync(join(__dirname, '..', '..', 'cli', 'lib', 'index.js'))) throw new Error('the command line is not compiled: npm run build');
  });

  const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: pay}\nspec: {containers: [{name: a}]}\n---\n';
  const policy = (ports: string, more = ''): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: pay, labels: {cdk8s-netpol/owner: payments}}
spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ${ports}}]${more}}
`;
  /** Runs the action as it is without any input, on the last commit. */
  async function run(each: Runner, base: string, env: Readonly<Record<string, string>> = {}) {
    const github = await fake();
    const outcome = await each.run({ GITHUB_API_URL: github.url, NETPOL, ...env }, { pull_request: { number: 7, base: { sha: base } } });
    return { ...outcome, comments: github.comments.map(({ body }) => body) };
  }

  test('a pull request that opens a port', async () => {
    const each = runner({});
    const base = each.commit({ 'pay.yaml': POD + policy('ports: [{port: 80, endPort: 80}]') });
    each.commit({ 'pay.yaml': POD + policy('ports: [{port: 80, endPort: 443}]') });
    const { code, stdout, summary, comments } = await run(each, base, { NETPOL_PATHS: 'pay.yaml', NETPOL_FAIL_ON: 'wider' });
    expect(stdout).toMatch(/^::warning title=netpol::Wider: 1 connection opened, none closed \(1 from or to outside of the cluster\)$/m);
    expect(code).toBe(1);
    expect(comments).toEqual([summary]);
    expect(summary).toMatch(/\*\*`pay`\*\*, owned by `payments`[^]*\| `192\.0\.2\.0\/24` \| `pay\/api\[Pod\]` \| `TCP 80` \| `TCP 80-443` \|/);
  });

  const LEGACY = policy('ports: [{port: 80}]', ', egres: []').replace('name: api', 'name: legacy').replace('192.0.2.0', '192.0.2.1');

  test('what the pull request breaks is in the comment and at its line; what was broken before is folded away, and fails nothing', async () => {
    const each = runner({});
    const base = each.commit({ 'dist/a.yaml': POD + policy('ports: [{port: 80}]'), 'dist/legacy.yaml': LEGACY });
    each.commit({ 'dist/a.yaml': POD + policy('prots: [{port: 80}]') });
    const { code, stdout, comments: [comment = ''] } = await run(each, base);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^::error file=dist\/a\.yaml,line=9,col=\d+,title=unknown-field%3A NetworkPolicy pay\/api::unknown field "prots"/m);
    expect(stdout.match(/^::error /gm)).toHaveLength(1);
    const [counted = '', folded = ''] = comment.split(/<details><summary>\d+ findings that were there before<\/summary>/);
    expect(counted).toMatch(/^### Wider: [^]*\n\*\*netpol check: 1 error, \d+ warnings?, \d+ at [0-9a-f]{40}\*\*\n[^]*\| error \| \[`unknown-field`\]\(\S+\) \| `NetworkPolicy pay\/api` \| `dist\/a\.yaml:9` \|/m);
    expect(counted).not.toContain('pay/legacy');
    expect(folded).toMatch(/\| error \| \[`unknown-field`\]\(\S+\) \| `NetworkPolicy pay\/legacy` \| `dist\/legacy\.yaml:4` \| `payments` \|/);
  });

  test('a pull request that changes nothing of it is left in peace', async () => {
    const each = runner({});
    const base = each.commit({ 'dist/a.yaml': POD + policy('ports: [{port: 80}]'), 'dist/legacy.yaml': LEGACY });
    each.commit({ 'README.md': 'hello' });
    expect(await run(each, base)).toMatchObject({ code: 0, comments: [] });
  });

  test('the one that brings the first manifests, or netpol.yaml, is told what there is, and fails nothing', async () => {
    const each = runner({});
    const base = each.git('rev-parse', 'HEAD');
    each.commit({ 'manifests/a.yaml': LEGACY });
    const { code, stdout, comments: [comment] } = await run(each, base, { NETPOL_PATHS: 'manifests' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^::notice title=netpol::the base has no manifests yet: nothing to compare with$/m);
    expect(comment).toMatch(/^<!-- netpol diff -->\n### Nothing to compare with\n\nThe base has no `manifests` yet\.[^]*\| error \| \[`unknown-field`\]/);
  });

  test('a policy that cannot be read ends in 2, with an annotation at its line', async () => {
    const each = runner({});
    const base = each.commit({ 'dist/a.yaml': POD + policy('ports: [{port: 80}]') });
    each.commit({ 'dist/a.yaml': POD + policy('ports: [{port: 80000}]') });
    const { code, stdout, comments } = await run(each, base);
    expect({ code, comments }).toEqual({ code: 2, comments: [] });
    expect(stdout).toMatch(/^::error file=dist\/a\.yaml,line=9,.*title=unreadable-object/m);
  });
});
