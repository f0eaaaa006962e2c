import { PolicyError } from '../../policy';
import { FieldPath } from '../document';

export type TokenKind =
  | 'label' | 'text' | '{' | '}' | '(' | ')' | ',' | '==' | '!=' | '!' | '&&' | '||'
  | 'in' | 'not in' | 'contains' | 'starts with' | 'ends with' | 'has' | 'all' | 'global' | 'end';

/** A word or sign of a selector. `value` is the label of `label` and `has`, and the text between quotes. */
export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Its place in the selector, from 0. */
  readonly at: number;
}

const LABEL = /^[a-zA-Z0-9_./-]{1,512}/;
const SIGNS: readonly TokenKind[] = ['{', '}', '(', ')', ',', '==', '!=', '!', '&&', '||'];
/** Operators that are words: they stand only behind a label, where another label cannot. */
const WORDS: ReadonlyArray<readonly [RegExp, TokenKind]> = [
  [/^not[ \t]*in/, 'not in'], [/^in/, 'in'], [/^contains/, 'contains'], [/^starts[ \t]*with/, 'starts with'], [/^ends[ \t]*with/, 'ends with'],
];
const CALLS: ReadonlyArray<readonly [RegExp, TokenKind]> = [
  [/^has\([ \t]*([a-zA-Z0-9_./-]{1,512})[ \t]*\)/, 'has'], [/^all\([ \t]*\)/, 'all'], [/^global\([ \t]*\)/, 'global'],
];

/**
 * The words and signs of a selector, in Calico's own reading: blanks and tabs part them, quotes are single or double and know
 * no escapes, operators that are words may touch what follows.
 * @see https://github.com/projectcalico/calico/tree/master/libcalico-go/lib/selector/tokenizer
 */
export function tokensOf(selector: string, path: FieldPath): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (selector[at] === ' ' || selector[at] === '\t') at++;
    const rest = selector.slice(at);
    if (rest === '') return [...tokens, { kind: 'end', value: '', at }];
    const [token, length] = nextToken(selector, rest, at, tokens.at(-1)?.kind === 'label', path);
    tokens.push(token);
    at += length;
  }
}

function nextToken(selector: string, rest: string, at: number, afterLabel: boolean, path: FieldPath): readonly [Token, number] {
  const sign = SIGNS.find((candidate) => rest.startsWith(candidate));
  if (sign !== undefined) return [{ kind: sign, value: sign, at }, sign.length];
  const quote = rest[0];
  if (quote === '"' || quote === "'") {
    const end = rest.indexOf(quote, 1);
    if (end < 0) throw noSelector(selector, at, path, 'a text begins that never ends', `a closing ${quote}`);
    return [{ kind: 'text', value: rest.slice(1, end), at }, end + 1];
  }
  for (const [pattern, kind] of afterLabel ? WORDS : CALLS) {
    const match = pattern.exec(rest);
    if (match !== null) return [{ kind, value: match[1] ?? '', at }, match[0].length];
  }
  const label = afterLabel ? undefined : LABEL.exec(rest)?.[0];
  if (label !== undefined) return [{ kind: 'label', value: label, at }, label.length];
  throw noSelector(selector, at, path, afterLabel ? 'no operator stands behind the label' : `${JSON.stringify(rest[0])} has no meaning there`, advice(rest, afterLabel));
}

function advice(rest: string, afterLabel: boolean): string {
  if (rest.startsWith('=')) return '"==", two of them';
  if (rest.startsWith('&')) return '"&&", two of them';
  if (rest.startsWith('|')) return '"||", two of them';
  return afterLabel ? '==, !=, in, not in, contains, starts with or ends with' : 'a label, has(label), all(), global(), "!" or a parenthesis';
}

/** What is wrong with a selector, and at which of its characters (counted from 1). */
export function noSelector(selector: string, at: number, path: FieldPath, what: string, instead: string): PolicyError {
  const place = at < selector.length ? `at character ${at + 1} (${JSON.stringify(selector.slice(at, at + 20))})` : 'at its end';
  return new PolicyError({ given: selector, where: path, problem: `is not a selector of Calico: ${place} ${what}`, instead });
}
