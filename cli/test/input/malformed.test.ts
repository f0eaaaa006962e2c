import { join } from 'node:path';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';
import { ENCODINGS, JSON_TEXT, MalformedCase, OBJECTS, SHAPES, SYNTAX, TEMPLATES } from './malformed-cases';

/** As long as nothing hangs; a machine under load is slow. */
const DEADLINE_MS = 5000;

const GROUPS: Readonly<Record<string, readonly MalformedCase[]>> = {
  'YAML that cannot be parsed': SYNTAX,
  'templates': TEMPLATES,
  'what is no text': ENCODINGS,
  'JSON that cannot be parsed': JSON_TEXT,
  'documents of the wrong shape': SHAPES,
  'objects that the API server refuses': OBJECTS,
};

test('there are at least a hundred kinds of malformed input', () => {
  const names = Object.values(GROUPS).flat().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(100);
});

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(group, () => {
    test.each(cases)('$name: exit code 2, the line, and nothing on stdout', async ({ content, line, says, file = 'input.yaml' }) => {
      const path = join(temporaryFolder({ [file]: content }), file);
      const { code, stdout, stderr } = await netpol(['list', path]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      // line 0 stands for the whole file
      expect(stderr.startsWith(`error: ${path}:${line === 0 ? ' ' : `${line}:`}`) ? 'names the line' : stderr).toBe('names the line');
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+|fault of netpol/);
    }, DEADLINE_MS);

    test.each(cases.filter(({ content }) => content.length > 0))('$name: as bad on standard input', async ({ content, says, file }) => {
      // JSON needs its file's name to be known from YAML
      if (file !== undefined) return expect(file).toBe('input.json');
      const { code, stdout, stderr } = await netpol(['list', '-'], { stdin: Buffer.from(content) });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^error: <stdin>:/);
      return expect(stderr).toMatch(says);
    }, DEADLINE_MS);
  });
}

test('every problem of the input is told at once', async () => {
  const folder = temporaryFolder({ 'a.yaml': 'a: @b\n---\nkind: Pod\nmetadata: {}\n', 'b.yaml': 'c: [\n' });
  const { code, stderr } = await netpol(['list', folder]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/a\.yaml:1:4: [^]*a\.yaml:3:1: [^]*b\.yaml:2:1: /);
});

test('the caret stands below the place', async () => {
  const path = join(temporaryFolder({ 'a.yaml': 'first: 1\nsecond: @b\n' }), 'a.yaml');
  expect((await netpol(['list', path])).stderr).toBe(
    `error: ${path}:2:9: is not YAML: a plain value cannot begin with "@". Instead: quotes around it\n  2 | second: @b\n              ^\n`,
  );
});
