import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { Observation, OBSERVED_VERDICTS } from '../../../src/flows/observation';
import { observationJson } from '../../../src/flows/observation-json';
import { FlowSource, Reading, SKIP_REASONS } from '../../../src/flows/sources/flow-source';
import { MARKER, NOW } from './samples';

/** What JSON may hold where something else is expected. */
export const OTHER_VALUES: readonly unknown[] = [
  undefined, null, true, 0, 7, -1, 1.5, 65_536, 1e21, 1e300, '', '-', 'x', '-1', '1e3', 'NaN', 'constructor', '__proto__', '999.1.1.1', 'fe80::1%eth0', '::ffff:0a00:0001',
  [], [null], [7], ['1'], {}, { x: [] }, { labels: 7 }, { name: {} }, { toString: 'x' },
];

/** The same in text. */
export const OTHER_WORDS: readonly string[] = OTHER_VALUES.map((value) => (typeof value === 'string' ? value : JSON.stringify(value) ?? ''));

/** The beginnings of a line, from nothing to all but its end, as a file has it that is still being written. */
export function beginnings(line: string): readonly string[] {
  return Array.from(line, (_, length) => line.slice(0, length));
}

/** A record with each of its fields, at any depth, in turn being something else. */
export function* mangled(record: unknown): Generator<unknown> {
  if (typeof record !== 'object' || record === null) return;
  for (const [key, value] of Object.entries(record)) {
    for (const other of OTHER_VALUES) yield withField(record, key, other);
    for (const inner of mangled(value)) yield withField(record, key, inner);
  }
}

/** Holds a source to reading these lines, however they are damaged. */
export function expectToSurviveDamage(source: FlowSource, lines: readonly string[], inventory?: FlowInventory): void {
  for (const line of lines) {
    for (const each of [...beginnings(line), line]) expectSound(source, each, inventory);
    for (const each of mangled(recordOf(line))) expectSound(source, JSON.stringify(each), inventory);
  }
  expectAllSound(source, OTHER_VALUES, inventory);
}

export function expectAllSound(source: FlowSource, records: Iterable<unknown>, inventory?: FlowInventory): void {
  for (const record of records) expectSound(source, record, inventory);
}

/** Reads with a reader of its own, without failing, and gives either observations that hold together or a reason for having none. */
export function expectSound(source: FlowSource, record: unknown, inventory = FlowInventory.NONE): Reading {
  const reading = source.reader({ inventory, now: NOW, marker: MARKER }).read(record);
  const problems = [...problemsOfReading(reading), ...reading.observations.flatMap(problemsOfObservation)];
  // the record is shown for whoever has to find the damage
  if (problems.length > 0) throw new Error(`${problems.join(', ')}: ${JSON.stringify(record)} gives ${JSON.stringify(reading)}`);
  return reading;
}

function problemsOfReading({ observations, skipped, detail, time, node, lost }: Reading): readonly string[] {
  return [
    ...((observations.length === 0) === (skipped === undefined) ? ['neither observations nor a reason, or both'] : []),
    ...(skipped === undefined || SKIP_REASONS.includes(skipped) ? [] : ['a reason that is none']),
    ...(skipped === 'malformed' && !detail ? ['nothing said of what is malformed'] : []),
    ...(isTime(time) ? [] : ['the time of the reading']),
    ...(node === undefined || (typeof node === 'string' && node !== '') ? [] : ['the node']),
    ...(lost === undefined || (Number.isSafeInteger(lost) && lost >= 0) ? [] : ['what was lost']),
  ];
}

function problemsOfObservation(observation: Observation): readonly string[] {
  const { time, until, port, count, protocol, verdict, direction, decidedBy, src, dst } = observation;
  return [
    ...(isTime(time) && isTime(until) ? [] : ['the time']),
    ...(port === null || isPort(port) ? [] : ['the port']),
    ...(Number.isSafeInteger(count) && count >= 1 ? [] : ['the count']),
    ...(['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'unknown'].includes(protocol) ? [] : ['the protocol']),
    ...(OBSERVED_VERDICTS.includes(verdict) ? [] : ['the verdict']),
    ...(['ingress', 'egress', 'unknown'].includes(direction) ? [] : ['the direction']),
    ...(decidedBy === null || (decidedBy.length > 0 && decidedBy.every(({ name, tier }) => [name, tier].some((word) => typeof word === 'string' && word !== ''))) ? [] : ['who decided']),
    ...([src, dst].some((peer) => hasHoles(peer)) ? ['a peer'] : []),
    ...(hasStrangeNumbers(observationJson(observation, 1)) ? ['a number'] : []),
  ];
}

function isTime(time: number | null | undefined): boolean {
  return time === undefined || time === null || Number.isSafeInteger(time);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** No empty text, no number and nothing undefined anywhere in a peer. */
function hasHoles(value: unknown, key = ''): boolean {
  if (typeof value === 'object' && value !== null) return Object.entries(value).some(([inner, each]) => hasHoles(each, key === 'labels' ? 'label' : inner));
  return value === null ? !['workload', 'kind', 'ip'].includes(key) : typeof value !== 'string' || (value === '' && key !== 'label');
}

function hasStrangeNumbers(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasStrangeNumbers);
}

function recordOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function withField(record: object, key: string, value: unknown): unknown {
  if (Array.isArray(record)) return record.map((each: unknown, index) => (String(index) === key ? value : each));
  return Object.fromEntries(Object.entries({ ...record, [key]: value }).filter(([, each]) => each !== undefined));
}
