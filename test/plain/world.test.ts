import { inEveryWorld, type Question, type World } from './world';

const A: Question = { kind: 'cni', about: 'A?' };
const B: Question = { kind: 'fqdn', about: 'B?' };

test('an evaluation that asks nothing has one world', () => {
  expect(inEveryWorld(() => true)).toEqual({ verdict: 'allowed', conditions: [] });
  expect(inEveryWorld(() => false)).toEqual({ verdict: 'denied', conditions: [] });
});

test('worlds that disagree make it depend on what was asked', () => {
  expect(inEveryWorld((world) => world.ask(A))).toEqual({ verdict: 'depends', conditions: [A] });
  expect(inEveryWorld((world) => world.ask(A) && world.ask(B))).toEqual({ verdict: 'depends', conditions: [A, B] });
});

test('a question whose answer changes nothing is no condition', () => {
  expect(inEveryWorld((world) => world.ask(A) || true)).toEqual({ verdict: 'allowed', conditions: [] });
  expect(inEveryWorld((world) => (world.ask(A) || !world.ask(A)) && world.ask(B))).toEqual({ verdict: 'depends', conditions: [B] });
});

test('one question has one answer in a world', () => {
  expect(inEveryWorld((world) => world.ask(A) && !world.ask({ ...A })).verdict).toBe('denied');
});

test('a setting that is known is not asked', () => {
  const ask = (setting: boolean | undefined) => inEveryWorld((world) => world.setting(setting, 'A?')).verdict;
  expect([true, false, undefined].map(ask)).toEqual(['allowed', 'denied', 'depends']);
});

test('a choice among several is tried in full', () => {
  const seen = new Set<string>();
  inEveryWorld((world) => {
    seen.add(world.pick(A, ['one', 'two', 'three']));
    return true;
  });
  expect([...seen]).toEqual(['one', 'two', 'three']);
});

test('a single option is no question', () => {
  expect(inEveryWorld((world) => world.pick(A, [true]))).toEqual({ verdict: 'allowed', conditions: [] });
});

test('errors of the evaluation are not worlds', () => {
  expect(() => inEveryWorld(() => {
    throw new Error('broken policy');
  })).toThrow('broken policy');
});

test('too many worlds are refused instead of running for hours', () => {
  const manyQuestions = (world: World): boolean =>
    Array.from({ length: 20 }, (_, index) => world.ask({ kind: 'cni', about: `${index}?` })).every(Boolean);
  expect(() => inEveryWorld(manyQuestions)).toThrow('more than 50000 worlds');
});
