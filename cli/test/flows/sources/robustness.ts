import { FlowSource, Reading, SKIP_REASONS } from '../../../src/flows/sources/flow-source';
import { readAll } from './samples';

/** What JSON may hold where something else is expected. */
export const OTHER_VALUES: readonly unknown[] = [null, true, -1, 1.5, 70_000, 1e21, '', 'x', '-1', '1e3', [], ['1'], {}, { toString: 'x' }, 'constructor', '__proto__'];

/** The same in text. */
export const OTHER_WORDS: readonly string[] = OTHER_VALUES.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

/** The line cut at every length, as a file is that is still being written. */
export function cuts(line: string): readonly string[] {
  return Array.from(line, (_, length) => line.slice(0, length));
}

/** Reads each line with a reader of its own, and holds its reading to what every reading promises. */
export function expectSoundReadings(source: FlowSource, lines: Iterable<unknown>): void {
  for (const line of lines) {
    const [reading] = readAll(source, [line]);
    const context = `${JSON.stringify(line)} => ${JSON.stringify(reading)}`;
    expect({ context, problems: problemsOf(reading!) }).toEqual({ context, problems: [] });
  }
}

function problemsOf({ observations, skipped, detail, time, lost }: Reading): readonly string[] {
  const isTime = (value: number | null | undefined) => value === undefined || value === null || Number.isSafeInteger(value);
  return [
    ...((observations.length === 0) === (skipped === undefined) ? ['is neither observed nor skipped, or both'] : []),
    ...(skipped === undefined || SKIP_REASONS.includes(skipped) ? [] : ['is skipped for no reason that is known']),
    ...(skipped === 'malformed' && !detail ? ['does not say what is malformed'] : []),
    ...(isTime(time) && (lost === undefined || Number.isSafeInteger(lost)) ? [] : ['has a number that is none']),
    ...observations.filter((each) => !isTime(each.time) || !isTime(each.until)).map(() => 'has a time that is none'),
    ...observations.filter(({ port }) => port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535)).map(() => 'has a port that is none'),
    ...observations.filter(({ count }) => !Number.isSafeInteger(count) || count < 1).map(() => 'has a count that is none'),
  ];
}
