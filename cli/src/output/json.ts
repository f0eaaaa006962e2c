/** The version of the JSON that every verb prints; it changes where a reader of the one before would go wrong. */
export const SCHEMA_VERSION = 1;

type Head = Readonly<Record<string, unknown>>;

/** An object with its lists written a line for each item: long answers come in pieces, and two of them can be compared by line. */
export function* json(head: Head, lists: Readonly<Record<string, Iterable<unknown>>>): Generator<string> {
  const fields = Object.entries({ schemaVersion: SCHEMA_VERSION, ...head }).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  yield `{${fields.join(', ')}`;
  for (const [name, items] of Object.entries(lists)) {
    yield `, ${JSON.stringify(name)}: [`;
    let separator = '\n  ';
    for (const item of items) {
      yield `${separator}${JSON.stringify(item)}`;
      separator = ',\n  ';
    }
    yield separator === '\n  ' ? ']' : '\n]';
  }
  yield '}\n';
}
