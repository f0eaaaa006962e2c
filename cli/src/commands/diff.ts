import { join, relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ClusterFlags, withClusterFlags } from '../cluster-flags';
import { clusterWords } from '../cluster-words';
import { COMMENT_LIMIT, diffComment, LEAST_LIMIT } from '../diff/comment/diff-comment';
import { diffTable } from '../diff/forms';
import { asRevision } from '../diff/revision-names';
import { parseSides, Side, sideText } from '../diff/sides';
import { withWorktree } from '../diff/worktree';
import { analyse, LoadedCluster, readCluster } from '../load-cluster';
import { json } from '../output';
import { readOwners } from '../owners/read-owners';
import { FINDINGS, Run } from '../run';
import { formOption, wordOption } from '../word-option';

interface DiffFlags extends ClusterFlags {
  readonly failOn: 'any' | 'wider' | 'never';
  readonly output: 'table' | 'json' | 'markdown';
  readonly maxLength: number;
}

const EXAMPLES = `
A revision is checked out into a folder of its own, which is removed afterwards; there, PATHs are read, or what its
netpol.yaml renders. Both ends may be the same paths at two revisions, two paths, or a path and a revision.

-o markdown is made for a comment on a pull request: the verdict, then what opened and what closed by namespace and owner, the
widest first. Owners are read as by netpol status.

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
    .option('--max-length <CHARACTERS>', 'how long the Markdown may be: beyond it the narrowest rows are left out, and counted', parseLength, COMMENT_LIMIT)
    .addHelpText('after', EXAMPLES)
    .action(async (base: string, rest: string[], flags: DiffFlags) => {
      const { before, after } = parseSides([base, ...rest]);
      const old = await analyseSide(before, flags, run);
      const now = await analyseSide(after, flags, run);
      const diff = now.analysis.changesFrom(old.analysis);
      const { verdict, added, removed, changed } = diff;
      if ((flags.failOn === 'any' && verdict !== 'none') || (flags.failOn === 'wider' && (verdict === 'wider' || verdict === 'mixed'))) run.exitCode = FINDINGS;
      await run.print(flags.output === 'json' ? json({ verdict }, { added, removed, changed })
        : flags.output === 'markdown' ? [comment()] : diffTable(diff, run.paint));

      function comment(): string {
        const { workloads, namespaces } = now.analysis.inventory;
        return diffComment({
          diff,
          before: { workloads: old.analysis.inventory.workloads, owners: readOwners(old.objects, old.config ?? now.config) },
          after: { workloads, namespaces: [...namespaces.keys()], owners: readOwners(now.objects, now.config) },
          compared: { base: sideText(before), head: sideText(after) },
          ...(flags.cluster === undefined ? {} : { cluster: flags.cluster }),
          profile: now.analysis.profile.id,
          command: ['netpol', 'diff', ...[base, ...rest].map(shellWord), ...clusterWords(flags).map(shellWord)].join(' '),
        }, flags.maxLength);
      }
    });
}

function parseLength(given: string): number {
  const length = /^\d+$/.test(given) ? Number(given) : NaN;
  if (Number.isSafeInteger(length) && length >= LEAST_LIMIT) return length;
  throw new InvalidArgumentError(`It is a number of characters, ${LEAST_LIMIT} or more; GitHub takes ${COMMENT_LIMIT}.`);
}

/** A word of a command line that a shell takes as it is. */
function shellWord(word: string): string {
  return /^[\w./:@,=+^~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function analyseSide(side: Side, flags: DiffFlags, run: Run): Promise<LoadedCluster> {
  if (side.kind === 'paths') return analyseIn('.', side.paths, flags, run);
  const { revision, paths } = side;
  run.note(`reading ${revision}`);
  return withWorktree(revision, (folder) => asRevision(folder, revision, run, (inside) => analyseIn(folder, paths.map((path) => join(folder, relative('.', path))), flags, inside)));
}

async function analyseIn(folder: string, paths: readonly string[], flags: DiffFlags, run: Run): Promise<LoadedCluster> {
  const { objects, profile, config } = await readCluster(paths, flags, run, folder);
  return { objects, config, analysis: analyse(objects, profile, flags, run) };
}
