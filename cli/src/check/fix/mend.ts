import { writeFileSync } from 'node:fs';
import { Finding } from 'cdk8s-netpol/rules';
import { Run } from '../../run';
import { planFixes } from './plan-fixes';

export interface MendOptions {
  readonly dryRun: boolean;
  /** Whether the changes are what stdout is for; else they go to stderr, and stdout stays data. */
  readonly onStdout: boolean;
}

/** Shows what has one safe answer as a diff, and writes it. @returns whether files have changed */
export async function mend(findings: readonly Finding[], { dryRun, onStdout }: MendOptions, run: Run): Promise<boolean> {
  const plans = planFixes(findings);
  const diffs = plans.map(({ diff }) => diff);
  if (onStdout) await run.print(diffs);
  else diffs.forEach((diff) => run.note(diff.trimEnd()));
  if (!dryRun) for (const { path, text } of plans) writeFileSync(path, text);
  const count = plans.reduce((sum, { fixed }) => sum + fixed.length, 0);
  run.note(`${count} ${dryRun ? 'would be mended' : 'mended'} in ${plans.length} file${plans.length === 1 ? '' : 's'}`);
  return !dryRun && plans.length > 0;
}
