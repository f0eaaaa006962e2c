import { join, relative } from 'node:path';
import { ClusterFlags } from '../cluster-flags';
import { git, isRevision } from '../diff/git';
import { asRevision } from '../diff/revision-names';
import { withWorktree } from '../diff/worktree';
import { readCluster } from '../load-cluster';
import { Run } from '../run';
import { UsageError } from '../usage-error';
import { allRules } from './custom-rules';
import { runCheck } from './run-check';
import { shownFindings } from './shown-finding';

type CheckedFlags = ClusterFlags & { readonly rule?: readonly string[] };

/** The fingerprints of what there is to find at a revision: the baseline that `netpol check --write-baseline` would write there. */
export async function fingerprintsAt(revision: string, paths: readonly string[], flags: CheckedFlags, run: Run): Promise<ReadonlySet<string>> {
  if (flags.context !== undefined || paths.includes('-')) throw new UsageError('--since reads a revision of files: neither standard input nor a live cluster has one');
  if (!isRevision(revision)) {
    const isRepository = git(['rev-parse', '--git-dir']).status === 0;
    throw new UsageError(`"${revision}" is no revision${isRepository ? ' here (a shallow clone has only the newest one: fetch the other too)' : ': this folder is in no git repository'}`);
  }
  run.note(`reading ${revision}`);
  return withWorktree(revision, (folder) => asRevision(folder, revision, run, async (inside) => {
    const cluster = await readCluster(paths.map((path) => join(folder, relative('.', path))), flags, inside, folder);
    const { findings } = runCheck(cluster, await allRules(cluster.config), flags.rule);
    return new Set(shownFindings(findings, '').map(({ fingerprint }) => fingerprint));
  }));
}
