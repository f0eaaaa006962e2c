import { timeOf } from '../timestamps';
import { isAhead, Reading, SourceContext, TimedReading } from './flow-source';

/** A part of a line, from its first byte to the one after its last. */
export type Span = readonly [start: number, end: number];

/** What differs between two lines that mean the same. */
export interface Variable {
  /** The time of the record. */
  readonly time: Span;
  /** The rest, in order: identifiers, the port of the client, the time once more. */
  readonly others: readonly Span[];
}

/** How a source reads its lines, and finds what is variable in them. */
export interface LineShape<Record> {
  /** Undefined where the line is not of the usual form. */
  variableParts(buffer: Buffer, start: number, end: number): Variable | undefined;
  parse(line: string): Record | undefined;
  read(record: Record | undefined): Reading;
  /** Whether the parts are what they were taken for, by the line as it was really read; and whether its reading holds without them. */
  confirms(record: Record, reading: Reading, parts: { readonly time: string; readonly others: readonly string[] }): boolean;
}

interface Known {
  /** The bytes of the line that are not variable, and where it was cut to get them. */
  readonly fixed: Buffer;
  readonly lengths: readonly number[];
  readonly reading: Reading;
}

/** What is remembered, in bytes. The half that was not asked for lately goes first. */
const MOST = 224 * 1024 * 1024;
const STRIDE = 16;

/**
 * Flow logs say the same things again and again: but for the time and the port of the client, most lines were there before. Those are
 * found by comparing bytes, every one of them, which is several times faster than taking the line apart.
 */
export class RepeatedLines<Record> {
  private recent = new Map<number, Known>();
  private older = new Map<number, Known>();
  private bytes = 0;

  public constructor(private readonly shape: LineShape<Record>, private readonly context: Pick<SourceContext, 'now'>) {}

  public readBytes(buffer: Buffer, start: number, end: number): TimedReading {
    const parts = this.shape.variableParts(buffer, start, end);
    if (parts === undefined) return this.readLine(buffer, start, end);
    const spans = fixedSpans(start, end, parts);
    const key = keyOf(buffer, spans);
    const known = this.recent.get(key) ?? this.older.get(key);
    if (known !== undefined && isSame(buffer, spans, known)) {
      const time = timeOf(buffer.toString('latin1', ...parts.time));
      if (time !== undefined && !isAhead(time, this.context)) {
        this.remember(key, known);
        return { reading: known.reading, time };
      }
    }
    const record = this.shape.parse(buffer.toString('utf8', start, end));
    const reading = this.shape.read(record);
    const text = ([from, to]: Span) => buffer.toString('latin1', from, to);
    if (record !== undefined && this.shape.confirms(record, reading, { time: text(parts.time), others: parts.others.map(text) })) {
      const fixed = Buffer.concat(spans.map(([from, to]) => buffer.subarray(from, to)));
      this.remember(key, { fixed, lengths: spans.map(([from, to]) => to - from), reading });
    }
    return { reading, time: reading.time };
  }

  private readLine(buffer: Buffer, start: number, end: number): TimedReading {
    const reading = this.shape.read(this.shape.parse(buffer.toString('utf8', start, end)));
    return { reading, time: reading.time };
  }

  private remember(key: number, known: Known): void {
    if (this.recent.get(key) === known) return;
    this.recent.set(key, known);
    this.bytes += known.fixed.length;
    if (this.bytes < MOST / 2) return;
    this.older = this.recent;
    this.recent = new Map();
    this.bytes = 0;
  }
}

function fixedSpans(start: number, end: number, { time, others }: Variable): Span[] {
  const spans: Span[] = [];
  let from = start;
  for (const [first, last] of [time, ...others]) {
    spans.push([from, first]);
    from = last;
  }
  spans.push([from, end]);
  return spans;
}

/** A number that is seldom the same for two lines: some of their bytes, and how many there are. */
function keyOf(buffer: Buffer, spans: readonly Span[]): number {
  let hash = 0x811c9dc5;
  for (const [from, to] of spans) {
    hash = Math.imul(hash ^ (to - from), 0x01000193);
    for (let at = from; at < to - 1; at += STRIDE) hash = Math.imul(hash ^ (buffer[at]! | (buffer[at + 1]! << 8)), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSame(buffer: Buffer, spans: readonly Span[], { fixed, lengths }: Known): boolean {
  if (spans.length !== lengths.length) return false;
  let at = 0;
  for (let index = 0; index < spans.length; index++) {
    const [from, to] = spans[index]!;
    const length = lengths[index]!;
    if (to - from !== length || buffer.compare(fixed, at, at + length, from, to) !== 0) return false;
    at += length;
  }
  return true;
}
