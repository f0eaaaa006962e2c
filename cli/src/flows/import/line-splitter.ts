const NEWLINE = 10;
const RETURN = 13;

/** Longer than any record: what has no end is no text, and is not kept. */
export const MAX_LINE = 8 * 1024 * 1024;

/** Gets a line without its end, as a part of a buffer that is valid during the call only. `isWhole` is false for one that is too long. */
export type OnLine = (buffer: Buffer, start: number, end: number, isWhole: boolean) => void;

/** Cuts content into lines as it arrives. */
export class LineSplitter {
  private pending: Buffer[] = [];
  private kept = 0;
  private overflowed = false;

  public constructor(private readonly onLine: OnLine) {}

  /** The bytes of a line that has begun and has no end yet. */
  public get pendingBytes(): number {
    return this.kept;
  }

  public push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.kept > 0) this.emitPending(chunk.subarray(start, end));
      else this.emit(chunk, start, end, true);
      start = end + 1;
    }
    if (start < chunk.length) this.keep(chunk.subarray(start));
  }

  /** The last line may have no end. */
  public end(): void {
    if (this.kept > 0) this.emitPending(Buffer.alloc(0));
  }

  private keep(bytes: Buffer): void {
    this.kept += bytes.length;
    if (this.kept > MAX_LINE) this.overflowed = true;
    // a copy: the chunk may be used again by whoever gave it
    if (!this.overflowed) this.pending.push(Buffer.from(bytes));
    else this.pending = [];
  }

  private emitPending(last: Buffer): void {
    this.keep(last);
    const line = Buffer.concat(this.pending);
    const isWhole = !this.overflowed;
    this.pending = [];
    this.kept = 0;
    this.overflowed = false;
    this.emit(line, 0, line.length, isWhole);
  }

  private emit(buffer: Buffer, start: number, end: number, isWhole: boolean): void {
    const shown = end > start && buffer[end - 1] === RETURN ? end - 1 : end;
    this.onLine(buffer, start, shown, isWhole);
  }
}
