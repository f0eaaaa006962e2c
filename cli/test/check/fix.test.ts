import { readFileSync } from 'node:fs';
import { BUILT_IN_RULES } from 'cdk8s-netpol/rules';
import { FIXERS } from '../../src/check/fix/fixers';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const here = process.cwd();
afterEach(() => process.chdir(here));

const head = (name = 'a') => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}   # ours
`;

async function fixed(text: string, ...args: string[]): Promise<{ text: string; stdout: string; stderr: string; code: number }> {
  process.chdir(temporaryFolder({ 'a.yaml': text }));
  const outcome = await netpol(['check', 'a.yaml', '--fix', ...args]);
  return { ...outcome, text: readFileSync('a.yaml', 'utf8') };
}

describe('policyTypes', () => {
  const RULE = ['--rule', 'policy-types-missing'];

  test('behind the selector, with comments and layout as they are', async () => {
    const { text, stdout } = await fixed(`# a policy
${head()}spec:
    podSelector:   # all of web
        matchLabels:
            app: web   # the label

    # who may come in
    ingress:
    -   from: [ {podSelector: {}} ]
`, ...RULE);
    expect(text).toBe(`# a policy
${head()}spec:
    podSelector:   # all of web
        matchLabels:
            app: web   # the label
    policyTypes: [Ingress]

    # who may come in
    ingress:
    -   from: [ {podSelector: {}} ]
`);
    expect(stdout).toMatch(/^--- a\.yaml\n\+\+\+ a\.yaml\n@@ -6,6 \+6,7 @@\n {5}podSelector: .*\n.*\n.*\n\+ {4}policyTypes: \[Ingress\]\n \n/);
  });

  test('both directions where there are egress rules', async () => {
    expect((await fixed(`${head()}spec: {podSelector: {}, ingress: [{}], egress: [{}]} # x\n`, ...RULE)).text).toContain('spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]} # x\n');
  });

  test('an empty list is filled', async () => {
    expect((await fixed(`${head()}spec:\n  podSelector: {}\n  policyTypes: []\n`, ...RULE)).text).toContain('  policyTypes: [Ingress]\n');
    expect((await fixed(`${head()}spec:\n  podSelector: {}\n  policyTypes:\n`, ...RULE)).text).toContain('  policyTypes: [Ingress]\n');
  });

  test('JSON stays JSON', async () => {
    const json = '{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"}, "spec": {"podSelector": {}}}\n';
    expect((await fixed(json, ...RULE)).text).toBe(json.replace('"podSelector": {}', '"podSelector": {}, "policyTypes": ["Ingress"]'));
  });

  test('what may not be what was meant is left to people', async () => {
    const text = `${head()}spec: {podSelector: {}, egress: [{}]}\n`;
    expect(await fixed(text, ...RULE)).toMatchObject({ text, code: 1, stderr: '0 mended in 0 files\n' });
  });

  test('Windows line breaks stay', async () => {
    const text = `${head()}spec:\n  podSelector: {}\n  ingress: []\n`.replaceAll('\n', '\r\n');
    expect((await fixed(text, ...RULE)).text).toBe(text.replace('podSelector: {}\r\n', 'podSelector: {}\r\n  policyTypes: [Ingress]\r\n'));
  });
});

describe('host bits', () => {
  const to = (cidr: string) => `${head()}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - to:\n        - ipBlock: { cidr: ${cidr} } # the office\n`;

  test.each([['10.1.2.3/8', '10.0.0.0/8'], ['"10.1.2.3/8"', '"10.0.0.0/8"'], ["'fd00::1/8'", "'fd00::/8'"]])('%s is %s', async (cidr, network) => {
    expect((await fixed(to(cidr), '--rule', 'invalid-cidr')).text).toBe(to(network));
  });

  test('what is no CIDR at all is left to people', async () => {
    expect((await fixed(to('10.0.0.0/40'), '--rule', 'invalid-cidr')).text).toBe(to('10.0.0.0/40'));
  });
});

