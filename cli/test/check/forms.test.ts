import { readFileSync } from 'node:fs';
import Ajv from 'ajv-draft-04';
import { BUILT_IN_RULES, OWN_RULES } from 'cdk8s-netpol/rules';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';

const schema = JSON.parse(readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

const MANIFESTS = {
  'm n/a.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: pay
  labels: { team: payments }
  annotations: { cdk8s-netpol/ignore: "require-default-deny: comes next month; no-all-ports: it is a proxy" }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    - to: [{ ipBlock: { cidr: 192.0.2.1/24 } }]
`,
};

const here = process.cwd();
beforeEach(() => process.chdir(temporaryFolder(MANIFESTS)));
afterEach(() => process.chdir(here));

interface Log {
  readonly runs: ReadonlyArray<{
    readonly tool: { readonly driver: { readonly version: string; readonly rules: ReadonlyArray<{ readonly id: string; readonly helpUri: string }> } };
    readonly invocations: ReadonlyArray<{ readonly toolExecutionNotifications: ReadonlyArray<{ readonly message: { readonly text: string } }> }>;
    readonly results: ReadonlyArray<{
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: ReadonlyArray<{ readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string }; readonly region: object } }>;
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly suppressions?: ReadonlyArray<{ readonly justification: string }>;
    }>;
  }>;
}

async function sarif(...args: string[]): Promise<Log> {
  const { stdout } = await netpol(['check', ...args, '-o', 'sarif']);
  const log = JSON.parse(stdout) as Log;
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  return log;
}

describe('SARIF', () => {
  test('is what the published schema says, with findings, accepted ones, and what was not evaluated', async () => {
    const [run] = (await sarif('m n')).runs;
    const results = run!.results.map(({ ruleId, level, locations: [location], suppressions = [] }) =>
      [ruleId, level, location?.physicalLocation, ...suppressions.map(({ justification }) => justification)]);
    const place = (startLine: number, startColumn: number) => ({ artifactLocation: { uri: 'm%20n/a.yaml', uriBaseId: '%SRCROOT%' }, region: { startLine, startColumn } });
    expect(results).toEqual([
      ['invalid-cidr', 'warning', place(12, 25)],
      ['unused-exception', 'warning', place(7, 18)],
      ['no-all-ports', 'warning', place(12, 7), 'it is a proxy'],
    ]);
    expect(run!.invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text)).toContainEqual(expect.stringMatching(/^dns-blocked was not evaluated in pay: /));
  });

  test('without findings', async () => {
    process.chdir(temporaryFolder({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' }));
    expect((await sarif('a.yaml')).runs[0]!.results).toEqual([]);
  });

  test('from standard input there is no file to point at', async () => {
    const { stdout } = await netpol(['check', '-', '-o', 'sarif'], { stdin: MANIFESTS['m n/a.yaml'] });
    const log = JSON.parse(stdout) as Log;
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    expect(log.runs[0]!.results[0]!.locations[0]!.physicalLocation).toBeUndefined();
  });

  test('every rule is described, and results point at theirs', async () => {
    const [run] = (await sarif('m n')).runs;
    const described = run!.tool.driver.rules.map(({ id }) => id);
    expect(described).toEqual([...BUILT_IN_RULES.map(({ id }) => id), ...Object.values(OWN_RULES).map(({ id }) => id)]);
    for (const { ruleId, ruleIndex } of run!.results) expect(described[ruleIndex]).toBe(ruleId);
    expect(run!.tool.driver.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('fingerprints stay from run to run', async () => {
    const prints = async () => (await sarif('m n')).runs[0]!.results.map(({ partialFingerprints }) => partialFingerprints['netpolFinding/v1']);
    expect(await prints()).toEqual(await prints());
    expect(new Set(await prints()).size).toBe(3);
  });
});

test('GitHub: an annotation a finding, with everything escaped', async () => {
  const { stdout } = await netpol(['check', 'm n', '-o', 'github', '--rule', 'invalid-cidr']);
  const [first] = stdout.trimEnd().split('\n');
  expect(first).toMatch(/^::warning file=m n\/a\.yaml,line=12,col=25,title=invalid-cidr%3A NetworkPolicy pay\/api::"192\.0\.2\.1\/24" has host bits set; it means the network 192\.0\.2\.0\/24%0AWhy: /);
  expect(stdout.trimEnd().split('\n').every((line) => line.startsWith('::'))).toBe(true);
});

describe('Markdown', () => {
  test('counts, a table, and the rest folded away', async () => {
    const { stdout } = await netpol(['check', 'm n', '-o', 'markdown']);
    expect(stdout).toMatch(/^\*\*netpol check: 0 errors, 2 warnings, 1 accepted\*\*\n\n\| severity \| rule \| object \| place \| message \| owner \|\n/);
    expect(stdout).toMatch(/^\| warning \| \[`invalid-cidr`\]\(https:\S+\/docs\/rules\/invalid-cidr\.md\) \| `NetworkPolicy pay\/api` \| `m n\/a\.yaml:12` \| .* \| `payments` \|$/m);
    expect(stdout.match(/<details>/g)).toHaveLength(3);
    expect(stdout.match(/<\/details>/g)).toHaveLength(3);
    expect(stdout).toMatch(/<summary>What was not evaluated<\/summary>\n\n(- .*\n)*- not evaluated in pay: .*dns-blocked/);
  });

  test('what was there before is folded away, below what counts', async () => {
    await netpol(['check', 'm n', '--rule', 'invalid-cidr', '--write-baseline', 'b.json']);
    const { stdout } = await netpol(['check', 'm n', '--baseline', 'b.json', '-o', 'markdown']);
    expect(stdout).toMatch(/^\*\*netpol check: 0 errors, 1 warning, 1 accepted, 1 in the baseline\*\*/);
    const [counts = '', folded = ''] = stdout.split('<details><summary>A finding that was there before</summary>');
    expect(counts).toContain('`unused-exception`');
    expect(counts).not.toContain('invalid-cidr');
    expect(folded).toMatch(/^\n\n\| severity .*\n\| ---.*\n\| warning \| \[`invalid-cidr`\]\(\S+\) \| `NetworkPolicy pay\/api` \| `m n\/a\.yaml:12` \| `payments` \|\n\n<\/details>\n\n$/);
  });

  test('mentions nobody, links nothing that names say, and is no markup', async () => {
    const evil = '@org/team <b>x</b> https://evil.example #1 | `';
    const { stdout } = await netpol(['check', '-', '-o', 'markdown'], { stdin: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: pay
  annotations: { team: ${JSON.stringify(evil)}, cdk8s-netpol/ignore: ${JSON.stringify(`${evil}: a`)} }
spec: { podSelector: {}, policyTypes: [Ingress], ${JSON.stringify(evil)}: a }
` });
    const shown = stdout.replace(/(`+)(?:(?!\1)[^])+?\1(?!`)/g, '').replace(/<code>.*?<\/code>/g, '').replace(/\]\(https:\/\/github\.com\/\S+\)/g, '');
    expect(stdout).toContain('unknown field');
    expect(shown).not.toMatch(/@(?!<!-- -->)|https:\/\/|<b>|(?<!\\)#/);
    expect(stdout.match(/^\| (?:error|warning) /gm)).toHaveLength(stdout.match(/^\| (?:error|warning) (?:\|(?:\\.|[^|\\])*){5}\|$/gm)!.length);
  });
});

test('the table ends with owner, reason, advice, command and exception', async () => {
  const { stdout } = await netpol(['check', 'm n', '--rule', 'invalid-cidr']);
  expect(stdout).toContain(`m n/a.yaml:12:25: warning invalid-cidr NetworkPolicy pay/api
  "192.0.2.1/24" has host bits set; it means the network 192.0.2.0/24
  12 |     - to: [{ ipBlock: { cidr: 192.0.2.1/24 } }]
                               ^
  why:       The network is matched`);
  expect(stdout).toContain(`
  owner:     payments
  reproduce: netpol check 'm n' --rule invalid-cidr
  exception: agree with payments and whoever owns the rules, then annotate NetworkPolicy pay/api with cdk8s-netpol/ignore: "invalid-cidr (until YYYY-MM-DD): REASON"
`);
});
