import { existsSync, realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { STAGE_RECORD } from 'cdk8s-netpol/rules';
import { git } from '../diff/git';
import { InputObject } from '../input';
import { metadataOf } from '../owners/object-metadata';
import { Owners } from '../owners/read-owners';
import { UsageError } from '../usage-error';

/** A file with policies, and the teams that they belong to. */
export interface PolicyFile {
  /** From the root of the repository, with slashes: `dist/pay.k8s.yaml`. */
  readonly path: string;
  readonly teams: readonly string[];
  /** Namespaces, or cluster policies by name, of which nobody says who owns them. */
  readonly orphans: readonly string[];
}

/** Signs that mean something in a pattern, and for which CODEOWNERS has no escape. @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax */
const UNSAYABLE = /[*?[\]\\!#\n\t]/;

/** The files of this repository that hold policies, or the record of a namespace's stage; in the order of their names. */
export function policyFiles(objects: readonly InputObject[], owners: Owners): PolicyFile[] {
  const { status, stdout } = git(['rev-parse', '--show-toplevel']);
  if (status !== 0) throw new UsageError('this folder is in no git repository, and CODEOWNERS names files from the root of one');
  const root = realpathSync(stdout.trim());
  const files = new Map<string, { teams: Set<string>; orphans: Set<string> }>();
  for (const { object, origin } of objects.filter(isReviewed)) {
    const path = pathWithin(root, origin.file);
    const found = files.get(path) ?? { teams: new Set(), orphans: new Set() };
    files.set(path, found);
    const team = owners.ofObject(object);
    const { name, namespace } = metadataOf(object);
    if (team === undefined) found.orphans.add(namespace ?? name);
    else found.teams.add(team);
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { teams, orphans }]) => ({ path, teams: [...teams].sort(), orphans: [...orphans].sort() }));
}

function isReviewed({ object }: InputObject): boolean {
  const isRecord = object.kind === 'ConfigMap' && metadataOf(object).name === STAGE_RECORD;
  return isRecord || POLICY_READERS.some(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
}

function pathWithin(root: string, file: string): string {
  if (!existsSync(file)) throw new UsageError(`policies from ${file} lie in no file that somebody could own. Instead: the PATHs of files`);
  const path = relative(root, realpathSync(resolve(file)));
  if (path.startsWith('..')) throw new UsageError(`${file} lies outside of the repository ${root}, and CODEOWNERS cannot name it`);
  if (UNSAYABLE.test(path)) throw new UsageError(`${file}: CODEOWNERS cannot name a file whose name has * ? [ ] \\ ! or #. Instead: another name`);
  return path.replaceAll(sep, '/');
}