describe('DNS over TCP', () => {
  const rule = (ports: string) => `${head()}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - to: [{ namespaceSelector: {} }]\n      ports:${ports}`;

  test.each([
    ['\n        - protocol: UDP\n          port: 53 # names\n', '\n        - protocol: UDP\n          port: 53 # names\n        - protocol: TCP\n          port: 53\n'],
    ['\n      - {port: 53, protocol: UDP}\n      - port: 443\n', '\n      - {port: 53, protocol: UDP}\n      - { protocol: TCP, port: 53 }\n      - port: 443\n'],
    [' [{ port: 53, protocol: UDP }]\n', ' [{ port: 53, protocol: UDP }, { protocol: TCP, port: 53 }]\n'],
  ])('in the style of the list: %j', async (before, after) => {
    expect((await fixed(rule(before), '--rule', 'dns-udp-only')).text).toBe(rule(after));
  });
});

describe('the label of a namespace', () => {
  const to = (labels: string) => `${head()}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - to:\n        - namespaceSelector: { matchLabels: { ${labels} } } # DNS\n      ports: [{ port: 53 }]\n`;

  test.each([['name: kube-system', 'kubernetes.io/metadata.name: kube-system'], ['"name": "kube-system", "a": b', '"kubernetes.io/metadata.name": "kube-system", "a": b']])('%s', async (before, after) => {
    expect((await fixed(to(before), '--rule', 'wrong-namespace-label')).text).toBe(to(after));
  });
});

test('every rule that says so can be mended, and no other', () => {
  expect(Object.keys(FIXERS).sort()).toEqual(BUILT_IN_RULES.filter(({ fixable }) => fixable === true).map(({ id }) => id));
});

test('several policies of one file, and one in a List', async () => {
  const text = `${head('a')}spec:\n  podSelector: {}\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata:\n    name: b\n    namespace: shop\n  spec:\n    podSelector: {}\n    ingress:\n    - from:\n      - ipBlock:\n          cidr: 10.0.0.1/8\n      ports:\n      - port: 80\n`;
  const { text: after, stderr } = await fixed(text);
  expect(stderr).toContain('3 mended in 1 file');
  expect(after).toBe(text.replace('podSelector: {}\n---', 'podSelector: {}\n  policyTypes: [Ingress]\n---').replace('    podSelector: {}\n    ingress', '    podSelector: {}\n    policyTypes: [Ingress]\n    ingress').replace('10.0.0.1/8', '10.0.0.0/8'));
});

test('--dry-run shows the same diff and writes nothing', async () => {
  const text = `${head()}spec:\n  podSelector: {}\n`;
  const dry = await fixed(text, '--dry-run', '--rule', 'policy-types-missing');
  expect(dry).toMatchObject({ text, code: 1, stderr: '1 would be mended in 1 file\n' });
  expect(dry.stdout).toContain('+  policyTypes: [Ingress]\n');
  const wet = await fixed(text, '--rule', 'policy-types-missing');
  expect(wet).toMatchObject({ code: 0, stderr: '1 mended in 1 file\n' });
  expect(wet.stdout.split('\n').slice(0, 7)).toEqual(dry.stdout.split('\n').slice(0, 7));
});

test('with JSON the diff goes to stderr: stdout is data', async () => {
  const { stdout, stderr } = await fixed(`${head()}spec:\n  podSelector: {}\n`, '--rule', 'policy-types-missing', '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
  expect(stderr).toContain('+  policyTypes: [Ingress]');
});

test('an anchored part that is shared is not edited: it would change others too', async () => {
  const text = `${head()}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n    - to: &to [{ ipBlock: { cidr: 10.0.0.1/8 } }]\n      ports: [{ port: 80 }]\n    - to: *to\n      ports: [{ port: 81 }]\n`;
  expect((await fixed(text, '--rule', 'invalid-cidr')).text).toBe(text);
});

test('standard input cannot be mended, and --dry-run needs --fix', async () => {
  expect(await netpol(['check', '-', '--fix'])).toMatchObject({ code: 2, stdout: '', stderr: 'error: --fix mends files, and standard input is none\n' });
  expect(await netpol(['check', '-', '--dry-run'])).toMatchObject({ code: 2, stderr: 'error: --dry-run goes with --fix\n' });
});
