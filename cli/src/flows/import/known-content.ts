import { createHash, Hash } from 'node:crypto';

/** Content that was imported: so many bytes, their digest, and that of the first of them. */
export interface ContentMark {
  readonly bytes: number;
  readonly digest: string;
  /** Of the first `HEAD` bytes, or of all where there are fewer: what begins in another way is something else. */
  readonly head: string;
}

const HEAD = 4096;

/**
 * Follows content as it is read, and finds how much of it was imported before: all of a file that is given twice, the beginning of a
 * log that has grown since, or of a stream that was cut off.
 */
export class KnownContent {
  private readonly hash: Hash = createHash('sha256');
  /** Those that lie ahead. */
  private marks: readonly ContentMark[];
  private bytes = 0;
  private head: string | undefined;

  public constructor(marks: readonly ContentMark[]) {
    this.marks = marks.filter(({ bytes }) => bytes > 0).sort((a, b) => a.bytes - b.bytes);
  }

  /** Cuts a chunk where content that is known may end. After each piece, `isKnown` tells whether it has. */
  public* pieces(chunk: Buffer): Generator<{ readonly piece: Buffer; readonly isKnown: boolean }> {
    let rest = chunk;
    for (let stop = this.nextStop; stop <= this.bytes + rest.length; stop = this.nextStop) {
      const piece = rest.subarray(0, stop - this.bytes);
      rest = rest.subarray(piece.length);
      this.add(piece);
      yield { piece, isKnown: this.passStop() };
    }
    if (rest.length === 0) return;
    this.add(rest);
    yield { piece: rest, isKnown: false };
  }

  /** A chunk of which nothing is known. */
  public take(chunk: Buffer): void {
    Array.from(this.pieces(chunk));
  }

  /** Whether content that was imported before may still turn out to begin with all that was read so far. */
  public get mayBeKnown(): boolean {
    return this.marks.length > 0;
  }

  /** All that was read so far. */
  public get mark(): ContentMark {
    const digest = this.hash.copy().digest('hex');
    return { bytes: this.bytes, digest, head: this.head ?? digest };
  }

  private get nextStop(): number {
    const mark = this.marks[0]?.bytes ?? Infinity;
    return this.head === undefined ? Math.min(HEAD, mark) : mark;
  }

  private passStop(): boolean {
    const { bytes, digest } = this.mark;
    if (bytes === HEAD) this.head = digest;
    const isKnown = this.marks.some((mark) => mark.bytes === bytes && mark.digest === digest);
    this.marks = this.marks.filter((mark) => mark.bytes > bytes && (this.head === undefined || mark.head === this.head));
    return isKnown;
  }

  private add(piece: Buffer): void {
    this.hash.update(piece);
    this.bytes += piece.length;
  }
}
