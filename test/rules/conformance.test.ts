import { readFileSync } from 'node:fs';
import { profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { BUILT_IN_RULES, checkRules, Finding } from '../../lib/rules';
import { ConformanceCase, readObjects } from '../conformance/cases';
import { describeWithShared, sharedPath } from '../shared-data';

const PROFILES: Readonly<Record<string, string>> = { calico: 'calico', cilium: 'cilium', aws: 'aws' };
/** Cases of APIs that are not read yet, and cases about input that is refused. */
const LEFT_OUT = (each: ConformanceCase): boolean => each.source === 'antrea' || each.kind === 'error';

/** Manifests of others, in every API: what a rule says about them has to be so. */
describeWithShared('conformance', 'every rule, on and off by default, about the manifests of the conformance cases', () => {
  const findings: Array<{ readonly id: string; readonly finding: Finding }> = [];
  let checked = 0;

  beforeAll(() => {
    const cases = JSON.parse(readFileSync(sharedPath('conformance', 'index.json'), 'utf8')) as readonly ConformanceCase[];
    for (const each of cases.filter((candidate) => !LEFT_OUT(candidate))) {
      const objects = readObjects(each).map((object, index) => ({ object, origin: { file: String(index) } }));
      const result = checkRules({
        objects, inventory: readInventory(objects, { readers: POLICY_READERS }), profile: profileOf(PROFILES[each.source] ?? 'generic'),
        rules: BUILT_IN_RULES, only: BUILT_IN_RULES.map(({ id }) => id),
      });
      findings.push(...result.findings.map((finding) => ({ id: each.id, finding })));
      checked++;
    }
  });

  const of = (rule: string): string[] => findings.filter(({ finding }) => finding.rule === rule).map(({ id, finding }) => `${id}: ${finding.message}`);

  test('no rule fails', () => {
    expect(of('rule-crashed')).toEqual([]);
    expect(checked).toBeGreaterThan(500);
  });

  test('no field is unknown', () => {
    expect(of('unknown-field')).toEqual([]);
  });

  test('exceptions that lie outside of their block are those of two cases about that', () => {
    expect(of('except-outside-cidr').map((line) => line.slice(0, line.indexOf(':'))).sort()).toEqual(['fw-except-non-canonical', 'ipblock-match-cidr-and-except']);
  });

  test('peers that are nobody are those of cases about pods that may come', () => {
    const named = [...new Set(of('peer-selects-nothing').map((line) => line.slice(0, line.indexOf(':'))))].sort();
    expect(named).toEqual([
      'explain-exposure-test-conn-with-only-pod-selector-exposure',
      'exposure-exposure-test-conn-to-new-pod-in-an-existing-ns',
      'exposure-exposure-test-conn-with-only-pod-selector',
      'exposure-exposure-test-different-but-equiv-rules',
      'exposure-exposure-test-real-namespace-without-real-pod',
      'exposure-exposure-test-with-different-rules-2',
      'exposure-exposure-test-with-different-rules-5',
    ]);
  });

  test('the tier that ends in deny is that of the case about it', () => {
    expect(of('tier-ends-in-deny').map((line) => line.slice(0, line.indexOf(':')))).toEqual(['scope-default-deny-hides-profile']);
  });

  test.each([
    'api-server-by-selector', 'deny-isolates', 'dialect-limit', 'ipblock-for-pods', 'monitoring-blocked', 'one-sided', 'priority-tie', 'replicas-cut-off',
    'service-port-not-target-port',
  ])('%s has nothing to say about them', (rule) => {
    expect(of(rule)).toEqual([]);
  });
});
