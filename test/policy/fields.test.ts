import { checkFields } from '../../lib/policy';
import { messageOf } from '../cluster/message-of';

interface Sample {
  readonly name: string;
  readonly wide?: boolean;
}
const check = (given: unknown): (() => unknown) => () => checkFields<Sample>(given as Sample, { name: 'value', wide: 'flag' });

test('a struct is given back as it came, optional fields left out or undefined', () => {
  for (const given of [{ name: 'x' }, { name: 'x', wide: undefined }, { name: 'x', wide: false }, {}]) expect(check(given)()).toBe(given);
});

test.each<[unknown, string]>([
  [undefined, 'undefined is not an object with properties. Instead: { ... } with name, wide'],
  [null, 'null is not an object with properties. Instead: { ... } with name, wide'],
  ['x', '"x" is not an object with properties. Instead: { ... } with name, wide'],
  [['x'], '["x"] is not an object with properties. Instead: { ... } with name, wide'],
  [{ nmae: 'x' }, '"nmae" is no property here, and would be ignored. Instead: one of name, wide'],
  [{ constructor: 'x' }, '"constructor" is no property here, and would be ignored. Instead: one of name, wide'],
  [{ name: null }, '[name] null is not a value. Instead: a value for name, or nothing at all'],
  [{ name: 'x', wide: 'no' }, '[wide] "no" is neither true nor false. Instead: true or false'],
])('as a struct %j is refused', (given, message) => {
  expect(messageOf(check(given))).toBe(message);
});
