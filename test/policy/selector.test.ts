import fc from 'fast-check';
import { Labels, LabelSelectorSpec, Selector } from '../../lib/policy';
import { messageOf } from '../cluster/message-of';
import { KEYS, labels, selectorSpec, VALUES } from './arbitraries';

/** `Requirement.Matches` of apimachinery, word for word: the specification that ours is compared with. */
function matchesAsApimachinery({ matchLabels = {}, matchExpressions = [] }: LabelSelectorSpec, of: Labels): boolean {
  const has = (key: string): boolean => Object.keys(of).includes(key);
  const fromLabels = Object.entries(matchLabels).every(([key, value]) => has(key) && of[key] === value);
  const fromExpressions = matchExpressions.every(({ key, operator, values = [] }) => {
    if (operator === 'In') return has(key) && values.includes(of[key]!);
    if (operator === 'NotIn') return !has(key) || !values.includes(of[key]!);
    if (operator === 'Exists') return has(key);
    return !has(key);
  });
  return fromLabels && fromExpressions;
}

/** Every set of labels over the few keys and values. */
const WORLD: readonly Labels[] = KEYS.reduce<Labels[]>(
  (all, key) => all.flatMap((each) => [each, ...VALUES.map((value) => ({ ...each, [key]: value }))]), [{}],
);

test('a selector matches what apimachinery matches', () => {
  fc.assert(fc.property(selectorSpec, labels, (spec, of) => {
    expect(Selector.of(spec).matches(of)).toBe(matchesAsApimachinery(spec, of));
  }));
});

test('written and read again it is the same selector, and matches the same', () => {
  fc.assert(fc.property(selectorSpec, (spec) => {
    const selector = Selector.of(spec);
    const written = selector.toSpec();
    expect(Selector.of(written).key).toBe(selector.key);
    expect(WORLD.filter((of) => matchesAsApimachinery(written, of))).toEqual(WORLD.filter((of) => matchesAsApimachinery(spec, of)));
  }));
});

test('keys are equal where the same conditions are said in another order, and only there', () => {
  const shuffledSpec = fc.tuple(selectorSpec, fc.infiniteStream(fc.boolean())).map(([spec, flips]) => {
    const flip = <T>(list: readonly T[]): T[] => (flips.next().value ? [...list].reverse() : [...list]);
    const matchLabels = Object.fromEntries(flip(Object.entries(spec.matchLabels ?? {})));
    const repeated = (values: readonly string[]): string[] => flip([...values, values[0]!]);
    const matchExpressions = flip((spec.matchExpressions ?? []).map((each) => (each.values === undefined ? each : { ...each, values: repeated(each.values) })));
    return [spec, { matchLabels, matchExpressions }] as const;
  });
  fc.assert(fc.property(shuffledSpec, ([spec, shuffled]) => {
    expect(Selector.of(shuffled).sameAs(Selector.of(spec))).toBe(true);
  }));
  fc.assert(fc.property(selectorSpec, selectorSpec, (a, b) => {
    if (Selector.of(a).key === Selector.of(b).key) {
      expect(WORLD.filter((of) => matchesAsApimachinery(a, of))).toEqual(WORLD.filter((of) => matchesAsApimachinery(b, of)));
    } else {
      expect(Selector.of(a).toSpec()).not.toEqual(Selector.of(b).toSpec());
    }
  }));
});

test('both selectors at once', () => {
  fc.assert(fc.property(selectorSpec, selectorSpec, labels, (a, b, of) => {
    expect(Selector.of(a).and(Selector.of(b)).matches(of)).toBe(matchesAsApimachinery(a, of) && matchesAsApimachinery(b, of));
  }));
});

test('what a selector implies matches wherever the selector does', () => {
  fc.assert(fc.property(selectorSpec, selectorSpec, (a, b) => {
    const narrow = Selector.of(a);
    expect(narrow.implies(narrow)).toBe(true);
    expect(narrow.and(Selector.of(b)).implies(narrow)).toBe(true);
    if (narrow.implies(Selector.of(b))) expect(WORLD.filter((of) => matchesAsApimachinery(a, of) && !matchesAsApimachinery(b, of))).toEqual([]);
  }));
});

test('NotIn matches where the key is absent', () => {
  const selector = Selector.of({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] });
  expect([{}, { app: 'web' }, { app: 'api' }, { tier: 'web' }].map((of) => selector.matches(of as Labels))).toEqual([true, false, true, true]);
});

test('an empty value is a value: it does not match an absent key', () => {
  expect(Selector.labels({ app: '' }).matches({})).toBe(false);
  expect(Selector.labels({ app: '' }).matches({ app: '' })).toBe(true);
});

