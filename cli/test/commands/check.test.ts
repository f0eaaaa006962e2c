import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const here = process.cwd();
afterEach(() => process.chdir(here));
const enter = (files: Record<string, string>): void => process.chdir(temporaryFolder(files));

const CLEAN = `apiVersion: v1
kind: Namespace
metadata: { name: pay, labels: { team: payments } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pay }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`;
const WIDE = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: pay
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - ports: [{ port: 8080 }]
      from: [{ podSelector: {} }]
    - from: [{ podSelector: { matchLabels: { app: web } } }]
`;

interface JsonFinding {
  readonly rule: string;
  readonly severity: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly path: string;
  readonly owner: string | null;
  readonly fingerprint: string;
  readonly reproduce: string;
}

interface Checked {
  readonly code: number;
  readonly findings: readonly JsonFinding[];
  readonly notEvaluated: ReadonlyArray<{ readonly rule: string }>;
  readonly suppressed: ReadonlyArray<{ readonly rule: string; readonly reason: string }>;
}

async function checked(...args: string[]): Promise<Checked> {
  const { code, stdout, stderr } = await netpol(['check', ...args, '-o', 'json']);
  expect(stderr).toBe('');
  const { schemaVersion, ...answer } = JSON.parse(stdout) as { schemaVersion: number; findings: JsonFinding[]; notEvaluated: []; suppressed: [] };
  expect(schemaVersion).toBe(1);
  return { code, ...answer };
}

test('nothing found is exit code 0', async () => {
  enter({ 'm/a.yaml': CLEAN });
  expect(await checked('m')).toMatchObject({ code: 0, findings: [] });
  expect((await netpol(['check', 'm'])).stdout).toMatch(/0 errors, 0 warnings\n$/);
});

test('a finding has everything that the contract names, and the command that shows it', async () => {
  enter({ 'm/a.yaml': CLEAN, 'm/b.yaml': WIDE });
  expect(await checked('m')).toMatchObject({
    code: 1,
    findings: [{
      rule: 'no-all-ports', severity: 'warning', message: 'the rule opens every port of every protocol of the pods that the policy selects',
      fix: expect.stringMatching(/^name the ports\. YAML: ports: .* construct: new AllowFromPods/) as unknown, owner: 'payments',
      object: { kind: 'NetworkPolicy', namespace: 'pay', name: 'api' }, file: 'm/b.yaml', line: 12, column: 7, path: 'spec.ingress[1]',
      reproduce: 'netpol check m --rule no-all-ports', exception: expect.stringContaining('annotate NetworkPolicy pay/api with cdk8s-netpol/ignore') as unknown,
    }],
  });
  const { stdout } = await netpol(['check', 'm']);
  expect(stdout).toContain('m/b.yaml:12:7: warning no-all-ports NetworkPolicy pay/api\n');
  expect(stdout).toContain('  12 |     - from: [{ podSelector: { matchLabels: { app: web } } }]\n             ^\n');
  expect(stdout).toMatch(/0 errors, 1 warning in 1 file\n$/);
});

test('--fail-on says which findings make the exit code', async () => {
  enter({ 'm/a.yaml': CLEAN, 'm/b.yaml': WIDE });
  expect((await checked('m', '--fail-on', 'error')).code).toBe(0);
  expect((await checked('m', '--fail-on', 'warning')).code).toBe(1);
  expect((await checked('m', '--fail-on', 'never')).code).toBe(0);
});

test('a field that nobody knows is a finding, not a refusal', async () => {
  enter({ 'm/a.yaml': CLEAN, 'm/b.yaml': WIDE.replace('    - ports', '    - port: 1\n      ports') });
  const { code, findings } = await checked('m');
  expect(code).toBe(1);
  expect(findings.map(({ rule, line }) => [rule, line])).toContainEqual(['unknown-field', 10]);
});

test('what --inventory gives is context without findings', async () => {
  enter({ 'm/a.yaml': CLEAN, 'apps/b.yaml': WIDE });
  expect(await checked('m', '--inventory', 'apps')).toMatchObject({ code: 0, findings: [] });
});

test('--rule asks one rule alone; one that is none is a usage error', async () => {
  enter({ 'm/b.yaml': WIDE });
  expect((await checked('m', '--rule', 'no-all-ports')).findings.map(({ rule }) => rule)).toEqual(['no-all-ports']);
  expect(await netpol(['check', 'm', '--rule', 'no-all-port'])).toMatchObject({ code: 2, stdout: '', stderr: 'error: "no-all-port" is not a rule\n(Did you mean no-all-ports?)\n' });
});

test('YAML that cannot be parsed is an input error, not a finding', async () => {
  enter({ 'm/a.yaml': CLEAN, 'm/b.yaml': 'a: [' });
  expect(await netpol(['check', 'm'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/m\/b\.yaml:1/) as unknown });
});

test('an exception by annotation, with its reason', async () => {
  enter({ 'm/a.yaml': CLEAN, 'm/b.yaml': WIDE.replace('  name: api\n', '  name: api\n  annotations: { cdk8s-netpol/ignore: "no-all-ports: the web tier picks its ports" }\n') });
  expect(await checked('m')).toMatchObject({ code: 0, findings: [], suppressed: [{ rule: 'no-all-ports', reason: 'the web tier picks its ports' }] });
});

test('standard input', async () => {
  const { code, stdout } = await netpol(['check', '-', '-o', 'json'], { stdin: CLEAN + '---\n' + WIDE });
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as { findings: JsonFinding[] }).findings.map(({ rule, file, line }) => [rule, file, line])).toEqual([['no-all-ports', '<stdin>', 21]]);
});

test('a fingerprint stays when lines move, and differs between findings', async () => {
  enter({ 'm/a.yaml': CLEAN, 'm/b.yaml': WIDE, 'n/a.yaml': CLEAN, 'n/b.yaml': `# a comment\n\n${WIDE}`, 'two/a.yaml': CLEAN, 'two/b.yaml': `${WIDE}    - {}\n` });
  const [before, after, two] = [await checked('m'), await checked('n'), await checked('two')];
  expect(before.findings[0]!.fingerprint).toBe(after.findings[0]!.fingerprint);
  expect(before.findings[0]!.line).not.toBe(after.findings[0]!.line);
  expect(new Set(two.findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
});

