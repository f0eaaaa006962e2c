import { CommanderError } from 'commander';
import { lazy } from './lazy';
import { program } from './program';
import { FAILED, Run } from './run';
import { processTerminal, Terminal } from './terminal';

/**
 * Runs one command line; `bin/netpol` calls it.
 *
 * @returns the exit code: 0 clean, 1 findings or differences, 2 usage, input or internal error
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const run = new Run(terminal);
  try {
    await program(run, argv.slice(2)).parseAsync(argv);
    return run.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has printed its message; it says 1 for wrong usage, which here means findings
      return error.exitCode === 0 ? 0 : FAILED;
    }
    lazy.reportError().reportError(error, run);
    return FAILED;
  }
}
