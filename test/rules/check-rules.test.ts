import { BUILT_IN_RULES, defineRule, OWN_RULES, PolicyRule } from '../../lib/rules';
import { check, CheckOptions, namespace, policy } from './check';

const DENY = '{ podSelector: {}, policyTypes: [Ingress, Egress] }';

/** A rule that finds something about every policy. */
function rule(parts: Partial<PolicyRule> = {}): PolicyRule {
  return defineRule({
    id: 'any-policy', title: 'A policy', severity: 'warning', rationale: 'Because.', bad: 'a', good: 'b', fix: { summary: 'do', yaml: 'a: b', construct: 'new A()' }, controls: [],
    check({ policies }, report) {
      for (const { kind, policy: { name, namespace: space = '', origin } } of policies) {
        report.finding({ object: { kind, namespace: space, name }, message: `about ${name}`, ...(origin === undefined ? {} : { origin }) });
      }
    },
    ...parts,
  });
}

const said = (manifests: string, options: CheckOptions = {}) => check(manifests, { rules: [rule()], ...options }).findings.map((finding) => `${finding.severity} ${finding.rule} ${finding.object.name}: ${finding.message}`);
const ignoring = (text: string) => `, annotations: { cdk8s-netpol/ignore: ${JSON.stringify(text)} }`;

