import { existsSync, statSync } from 'node:fs';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { UsageError } from '../../usage-error';

export const STDIN = '-';

/** The files that the command line names, in order: patterns are looked up, and stand for at least one. */
export function findFlowFiles(names: readonly string[]): readonly string[] {
  if (names.filter((name) => name === STDIN).length > 1) throw new UsageError('standard input (-) is there only once');
  return [...new Set(names.flatMap(filesOf))];
}

function filesOf(name: string): readonly string[] {
  if (name === STDIN) return [name];
  if (existsSync(name)) return statSync(name).isDirectory() ? found(`${name.replace(/\/+$/, '')}/**`, name) : [name];
  if (!isDynamicPattern(name)) throw new UsageError(`there is no file ${name}`);
  return found(name, name);
}

function found(pattern: string, name: string): readonly string[] {
  const files = globSync(pattern, { expandDirectories: false, onlyFiles: true }).sort();
  if (files.length === 0) throw new UsageError(`no file is named like ${name}`);
  return files;
}