describe('netpol.yaml', () => {
  const CASES = { 'm/a.yaml': CLEAN, 'm/b.yaml': WIDE };

  test('turns a rule off, or makes it an error', async () => {
    enter({ ...CASES, 'netpol.yaml': 'rules: { no-all-ports: off }\n' });
    expect(await checked('m')).toMatchObject({ code: 0, findings: [] });
    enter({ ...CASES, 'netpol.yaml': 'rules: { no-all-ports: error }\n' });
    expect(await checked('m', '--fail-on', 'error')).toMatchObject({ code: 1, findings: [{ severity: 'error' }] });
  });

  test('sets options', async () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: legacy, labels: { team: a } }\n';
    enter({ 'm/a.yaml': namespace });
    expect((await checked('m')).findings.map(({ rule }) => rule)).toEqual(['namespace-without-policy', 'require-default-deny']);
    enter({ 'm/a.yaml': namespace, 'netpol.yaml': 'rules:\n  namespace-without-policy: { exempt: [legacy] }\n  require-default-deny: { exempt: [legacy] }\n' });
    expect(await checked('m')).toMatchObject({ code: 0, findings: [] });
  });

  test.each([
    ['namespace: pay', 0], ['object: NetworkPolicy pay/api', 0], ['files: m/**', 0], ['files: "*/b.yaml"', 0], ['namespace: shop', 1], ['files: other', 1], ['{namespace: pay, files: other}', 1],
  ])('an exception by %s', async (scope, code) => {
    const lines = scope.startsWith('{') ? 'namespace: pay\n    files: other' : scope;
    enter({ ...CASES, 'netpol.yaml': `exceptions:\n  - rule: no-all-ports\n    reason: agreed\n    ${lines}\n` });
    const { findings, ...answer } = await checked('m');
    expect(answer.code).toBe(code === 0 ? 0 : 1);
    expect(findings.map(({ rule }) => rule)).toEqual(code === 0 ? [] : ['no-all-ports', 'unused-exception'].sort());
  });

  test('an exception that has ended is a finding at its line', async () => {
    enter({ ...CASES, 'netpol.yaml': 'exceptions:\n  - rule: no-all-ports\n    reason: agreed\n    namespace: pay\n    until: 2020-01-31\n' });
    expect((await checked('m')).findings.map(({ rule, file, line }) => [rule, file, line])).toEqual([['no-all-ports', 'm/b.yaml', 12], ['expired-exception', 'netpol.yaml', 2]]);
  });

  test('files without findings', async () => {
    enter({ ...CASES, 'netpol.yaml': 'ignorePaths: [m/b.yaml]\n' });
    expect(await checked('m')).toMatchObject({ code: 0, findings: [] });
  });

  test.each<[string, RegExp]>([
    ['rules: { no-all-port: off }', /netpol\.yaml:1:10: "no-all-port" is not a rule \(did you mean "no-all-ports"\?\)/],
    ['rules: { no-all-ports: never }', /"never" is not a severity\. Instead: error, warning, off/],
    ['rules: { require-owner: { exemt: [a] } }', /unknown key "exemt" \(did you mean "exempt"\?\)/],
    ['rules: { metadata-reachable: { cloud: moon } }', /"moon" is none of aws, gcp/],
    ['rules: { unused-exception: off }', /is what the check says about itself/],
    ['exceptions: [{ rule: no-all-ports, reason: a }]', /covers everything/],
    ['exceptions: [{ rule: no-all-ports, namespace: a }]', /has no reason/],
    ['exceptions: [{ rule: nope, reason: a, namespace: a }]', /"nope" is not a rule/],
    ['exceptions: [{ rule: no-all-ports, reason: a, namespace: a, until: soon }]', /"soon" is not a day/],
  ])('refuses %s', async (text, message) => {
    enter({ ...CASES, 'netpol.yaml': `${text}\n` });
    expect(await netpol(['check', 'm'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) as unknown });
  });
});

