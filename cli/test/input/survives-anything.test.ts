import { Readable } from 'node:stream';
import fc from 'fast-check';
import { InputError, readInput } from '../../src/input';
import { pod } from './read';

const SAMPLE = `${pod('a')}spec:\n  list: [1, "two", {three: *x}]\n  text: |\n    more\n---\n{"apiVersion": "v1", "kind": "List", "items": [{"kind": "Pod"}]}\n`;
const PIECES = ['\n', '\t', ' ', ':', '- ', '? ', '&x ', '*x', '<<: ', '"', "'", '{', '}', '[', ']', '#', '|', '>', '---', '...', '%YAML 1.2', '!t ', '\r', '\ufeff', '\u0000', '\u2028', '__proto__: ', '{{ x }}', '1e999', '0x', '\\'];

/** Reads, or says why not: no other end is there. */
async function survives(bytes: Uint8Array): Promise<void> {
  try {
    await readInput([{ name: 'x', bytes }], { stdin: Readable.from([]) });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
  }
}

test('any bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), survives));
});

test('a manifest with pieces of YAML strewn in', async () => {
  const edits = fc.array(fc.tuple(fc.nat(SAMPLE.length), fc.constantFrom(...PIECES), fc.nat(3)), { minLength: 1, maxLength: 5 });
  await fc.assert(fc.asyncProperty(edits, (changes) => {
    let text = SAMPLE;
    for (const [at, piece, removed] of changes) text = text.slice(0, at) + piece + text.slice(at + removed);
    return survives(Buffer.from(text));
  }));
});