describe('a finding', () => {
  test('ends with owner, reason, advice and the way to an exception', () => {
    const [finding] = check(namespace('shop', ', labels: { team: a }') + policy('shop/x', DENY), { rules: [rule()] }).findings;
    expect(finding).toMatchObject({
      rule: 'any-policy', severity: 'warning', why: 'Because.', fix: 'do. YAML: a: b. construct: new A()', owner: 'a',
      exception: 'agree with a and whoever owns the rules, then annotate NetworkPolicy shop/x with cdk8s-netpol/ignore: "any-policy (until YYYY-MM-DD): REASON"',
    });
    expect(check(policy('shop/x', DENY), { rules: [rule()], settings: { askFor: '#net' } }).findings[0]!.exception).toMatch(/^agree with #net, then/);
  });

  test('has the severity of the settings, else that of the case, else that of the rule', () => {
    const strict = rule({ check: (_, report) => report.finding({ object: { kind: 'A', name: 'a' }, message: 'm', severity: 'error' }) });
    expect(said(policy('shop/x', DENY), { rules: [strict] })).toEqual(['error any-policy a: m']);
    expect(said(policy('shop/x', DENY), { rules: [strict], settings: { rules: { 'any-policy': { severity: 'warning' } } } })).toEqual(['warning any-policy a: m']);
    expect(said(policy('shop/x', DENY))).toEqual(['warning any-policy x: about x']);
  });

  test('comes in the order of files, objects, rules and fields', () => {
    expect(said(policy('b/z', DENY) + policy('a/y', DENY))).toEqual(['warning any-policy z: about z', 'warning any-policy y: about y']);
  });
});

describe('which rules run', () => {
  test('those that are on; the others when they are named, get a severity or an option', () => {
    const off = rule({ onByDefault: false, options: { a: { type: 'flag', default: false, description: 'b' } } });
    expect(said(policy('shop/x', DENY), { rules: [off] })).toEqual([]);
    expect(said(policy('shop/x', DENY), { rules: [off], only: ['any-policy'] })).toHaveLength(1);
    expect(said(policy('shop/x', DENY), { rules: [off], settings: { rules: { 'any-policy': { severity: 'error' } } } })).toHaveLength(1);
    expect(said(policy('shop/x', DENY), { rules: [off], settings: { rules: { 'any-policy': { options: { a: true } } } } })).toHaveLength(1);
    expect(said(policy('shop/x', DENY), { settings: { rules: { 'any-policy': { severity: 'off' } } } })).toEqual([]);
  });

  test('an option has its default until it is set', () => {
    const telling = rule({
      options: { words: { type: 'texts', default: ['a'], description: 'b' } },
      check: ({ options }, report) => report.finding({ object: { kind: 'A', name: 'a' }, message: JSON.stringify(options) }),
    });
    expect(said(policy('shop/x', DENY), { rules: [telling] })).toEqual(['warning any-policy a: {"words":["a"]}']);
    expect(said(policy('shop/x', DENY), { rules: [telling], settings: { rules: { 'any-policy': { options: { words: ['b'] } } } } })).toEqual(['warning any-policy a: {"words":["b"]}']);
  });
});

describe('a rule that fails', () => {
  const failing = rule({
    check: (_, report) => {
      report.finding({ object: { kind: 'A', name: 'a' }, message: 'half of it' });
      throw new TypeError('x is not a function');
    },
  });

  test('is an error finding, and the others run', () => {
    expect(said(policy('shop/x', DENY), { rules: [failing, rule({ id: 'other-rule' })] })).toEqual([
      'error rule-crashed any-policy: the rule any-policy failed and has looked at nothing: x is not a function', 'warning other-rule x: about x',
    ]);
  });

  test('cannot be excepted', () => {
    expect(said(policy('shop/x', DENY, ignoring('rule-crashed: noise')), { rules: [failing] }).map((line) => line.split(' ')[1])).toEqual(['rule-crashed', 'malformed-exception']);
  });
});

describe('exceptions', () => {
  const today = { settings: { today: '2026-11-27' } };

  test('on the object, with a reason', () => {
    const { findings, suppressed } = check(policy('shop/x', DENY, ignoring('any-policy: agreed with a: b')) + policy('shop/y', DENY), { rules: [rule()] });
    expect(findings.map(({ object }) => object.name)).toEqual(['y']);
    expect(suppressed.map(({ finding, reason }) => [finding.object.name, reason])).toEqual([['x', 'agreed with a: b']]);
  });

  test('on the Namespace, for everything in it', () => {
    expect(said(namespace('shop', ignoring('any-policy: legacy')) + policy('shop/x', DENY) + policy('shop/y', DENY) + policy('pay/z', DENY))).toEqual(['warning any-policy z: about z']);
  });

  test('several, parted by semicolons or lines; a semicolon may stand in a reason', () => {
    const both = [rule(), rule({ id: 'other-rule' })];
    for (const text of ['any-policy: a; other-rule: b', 'any-policy: a\nother-rule: b\n', 'any-policy: a; b, c; other-rule: d;']) {
      expect(said(policy('shop/x', DENY, ignoring(text)), { rules: both })).toEqual([]);
    }
  });

  test('hold on their last day, and are a finding from the next one on', () => {
    const until = (day: string) => said(policy('shop/x', DENY, ignoring(`any-policy (until ${day}): a`)), today);
    expect(until('2026-11-27')).toEqual([]);
    expect(until('2026-11-26')).toEqual(['warning any-policy x: about x', 'warning expired-exception x: the exception of any-policy ended on 2026-11-26: a']);
  });

  test('that cover nothing are a finding', () => {
    const silent = rule({ check: () => undefined });
    expect(said(policy('shop/x', DENY, ignoring('any-policy: a')), { rules: [silent] })).toEqual(['warning unused-exception x: the exception of any-policy covers no finding: a']);
  });

  test('of a rule that did not look are left alone', () => {
    const manifests = policy('shop/x', DENY, ignoring('any-policy: a'));
    expect(said(manifests, { settings: { rules: { 'any-policy': { severity: 'off' } } } })).toEqual([]);
    expect(said(manifests, { rules: [rule({ check: (_, report) => report.notEvaluated('shop', 'no pods') })] })).toEqual([]);
    expect(said(manifests, { rules: [rule({ check: ({ analysis }) => void analysis.connections() }), rule({ id: 'other-rule', check: () => undefined })] }).filter((line) => line.includes('unused'))).toHaveLength(1);
  });

  test.each<[string, RegExp]>([
    ['any-policy', /"any-policy" is not an exception\. Instead: RULE: REASON/],
    ['any-policy:', /has no reason/],
    ['any-polcy: a', /"any-polcy" is not a rule \(did you mean "any-policy"\?\)/],
    ['any-policy (until soon): a', /"soon" is not a day/],
    ['any-policy (until 2026-13-01): a', /"2026-13-01" is not a day/],
    [' ', /is empty/],
  ])('that cannot be read are an error: %j', (text, message) => {
    const [finding, still] = said(policy('shop/x', DENY, ignoring(text)));
    expect(finding).toBe('warning any-policy x: about x');
    expect(still).toMatch(/^error malformed-exception x: /);
    expect(still).toMatch(message);
  });
});

describe('objects that are context', () => {
  const isChecked = (origin: { readonly file?: string } | undefined) => origin?.file !== '0';

  test('have no findings, and their exceptions none either', () => {
    expect(said(policy('shop/x', DENY, ignoring('nope')) + policy('shop/y', DENY), { isChecked })).toEqual(['warning any-policy y: about y']);
  });

  test('still name owners', () => {
    expect(check(namespace('shop', ', labels: { team: a }') + policy('shop/y', DENY), { rules: [rule()], isChecked }).findings[0]!.owner).toBe('a');
  });
});

describe('what cannot be read', () => {
  const twice = policy('shop/x', DENY) + policy('shop/x', '{ podSelector: {} }');

  test('is an error, and rules that ask the engine are not evaluated', () => {
    const asking = rule({ id: 'asking-rule', check: ({ analysis }) => void analysis.connections() });
    const { findings, notEvaluated } = check(twice, { rules: [asking] });
    expect(findings.map((finding) => [finding.rule, finding.severity])).toEqual([['duplicate-object', 'error']]);
    expect(findings[0]!.message).toMatch(/is in the input twice/);
    expect(notEvaluated).toEqual([{ rule: 'asking-rule', reason: '1 object of the input cannot be read or stands in it twice: nothing can be proved' }]);
  });

  test('does not stop rules that need no engine', () => {
    expect(said(`${policy('shop/y', '{ podSelector: {}, policyTypes: [Up] }')}${policy('shop/x', DENY)}`).map((line) => line.split(' ')[1])).toEqual(['unreadable-object', 'any-policy']);
  });

  test('the example of its page is found', () => {
    expect(check(OWN_RULES.unreadable.bad, { rules: BUILT_IN_RULES }).findings.map((finding) => finding.rule)).toContain('unreadable-object');
  });
});
