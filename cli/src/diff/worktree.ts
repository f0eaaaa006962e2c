import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../usage-error';
import { git } from './git';

/** Signals by which people and CI systems end a run; the folder goes away with it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Checks a revision out into a folder of its own and gives that folder, or what corresponds to the current one in it. The
 * folder is removed whatever happens.
 */
export async function withWorktree<T>(revision: string, action: (folder: string) => Promise<T>): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), 'netpol-worktree-'));
  const root = join(parent, 'worktree');
  const remove = (): void => {
    git(['worktree', 'remove', '--force', root]);
    rmSync(parent, { recursive: true, force: true });
    git(['worktree', 'prune']);
  };
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => [signal as NodeJS.Signals, () => {
    remove();
    process.exit(code);
  }] as const);
  for (const [signal, listener] of listeners) process.once(signal, listener);
  try {
    const { status, stderr } = git(['worktree', 'add', '--detach', '--quiet', root, revision]);
    if (status !== 0) throw new UsageError(`git cannot check ${revision} out: ${stderr.trim()}`);
    const prefix = git(['rev-parse', '--show-prefix']).stdout.trim();
    return await action(prefix === '' ? root : join(root, prefix));
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    remove();
  }
}
