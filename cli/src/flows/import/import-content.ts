import { InputError } from '../../input';
import { FlowSource, Reading, SourceContext } from '../sources/flow-source';
import { ImportSession } from '../store/flow-sink';
import { BlockReader } from './block-reader';
import { BlockReaders, ReaderInThisThread } from './block-readers';
import { firstLines, HEAD_BYTES, HEAD_LINES, sourceOf } from './content-source';
import { KnownContent } from './known-content';
import { LineBlock, LineBlocks } from './line-blocks';
import { ReadersInThreads, Threads, usualThreads } from './readers-in-threads';
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
  /** Who reads once there is much to read; default: as many threads as help. */
  readonly threads?: Threads;
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

const NEWLINE = 10;
/** A document is read as a whole. */
const MOST_DOCUMENT = 256 * 1024 * 1024;

/** Reads one file into a store. It counts whole or not at all; a stream counts up to the last time that it was kept. */
export class ContentImport {
  private readonly known: KnownContent;
  private readonly blocks = new LineBlocks();
  private tally = new Tally();
  private readonly total = new Tally();
  private line = 0;
  private bytes = 0;
  private knownBytes = 0;
  private lastCommit = Date.now();
  private readers: BlockReaders | undefined;
  /** Those that may start still. */
  private threads: Threads | undefined;

  public constructor(private readonly content: ImportedContent, private readonly session: ImportSession, private readonly watcher: ImportWatcher = {}) {
    this.known = new KnownContent(session.known);
    this.threads = content.threads ?? usualThreads();
  }

  public async run(): Promise<ImportOutcome> {
    const chunks = this.content.chunks[Symbol.asyncIterator]();
    const first = await this.beginning(chunks);
    if (first.length === 0) throw this.problem('is empty. Instead: records of traffic');
    const source = this.sourceOf(first);
    const { onReading } = this.watcher;
    const reader = new BlockReader(source, this.content.context, onReading === undefined ? undefined : (reading, line) => onReading(reading, this.line + line));
    this.readers = new ReaderInThisThread(reader, this.session);
    try {
      if (source.framing === 'document') await this.readDocument(first, chunks, source, reader);
      else await this.readLines(first, chunks, source);
      await this.count();
    } finally {
      await this.readers.close();
    }
    await this.commit(source);
    return { source, tally: this.total, knownBytes: this.knownBytes };
  }

  private async readLines(first: Buffer, chunks: AsyncIterator<Buffer>, source: FlowSource): Promise<void> {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await this.next(chunks)) {
      const wholeLines = this.isTimeToCommit ? chunk.lastIndexOf(NEWLINE) + 1 : 0;
      if (wholeLines > 0) {
        await this.readPieces(chunk.subarray(0, wholeLines));
        await this.count();
        await this.commit(source);
      }
      await this.readPieces(chunk.subarray(wholeLines));
      await this.useThreads(source);
      this.watcher.onRecords?.(this.line + this.readers!.lines);
      await this.watcher.onChunk?.();
    }
    await this.readAll(this.blocks.end());
  }

  private get isTimeToCommit(): boolean {
    const { commitAfter } = this.content;
    return commitAfter !== undefined && Date.now() - this.lastCommit >= commitAfter && !this.known.mayBeKnown;
  }

  private async readPieces(chunk: Buffer): Promise<void> {
    for (const { piece, isKnown } of this.known.pieces(chunk)) {
      await this.readAll(this.blocks.push(piece));
      if (isKnown) await this.forgetKnown();
    }
    this.bytes += chunk.length;
  }

  private async readAll(blocks: Iterable<LineBlock>): Promise<void> {
    for (const block of blocks) await this.readers!.read(block);
  }

  /** From here on, others read, if there is much to read and it does not matter who does. */
  private async useThreads(source: FlowSource): Promise<void> {
    const { threads } = this;
    if (threads === undefined || this.bytes < threads.after || !source.independent || this.watcher.onReading !== undefined) return;
    await this.count();
    this.readers = new ReadersInThreads(source, this.content.context, this.session, threads);
    this.threads = undefined;
  }

  private async readDocument(first: Buffer, chunks: AsyncIterator<Buffer>, source: FlowSource, reader: BlockReader): Promise<void> {
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
    for (const record of records) reader.readRecord(record);
  }

  private parsed(bytes: Buffer): unknown {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw this.problem(`is no JSON: ${(error as Error).message}`);
    }
  }

  /** All that was read up to here had been imported: it does not count again. */
  private async forgetKnown(): Promise<void> {
    await this.count();
    await this.session.forget();
    this.tally = new Tally();
    this.knownBytes = this.known.mark.bytes;
    this.blocks.markKnown();
  }

  /** Waits until what was given to the readers is read and written. */
  private async count(): Promise<void> {
    const read = await this.readers!.finish();
    this.tally.add(read, this.line);
    this.line += read.lines;
  }

  /** From here on, what was read counts. */
  private async commit(source: FlowSource): Promise<void> {
    this.lastCommit = Date.now();
    const { tally } = this;
    if (tally.records === 0) return;
    if (tally.malformedShare > this.content.maxMalformed) throw this.tooMalformed(source);
    await this.session.commit({ name: this.content.name, source: source.id, tally, mark: this.known.mark });
    this.total.add(tally, 0);
    this.tally = new Tally();
  }

  private tooMalformed(source: FlowSource): InputError {
    const { tally, content } = this;
    const samples = tally.malformed.map(({ line, detail }) => `\n  line ${line} ${detail}`).join('');
    return this.problem(`${tally.skippedFor('malformed')} of ${tally.records} records cannot be read as ${source.id}, more than ${percent(content.maxMalformed)} (--max-malformed). `
      + `Nothing of it was kept. Instead: name the --source, or mend the file${samples}`);
  }

  /** As much as it takes to tell whose records they are. */
  private async beginning(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let lines = 0; lines < HEAD_LINES;) {
      const chunk = await this.next(chunks);
      if (chunk === undefined) break;
      parts.push(chunk);
      for (let at = chunk.indexOf(NEWLINE); at >= 0 && lines < HEAD_LINES; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
      // a document need not have lines
      if (parts.length > 1 && chunk.length > HEAD_BYTES) break;
    }
    return Buffer.concat(parts);
  }

  private sourceOf(first: Buffer): FlowSource {
    const { sources } = this.content;
    const found = sourceOf(first, sources);
    if (found !== undefined) return found;
    const names = [...new Set(sources.map(({ id }) => id))];
    const beginning = `it begins with ${JSON.stringify(firstLines(first)[0]?.slice(0, 100))}`;
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
