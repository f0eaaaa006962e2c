import { spawnSync } from 'node:child_process';
import { UsageError } from '../usage-error';

export interface GitAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs git in this folder. Hooks of the repository are not run: nobody asked for what they do. */
export function git(args: readonly string[]): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') throw new UsageError('git is not installed, and revisions cannot be read without it');
  return { status: status ?? 1, stdout, stderr };
}

export function isRevision(word: string): boolean {
  return !word.startsWith('-') && git(['rev-parse', '--verify', '--quiet', `${word}^{commit}`]).status === 0;
}

export function mergeBase(one: string, other: string): string {
  const { status, stdout } = git(['merge-base', one, other]);
  if (status !== 0) throw new UsageError(`${one} and ${other} have no commit in common that is here`);
  return stdout.trim();
}
