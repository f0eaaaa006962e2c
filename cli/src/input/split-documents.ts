import { countLines } from './text-position';

/** A part of a stream that holds one document, or none. */
export interface TextPart {
  readonly text: string;
  /** Where it begins in the stream. */
  readonly offset: number;
  /** How many lines come before it. */
  readonly linesBefore: number;
}

/** Nothing but comments, blank lines and directives: it belongs to the document that comes next. */
const PREAMBLE = /^(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^\n]*\n)*[ \t]*$/;

/**
 * Cuts a stream into documents. A `---` or `...` at the start of a line is a marker wherever it stands, inside of quotes and
 * block scalars too, so that no parsing is needed.
 * @see https://yaml.org/spec/1.2.2/#914-explicit-documents
 */
export function* splitDocuments(text: string): Generator<TextPart> {
  let start = 0;
  let lines = 0;
  let bare = true;
  for (const { at, closes } of markers(text)) {
    if (at === 0 && !closes) {
      bare = false;
      continue;
    }
    if (bare && !closes && PREAMBLE.test(text.slice(start, at))) {
      bare = false;
      continue;
    }
    const end = closes ? endOfLine(text, at) : at;
    yield { text: text.slice(start, end), offset: start, linesBefore: lines };
    lines += countLines(text, start, end);
    start = end;
    bare = closes;
  }
  yield { text: text.slice(start), offset: start, linesBefore: lines };
}

/** One pass over the whole text: an `indexOf` for each kind of marker would look through the rest of it once a document. */
function* markers(text: string): Generator<{ readonly at: number; readonly closes: boolean }> {
  const marker = /(^|\n)\ufeff?(---|\.\.\.)(?=[ \t\r\n]|$)/g;
  for (const match of text.matchAll(marker)) yield { at: match.index + match[1]!.length, closes: match[2] === '...' };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}
