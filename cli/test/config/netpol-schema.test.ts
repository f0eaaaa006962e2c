import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { BUILT_IN_RULES } from 'cdk8s-netpol/rules';
import { parse } from 'yaml';
import { ruleSettings } from '../../src/check/rule-settings';
import { findConfig } from '../../src/config/netpol-yaml';
import { temporaryFolder } from '../temporary-folder';

const schema = JSON.parse(readFileSync(join(__dirname, '..', '..', 'schema', 'netpol.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

const fits = (text: string): boolean => validate(parse(text));
const isRead = (text: string): boolean => {
  try {
    ruleSettings(findConfig(temporaryFolder({ 'netpol.yaml': text })), BUILT_IN_RULES);
    return true;
  } catch {
    return false;
  }
};

const WHOLE = `# yaml-language-server: $schema=https://raw.githubusercontent.com/cdk8s-netpol/cdk8s-netpol/main/cli/schema/netpol.schema.json
clusters:
  - name: prod
    cni: cilium@1.18
    settings: { cnp: off, ipBlockMatchesPods: false }
    render: npx cdk8s synth
    renderSeconds: 60
    paths: [dist]
    inventory: [../apps]
    podCidrs: [10.244.0.0/16]
    nodeCidrs: [192.0.2.0/24]
    staged: enforced
ownerKeys: [team]
owners: { payments: "@example/payments pay@example.com" }
rules:
  no-all-ports: error
  require-owner: off
  metadata-reachable: { severity: warning, cloud: aws, identity: eks-pod-identity, exempt: [kube-system] }
exceptions:
  - { rule: no-all-ports, namespace: shop, reason: agreed, until: 2027-03-31 }
  - { rule: no-all-ports, object: NetworkPolicy shop/a, files: "legacy/**", reason: agreed }
askFor: "#net-sec"
trustedRanges: [203.0.113.0/24]
environments: { label: env, mayTalk: [[staging, shared]] }
flows: { store: .netpol/flows.duckdb, retention: 365d, retentionReason: the auditors ask for a year }
gate:
  window: 31d
  completeness: 97.5%
  maxLoss: 0.01
  maxSilence: 45m
  maxUndecided: 2%
  minRehearsed: 0.5
  evidenceHolds: 7d
  waivers:
    - { connection: "pay/* -> 198.51.100.7 443/TCP", reason: agreed, until: 2027-01-31 }
    - { cronJob: pay/year-end, reason: agreed, until: 2027-01-31 }
    - { workload: pay/legacy, reason: agreed, until: 2027-01-31 }
ignorePaths: [vendor/**]
`;

describe('the schema and the reader agree', () => {
  test('on everything that there is', () => {
    expect([fits(WHOLE), validate.errors]).toEqual([true, null]);
    expect(isRead(WHOLE)).toBe(true);
  });

  test('on every key: what the reader refuses has none', () => {
    const keys = Object.keys((schema as { properties: object }).properties);
    expect(Object.keys(parse(WHOLE) as object).sort()).toEqual(keys.filter((key) => key !== 'customRules').sort());
  });

  test.each(BUILT_IN_RULES.map(({ id, options = {} }) => [id, options] as const))('on the options of %s', (id, options) => {
    for (const [name, spec] of Object.entries(options)) {
      const value = spec.type === 'texts' ? '[a]' : spec.type === 'flag' ? 'true' : spec.type === 'number' ? '1' : spec.choices?.[0] ?? 'a';
      const text = `rules: { ${id}: { ${name}: ${value} } }\n`;
      expect([text, fits(text), isRead(text)]).toEqual([text, true, true]);
    }
    const unknown = `rules: { ${id}: { nonsense: a } }\n`;
    expect([fits(unknown), isRead(unknown)]).toEqual([false, false]);
  });

  test.each([
    '{}', 'clusters: []', 'clusters: [{ name: a }]', 'clusters: [{ paths: [a] }]', 'clusters: [{ name: a, paths: [a], path: b }]', 'cluster: []', 'rules: { no-all-ports: never }',
    'rules: { metadata-reachable: { cloud: moon } }', 'rules: []', 'exceptions: [{ rule: no-all-ports, reason: a }]', 'exceptions: [{ rule: no-all-ports, namespace: a }]',
    'exceptions: [{ reason: a, namespace: a }]', 'exceptions: [{ rule: no-all-ports, reason: a, namespace: a, until: soon }]', 'environments: { mayTalk: [] }', 'environments: { label: a, mayTalk: [[a]] }',
    'ignorePaths: a', 'owners: [a]', 'clusters: [{ name: a, paths: [a], renderSeconds: 0 }]', 'flows: { keep: 60d }', 'flows: { retention: long }', 'gate: { window: 14 days }',
    'gate: { completeness: most }', 'gate: { waivers: [{ cronJob: a/b, reason: a }] }', 'gate: { waivers: [{ reason: a, until: 2027-01-31 }] }',
    'gate: { waivers: [{ cronJob: a/b, workload: a/b, reason: a, until: 2027-01-31 }] }', 'gate: { waivers: [{ cronJob: a/b, reason: a, until: soon }] }',
  ])('on refusing %s', (text) => {
    expect([fits(text), isRead(text)]).toEqual([false, false]);
  });
});
