const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;
const DELETE = 0x7f;
/** Stands for a part that was cut out. JSON has no such byte, and a string without escapes has no such character. */
const CUT = 0;
const LONGEST = 16 * 1024;
const MOST_PARTS = 32;
/** What is remembered, in bytes: enough for the pods and policies of a large cluster. Beyond it, all is learned anew. */
const MOST_BYTES = 48 * 1024 * 1024;
const MOST_ALIKE = 8;
/** An object is looked up by its first bytes, and by the text that stood under the same key before (the address of a pod). */
const HINT_BYTES = 96;
const HINT_STRIDE = 5;
const SEEDS = 1 << 16;

/** A JSON object within a line, as it was parsed when it first came. */
interface KnownObject {
  readonly bytes: Buffer;
  readonly value: unknown;
}

/** A line without its variable parts, which are properties that look at the line of the moment. */
interface KnownLine {
  readonly bytes: Buffer;
  readonly value: unknown;
}

/**
 * Parses lines of JSON that differ in a few places: times, identifiers, ports, and the two ends, which are objects that come again and
 * again. Those places are the values of the keys that are given; what is around them, and the objects, are found among what was parsed
 * before, by comparing bytes, every one of them. The answer is that of `JSON.parse`, and comes several times sooner.
 *
 * It is valid until the next line, and shares its parts with others: who keeps something of it must copy it.
 */
export class RecurringJson {
  private readonly keys: readonly Buffer[];
  /** Lengths of keys, for a first look. */
  private readonly lengths: Uint8Array;
  private readonly words = new Int32Array(LONGEST / 4 + 1);
  private readonly around = Buffer.from(this.words.buffer);
  private lines = new Map<number, KnownLine>();
  private objects = new Map<number, KnownObject[]>();
  /** Lines of which one was seen: only what comes again is worth remembering. */
  private seeds = new Uint32Array(SEEDS);
  private bytes = 0;

  // the line of the moment
  private buffer: Buffer = this.around;
  private parts = 0;
  private readonly starts = new Int32Array(MOST_PARTS);
  private readonly ends = new Int32Array(MOST_PARTS);
  private readonly values: unknown[] = new Array<unknown>(MOST_PARTS).fill(undefined);
  private length = 0;
  private hash = 0;
  private readonly hints: Int32Array;

  /** @param keys those whose values are cut out, where they are objects, whole numbers or plain strings */
  public constructor(keys: readonly string[]) {
    this.keys = keys.map((key) => Buffer.from(key));
    this.lengths = new Uint8Array(256);
    for (const key of keys) this.lengths[key.length] = 1;
    this.hints = new Int32Array(keys.length);
  }

  /** Undefined for what is no JSON. */
  public parse(buffer: Buffer, start: number, end: number): unknown {
    if (end - start > LONGEST || !this.cut(buffer, start, end)) return parsed(buffer.toString('utf8', start, end));
    const known = this.lines.get(this.hash);
    if (known !== undefined && known.bytes.length === this.length && known.bytes.compare(this.around, 0, this.length) === 0) return known.value;
    const seed = this.hash & (SEEDS - 1);
    if (this.seeds[seed] !== this.hash >>> 0) {
      this.seeds[seed] = this.hash;
      return parsed(buffer.toString('utf8', start, end));
    }
    return this.learnLine();
  }

  /** Takes the variable parts out of a line. False where it is not of the usual kind, which is no error: it is parsed as a whole then. */
  private cut(buffer: Buffer, start: number, end: number): boolean {
    const { around } = this;
    this.buffer = buffer;
    this.parts = 0;
    this.hints.fill(0);
    let length = 0;
    let at = start;
    while (at < end) {
      const byte = buffer[at++]!;
      if (byte < SPACE) return false;
      around[length++] = byte;
      if (byte !== QUOTE) continue;
      const from = at;
      for (;;) {
        if (at === end) return false;
        const inside = buffer[at++]!;
        if (inside < SPACE || inside === BACKSLASH) return false;
        around[length++] = inside;
        if (inside === QUOTE) break;
      }
      if (at >= end || buffer[at] !== COLON || this.lengths[at - 1 - from] !== 1) continue;
      const key = this.keyAt(from, at - 1);
      if (key < 0) continue;
      const after = this.cutValue(key, at + 1, end);
      if (after < 0) return false;
      if (after === at + 1) continue;
      around[length++] = COLON;
      around[length++] = CUT;
      at = after;
    }
    this.length = length;
    this.hash = this.hashOfAround();
    return true;
  }

  private hashOfAround(): number {
    const { around, words, length } = this;
    around[length] = around[length + 1] = around[length + 2] = 0;
    let hash = length;
    for (let word = 0, last = (length + 3) >> 2; word < last; word++) hash = Math.imul(hash ^ words[word]!, 0x9e3779b1) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }

