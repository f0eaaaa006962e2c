import { InventoryError } from 'cdk8s-netpol/analysis';
import { didYouMean } from 'cdk8s-netpol/cluster';
import { PolicyError } from 'cdk8s-netpol/policy';
import { InputError } from './input/input-problem';
import { inventoryProblems } from './inventory-problems';
import { Run } from './run';
import { UsageError } from './usage-error';

/** Says what went wrong in the words of its kind. A stack trace helps nobody but us. */
export function reportError(error: unknown, run: Run): void {
  if (error instanceof InputError) return run.error(error.message);
  if (error instanceof InventoryError) return run.error(new InputError(inventoryProblems(error.issues)).message);
  if (error instanceof PolicyError) return run.error(error.message);
  if (error instanceof UsageError) {
    const near = error.mistyped === undefined ? undefined : didYouMean(error.mistyped.word, error.mistyped.candidates);
    return run.error(`${error.message}${near === undefined ? '' : `\n(Did you mean ${near}?)`}`);
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  run.error(run.terminal.env.NETPOL_DEBUG === '1' ? stack ?? message : `${message}\nThis is a fault of netpol itself; NETPOL_DEBUG=1 shows where.`);
}
