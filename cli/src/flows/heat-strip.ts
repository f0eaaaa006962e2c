import { groupBy } from 'cdk8s-netpol/analysis';
import { Paint, Style } from '../terminal';
import { HOUR } from './durations';
import { ActivityHour, CoverageHour, Window } from './store/flow-store';

/** What there is to draw: what `FlowStore` says of one window. Hours outside of it are left out. */
export interface HeatStripHours {
  /** Every hour that it touches is drawn as a whole. */
  readonly window: Window;
  readonly coverage: readonly CoverageHour[];
  readonly activity: readonly ActivityHour[];
}

export interface HeatStripLook {
  /** Signs a line may have; a longer window gets several hours a sign. */
  readonly width: number;
  readonly paint: Paint;
}

/** A run of hours that is one sign. */
interface Bucket {
  /** Hours since 1970. */
  readonly first: number;
  readonly hours: number;
  readonly coverage: readonly CoverageHour[];
  readonly dropped: number;
  readonly wouldDrop: number;
}

interface Row {
  readonly title: string;
  readonly signs: readonly string[];
  readonly legend: readonly string[];
  readonly style: (sign: string) => Style | undefined;
}

const TITLE = 12;
const FEWEST_SIGNS = 12;
/** Hours a sign may stand for: each day begins with one. */
const SIZES = [1, 2, 3, 4, 6, 8, 12, 24];
const DAY_HOURS = 24;
/** A recorder that wrote nothing for so many minutes on end may have been away. */
const LONG_SILENCE = 30;

const NOBODY = '?';
const OBSERVED: ReadonlyArray<readonly [sign: string, meaning: string, style: Style]> = [
  ['#', 'every node, all the time', 'green'],
  ['+', 'half of it or more', 'yellow'],
  ['-', 'less than half', 'yellow'],
  ['!', 'events were lost or sampled', 'red'],
  [NOBODY, 'nobody recorded', 'dim'],
];
const NONE = '.';

/**
 * Draws when traffic was observed, when it was dropped, and when it would be by policies that are being tried: lines without
 * line ends, the newest hour at the right, which can be read without colours too.
 *
 *     observed    ########!###????####
 *     dropped     ....12......????....
 *     would drop  3...........????...1
 *                 |09-29 18:00|09-30
 *     observed:   # every node, all the time   ! events were lost or sampled   ? nobody recorded
 *     dropped:    . none   1 up to 9   2 up to 99   3 up to 999
 *
 * `#` needs events of every node and source that the window knows, without half an hour of silence, and none lost or sampled.
 * A drop is drawn by the digits of its number. Where nobody recorded, that nothing was dropped is not known: `?`.
 */
export function heatStrip(hours: HeatStripHours, { width, paint }: HeatStripLook): readonly string[] {
  const room = Math.max(FEWEST_SIGNS, width - TITLE);
  const buckets = bucketsOf(hours, room);
  const recorders = new Set(buckets.flatMap(({ coverage }) => coverage.map(recorderOf))).size;
  const observed = observedRow(buckets, recorders);
  const drops = [dropRow('dropped', 'red', buckets, ({ dropped }) => dropped), dropRow('would drop', 'yellow', buckets, ({ wouldDrop }) => wouldDrop)];
  const greatest = drops.reduce((a, b) => (b.legend.length > a.legend.length ? b : a));
  return [
    ...[observed, ...drops].map(({ title, signs, style }) => title.padEnd(TITLE) + painted(signs, style, paint)),
    ' '.repeat(TITLE) + axis(buckets, room),
    `${'observed:'.padEnd(TITLE)}${observed.legend.join('   ')}`,
    `${'drops:'.padEnd(TITLE)}${greatest.legend.join('   ')}`,
  ];
}

/** How many hours one sign of the strip stands for. */
export function hoursPerSign({ from, until }: Window, width: number): number {
  return sizeFor(Math.floor(from / HOUR), Math.ceil(until / HOUR), Math.max(FEWEST_SIGNS, width - TITLE));
}

function sizeFor(first: number, end: number, room: number): number {
  const fits = (size: number): boolean => Math.ceil(end / size) - Math.floor(first / size) <= room;
  for (const size of SIZES) if (fits(size)) return size;
  let days = 2;
  while (!fits(days * DAY_HOURS)) days++;
  return days * DAY_HOURS;
}

