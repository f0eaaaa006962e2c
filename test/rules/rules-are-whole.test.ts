import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_RULES, OWN_RULES } from '../../lib/rules';
import { generatedPages } from '../../scripts/generated-pages';
import { check, CheckOptions, settingsIn } from './check';

const files = (folder: string, ending: string): string[] => readdirSync(join(__dirname, '..', '..', folder), { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(ending)).map(({ name }) => name.slice(0, -ending.length));
const ids = BUILT_IN_RULES.map(({ id }) => id);

test('every rule is a file of lib/rules, and every file is a rule of the list', () => {
  const named = files('lib/rules', '.ts').filter((name) => !name.endsWith('.d') && !['index', 'built-in'].includes(name));
  expect(named.sort()).toEqual([...ids].sort());
});

test('the list is in order, and no id stands in it twice', () => {
  expect(ids).toEqual([...new Set(ids)].sort());
});

test('every rule has a test of its name', () => {
  for (const id of ids) expect({ id, exists: existsSync(join(__dirname, `${id}.test.ts`)) }).toEqual({ id, exists: true });
});

describe.each(BUILT_IN_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const optionsOf = (example: string): CheckOptions => ({ rules: [rule], only: [id], settings: settingsIn(example), cni: /--cni (\S+)/.exec(example)?.[1] ?? 'generic' });

  test('its bad example is found, its good one is clean', () => {
    expect(check(rule.bad, optionsOf(rule.bad)).findings.map((finding) => finding.rule)).toContain(id);
    expect(check(rule.good, optionsOf(rule.good)).findings).toEqual([]);
  });

  test('its words are whole', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.rationale).toMatch(/^[A-Z].*\.$/);
    expect(rule.fix.summary).toMatch(/^[a-z].*[^.]$/);
    expect([rule.fix.yaml, rule.fix.construct]).not.toContain('');
    expect(rule.controls).not.toEqual([]);
    for (const control of rule.controls) expect(control).toMatch(/^(CIS Kubernetes \d+(\.\d+)+|NIST SP 800-53 [A-Z]{2}-\d+(\(\d+\))?|NIST SP 800-190 \d(\.\d+)+|MITRE ATT&CK T\d{4}(\.\d{3})?)$/);
    for (const option of Object.values(rule.options ?? {})) expect(option.description).toMatch(/^[a-z].*[^.]$/);
  });
});

test('every rule has its page, the schema of netpol.yaml knows it, and there are no others', () => {
  const pages = generatedPages();
  const committed = Object.fromEntries([...pages.keys()].map((path) => [path, readFileSync(join(__dirname, '..', '..', path), 'utf8')]));
  expect(committed).toEqual(Object.fromEntries(pages));
  expect(files('docs/rules', '.md').map((name) => `docs/rules/${name}.md`).sort()).toEqual([...pages.keys()].filter((path) => path.startsWith('docs/')).sort());
});

test('what the check reports about itself has an id that no rule has', () => {
  for (const { id } of Object.values(OWN_RULES)) expect(ids).not.toContain(id);
});
