import { durationOf, durationText } from '../../src/flows/durations';

test.each([['90m', 5_400_000], ['36h', 129_600_000], ['14d', 1_209_600_000], ['2w', 1_209_600_000]])('%s is so many milliseconds', (text, milliseconds) => {
  expect(durationOf(text)).toBe(milliseconds);
});

test.each(['', '14', '0d', 'd', '-1d', '1.5h', '3 months'])('"%s" is no duration', (text) => expect(() => durationOf(text)).toThrow(/is no duration/));

test.each([
  ['14d', '14 d'], ['36h', '1 d 12 h'], ['90m', '1 h 30 min'], ['60m', '1 h'], ['24h', '1 d'],
])('%s is told as %s', (text, told) => expect(durationText(durationOf(text))).toBe(told));

test.each([[0, 'less than a minute'], [29_000, 'less than a minute'], [13 * 3_600_000 + 59.9 * 60_000, '14 h'], [23 * 3_600_000 + 59.9 * 60_000, '1 d']])('%i ms is told as %s', (time, told) => {
  expect(durationText(time)).toBe(told);
});
