import fc from 'fast-check';
import { parseSelector } from '../../../lib/dialects/calico';
import { writeSelector } from '../../../lib/dialects/calico/selector-writer';
import { EVERYTHING, Labels, Selector } from '../../../lib/policy';
import { selector } from './arbitraries';

const parse = (text: string): Selector => Selector.expression(parseSelector(text, 'spec.selector', { all: EVERYTHING }));

test.each<[string, Labels, boolean]>([
  ['', {}, true],
  ['all()', {}, true],
  ['all( )', {}, true],
  ["app == 'web'", { app: 'web' }, true],
  ['app == "web"', { app: 'web' }, true],
  ["app=='web'", { app: 'api' }, false],
  ["app == 'web'", {}, false],
  ["app != 'web'", {}, true],
  ["app != 'web'", { app: 'api' }, true],
  ["app != 'web'", { app: 'web' }, false],
  ["app in {'web', 'api'}", { app: 'api' }, true],
  ["app in{'web'}", { app: 'web' }, true],
  ["app in {'web',}", { app: 'web' }, true],
  ['app in {}', { app: 'web' }, false],
  ["app not in {'web'}", { app: 'api' }, true],
  ["app notin {'web'}", {}, true],
  ['app not in {}', { app: 'web' }, true],
  ['has(app)', { app: '' }, true],
  ['has( app )', {}, false],
  ['!has(app)', {}, true],
  ['!!has(app)', { app: 'x' }, true],
  ["app contains 'e'", { app: 'web' }, true],
  ["app contains'x'", { app: 'web' }, false],
  ["app starts with 'we'", { app: 'web' }, true],
  ["app startswith 'eb'", { app: 'web' }, false],
  ["app ends with 'eb'", { app: 'web' }, true],
  ["app ends with ''", {}, false],
  ['has(a) || has(b) && has(c)', { a: '1' }, true],
  ['(has(a) || has(b)) && has(c)', { a: '1' }, false],
  ['!(has(a) && has(b))', { a: '1' }, true],
  ['\thas(a)\t&&\thas(b)', { a: '1', b: '2' }, true],
  ["projectcalico.org/namespace == 'shop'", { 'projectcalico.org/namespace': 'shop' }, true],
  [`app == "it's"`, { app: "it's" }, true],
  ["all == 'x' || has == 'y' || in == 'z'", { in: 'z' }, true],
  ['!all()', {}, false],
])('%s of %j: %s', (text, labels, answer) => {
  expect(parse(text).matches(labels)).toBe(answer);
});

test.each([
  ["app = 'web'", `"app = 'web'" is not a selector of Calico: at character 5 ("= 'web'") no operator stands behind the label. Instead: "==", two of them`],
  ['app == web', 'at character 8 ("web") a value is missing'],
  ["app == 'web", `at character 8 ("'web") a text begins that never ends. Instead: a closing '`],
  ['has(app', 'at character 4 ("(app") no operator stands behind the label'],
  ['(has(a)', 'at its end a parenthesis is open. Instead: ")"'],
  ['has(a))', 'at character 7 (")") the selector should have ended'],
  ['has(a) has(b)', 'at character 8 ("has(b)") the selector should have ended'],
  ['has(a) & has(b)', 'at character 8 ("& has(b)") "&" has no meaning there. Instead: "&&", two of them'],
  ['has(a) | has(b)', 'Instead: "||", two of them'],
  ['has(a) &&', 'at its end a condition is missing'],
  ["app in {'a' 'b'}", 'at character 13 ("\'b\'}") a set of values is open'],
  ["app in 'a'", 'a set of values is missing'],
  ['app', 'at its end no operator stands behind the label'],
  ["'web'", 'a condition is missing'],
  ["app like 'x'", 'at character 5 ("like \'x\'") no operator stands behind the label'],
  ['global()', 'global() stands where it is not allowed'],
  ['app == "ä" && ü', '"ü" has no meaning there'],
])('%s is refused, with the place', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('the error names the field', () => {
  expect(() => parse('app')).toThrow('[spec.selector]');
});

test('a formula that is written is parsed as the same formula', () => {
  fc.assert(fc.property(selector, (each) => {
    expect(parse(writeSelector(each.toExpression(), 'x')).key).toBe(each.key);
  }), { numRuns: 1000 });
});

test('a formula in canonical form says what it said before', () => {
  const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'pcns.team'), fc.constantFrom('', 'web', 'api', "it's"), { noNullPrototype: true });
  fc.assert(fc.property(selector, labels, (each, own) => {
    expect(Selector.expression({ kind: 'not', of: each.toExpression() }).matches(own)).toBe(!each.matches(own));
    expect(Selector.expression({ kind: 'not', of: { kind: 'not', of: each.toExpression() } }).key).toBe(each.key);
  }), { numRuns: 1000 });
});

test('a text with quotes of both kinds cannot be said', () => {
  expect(() => writeSelector({ kind: 'label', key: 'app', operator: 'In', values: [`'"`] }, 'x')).toThrow('has quotes of both kinds');
});
