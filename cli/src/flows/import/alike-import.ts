import { statSync } from 'node:fs';
import { FlowSource, latestTime, RecordReader, SourceContext } from '../sources/flow-source';
import { RecordParts } from '../sources/record-parts';
import { openScratch } from '../store/duckdb/open-duckdb';
import { ImportSession } from '../store/flow-sink';
import { NotAlike, RecordsByLikeness } from './alike-records';
import { ContentDigest } from './content-digest';
import { HEAD_LINES, sourceOf } from './content-source';
import { DigestThread } from './digest-thread';
import { HourlyBatch } from './hourly-batch';
import { ImportOutcome } from './import-content';
import { KnownContent } from './known-content';
import { firstBytes, isPacked } from './open-content';
import { Tally } from './tally';

/** One file, with what is known of it. */
export interface LargeFile {
  readonly path: string;
  /** Those that it may be of. */
  readonly sources: readonly FlowSource[];
  readonly context: SourceContext;
  /** Told now and then, from 0 to 1. */
  readonly onProgress?: (share: number, records: number) => void;
}

/** What is smaller is read line by line in no more time than a database takes to start. */
const LEAST_BYTES = 8 * 1024 * 1024;
const HEAD_BYTES = 256 * 1024;
/** For the records that differ, and a number for each record. */
const MEMORY = '600MB';
/** How much of the time DuckDB takes. */
const GROUPING = 0.7;
/** Records that are alike come in no order of time: a row that was written is soon wanted again. */
const MOST_ROWS = 200_000;

/**
 * Reads a large file by what differs in its records. Whatever is out of the ordinary (lines that are no records, content that was imported
 * before, a file that grows meanwhile) is left to `ContentImport`, which comes to the same totals line by line.
 */
export class AlikeImport {
  private readonly tally = new Tally();
  private batch: HourlyBatch;

  public constructor(private readonly file: LargeFile, private readonly session: ImportSession, private readonly leastBytes = LEAST_BYTES) {
    this.batch = new HourlyBatch(file.context.now);
  }

  /** Undefined where each line must be read for itself: then nothing of the file was kept. */
  public async run(): Promise<ImportOutcome | undefined> {
    const { path, context } = this.file;
    const before = statSync(path);
    if (!before.isFile() || before.size < this.leastBytes || isPacked(path)) return undefined;
    const source = this.sourceOfNew();
    const parts = source?.parts?.(context);
    if (source === undefined || parts === undefined) return undefined;
    try {
      const { mark, hasLongLine } = await this.read(source, parts);
      const after = statSync(path, { throwIfNoEntry: false });
      if (hasLongLine || mark.bytes !== before.size || after?.size !== before.size || after.mtimeMs !== before.mtimeMs) throw new NotAlike('is not what it was, or has a line that does not end');
      await this.session.write(this.batch.data);
      await this.session.commit({ name: path, source: source.id, tally: this.tally, mark });
      return { source, tally: this.tally, knownBytes: 0 };
    } catch (error) {
      if (!(error instanceof NotAlike)) throw error;
      await this.session.forget();
      return undefined;
    }
  }

  /** What has written the file, if it does not begin like one that was imported before. */
  private sourceOfNew(): FlowSource | undefined {
    const head = firstBytes(this.file.path, HEAD_BYTES);
    const known = new KnownContent(this.session.known);
    if (lineCount(head) < HEAD_LINES || [...known.pieces(head)].some(({ isKnown }) => isKnown) || known.mayBeKnown) return undefined;
    return sourceOf(head, this.file.sources);
  }

  private async read(source: FlowSource, parts: RecordParts): Promise<ContentDigest> {
    const { path, context, onProgress } = this.file;
    const database = await openScratch(MEMORY);
    try {
      const records = new RecordsByLikeness(database.connection, parts, latestTime(context));
      await records.group(path, (share, count) => onProgress?.(share * GROUPING, count));
      // not before: DuckDB has use for all processors, and what is done with its answer for one
      const thread = new DigestThread(path);
      try {
        await this.add(records, source.reader(context));
        return await thread.digest.catch((error: Error) => {
          throw new NotAlike(error.message);
        });
      } finally {
        await thread.stop();
      }
    } finally {
      database.connection.closeSync();
      database.instance.closeSync();
    }
  }

  private async add(records: RecordsByLikeness, reader: RecordReader): Promise<void> {
    for await (const { record, times, count } of records.all()) {
      const reading = record === undefined ? undefined : reader.read(record);
      // the report says which line it was
      if (reading === undefined || reading.skipped === 'malformed') throw new NotAlike('has lines that cannot be read');
      this.tally.count(reading, count, times);
      if (times !== undefined) this.batch.add(reading, times);
      else for (let each = 0; each < count; each++) this.batch.add(reading);
      if (this.batch.rows < MOST_ROWS) continue;
      await this.session.write(this.batch.data);
      this.batch = new HourlyBatch(this.file.context.now);
    }
  }
}

function lineCount(text: Buffer): number {
  return text.toString('latin1').split('\n', HEAD_LINES + 1).length - 1;
}
