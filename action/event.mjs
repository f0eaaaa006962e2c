// What happened, and with what it is to be compared.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The pull request, where there is one, and the revision before it. @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export function readEvent(env) {
  const name = env.GITHUB_EVENT_NAME ?? '';
  if (name === 'pull_request_target') {
    throw new Error('pull_request_target gives a write token to a run that reads, and renders, what the pull request brings. Instead: on: pull_request; for forks the summary stands in for the comment');
  }
  const event = env.GITHUB_EVENT_PATH ? JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')) : {};
  const before = /^0*$/.test(event.before ?? '') ? undefined : event.before;
  return { pullRequest: event.pull_request?.number, base: event.pull_request?.base?.sha ?? event.merge_group?.base_sha ?? before };
}

/** The commit of a revision; what a shallow clone lacks is fetched, that one commit. */
export function commitOf(revision) {
  if (revision.startsWith('-')) throw new Error(`the base "${revision}" is no revision`);
  const known = git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  if (known.status === 0) return known.stdout.trim();
  const fetched = git(['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', revision]);
  if (fetched.status !== 0) throw new Error(`the base ${revision} is not in this clone and cannot be fetched: ${fetched.stderr.trim()}`);
  return git(['rev-parse', 'FETCH_HEAD']).stdout.trim();
}

/** Those of the paths that a commit has, as this folder names them. */
export function pathsAt(commit, paths) {
  return paths.filter((path) => git(['cat-file', '-e', `${commit}:./${relative('.', path)}`]).status === 0);
}

function git(args) {
  return spawnSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], { encoding: 'utf8' });
}
