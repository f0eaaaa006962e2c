import { newestRecord, queryWindow, WindowFlags } from '../../../src/flows/query/query-window';
import { ImportEntry } from '../../../src/flows/store/flow-store';

const NOW = Date.parse('2026-09-30T16:20:00Z');
const NEWEST = Date.parse('2026-09-28T10:15:00Z');

function windowOf(flags: WindowFlags, newest = NEWEST): string {
  const { from, until } = queryWindow(flags, NOW, newest);
  return [from, until].map((time) => new Date(time).toISOString().slice(0, 16)).join(' ');
}

test.each<[string, WindowFlags, string]>([
  ['the day that ends with the newest record', {}, '2026-09-27T11:00 2026-09-28T11:00'],
  ['a duration, up to now', { since: '24h' }, '2026-09-29T16:00 2026-09-30T17:00'],
  ['a duration before the end', { since: '2h', until: '2026-09-28T10:00:00Z' }, '2026-09-28T08:00 2026-09-28T10:00'],
  ['a time, up to now', { since: '2026-09-29T12:00:00+02:00' }, '2026-09-29T10:00 2026-09-30T17:00'],
  ['a day before the end', { until: '2026-09-28' }, '2026-09-27T00:00 2026-09-28T00:00'],
  ['two days', { since: '2026-09-27', until: '2026-09-28' }, '2026-09-27T00:00 2026-09-28T00:00'],
  ['as tables have it', { since: '2026-09-27 10:05', until: '2026-09-27 10:06' }, '2026-09-27T10:00 2026-09-27T11:00'],
])('%s', (_, flags, expected) => {
  expect(windowOf(flags)).toBe(expected);
});

test('a newest record at the very beginning of an hour is within', () => {
  expect(windowOf({}, Date.parse('2026-09-28T10:00:00Z'))).toBe('2026-09-27T11:00 2026-09-28T11:00');
});

test.each<[WindowFlags, string]>([
  [{ since: 'yesterday' }, '--since: "yesterday" is no time. Instead: a duration such as 24h, or a time such as'],
  [{ since: '24x' }, '"24x" is no duration'],
  [{ since: '0h' }, '"0h" is no duration'],
  [{ until: '24h' }, '--until: "24h" is no time. Instead: a time such as'],
  [{ since: '2026-02-31' }, '--since: "2026-02-31" is no time'],
  [{ since: '2026-09-28', until: '2026-09-27' }, 'the window ends (2026-09-27T00:00:00.000Z) before it begins (2026-09-28T00:00:00.000Z)'],
  [{ since: '2027-01-01' }, 'before it begins'],
])('%j is refused', (flags, message) => {
  expect(() => windowOf(flags)).toThrow(message);
});

test('records without a time were at the latest when they were imported', () => {
  const entry = (lastSeen: number | null, importedAt: number): ImportEntry => ({
    id: 1, name: 'a', source: 'otterize', cluster: 'prod', records: 1, observations: 1, skipped: {}, lost: 0, firstSeen: null, lastSeen, importedAt,
  });
  expect(newestRecord([entry(5, 100), entry(7, 100), entry(6, 100)])).toBe(7);
  expect(newestRecord([entry(5, 100), entry(null, 90)])).toBe(90);
});
