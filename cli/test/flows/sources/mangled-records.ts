import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { observationJson } from '../../../src/flows/observation-json';
import { FlowSource, Reading, SKIP_REASONS } from '../../../src/flows/sources/flow-source';
import { MARKER, NOW } from './samples';

const OTHERS: readonly unknown[] = [undefined, null, true, 0, -1, 1.5, 1e300, 70_000, '', '-', 'x', '-1', 'NaN', [], [null], [7], {}, { x: [] }, { labels: 7 }];

/** A record with each of its fields, at any depth, in turn being something else. */
export function* mangled(record: unknown): Generator<unknown> {
  if (typeof record !== 'object' || record === null) return;
  for (const [key, value] of Object.entries(record)) {
    for (const other of OTHERS) yield withField(record, key, other);
    for (const inner of mangled(value)) yield withField(record, key, inner);
  }
}

/** The beginnings of a line, from nothing to all but its end. */
export function beginnings(line: string): string[] {
  return Array.from(line, (_, length) => line.slice(0, length));
}

/** Reads without throwing, and gives either observations that hold together or a reason for having none. */
export function expectSound(source: FlowSource, record: unknown): Reading {
  const reading = source.reader({ inventory: FlowInventory.NONE, now: NOW, marker: MARKER }).read(record);
  const problems = [
    ...(reading.observations.length > 0 === (reading.skipped === undefined) ? [] : ['neither observations nor a reason, or both']),
    ...(reading.skipped === undefined || SKIP_REASONS.includes(reading.skipped) ? [] : [`the reason ${reading.skipped}`]),
    ...(reading.time === undefined || Number.isFinite(reading.time) ? [] : [`the time ${reading.time}`]),
    ...reading.observations.flatMap((observation, index) => [
      ...(observation.port === null || (Number.isInteger(observation.port) && observation.port >= 1 && observation.port <= 65_535) ? [] : [`the port ${observation.port}`]),
      ...(Number.isInteger(observation.count) && observation.count >= 1 ? [] : [`the count ${observation.count}`]),
      ...holes(observationJson(observation, index)),
    ]),
  ];
  if (problems.length > 0) throw new Error(`${problems.join(', ')} of ${JSON.stringify(record)}`);
  return reading;
}

/** Undefined fields of peers are no holes: they are left out of the JSON. */
function holes(value: unknown): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`the number ${value}`];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(holes) : [];
}

function withField(record: object, key: string, value: unknown): unknown {
  if (Array.isArray(record)) return record.map((each: unknown, index) => (String(index) === key ? value : each));
  return Object.fromEntries(Object.entries({ ...record, [key]: value }).filter(([, each]) => each !== undefined));
}
