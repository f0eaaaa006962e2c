import fc from 'fast-check';
import { splitDocuments } from '../../src/input/split-documents';
import { pod, read } from './read';

/** Documents of every sort that is read: long and short ones, empty ones, with aliases, with brackets at the margin. */
const DOCUMENT = fc.oneof(
  fc.nat(999).map((number) => pod(`p${number}`)),
  fc.nat(9).map((number) => `${pod(`long${number}`)}data: "${'x'.repeat(number * 4000)}"\n`),
  fc.constantFrom('', '# nothing\n', '\n\n', 'services: {}\n', `${pod('alias')}a: &a {x: 1}\nb: *a\n`, `${pod('margin')}args: [\n1\n]\n`, `${pod('windows')}`.replaceAll('\n', '\r\n')),
);

test('documents that are read together are what they are alone', async () => {
  await fc.assert(fc.asyncProperty(fc.array(DOCUMENT, { minLength: 1, maxLength: 30 }), async (documents) => {
    const stream = `${pod('first')}${documents.map((document) => `---\n${document}`).join('')}`;
    const together = await read([{ name: 'x', bytes: Buffer.from(stream) }]);
    const alone = await Promise.all([pod('first'), ...documents].map((document) => read([{ name: 'x', bytes: Buffer.from(`${pod('anchor')}---\n${document}`) }])));
    expect(together.objects.map(({ object }) => object)).toEqual(alone.flatMap(({ objects }) => objects.slice(1).map(({ object }) => object)));
    for (const { origin, object } of together.objects) {
      expect(stream.split('\n')[origin.line! - 1]).toMatch(/^apiVersion: v1\r?$/);
      expect(stream.split('\n')[(origin.at('metadata.name').line ?? 0) - 1]).toContain((object.metadata as { name: string }).name);
    }
    expect(together.skipped.count('other-document')).toBe(documents.filter((document) => document.startsWith('services')).length);
    expect(together.skipped.count('empty-document')).toBe(documents.filter((document) => /^(#.*|\s*)$/.test(document.trim())).length);
  }));
});

test('the parts of a stream are the stream, with its lines', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('---', '...', '--- a', '---a', '%YAML 1.2', '# c', 'a: 1', '', ' ---', '\ufeff---'), { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
    const stream = lines.join(end);
    const parts = [...splitDocuments(stream)];
    expect(parts.map(({ text }) => text).join('')).toBe(stream);
    for (const { offset, linesBefore } of parts) expect(stream.slice(0, offset).split('\n').length - 1).toBe(linesBefore);
  }));
});
