import { createHash, Hash } from 'node:crypto';

/** Content that was imported: so many bytes, and their digest. */
export interface ContentMark {
  readonly bytes: number;
  readonly digest: string;
}

/**
 * Follows content as it is read, and finds how much of it was imported before: all of a file that is given twice, the beginning of a
 * log that has grown since, or of a stream that was cut off.
 */
export class KnownContent {
  private readonly hash: Hash = createHash('sha256');
  private readonly marks: readonly ContentMark[];
  private next = 0;
  private bytes = 0;

  public constructor(marks: readonly ContentMark[]) {
    this.marks = marks.filter(({ bytes }) => bytes > 0).sort((a, b) => a.bytes - b.bytes);
  }

  /** Cuts a chunk where content that is known may end. After each piece but the last, `isKnown` tells. */
  public* pieces(chunk: Buffer): Generator<{ readonly piece: Buffer; readonly isKnown: boolean }> {
    let rest = chunk;
    while (this.next < this.marks.length && this.marks[this.next]!.bytes <= this.bytes + rest.length) {
      const length = this.marks[this.next]!.bytes;
      const piece = rest.subarray(0, length - this.bytes);
      rest = rest.subarray(piece.length);
      this.add(piece);
      const { digest } = this.mark;
      let isKnown = false;
      for (; this.marks[this.next]?.bytes === length; this.next++) isKnown ||= this.marks[this.next]!.digest === digest;
      yield { piece, isKnown };
    }
    if (rest.length === 0) return;
    this.add(rest);
    yield { piece: rest, isKnown: false };
  }

  /** All that was read so far. */
  public get mark(): ContentMark {
    return { bytes: this.bytes, digest: this.hash.copy().digest('hex') };
  }

  private add(piece: Buffer): void {
    this.hash.update(piece);
    this.bytes += piece.length;
  }
}