function bucketsOf({ window, coverage, activity }: HeatStripHours, room: number): readonly Bucket[] {
  const [first, end] = [Math.floor(window.from / HOUR), Math.ceil(window.until / HOUR)];
  const size = sizeFor(first, end, room);
  const watched = grouped(coverage, first, end, size);
  const happened = grouped(activity, first, end, size);
  const buckets: Bucket[] = [];
  for (let index = Math.floor(first / size); index * size < end; index++) {
    const begin = Math.max(first, index * size);
    buckets.push({
      first: begin,
      hours: Math.min(end, (index + 1) * size) - begin,
      coverage: watched.get(index) ?? [],
      dropped: sum(happened.get(index), ({ denied }) => denied),
      wouldDrop: sum(happened.get(index), ({ wouldDeny }) => wouldDeny),
    });
  }
  return buckets;
}

function grouped<T extends { readonly hour: number }>(items: readonly T[], first: number, end: number, size: number): ReadonlyMap<number, readonly T[]> {
  const hourOf = (item: T): number => Math.floor(item.hour / HOUR);
  return groupBy(items.filter((item) => hourOf(item) >= first && hourOf(item) < end), (item) => Math.floor(hourOf(item) / size));
}

function sum<T>(items: readonly T[] | undefined, number: (item: T) => number): number {
  return (items ?? []).reduce((total, item) => total + number(item), 0);
}

/** A node as one source sees it: another source on the same node sees other things. */
function recorderOf({ source, node }: CoverageHour): string {
  return `${source}\0${node}`;
}

function observedRow(buckets: readonly Bucket[], recorders: number): Row {
  const signs = buckets.map((bucket) => observedSign(bucket, recorders));
  return {
    title: 'observed',
    signs,
    legend: OBSERVED.filter(([sign]) => signs.includes(sign)).map(([sign, meaning]) => `${sign} ${meaning}`),
    style: (sign) => OBSERVED.find(([each]) => each === sign)?.[2],
  };
}

function observedSign({ coverage, hours }: Bucket, recorders: number): string {
  if (coverage.length === 0) return NOBODY;
  if (coverage.some(({ lost, sampled }) => lost > 0 || sampled > 1)) return '!';
  const whole = coverage.filter(({ longestSilence }) => longestSilence < LONG_SILENCE).length;
  const share = whole / (recorders * hours);
  return share === 1 ? '#' : share >= 0.5 ? '+' : '-';
}

function dropRow(title: string, style: Style, buckets: readonly Bucket[], countOf: (bucket: Bucket) => number): Row {
  const counts = buckets.map(countOf);
  const greatest = Math.max(0, ...counts);
  return {
    title,
    signs: buckets.map(({ coverage }, index) => (counts[index]! > 0 ? digitsOf(counts[index]!) : coverage.length === 0 ? NOBODY : NONE)),
    legend: [`${NONE} none`, ...Array.from({ length: greatest > 0 ? Number(digitsOf(greatest)) : 0 }, (_, index) => digitMeaning(index + 1))],
    style: (sign) => (sign === NONE || sign === NOBODY ? 'dim' : style),
  };
}

function digitsOf(count: number): string {
  return String(Math.min(9, String(count).length));
}

function digitMeaning(digits: number): string {
  return digits === 9 ? '9 more' : `${digits} up to ${(10 ** digits - 1).toLocaleString('en')}`;
}

function painted(signs: readonly string[], style: Row['style'], paint: Paint): string {
  return signs.join('').replace(/(.)\1*/g, (run: string, sign: string) => {
    const chosen = style(sign);
    return chosen === undefined ? run : paint(chosen, run);
  });
}

/** Where the window and its days begin; a day whose name has no room has none. */
function axis(buckets: readonly Bucket[], room: number): string {
  const days = buckets.flatMap(({ first }, index) => (index > 0 && first % DAY_HOURS === 0 ? [{ index, label: `|${dayText(first)}` }] : []))
    .filter(({ index, label }) => index + label.length <= room);
  let line = '';
  for (const { index, label } of [{ index: 0, label: startLabel(buckets[0]!.first, days.map((day) => day.index)) }, ...days]) {
    if (index >= line.length) line = line.padEnd(index) + label;
  }
  return line;
}

/** The day says more than the hour, as long as another day is still named. */
function startLabel(first: number, days: readonly number[]): string {
  const day = `|${dayText(first)}`;
  if (first % DAY_HOURS === 0) return day;
  const hour = `${String(first % DAY_HOURS).padStart(2, '0')}:00`;
  const [next = Infinity, ...later] = days;
  const fitting = [`${day} ${hour}`, `|${hour}`].find(({ length }) => length <= next);
  return fitting ?? (later.some((index) => index >= day.length) ? day : '|');
}

function dayText(hour: number): string {
  return new Date(hour * HOUR).toISOString().slice(5, 10);
}
