import manifest from '../package.json';
import { VERBS } from '../src/program';
import { netpol } from './run-netpol';
import { temporaryFolder } from './temporary-folder';

test('--version prints the version of the package on stdout', async () => {
  expect(await netpol(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('--help says what the command is for, and every verb', async () => {
  const { code, stdout, stderr } = await netpol(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('What can talk to what');
  for (const [verb, summary] of Object.entries(VERBS)) expect(stdout).toMatch(new RegExp(`  ${verb} +${summary}`));
});

test.each(Object.keys(VERBS))('%s --help has examples that begin with its name', async (verb) => {
  for (const args of [[verb, '--help'], ['help', verb]]) {
    const { code, stdout, stderr } = await netpol(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('\nExamples:\n');
    expect(stdout).toContain(`netpol ${verb} `);
  }
});

describe('wrong usage is exit code 2 with the reason on stderr', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown verb', ['lst'], /^error: unknown command 'lst'\n\(Did you mean list\?\)/],
    ['an unknown verb like none', ['frobnicate'], /^error: unknown command 'frobnicate'/],
    ['an unknown flag', ['list', '--form', 'a/b'], /^error: unknown option '--form'\n\(Did you mean (?:one of )?--/],
    ['an unknown flag before the verb', ['--no-such-flag'], /^error: unknown option '--no-such-flag'/],
    ['an unknown value', ['list', '-o', 'jsn'], /^error: option .*'jsn' is invalid.*\n\(Did you mean json\?\)/],
    ['a missing value', ['list', '--from'], /^error: option '--from <END>' argument missing/],
    ['a missing flag', ['explain', '.', '--from', 'a/b', '--to', 'c/d'], /^error: required option '--port <PORT>' not specified/],
    ['a missing argument', ['diff'], /^error: missing required argument 'BASE'/],
    ['an argument too many', ['completion', 'bash', 'zsh'], /^error: too many arguments/],
    ['an unknown shell', ['completion', 'tcsh'], /^error: command-argument value 'tcsh' is invalid/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await netpol(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('a fault of our own', () => {
  const broken = async (env: Record<string, string>) => {
    const folder = temporaryFolder({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n' });
    // a terminal that cannot be written to stands for what nobody foresees
    const failing = () => {
      throw new TypeError('x is not a function');
    };
    const { main } = jest.requireActual<typeof import('../src/index')>('../src/index');
    let stderr = '';
    const code = await main(['node', 'netpol', 'list', folder], {
      stdin: process.stdin, env, stdout: { write: failing }, stderr: { write: (text) => (stderr += text) !== '' },
    });
    return { code, stderr };
  };

  test('is told in a line, without a stack', async () => {
    const { code, stderr } = await broken({});
    expect(code).toBe(2);
    expect(stderr).toBe('error: x is not a function\nThis is a fault of netpol itself; NETPOL_DEBUG=1 shows where.\n');
  });

  test('shows where it is to those who ask', async () => {
    expect((await broken({ NETPOL_DEBUG: '1' })).stderr).toMatch(/^error: TypeError: x is not a function\n +at /);
  });
});
