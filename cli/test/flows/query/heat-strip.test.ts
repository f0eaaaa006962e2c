import { heatStrip, hoursPerSign } from '../../../src/flows/heat-strip';
import { ActivityHour, CoverageHour } from '../../../src/flows/store/flow-store';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 8, 29, 18);
const plain = (_: string, text: string): string => text;

function watched(hour: number, change: Partial<CoverageHour> = {}): CoverageHour {
  return { hour: START + hour * HOUR, node: 'n1', source: 'hubble', events: 10, lost: 0, sampled: 1, silentMinutes: 0, longestSilence: 0, ...change };
}

function happened(hour: number, change: Partial<ActivityHour> = {}): ActivityHour {
  return { hour: START + hour * HOUR, count: 10, denied: 0, wouldDeny: 0, ...change };
}

function strip(hours: number, coverage: readonly CoverageHour[], activity: readonly ActivityHour[] = [], width = 80): readonly string[] {
  return heatStrip({ window: { from: START, until: START + hours * HOUR }, coverage, activity }, { width, paint: plain });
}

const range = (count: number, from = 0): readonly number[] => Array.from({ length: count }, (_, index) => from + index);
const row = (lines: readonly string[], title: string): string => lines.find((line) => line.startsWith(title))!.slice(12);

test('the whole picture', () => {
  const coverage = range(20).map((hour) => watched(hour, hour === 7 ? { lost: 3 } : {}));
  const lines = strip(24, coverage, [happened(2, { denied: 7, wouldDeny: 120 }), happened(9, { denied: 99 })]);
  expect(lines).toEqual([
    'observed    #######!############????',
    'dropped     ..1......2..........????',
    'would drop  ..3.................????',
    '            |18:00|09-30',
    'observed:   # every node, all the time   ! events were lost or sampled   ? nobody recorded',
    'drops:      . none   1 up to 9   2 up to 99   3 up to 999',
  ]);
});

describe('an hour is observed', () => {
  const two = (hour: number, change: Partial<CoverageHour> = {}): readonly CoverageHour[] => [watched(hour), watched(hour, { node: 'n2', ...change })];
  test.each<[string, readonly CoverageHour[], string]>([
    ['by every node', [...two(0), ...two(1)], '##'],
    ['by one of two', [...two(0), watched(1)], '#+'],
    ['by one of three', [...two(0), watched(0, { node: 'n3' }), watched(1)], '#-'],
    ['by nobody', two(0), '#?'],
    ['by a node that was silent for half an hour', [...two(0), ...two(1, { longestSilence: 30 })], '#+'],
    ['by a node that was silent for less', [...two(0), ...two(1, { longestSilence: 29 })], '##'],
    ['with loss', [...two(0), ...two(1, { lost: 1 })], '#!'],
    ['with sampling', [...two(0), ...two(1, { sampled: 10 })], '#!'],
    ['by one source of two on the same node', [watched(0), watched(0, { source: 'aws-npa' }), watched(1)], '#+'],
  ])('%s', (_, coverage, expected) => {
    expect(row(strip(2, coverage), 'observed')).toBe(expected);
  });
});

test('what was dropped in an hour that nobody recorded is drawn all the same', () => {
  expect(row(strip(3, [watched(0)], [happened(1, { denied: 1 })]), 'dropped')).toBe('.1?');
});

test.each<[number, string]>([[1, '1'], [9, '1'], [10, '2'], [99_999, '5'], [123_456_789, '9'], [1e12, '9']])('%d drops are drawn as %s', (denied, sign) => {
  expect(row(strip(1, [watched(0)], [happened(0, { denied })]), 'dropped')).toBe(sign);
});

test('hours outside of the window are not drawn', () => {
  const lines = strip(2, [watched(-1, { node: 'n2' }), watched(0), watched(1), watched(2, { lost: 5 })], [happened(-1, { denied: 5 }), happened(2, { denied: 5 })]);
  expect([row(lines, 'observed'), row(lines, 'dropped')]).toEqual(['##', '..']);
});

test('an hour that the window only touches is drawn as a whole', () => {
  const window = { from: START + 40 * 60_000, until: START + HOUR + 1 };
  expect(row(heatStrip({ window, coverage: [watched(0), watched(1)], activity: [] }, { width: 80, paint: plain }), 'observed')).toBe('##');
});

describe('a window that is longer than the line', () => {
  test('has several hours a sign, and each day begins with one', () => {
    // 14 days from 18:00 in 68 signs: 6 hours a sign
    const lines = strip(14 * 24, range(14 * 24).map((hour) => watched(hour)), [happened(6, { denied: 4 }), happened(11, { denied: 6 })]);
    expect(row(lines, 'observed')).toBe('#'.repeat(56));
    expect(row(lines, 'dropped')).toBe(`.2${'.'.repeat(54)}`);
    expect(lines[3]!.trim()).toMatch(/^\|09-29 {3}\|10-02 {2}\|10-04 {2}\|10-06 /);
  });

  test('shows a hole in the hours of a sign', () => {
    const hours = range(14 * 24).filter((hour) => hour !== 7 && !(hour >= 13 && hour < 18) && !(hour >= 18 && hour < 24));
    expect(row(strip(14 * 24, hours.map((hour) => watched(hour))), 'observed').slice(0, 5)).toBe('#+-?#');
  });

  test.each([[24, 1], [68, 1], [69, 2], [14 * 24, 6], [90 * 24, 48], [20_000 * 24, 24 * 295]])('%d hours have %d hours a sign', (hours, size) => {
    const aligned = Date.UTC(1970, 0, 1);
    expect(hoursPerSign({ from: aligned, until: aligned + hours * HOUR }, 80)).toBe(size);
  });

  test.each([24, 40, 80, 133])('never leaves a line of %d signs', (width) => {
    for (const hours of range(40, 1).map((days) => days * 17)) {
      for (const line of strip(hours, [], [], width).slice(0, 4)) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});

test('colours are only added: without them the lines are the same', () => {
  const coverage = [watched(0), watched(1), watched(2, { lost: 1 })];
  const hours = { window: { from: START, until: START + 4 * HOUR }, coverage, activity: [happened(1, { denied: 3 })] };
  const painted = heatStrip(hours, { width: 80, paint: (style, text) => `<${style}>${text}</>` });
  expect(painted[0]).toBe('observed    <green>##</><red>!</><dim>?</>');
  expect(painted[1]).toBe('dropped     <dim>.</><red>1</><dim>.</><dim>?</>');
  expect(painted.map((line) => line.replace(/<[^>]*>/g, ''))).toEqual(heatStrip(hours, { width: 80, paint: plain }));
});
