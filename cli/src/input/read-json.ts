import { DocumentError } from './input-problem';
import { JsonError, JsonScanner } from './json-scanner';
import { ParsedDocument } from './parsed-document';
import { SourceDocument } from './source-document';
import { countLines } from './text-position';

/** The JSON values of a text, one after the other, as `kubectl` takes them too. */
export function* readJson(file: string, text: string): Generator<ParsedDocument | DocumentError> {
  const scanner = new JsonScanner(text);
  let lines = 0;
  let last = 0;
  for (let start = scanner.skipSpace(0); start < text.length;) {
    // the rest of the line belongs to the document, so that messages can show it
    const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, last);
    lines += countLines(text, last, lineStart);
    last = lineStart;
    const before = scanner.keys;
    let end: number;
    try {
      end = scanner.skipValue(start);
    } catch (error) {
      yield failure(new SourceDocument(file, text, 0, 'json'), error);
      return;
    }
    const own = text.slice(lineStart, end);
    const source = new SourceDocument(file, own, lines, 'json');
    const value = JSON.parse(text.slice(start, end)) as unknown;
    if (countKeys(value) === scanner.keys - before) yield { value, source };
    else yield duplicateKey(own, start - lineStart, source);
    start = scanner.skipSpace(end);
  }
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  for (const key in value) keys += 1 + countKeys((value as Record<string, unknown>)[key]);
  return keys;
}

function duplicateKey(text: string, offset: number, source: SourceDocument): DocumentError {
  try {
    new JsonScanner(text, true).skipValue(offset);
  } catch (error) {
    return failure(source, error);
  }
  throw new Error(`${source.file}: the keys of a JSON document were counted wrongly`);
}

function failure(source: SourceDocument, error: unknown): DocumentError {
  if (error instanceof JsonError) return new DocumentError(source.problemAt(error.offset, error.message));
  throw error;
}
