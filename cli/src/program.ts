import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { lazy } from './lazy';
import { Run } from './run';

/** Every verb that there is, with the line that the list of verbs shows. A verb is a file of its name in `commands/`. */
export const VERBS: Readonly<Record<string, string>> = {
  list: 'what can talk to what',
  explain: 'whether one connection may be opened, and why',
  diff: 'what changed between two versions',
  test: 'whether expectations hold',
  check: 'what breaks the rules',
  status: 'how far each namespace has come',
  flows: 'recorded traffic: import it, ask it, hold policies against it',
  gate: 'whether a namespace may go to ENFORCE, by what was recorded',
  codeowners: 'who has to review which policy file',
  migrate: 'constructs in place of hand-written policies',
  completion: 'a script that completes netpol in a shell',
};

const EPILOGUE = `
PATH is a file, a folder or - for standard input; without one, netpol.yaml in this folder says what to read.
Exit codes: 0 clean, 1 findings or differences, 2 usage, input or internal error.

Examples:
  netpol list manifests/
  kubectl get all,networkpolicies,namespaces -A -o json | netpol list -
`;

/**
 * The command line as a value. Only the verb that is asked for gets its flags, and loads what it needs.
 * @param asked the words of the command line, or 'every verb'
 */
export function program(run: Run, asked: readonly string[] | 'every verb'): Command {
  const { stdout, stderr } = run.terminal;
  const root = new Command('netpol')
    .description('What can talk to what in Kubernetes, why, and what changed.')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError('(netpol --help shows what there is)')
    .addHelpText('after', EPILOGUE);
  for (const [name, summary] of Object.entries(VERBS)) {
    const command = root.command(name).summary(summary).exitOverride();
    if (asked === 'every verb' || asked.includes(name)) lazy.verb(name).define(command.showHelpAfterError(`(netpol ${name} --help shows what there is)`), run);
  }
  return root;
}

export function version(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
