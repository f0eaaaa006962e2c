import * as fc from 'fast-check';
import { timeOf } from '../../src/flows/timestamps';

test('milliseconds are cut, and a zone counts', () => {
  expect(timeOf('2026-09-01T10:00:00.123999999Z')).toBe(Date.UTC(2026, 8, 1, 10, 0, 0, 123));
  expect(timeOf('2026-09-01t12:00:00+02:00')).toBe(Date.UTC(2026, 8, 1, 10));
  expect(timeOf('2026-09-01 10:00:00')).toBe(Date.UTC(2026, 8, 1, 10));
});

test.each(['', '2026-02-31T00:00:00Z', '2026-09-01T24:00:00Z', '2026-09-01T10:00:60Z', '2026-09-01T10:00:00.Z', '2026-09-01T10:00:00.1234567890Z', '2026-09-01', '2026-09-01T10:00:5:Z'])(
  '%j is no time, also where the last one was of that minute', (text) => {
    expect(timeOf('2026-09-01T10:00:00Z')).toBeDefined();
    expect(timeOf(text)).toBeUndefined();
  },
);

test('what was asked before does not matter', () => {
  const part = (most: number, width: number) => fc.nat(most).map((number) => String(number).padStart(width, '0'));
  const fraction = fc.oneof(fc.constant(''), fc.nat(999_999_999).map((number) => `.${number}`), fc.constantFrom('.', '.x', ',5', '.0000000001'));
  const text = fc.tuple(part(2, 2), part(99, 2), fraction, fc.constantFrom('Z', 'Z', 'Z', 'z', '', '+01:00', 'ZZ')).map(
    ([minute, second, rest, zone]) => `2026-09-01T10:${minute}:${second}${rest}${zone}`,
  );
  fc.assert(fc.property(fc.array(text, { minLength: 2, maxLength: 20 }), (texts) => {
    const alone = texts.map((each) => {
      timeOf('1999-01-01T00:00:00Z');
      return timeOf(each);
    });
    expect(texts.map(timeOf)).toEqual(alone);
  }));
});
