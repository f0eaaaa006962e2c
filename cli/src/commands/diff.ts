import { join, relative } from 'node:path';
import { Analysis } from 'cdk8s-netpol/analysis';
import { Command } from 'commander';
import { ClusterFlags, withClusterFlags } from '../cluster-flags';
import { diffMarkdown, diffTable } from '../diff/forms';
import { asRevision } from '../diff/revision-names';
import { parseSides, Side } from '../diff/sides';
import { withWorktree } from '../diff/worktree';
import { analyse, readCluster } from '../load-cluster';
import { json } from '../output';
import { FINDINGS, Run } from '../run';
import { formOption, wordOption } from '../word-option';

interface DiffFlags extends ClusterFlags {
  readonly failOn: 'any' | 'wider' | 'never';
  readonly output: 'table' | 'json' | 'markdown';
}

const EXAMPLES = `
A revision is checked out into a folder of its own, which is removed afterwards; there, PATHs are read, or what its
netpol.yaml renders. Both ends may be the same paths at two revisions, two paths, or a path and a revision.

Examples:
  netpol diff before/ after/
  netpol diff main..HEAD
  netpol diff main..HEAD manifests/ --fail-on wider
  netpol diff main manifests/ -o markdown
`;

/** `netpol diff`: what may talk to what now, and could not before. */
export function define(command: Command, run: Run): void {
  withClusterFlags(command.argument('<BASE>', 'a path, a git revision, or BASE..HEAD').argument('[HEAD...]', 'a path or a git revision; behind BASE..HEAD the PATHs to read at both'))
    .description('Compares what two versions of the manifests let through: connections added, removed and changed.')
    .addOption(wordOption('--fail-on <CHANGE>', 'exit code 1 for any difference, for wider ones, or never', ['any', 'wider', 'never']).default('any'))
    .addOption(formOption(['table', 'json', 'markdown']))
    .addHelpText('after', EXAMPLES)
    .action(async (base: string, rest: string[], flags: DiffFlags) => {
      const { before, after } = parseSides([base, ...rest]);
      const old = await analyseSide(before, flags, run);
      const diff = (await analyseSide(after, flags, run)).changesFrom(old);
      const { verdict, added, removed, changed } = diff;
      if ((flags.failOn === 'any' && verdict !== 'none') || (flags.failOn === 'wider' && (verdict === 'wider' || verdict === 'mixed'))) run.exitCode = FINDINGS;
      await run.print(flags.output === 'json' ? json({ verdict }, { added, removed, changed })
        : flags.output === 'markdown' ? diffMarkdown(diff) : diffTable(diff, run.paint));
    });
}

async function analyseSide(side: Side, flags: DiffFlags, run: Run): Promise<Analysis> {
  if (side.kind === 'paths') return analyseIn('.', side.paths, flags, run);
  const { revision, paths } = side;
  run.note(`reading ${revision}`);
  return withWorktree(revision, (folder) => asRevision(folder, revision, run, (inside) => analyseIn(folder, paths.map((path) => join(folder, relative('.', path))), flags, inside)));
}

async function analyseIn(folder: string, paths: readonly string[], flags: DiffFlags, run: Run): Promise<Analysis> {
  const { objects, profile } = await readCluster(paths, flags, run, folder);
  return analyse(objects, profile, flags, run);
}
