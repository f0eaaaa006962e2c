import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { program, VERBS } from '../src/program';
import { Run } from '../src/run';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const sink = { write: () => true };
const commands: ReadonlyMap<string, Command> = new Map(
  program(new Run({ stdin: process.stdin, stdout: sink, stderr: sink, env: {} }), 'every verb').commands.map((command) => [command.name(), command]),
);
/** The last table of the page, by verb: `-o`, and what makes the exit code 1. */
const forms = new Map([...readme.matchAll(/^\| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(([, verb, output, code]) => [verb!, { output: output!, code: code! }]));
const words = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
const choices = (verb: string, flag: string): readonly string[] => commands.get(verb)!.options.find(({ long }) => long === flag)?.argChoices ?? [];

test('README.md has a row for every verb that there is, and for no other', () => {
  const listed = [...readme.matchAll(/^\| `netpol (\w+)/gm)].map(([, verb]) => verb!);
  expect(listed.sort()).toEqual(Object.keys(VERBS).sort());
  expect([...forms.keys(), 'completion'].sort()).toEqual(Object.keys(VERBS).sort());
});

test.each([...forms])('README.md names the forms of netpol %s, and what it may fail on', (verb, { output, code }) => {
  expect(words(output)).toEqual(choices(verb, '--output'));
  const failOn = /`--fail-on (\w+)` \(default\), (.*)$/.exec(code);
  expect(failOn === null ? [] : [failOn[1], ...words(failOn[2]!)].sort()).toEqual([...choices(verb, '--fail-on')].sort());
  if (failOn !== null) expect(commands.get(verb)!.options.find(({ long }) => long === '--fail-on')!.defaultValue).toBe(failOn[1]);
});
