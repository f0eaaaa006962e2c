import { InputError } from '../../input';
import { recognised } from '../sources';
import { FlowSource, Reading, RecordReader, skipped, SourceContext } from '../sources/flow-source';
import { ImportSession } from '../store/flow-sink';
import { HourlyBatch } from './hourly-batch';
import { KnownContent } from './known-content';
import { LineSplitter } from './line-splitter';
import { Tally } from './tally';

/** One file, or standard input, with what is known of it. */
export interface ImportedContent {
  /** For messages and the ledger. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
  /** Those that it may be of: the first lines tell. */
  readonly sources: readonly FlowSource[];
  readonly context: SourceContext;
  /** More malformed records than this share make an import fail. */
  readonly maxMalformed: number;
  /** After so many milliseconds what a stream has brought so far is kept. Not for files: they are kept whole or not at all. */
  readonly commitAfter?: number | undefined;
}

export interface ImportOutcome {
  readonly source: FlowSource;
  readonly tally: Tally;
  /** Bytes of the content that had been imported before. */
  readonly knownBytes: number;
}

/** What else wants to see the records, line by line. */
export interface ImportWatcher {
  onReading?(reading: Reading, line: number): void;
  onRecords?(records: number): void;
  /** What was read so far has been seen. */
  onChunk?(): Promise<void>;
}

const HEAD_LINES = 20;
const HEAD_BYTES = 4096;
/** Rows that are kept in memory: about a hundred megabytes of them. */
const MOST_ROWS = 100_000;
/** A document is read as a whole. */
const MOST_DOCUMENT = 256 * 1024 * 1024;

/** Reads one file into a store. It counts whole or not at all; a stream counts up to the last time that it was kept. */
export class ContentImport {
  private readonly known: KnownContent;
  private batch: HourlyBatch;
  private tally = new Tally();
  private readonly total = new Tally();
  private line = 0;
  private knownBytes = 0;
  private source: FlowSource | undefined;
  private reader: RecordReader | undefined;
  /** Of the line that has begun, so many bytes were the last of what was imported before. */
  private knownOfLine = 0;
  private lastCommit = Date.now();

  public constructor(private readonly content: ImportedContent, private readonly session: ImportSession, private readonly watcher: ImportWatcher = {}) {
    this.known = new KnownContent(session.known);
    this.batch = new HourlyBatch(content.context.now);
  }

  public async run(): Promise<ImportOutcome> {
    const chunks = this.content.chunks[Symbol.asyncIterator]();
    const first = await this.beginning(chunks);
    if (first.length === 0) throw this.problem('is empty. Instead: records of traffic');
    const source = this.sourceOf(first);
    this.source = source;
    this.reader = source.reader(this.content.context);
    if (source.framing === 'document') await this.readDocument(first, chunks, source);
    else await this.readLines(first, chunks);
    await this.keep();
    return { source, tally: this.total, knownBytes: this.knownBytes };
  }

