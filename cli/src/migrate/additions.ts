import { mainLines } from './files/main-file';
import { ownerLines } from './files/owners-file';
import { MigrationPlan } from './plan';

/** What to write into the shared files of an app that is there, so that it has these namespaces too. */
export function* additionsTo(plan: MigrationPlan, kept: readonly string[]): Generator<string> {
  yield `\nKept as they are: ${kept.join(', ')}\n`;
  yield '\nTo add to main.ts:\n\n';
  for (const line of mainLines(plan)) yield `${line}\n`;
  const owners = ownerLines(plan);
  if (owners.length === 0) return;
  yield '\nTo add to owners in owners.ts:\n\n';
  for (const line of owners) yield `${line}\n`;
}
