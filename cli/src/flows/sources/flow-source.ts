import { FlowInventory } from '../inventory/flow-inventory';
import { Observation } from '../observation';
import { isoText } from '../timestamps';
import { RecordParts } from './record-parts';

/** Why a record gives no observation. All but `malformed` are understood. */
export const SKIP_REASONS = [
  'reply', 'undecided', 'lost-events', 'translation', 'not-a-flow', 'not-policy', 'not-final', 'not-a-connection', 'not-ip', 'missing-fields',
  'clock', 'malformed', 'retransmission', 'same-connection', 'loopback',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What becomes of one record: observations, or a reason why there are none. */
export interface Reading {
  readonly observations: readonly Observation[];
  readonly skipped?: SkipReason;
  /** What is wrong with a malformed record, for the report. */
  readonly detail?: string;
  /** When it was written, in milliseconds, where it says so: what was skipped still shows that somebody was watching. */
  readonly time?: number;
  /** The node that wrote it. */
  readonly node?: string;
  /** Events that the source says it lost. */
  readonly lost?: number;
}

/** What a source is told beside its records. */
export interface SourceContext {
  readonly inventory: FlowInventory;
  /** The time of the import, in milliseconds. */
  readonly now: number;
  /** The policy that opens a namespace in AUDIT: what it alone allows would be denied without it. */
  readonly marker: string;
}

/** Reads the records of one file, in their order. A reader may remember what it has seen, to count a connection once. */
export interface RecordReader {
  /** @param record a line, or for a source of whole documents the value that `documentRecords` gave */
  read(record: unknown): Reading;
}

/** One tool that records traffic. What it writes is named in docs/flows. */
export interface FlowSource {
  /** As `--source` takes it. */
  readonly id: string;
  readonly title: string;
  /** Lines, or one JSON document that is taken apart by `documentRecords`. */
  readonly framing: 'lines' | 'document';
  /** It tells of a connection when it opens, and then no more: one that is older than the record is never seen. */
  readonly setUpOnly: boolean;
  /** What a record means depends on no other one: they may be read in any order, and by several at once. */
  readonly independent: boolean;
  /** What the file must look like: a few of its first lines (or the first kilobytes of a document). */
  recognises(head: readonly string[]): boolean;
  reader(context: SourceContext): RecordReader;
  /** Where records are JSON and many are alike: what they are read by. Undefined where more matters, as it can with what is known of a cluster. */
  parts?(context: SourceContext): RecordParts | undefined;
  /** The records within a document, in order; undefined where it is no such document. */
  documentRecords?(document: unknown): Iterable<unknown> | undefined;
}

/** How far ahead of us a clock may be. */
const CLOCK_TOLERANCE = 5 * 60_000;

/** The last time that can be right. */
export function latestTime({ now }: Pick<SourceContext, 'now'>): number {
  return now + CLOCK_TOLERANCE;
}

export function isAhead(time: number, context: Pick<SourceContext, 'now'>): boolean {
  return time > latestTime(context);
}

/** The skip of a record that is of a time still to come. */
export function skippedAsAhead(time: number, seen: Pick<Reading, 'time' | 'node'> = {}): Reading {
  return skipped('clock', { ...seen, detail: `is of ${isoText(time)}` });
}

export function skipped(reason: SkipReason, more: Omit<Reading, 'observations' | 'skipped'> = {}): Reading {
  return { observations: [], skipped: reason, ...more };
}
