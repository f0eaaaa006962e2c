import { Reading, SkipReason } from '../sources/flow-source';

/** A line that could not be read, for the report. */
export interface MalformedSample {
  readonly line: number;
  readonly detail: string;
}

const SAMPLES = 5;

/** What became of some records. Plain data, which one thread can hand to another. */
export interface TallyData {
  /** Empty ones included, which are no records. */
  readonly lines: number;
  readonly records: number;
  readonly observations: number;
  readonly lost: number;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly skipped: ReadonlyMap<SkipReason, number>;
  readonly malformed: readonly MalformedSample[];
}

/** What became of the records of one file. */
export class Tally implements TallyData {
  public lines = 0;
  public records = 0;
  public observations = 0;
  public lost = 0;
  public firstSeen: number | null = null;
  public lastSeen: number | null = null;
  public readonly skipped = new Map<SkipReason, number>();
  public readonly malformed: MalformedSample[] = [];

  /**
   * Of the line that was counted last.
   * @param records that are alike: it is the reading of each
   * @param times of each of them; default: its own
   */
  public count(reading: Reading, records = 1, times: Iterable<number> = []): void {
    this.records += records;
    this.observations += records * reading.observations.length;
    this.lost += records * (reading.lost ?? 0);
    if (reading.skipped !== undefined) {
      this.skipped.set(reading.skipped, this.skippedFor(reading.skipped) + records);
      if (reading.skipped === 'malformed' && this.malformed.length < SAMPLES) this.malformed.push({ line: this.lines, detail: reading.detail ?? 'cannot be read' });
    }
    if (reading.time === undefined || reading.skipped === 'clock') return;
    this.widen(reading.time);
    for (const time of times) this.widen(time);
  }

  /** @param before the lines before those of the other one, which has numbers of its own */
  public add(other: TallyData, before: number): void {
    this.lines += other.lines;
    this.records += other.records;
    this.observations += other.observations;
    this.lost += other.lost;
    for (const [reason, count] of other.skipped) this.skipped.set(reason, this.skippedFor(reason) + count);
    this.malformed.push(...other.malformed.slice(0, SAMPLES - this.malformed.length).map(({ line, detail }) => ({ line: before + line, detail })));
    this.widen(other.firstSeen);
    this.widen(other.lastSeen);
  }

  public skippedFor(reason: SkipReason): number {
    return this.skipped.get(reason) ?? 0;
  }

  public get malformedShare(): number {
    return this.records === 0 ? 0 : this.skippedFor('malformed') / this.records;
  }

  private widen(time: number | null): void {
    if (time === null) return;
    if (this.firstSeen === null || time < this.firstSeen) this.firstSeen = time;
    if (this.lastSeen === null || time > this.lastSeen) this.lastSeen = time;
  }
}
