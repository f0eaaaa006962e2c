import { existsSync } from 'node:fs';
import { UsageError } from '../../usage-error';

/** What stands behind the verb: namespaces, and manifests beside them. */
export interface RecommendArguments {
  readonly namespaces: readonly string[];
  readonly paths: readonly string[];
}

/** No name of a namespace looks so. */
const PATH = /[/\\.]|^-$/;

/**
 * Tells namespaces from paths: what has a slash or a dot is a path; so is a file or folder whose name is no namespace of the record.
 * @param recorded the namespaces that the record has
 */
export function splitArguments(given: readonly string[], recorded: ReadonlySet<string>): RecommendArguments {
  const isPath = (word: string): boolean => PATH.test(word) || (!recorded.has(word) && existsSync(word));
  const namespaces = [...new Set(given.filter((word) => !isPath(word)))].sort();
  if (namespaces.length === 0) throw new UsageError('no namespace is given. Instead: netpol flows recommend NS..., and behind them the PATHs of manifests');
  const unknown = namespaces.find((name) => !recorded.has(name));
  if (unknown !== undefined) {
    const known = [...recorded].sort();
    throw new UsageError(`nothing was recorded of the namespace "${unknown}" in this window; there are records of ${known.join(', ') || 'no namespace'}`, { word: unknown, candidates: known });
  }
  return { namespaces, paths: given.filter(isPath) };
}
