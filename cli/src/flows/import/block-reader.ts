import { FlowSource, Reading, RecordReader, skipped, SourceContext } from '../sources/flow-source';
import { BatchData, HourlyBatch } from './hourly-batch';
import { LineBlock } from './line-blocks';
import { Tally, TallyData } from './tally';

const NEWLINE = 10;
const RETURN = 13;
/** Space, tab, return. */
const BLANK = [32, 9, RETURN];
/** Rows that are kept in memory: some tens of megabytes of them. */
const MOST_ROWS = 40_000;

/** Reads records, block by block, and adds them up. Whichever thread reads, it reads by this. */
export class BlockReader {
  private readonly reader: RecordReader;
  private batch: HourlyBatch;
  private tally = new Tally();

  /** @param onReading wants to see each reading, with its line counted from the last `takeTally` */
  public constructor(source: FlowSource, private readonly context: SourceContext, private readonly onReading?: (reading: Reading, line: number) => void) {
    this.reader = source.reader(context);
    this.batch = new HourlyBatch(context.now);
  }

  public readBlock({ bytes, knownOfFirst, isTooLong }: LineBlock): void {
    if (isTooLong) {
      this.tally.lines++;
      this.take(skipped('malformed', { detail: 'is longer than any record' }));
      return;
    }
    for (let start = 0, known = knownOfFirst; start < bytes.length; known = 0) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      const shown = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
      this.tally.lines++;
      // it was whole already, and only its end is new; and a blank line is no record
      const wasRead = known > 0 && (known === end - start || known === shown - start);
      if (!wasRead && !isBlank(bytes, start, shown)) this.readLine(bytes, start, shown);
      start = end + 1;
    }
  }

  /** One of the records of a document, which count as lines. */
  public readRecord(record: unknown): void {
    this.tally.lines++;
    this.take(this.reader.read(record));
  }

  /** Those that were read since `takeTally`. */
  public get lines(): number {
    return this.tally.lines;
  }

  /** Whether it is time to take the batch. */
  public get isFull(): boolean {
    return this.batch.rows >= MOST_ROWS;
  }

  public takeBatch(): BatchData {
    const { data } = this.batch;
    this.batch = new HourlyBatch(this.context.now);
    return data;
  }

  public takeTally(): TallyData {
    const { tally } = this;
    this.tally = new Tally();
    return tally;
  }

  private readLine(bytes: Buffer, start: number, end: number): void {
    this.take(this.reader.read(bytes.toString('utf8', start, end)));
  }

  private take(reading: Reading): void {
    this.tally.count(reading);
    this.batch.add(reading);
    this.onReading?.(reading, this.tally.lines);
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && BLANK.includes(bytes[at]!)) at++;
  return at === end;
}
