import { existsSync } from 'node:fs';
import { UsageError } from '../usage-error';
import { git, isRevision, mergeBase } from './git';

/** One end of a comparison: paths as they are, or paths of a revision; without paths its netpol.yaml says what to read. */
export type Side =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'revision'; readonly revision: string; readonly paths: readonly string[] };

/** What the words of `netpol diff` mean. A word that is a path is a path, whatever revisions there are. */
export function parseSides([base = '', ...rest]: readonly string[]): { readonly before: Side; readonly after: Side } {
  const range = existsSync(base) ? null : /^(.*?)(\.{2,3})(.*)$/.exec(base);
  if (range !== null) return ofRange(range[1]!, range[2]!, range[3]!, rest);
  const [head, ...more] = rest;
  if (head === undefined) throw new UsageError(`"${base}" is compared with nothing. Instead: two paths, or BASE..HEAD`);
  if (more.length > 0) throw new UsageError(`there are ${rest.length + 1} ends, and two can be compared. Instead: BASE HEAD, or BASE..HEAD PATH...`);
  const [first, second] = [base, head].map((word) => (word === '-' || existsSync(word) ? undefined : checkRevision(word)));
  if (first === undefined && second === undefined) return { before: { kind: 'paths', paths: [base] }, after: { kind: 'paths', paths: [head] } };
  // a revision is compared with a path at that very path
  return {
    before: first === undefined ? { kind: 'paths', paths: [base] } : { kind: 'revision', revision: first, paths: second === undefined ? [head] : [] },
    after: second === undefined ? { kind: 'paths', paths: [head] } : { kind: 'revision', revision: second, paths: first === undefined ? [base] : [] },
  };
}

/** As git has them: `A..B` are the two, `A...B` is what B has changed since it left A. */
function ofRange(base: string, dots: string, head: string, paths: readonly string[]): { readonly before: Side; readonly after: Side } {
  const [from, to] = [checkRevision(base === '' ? 'HEAD' : base), checkRevision(head === '' ? 'HEAD' : head)];
  const revision = dots === '...' ? mergeBase(from, to) : from;
  return { before: { kind: 'revision', revision, paths }, after: { kind: 'revision', revision: to, paths } };
}

function checkRevision(word: string): string {
  if (isRevision(word)) return word;
  const reason = git(['rev-parse', '--git-dir']).status === 0
    ? 'is neither a path nor a revision here (a shallow clone has only the newest one: fetch the other too)'
    : 'is no path, and this folder is in no git repository';
  throw new UsageError(`"${word}" ${reason}`);
}

/** A side in the words of the command line. */
export function sideText(side: Side): string {
  return side.kind === 'revision' ? side.revision : side.paths.join(' ');
}