  private async readLines(first: Buffer, chunks: AsyncIterator<Buffer>): Promise<void> {
    const lines = new LineSplitter((buffer, start, end, isWhole) => this.readLine(buffer, start, end, isWhole));
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await this.next(chunks)) {
      for (const { piece, isKnown } of this.known.pieces(chunk)) {
        lines.push(piece);
        if (isKnown) await this.forgetKnown(lines.pendingBytes);
      }
      if (this.batch.rows >= MOST_ROWS) await this.flush();
      this.watcher.onRecords?.(this.line);
      await this.watcher.onChunk?.();
      const { commitAfter } = this.content;
      if (commitAfter !== undefined && Date.now() - this.lastCommit >= commitAfter && lines.pendingBytes === 0) await this.keep();
    }
    lines.end();
  }

  private readLine(buffer: Buffer, start: number, end: number, isWhole: boolean): void {
    this.line++;
    const wasRead = this.knownOfLine > 0 && this.knownOfLine === end - start;
    this.knownOfLine = 0;
    // it was whole already, and only its end is new; and an empty line is no record
    if (wasRead || (start === end && isWhole)) return;
    const reader = this.reader!;
    if (!isWhole) this.take(skipped('malformed', { detail: 'is longer than any record' }));
    else if (reader.readBytes === undefined) this.take(reader.read(buffer.toString('utf8', start, end)));
    else this.take(reader.readBytes(buffer, start, end));
  }

  private take(reading: Reading): void {
    this.tally.count(reading, this.line);
    this.batch.add(reading);
    this.watcher.onReading?.(reading, this.line);
  }

  private async readDocument(first: Buffer, chunks: AsyncIterator<Buffer>, source: FlowSource): Promise<void> {
    const parts: Buffer[] = [];
    let [size, isKnown] = [0, false];
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await this.next(chunks)) {
      for (const each of this.known.pieces(chunk)) isKnown = each.isKnown;
      parts.push(chunk);
      size += chunk.length;
      if (size > MOST_DOCUMENT) throw this.problem(`has more than ${MOST_DOCUMENT / 1024 / 1024} MB, and is one document. Instead: several files`);
    }
    const records = source.documentRecords?.(this.parsed(Buffer.concat(parts)));
    if (records === undefined) throw this.problem(`is no document of ${source.title}`);
    if (isKnown) {
      this.knownBytes = size;
      return;
    }
    for (const record of records) {
      this.line++;
      this.take(this.reader!.read(record));
    }
  }

  private parsed(bytes: Buffer): unknown {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw this.problem(`is no JSON: ${(error as Error).message}`);
    }
  }

  /** All that was read up to here had been imported: it does not count again. */
  private async forgetKnown(pendingBytes: number): Promise<void> {
    await this.session.forget();
    this.batch = new HourlyBatch(this.content.context.now);
    this.tally = new Tally();
    this.knownBytes = this.known.mark.bytes;
    this.knownOfLine = pendingBytes;
  }

  private async flush(): Promise<void> {
    await this.session.write(this.batch);
    this.batch = new HourlyBatch(this.content.context.now);
  }

  /** From here on, what was read counts. */
  private async keep(): Promise<void> {
    this.lastCommit = Date.now();
    const { tally } = this;
    if (tally.records === 0) return;
    if (tally.malformedShare > this.content.maxMalformed) throw this.tooMalformed();
    await this.flush();
    await this.session.commit({ name: this.content.name, source: this.source!.id, tally, mark: this.known.mark });
    this.total.add(tally);
    this.tally = new Tally();
  }

  private tooMalformed(): InputError {
    const { tally, content, source } = this;
    const samples = tally.malformed.map(({ line, detail }) => `\n  line ${line} ${detail}`).join('');
    return this.problem(`${tally.skippedFor('malformed')} of ${tally.records} records cannot be read as ${source!.id}, more than ${percent(content.maxMalformed)} (--max-malformed). `
      + `Nothing of it was kept. Instead: name the --source, or mend the file${samples}`);
  }

  /** As much as it takes to tell whose records they are. */
  private async beginning(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let lines = 0; lines < HEAD_LINES;) {
      const chunk = await this.next(chunks);
      if (chunk === undefined) break;
      parts.push(chunk);
      for (let at = chunk.indexOf(10); at >= 0 && lines < HEAD_LINES; at = chunk.indexOf(10, at + 1)) lines++;
      // a document need not have lines
      if (parts.length > 1 && chunk.length > HEAD_BYTES) break;
    }
    return Buffer.concat(parts);
  }

  private sourceOf(first: Buffer): FlowSource {
    const { sources } = this.content;
    const [only, ...more] = sources;
    if (only !== undefined && more.length === 0) return only;
    const lines = first.toString('utf8').split(/\r?\n/).slice(0, HEAD_LINES).filter((line) => line !== '');
    const found = recognised({ lines, text: first.toString('utf8', 0, HEAD_BYTES) }, sources);
    if (found !== undefined) return found;
    const names = [...new Set(sources.map(({ id }) => id))];
    const beginning = `it begins with ${JSON.stringify(lines[0]?.slice(0, 100))}`;
    throw this.problem(names.length === 1 ? `does not look like ${names[0]}: ${beginning}` : `is of no source that is known: ${beginning}. Instead: name it with --source ${names.join(' | ')}`);
  }

  private async next(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
    try {
      const next = await chunks.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      throw this.problem(`cannot be read to its end: ${(error as Error).message}. Nothing of it was kept`);
    }
  }

  private problem(reason: string): InputError {
    return new InputError([{ place: { file: this.content.name }, reason }]);
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