test('the clusters of netpol.yaml; files that a command has written are not mended', async () => {
  enter({ 'm/a.yaml': CLEAN, 'src/b.yaml': WIDE, 'netpol.yaml': 'clusters: [{ name: prod, render: "mkdir -p dist; cp m/a.yaml src/b.yaml dist", paths: [dist] }]\n' });
  const { code, stdout } = await netpol(['check', '-o', 'json', '--rule', 'no-all-ports']);
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as { findings: JsonFinding[] }).findings.map(({ rule, file }) => [rule, file])).toEqual([['no-all-ports', 'dist/b.yaml']]);
  expect(await netpol(['check', '--fix'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--fix would change what a render command has written') as unknown });
});

test('a folder is named relative to this one, wherever it is', async () => {
  const folder = temporaryFolder({ 'a.yaml': CLEAN, 'b.yaml': WIDE });
  process.chdir(temporaryFolder());
  expect((await checked(join(folder, 'b.yaml'), '--inventory', join(folder, 'a.yaml'))).findings[0]!.file).toMatch(/^\.\.\/netpol-test-\w+\/b\.yaml$/);
});

test('how long a namespace is in AUDIT is what git says about the line of the stage', async () => {
  const folder = temporaryFolder({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: netpol-stage, namespace: pay }\ndata:\n  owner: payments\n  stage: AUDIT\n' });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: folder, stdio: 'pipe', env: { ...process.env, GIT_AUTHOR_DATE: '2020-03-04T12:00:00Z', GIT_COMMITTER_DATE: '2020-03-05T12:00:00Z' },
  });
  const stdout = async () => (await netpol(['check', folder, '--rule', 'audit-stage-expired', '-o', 'json'])).stdout;
  expect(JSON.parse(await stdout())).toMatchObject({ findings: [], notEvaluated: [{ namespace: 'pay', reason: 'neither the API server nor git tells since when the namespace is in AUDIT' }] });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', 'x');
  expect(JSON.parse(await stdout())).toMatchObject({ findings: [{ rule: 'audit-stage-expired', line: 6, message: expect.stringContaining('in AUDIT since 2020-03-04') as unknown }], notEvaluated: [] });
});
