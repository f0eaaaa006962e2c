import { MAX_DEPTH } from './limits';

/** What is wrong with a JSON text, and where. */
export class JsonError extends Error {
  public constructor(public readonly offset: number, message: string) {
    super(message);
  }
}

const [TAB, LF, CR, SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [9, 10, 13, 32, 34, 44, 58, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Walks over JSON without making values of it: finds where a value ends and what is wrong with it, in the words that a person
 * needs. It counts keys, which shows whether a parser has thrown away some that stand twice.
 */
export class JsonScanner {
  public keys = 0;

  /** @param unique whether a key that stands twice in one object is an error; looking costs time */
  public constructor(private readonly text: string, private readonly unique = false) {}

  public skipSpace(offset: number): number {
    const { text } = this;
    for (let at = offset; ; at++) {
      const code = text.charCodeAt(at);
      if (code !== SPACE && code !== LF && code !== CR && code !== TAB) return at;
    }
  }

  /** The offset behind the value that begins here. */
  public skipValue(offset: number, depth = 0): number {
    if (depth > MAX_DEPTH) throw new JsonError(offset, `nests lists and objects more than ${MAX_DEPTH} deep`);
    switch (this.text.charCodeAt(offset)) {
      case QUOTE:
        return this.skipString(offset);
      case OPEN_OBJECT:
        return this.skipObject(offset, depth);
      case OPEN_LIST:
        return this.skipList(offset, depth);
      default:
        return this.skipLiteral(offset);
    }
  }

  /** The offset behind the string that begins here. */
  public skipString(offset: number): number {
    const { text } = this;
    for (let at = offset + 1; ; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) return at + 1;
      if (code === BACKSLASH) at = this.skipEscape(at) - 1;
      else if (code < SPACE || Number.isNaN(code)) throw new JsonError(offset, 'is a string without a closing quote on its line');
    }
  }

  /** The offset of the value behind a key that ends here. */
  public skipColon(keyEnd: number): number {
    const at = this.skipSpace(keyEnd);
    if (this.text.charCodeAt(at) !== COLON) throw new JsonError(at, `expected ":" behind the key, found ${this.shown(at)}`);
    return this.skipSpace(at + 1);
  }

  /** Behind the comma that follows here, or undefined at the closing bracket. */
  public next(end: number, closing: '}' | ']'): number | undefined {
    const at = this.skipSpace(end);
    const code = this.text.charCodeAt(at);
    if (code === COMMA) return this.skipSpace(at + 1);
    if (code === closing.charCodeAt(0)) return undefined;
    throw new JsonError(at, `expected "," or "${closing}", found ${this.shown(at)}`);
  }

  private skipObject(offset: number, depth: number): number {
    const { text } = this;
    const seen = this.unique ? new Set<string>() : undefined;
    let at: number | undefined = this.skipSpace(offset + 1);
    if (text.charCodeAt(at) === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (text.charCodeAt(at) !== QUOTE) throw new JsonError(at, `expected a key in double quotes, found ${this.shown(at)}`);
      const keyEnd = this.skipString(at);
      this.keys++;
      if (seen !== undefined) this.checkUnique(seen, at, keyEnd);
      const end = this.skipValue(this.skipColon(keyEnd), depth + 1);
      at = this.next(end, '}');
      if (at === undefined) return this.skipSpace(end) + 1;
    }
  }

  private skipList(offset: number, depth: number): number {
    let at: number | undefined = this.skipSpace(offset + 1);
    if (this.text.charCodeAt(at) === CLOSE_LIST) return at + 1;
    for (;;) {
      const end = this.skipValue(at, depth + 1);
      at = this.next(end, ']');
      if (at === undefined) return this.skipSpace(end) + 1;
    }
  }

  private checkUnique(seen: Set<string>, key: number, keyEnd: number): void {
    const name = JSON.parse(this.text.slice(key, keyEnd)) as string;
    if (seen.has(name)) throw new JsonError(key, `the key "${name}" stands twice in one object. Instead: one of them`);
    seen.add(name);
  }

  private skipEscape(offset: number): number {
    ESCAPE.lastIndex = offset;
    if (!ESCAPE.test(this.text)) throw new JsonError(offset, 'has an escape that JSON does not know');
    return ESCAPE.lastIndex;
  }

  private skipLiteral(offset: number): number {
    LITERAL.lastIndex = offset;
    if (!LITERAL.test(this.text)) throw new JsonError(offset, `expected a value, found ${this.shown(offset)}`);
    return LITERAL.lastIndex;
  }

  private shown(offset: number): string {
    const [word] = /^[\w$.+-]+|^[^]?/u.exec(this.text.slice(offset, offset + 20)) ?? [];
    return word === undefined || word === '' ? 'the end of the input' : `"${word}"`;
  }
}
