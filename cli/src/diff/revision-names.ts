import { InventoryError } from 'cdk8s-netpol/analysis';
import { InputError } from '../input';
import { inventoryProblems } from '../inventory-problems';
import { Run } from '../run';
import { UsageError } from '../usage-error';

/**
 * Runs something in a folder that a revision was checked out to. Nobody knows that folder, and it is gone when its name is read:
 * messages say `main:manifests/web.yaml` as git does.
 */
export async function asRevision<T>(folder: string, revision: string, run: Run, action: (run: Run) => Promise<T>): Promise<T> {
  const rename = (text: string): string => text.replaceAll(`${folder}/`, `${revision}:`).replaceAll(folder, `${revision}:`);
  const { terminal } = run;
  const stderr = { isTTY: terminal.stderr.isTTY, columns: terminal.stderr.columns, write: (text: string) => terminal.stderr.write(rename(text)) };
  try {
    return await action(new Run({ ...terminal, stderr }));
  } catch (error) {
    const problems = error instanceof InputError ? error.problems : error instanceof InventoryError ? inventoryProblems(error.issues) : undefined;
    if (problems !== undefined) {
      throw new InputError(problems.map(({ place, reason, ...rest }) => (
        { ...rest, place: { ...place, file: rename(place.file) }, reason: rename(reason) }
      )));
    }
    if (error instanceof UsageError) throw new UsageError(`at ${revision}: ${rename(error.message)}`, error.mistyped);
    throw error;
  }
}