  private keyAt(from: number, to: number): number {
    const { buffer, keys } = this;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!;
      if (key.length !== to - from) continue;
      let at = 0;
      while (at < key.length && key[at] === buffer[from + at]) at++;
      if (at === key.length) return index;
    }
    return -1;
  }

  /** The position after a value that was cut; `start` where it stays as it is, and -1 where the line is not of the usual kind. */
  private cutValue(key: number, start: number, end: number): number {
    const { buffer, parts } = this;
    if (parts === MOST_PARTS || start >= end) return -1;
    const byte = buffer[start]!;
    let at = start + 1;
    if (byte === QUOTE) {
      let hint = 0;
      for (; at < end && buffer[at] !== QUOTE; at++) {
        const inside = buffer[at]!;
        if (inside < SPACE || inside >= DELETE || inside === BACKSLASH) return -1;
        hint = Math.imul(hint ^ inside, 0x01000193);
      }
      if (at === end) return -1;
      this.hints[key] = hint;
      this.starts[parts] = start + 1;
      this.ends[parts] = at;
      this.values[parts] = undefined;
      at++;
    } else if (byte >= ZERO && byte <= NINE) {
      let value = byte - ZERO;
      for (; at < end && buffer[at]! >= ZERO && buffer[at]! <= NINE; at++) value = value * 10 + buffer[at]! - ZERO;
      // JSON has no 08; fractions, exponents and what is no safe integer are left to it
      if ((byte === ZERO && at > start + 1) || at - start > 15 || (at < end && isOfNumber(buffer[at]!))) return -1;
      this.values[parts] = value;
    } else if (byte === OPEN) {
      const object = this.objectAt(start, end, this.hints[key]!);
      if (object === undefined) return -1;
      this.values[parts] = object.value;
      at = start + object.bytes.length;
    } else return start;
    this.parts++;
    return at;
  }

  private objectAt(start: number, end: number, hint: number): KnownObject | undefined {
    const { buffer } = this;
    let key = hint;
    for (let at = start, last = Math.min(end, start + HINT_BYTES); at < last; at += HINT_STRIDE) key = Math.imul(key ^ buffer[at]!, 0x01000193);
    let alike = this.objects.get(key);
    if (alike !== undefined) {
      // no JSON object is the beginning of another
      for (const known of alike) if (end - start >= known.bytes.length && known.bytes.compare(buffer, start, start + known.bytes.length) === 0) return known;
    }
    const after = this.objectEnd(start, end);
    if (after < 0) return undefined;
    const bytes = Buffer.from(buffer.subarray(start, after));
    const value = parsed(bytes.toString('utf8'));
    if (value === undefined) return undefined;
    this.makeRoom(bytes.length);
    alike = this.objects.get(key);
    const known = { bytes, value };
    if (alike === undefined) this.objects.set(key, [known]);
    else if (alike.length < MOST_ALIKE) alike.push(known);
    else alike[bytes.length % MOST_ALIKE] = known;
    return known;
  }

  private objectEnd(start: number, end: number): number {
    const { buffer } = this;
    let depth = 0;
    for (let at = start; at < end; at++) {
      const byte = buffer[at]!;
      if (byte === QUOTE) {
        for (at++; at < end && buffer[at] !== QUOTE; at++) if (buffer[at] === BACKSLASH) return -1;
      } else if (byte === OPEN) depth++;
      else if (byte === CLOSE && --depth === 0) return at + 1;
    }
    return -1;
  }

  /** Parses what is around the parts, and makes the parts properties that look at the line of the moment. */
  private learnLine(): unknown {
    const bytes = Buffer.from(this.around.subarray(0, this.length));
    let part = 0;
    const value = parsed(bytes.toString('utf8').replaceAll('\0', () => `"\\u0000${part++}"`));
    if (value === undefined) return undefined;
    this.openParts(value);
    this.makeRoom(bytes.length);
    this.lines.set(this.hash, { bytes, value });
    return value;
  }

  private openParts(root: unknown): void {
    const waiting = [root];
    while (waiting.length > 0) {
      const holder = waiting.pop();
      if (typeof holder !== 'object' || holder === null) continue;
      for (const [key, inner] of Object.entries(holder)) {
        if (typeof inner !== 'string') waiting.push(inner);
        else if (inner.startsWith('\0')) {
          const part = Number(inner.slice(1));
          Object.defineProperty(holder, key, { get: () => this.partOf(part), enumerable: true });
        }
      }
    }
  }

  private partOf(part: number): unknown {
    return (this.values[part] ??= this.buffer.toString('latin1', this.starts[part], this.ends[part]));
  }

  private makeRoom(bytes: number): void {
    // what it takes parsed is several times its text
    this.bytes += 4 * bytes;
    if (this.bytes < MOST_BYTES) return;
    this.lines = new Map();
    this.objects = new Map();
    this.bytes = 4 * bytes;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isOfNumber(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
