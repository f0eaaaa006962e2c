import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { program, VERBS } from '../src/program';
import { Run } from '../src/run';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const sink = { write: () => true };
/** `flows import` is one of its own. */
const commands: ReadonlyMap<string, Command> = new Map(
  program(new Run({ stdin: process.stdin, stdout: sink, stderr: sink, env: {} }), 'every verb').commands
    .flatMap((command) => (command.commands.length === 0 ? [command] : command.commands))
    .map((command) => [command.parent!.name() === 'netpol' ? command.name() : `${command.parent!.name()} ${command.name()}`, command]),
);
/** The last table of the page, by verb: `-o`, and what makes the exit code 1. */
const forms = new Map([...readme.matchAll(/^\| `(\w+(?: \w+)?)` \| (.*) \| (.*) \|$/gm)].map(([, verb, output, code]) => [verb!, { output: output!, code: code! }]));
const words = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
const choices = (verb: string, flag: string): readonly string[] => commands.get(verb)!.options.find(({ long }) => long === flag)?.argChoices ?? [];

test('README.md has a row for every verb that there is, and for no other', () => {
  const listed = [...readme.matchAll(/^\| `netpol (\w+(?: [a-z]+)?)/gm)].map(([, verb]) => (commands.has(verb!) ? verb! : verb!.split(' ')[0]!));
  expect(listed.sort()).toEqual([...commands.keys()].sort());
  expect([...forms.keys(), 'completion'].sort()).toEqual([...commands.keys()].sort());
  expect([...new Set([...commands.keys()].map((verb) => verb.split(' ')[0]!))].sort()).toEqual(Object.keys(VERBS).sort());
});

test.each([...forms])('README.md names the forms of netpol %s, and what it may fail on', (verb, { output, code }) => {
  expect(words(output)).toEqual(choices(verb, '--output'));
  const failOn = /`--fail-on (\w+)` \(default\), (.*)$/.exec(code);
  expect(failOn === null ? [] : [failOn[1], ...words(failOn[2]!)].sort()).toEqual([...choices(verb, '--fail-on')].sort());
  if (failOn !== null) expect(commands.get(verb)!.options.find(({ long }) => long === '--fail-on')!.defaultValue).toBe(failOn[1]);
});
