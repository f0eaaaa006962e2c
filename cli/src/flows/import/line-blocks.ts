const NEWLINE = 10;

/** Longer than any record: what has no end is no text, and is not kept. */
export const MAX_LINE = 8 * 1024 * 1024;

/** Whole lines, as a part of a buffer that is valid until the next block only. */
export interface LineBlock {
  /** Ends with the end of a line, but at the end of the content, where the last line may have none. */
  readonly bytes: Buffer;
  /** So many bytes of the first line were the last of what was imported before. */
  readonly knownOfFirst: number;
  /** The block is one line, longer than any record, of which nothing was kept. */
  readonly isTooLong: boolean;
}

/** Cuts content into blocks of whole lines as it arrives. */
export class LineBlocks {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private knownOfFirst = 0;

  /** Whether a line has begun that has no end yet. */
  public get isWithinLine(): boolean {
    return this.pendingBytes > 0;
  }

  /** All that was pushed so far had been imported before. */
  public markKnown(): void {
    this.knownOfFirst = this.pendingBytes;
  }

  public* push(chunk: Buffer): Generator<LineBlock> {
    let rest = chunk;
    if (this.pendingBytes > 0) {
      const end = chunk.indexOf(NEWLINE) + 1;
      this.keep(chunk.subarray(0, end === 0 ? chunk.length : end));
      if (end === 0) return;
      yield this.takePending();
      rest = chunk.subarray(end);
    }
    const end = rest.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield { bytes: rest.subarray(0, end), knownOfFirst: 0, isTooLong: false };
    if (end < rest.length) this.keep(rest.subarray(end));
  }

  /** The last line may have no end. */
  public* end(): Generator<LineBlock> {
    if (this.pendingBytes > 0) yield this.takePending();
  }

  private keep(bytes: Buffer): void {
    this.pendingBytes += bytes.length;
    // a copy: the chunk may be used again by whoever gave it
    if (this.pendingBytes <= MAX_LINE) this.pending.push(Buffer.from(bytes));
    else this.pending = [];
  }

  private takePending(): LineBlock {
    const block = { bytes: Buffer.concat(this.pending), knownOfFirst: this.knownOfFirst, isTooLong: this.pendingBytes > MAX_LINE };
    this.pending = [];
    this.pendingBytes = 0;
    this.knownOfFirst = 0;
    return block;
  }
}
