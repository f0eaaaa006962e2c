import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';

/** The command line as a value, so that a test can run it without a process. */
export function program(): Command {
  return new Command('netpol')
    .description('What can talk to what in Kubernetes, why, and what changed.')
    .version(version())
    .exitOverride();
}

/**
 * Runs one command line; `bin/netpol` calls it.
 *
 * @returns the exit code: 0 clean, 1 findings or differences (a verb sets `process.exitCode`), 2 usage, input or internal error
 */
export async function main(argv: string[], command = program()): Promise<number> {
  try {
    await command.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has printed its message; it says 1 for wrong usage, which here means findings
      return error.exitCode === 0 ? 0 : 2;
    }
    process.stderr.write(`netpol: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
