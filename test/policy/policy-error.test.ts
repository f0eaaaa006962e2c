import { locate, PolicyError, quote } from '../../lib/policy';
import { messageOf } from '../cluster/message-of';

const problem = { given: '10.0.0.0', problem: 'has no prefix length', instead: '"10.0.0.0/32"' };

test('a message says where, what was given, what is wrong and what to write instead', () => {
  const error = new PolicyError({ ...problem, where: 'shop/web' });
  expect(error.message).toBe('[shop/web] "10.0.0.0" has no prefix length. Instead: "10.0.0.0/32"');
  expect(error.name).toBe('PolicyError');
  expect(error).toBeInstanceOf(Error);
  expect(error.problem).toEqual({ ...problem, where: 'shop/web' });
});

test('without a place or an advice these parts are left out', () => {
  expect(new PolicyError({ given: 5, problem: 'is not a port' }).message).toBe('5 is not a port');
  expect(new PolicyError({ ...problem, where: '' }).message).toBe('"10.0.0.0" has no prefix length. Instead: "10.0.0.0/32"');
});

test('places are put in front from the inside out', () => {
  const error = new PolicyError(problem).at('cidrs[0]').at('shop/web');
  expect(error.problem.where).toBe('shop/web: cidrs[0]');
  expect(error.message).toBe('[shop/web: cidrs[0]] "10.0.0.0" has no prefix length. Instead: "10.0.0.0/32"');
});

test('no place is said twice', () => {
  const error = new PolicyError({ ...problem, where: 'shop/web' });
  expect(error.at('shop/web')).toBe(error);
  expect(error.at('shop').at('shop').problem.where).toBe('shop: shop/web');
});

test('locate gives its place to errors of values, and to nothing else', () => {
  expect(locate('here', () => 5)).toBe(5);
  expect(messageOf(() => locate('here', () => {
    throw new PolicyError(problem);
  }))).toBe('[here] "10.0.0.0" has no prefix length. Instead: "10.0.0.0/32"');
  const other = new TypeError('of the program');
  expect(() => locate('here', () => {
    throw other;
  })).toThrow(other);
});

class Noisy {
  public readonly self = this;
  public toString(): string {
    return 'noisy';
  }
}

test.each<[unknown, string]>([
  ['web', '"web"'],
  ['a "quoted" word', '"a \\"quoted\\" word"'],
  [5, '5'],
  [NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [7n, '7'],
  [undefined, 'undefined'],
  [null, 'null'],
  [true, 'true'],
  [[90, 80], '[90,80]'],
  [{ app: 'web' }, '{"app":"web"}'],
  [Symbol.for('x'), 'Symbol(x)'],
  [{ big: 1n }, '"[object Object]"'],
  [new Noisy(), '"noisy"'],
  ['x'.repeat(500), `"${'x'.repeat(156)}...`],
])('a value is quoted as %#', (value, text) => {
  expect(quote(value)).toBe(text);
});