test('labels are looked up as their own: "constructor" and "toString" are absent from {}', () => {
  expect(Selector.of({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }).matches({})).toBe(false);
  expect(Selector.of({ matchExpressions: [{ key: 'toString', operator: 'DoesNotExist' }] }).matches({})).toBe(true);
  expect(Selector.labels({ constructor: 'x' }).toSpec()).toEqual({ matchLabels: { constructor: 'x' } });
});

test('two values of one key match nothing, and both are written', () => {
  const nothing = Selector.labels({ app: 'web' }).and(Selector.labels({ app: 'api' }));
  expect(nothing.matches({ app: 'web' })).toBe(false);
  expect(nothing.toSpec()).toEqual({ matchLabels: { app: 'api' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] });
  expect(nothing.asLabels).toBeUndefined();
});

test('a selector is written as kubectl takes it', () => {
  expect(Selector.everything.toString()).toBe('*');
  expect(Selector.of({
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['b', 'a', 'b'] }, { key: 'legacy', operator: 'DoesNotExist' }, { key: 'env', operator: 'NotIn', values: ['dev'] },
      { key: 'team', operator: 'Exists' }, { key: 'zone', operator: 'NotIn', values: ['2', '1'] },
    ],
  }).toString()).toBe('!legacy,app=web,env!=dev,team,tier in (a,b),zone notin (1,2)');
});

test('nothing said is everything, and says so', () => {
  for (const spec of [{}, { matchLabels: {} }, { matchExpressions: [] }, { matchLabels: undefined, matchExpressions: undefined }]) {
    expect(Selector.of(spec)).toBe(Selector.everything);
  }
  expect(Selector.everything.asLabels).toEqual({});
  expect(Selector.everything.toSpec()).toEqual({});
});

const expression = (parts: unknown): (() => unknown) => () => Selector.of({ matchExpressions: [parts] as never });

test.each<[string, () => unknown, string]>([
  ['labels as a string', () => Selector.labels('app=web' as never), '"app=web" are not labels. Instead: labels by name, such as { app: "web" }'],
  ['labels as a list', () => Selector.labels(['app'] as never), '["app"] are not labels. Instead: labels by name, such as { app: "web" }'],
  ['a label with a number', () => Selector.labels({ app: 5 } as never), '5 is not a value that the label "app" can have. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends'],
  ['a label with a blank', () => Selector.labels({ app: 'a b' }), '"a b" is not a value that the label "app" can have. Instead: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends'],
  ['a key with a blank', () => Selector.labels({ 'a b': 'x' }), '"a b" is not a label key. Instead: a key such as "app" or "app.kubernetes.io/name"'],
  ['conditions as an object', () => Selector.of({ matchExpressions: {} as never }), '{} is not a list of conditions. Instead: [{ key: "app", operator: "Exists" }]'],
  ['no condition', expression(undefined), 'undefined is not a condition on a label. Instead: key, operator and values, such as LabelExpression.in("app", ["web"])'],
  ['a condition as text', expression('app'), '"app" is not a condition on a label. Instead: key, operator and values, such as LabelExpression.in("app", ["web"])'],
  ['no operator', expression({ key: 'app' }), 'undefined is not an operator (label "app"). Instead: In, NotIn, Exists or DoesNotExist'],
  ['an operator in capitals', expression({ key: 'app', operator: 'IN', values: ['x'] }), '"IN" is not an operator (label "app"). Instead: In, NotIn, Exists or DoesNotExist'],
  ['an operator of node affinity', expression({ key: 'app', operator: 'Gt', values: ['1'] }), '"Gt" is not an operator (label "app"). Instead: In, NotIn, Exists or DoesNotExist'],
  ['In without values', expression({ key: 'app', operator: 'In' }), 'undefined is empty, but In on the label "app" needs values. Instead: at least one value, or the operator Exists'],
  ['NotIn without values', expression({ key: 'app', operator: 'NotIn', values: [] }), '[] is empty, but NotIn on the label "app" needs values. Instead: at least one value, or no condition'],
  ['values that are no list', expression({ key: 'app', operator: 'In', values: 'web' }), '"web" is not a list of values (label "app"). Instead: a list such as ["web"]'],
  ['Exists with values', expression({ key: 'app', operator: 'Exists', values: ['x'] }), '["x"] are values, but Exists on the label "app" takes none. Instead: the operator In with these values'],
  ['DoesNotExist with values', expression({ key: 'app', operator: 'DoesNotExist', values: ['x'] }), '["x"] are values, but DoesNotExist on the label "app" takes none. Instead: the operator NotIn with these values'],
])('%s is refused', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});
