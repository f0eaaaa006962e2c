import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ClusterFlags } from '../cluster-flags';
import { codeownersOf, staleLines, withBlock } from '../codeowners/codeowners-block';
import { mentionsOf } from '../codeowners/mentions';
import { policyFiles } from '../codeowners/policy-files';
import { readCluster } from '../load-cluster';
import { readOwners } from '../owners/read-owners';
import { FINDINGS, Run } from '../run';
import { UsageError } from '../usage-error';

interface CodeownersFlags extends Pick<ClusterFlags, 'cluster' | 'inventory'> {
  readonly owner?: readonly string[];
  readonly check?: string;
  readonly write?: string;
}

const EXAMPLES = `
Owners are read as by netpol status. Who a team is on GitHub or GitLab is said by --owner, or in netpol.yaml:

  owners:
    payments: '@example/payments'

The lines stand between two comments, so that the rest of the file stays yours. Exit code 1: the file of --check is not up to
date, or a team or namespace has nobody to name.

Examples:
  netpol codeowners dist/ --owner payments=@example/payments
  netpol codeowners dist/ --write .github/CODEOWNERS
  netpol codeowners dist/ --check .github/CODEOWNERS
`;

/** `netpol codeowners`: who has to review which policy file. */
export function define(command: Command, run: Run): void {
  command.argument('[PATH...]', 'files or folders; else what netpol.yaml says')
    .description('Writes CODEOWNERS lines: each file with policies, and the team that owns them.')
    .option('--cluster <NAME>', 'the cluster of netpol.yaml to look at')
    .option('--inventory <PATH>', 'more manifests, for context: Namespaces that name their owners; they get no lines (repeatable)', collect)
    .option('--owner <TEAM=NAME>', 'the name of a team in CODEOWNERS (repeatable)', collect)
    .option('--check <FILE>', 'say whether this CODEOWNERS file is up to date')
    .option('--write <FILE>', 'bring this CODEOWNERS file up to date')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: CodeownersFlags) => {
      const { check, write } = flags;
      if (check !== undefined && write !== undefined) throw new UsageError('--check reads a file and --write changes it: give one of them');
      const { objects, named, config } = await readCluster(paths, flags, run);
      // the inventory says who owns what; its files are reviewed elsewhere
      const files = policyFiles(named, readOwners(objects, config));
      const { block, gaps } = codeownersOf(files, mentionsOf(flags.owner ?? [], config?.owners ?? {}));
      for (const gap of gaps) run.warn(gap);
      if (gaps.length > 0) run.exitCode = FINDINGS;
      if (write !== undefined) return writeFileSync(write, withBlock(existsSync(write) ? readFileSync(write, 'utf8') : '', block, write));
      if (check === undefined) return run.print([block]);
      if (!existsSync(check)) throw new UsageError(`${check}: there is no such file; --write makes it`);
      const stale = staleLines(readFileSync(check, 'utf8'), block, check);
      if (stale.length > 0) run.exitCode = FINDINGS;
      await run.print(stale.length === 0 ? [`${check} is up to date.\n`] : [`${check} is not up to date; --write brings it there.\n`, ...stale.map((line) => `${line}\n`)]);
    });
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...before ?? [], value];
}
