import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../usage-error';
import { AppFiles } from './files/app-files';

/** Files that every namespace of an app shares: those of an app that is there stay as they are. */
export function isShared(file: string): boolean {
  return !file.startsWith('namespaces/');
}

/** What is to be written, and what of the shared files is there already and stays. */
export interface Writing {
  readonly files: AppFiles;
  readonly kept: readonly string[];
}

/**
 * Decides what is written, before anything is.
 * @param addsTo a namespace is added to an app that may be there: its shared files stay
 */
export function planWriting(folder: string, files: AppFiles, { force, addsTo }: { readonly force: boolean; readonly addsTo: boolean }): Writing {
  if (force) return { files, kept: [] };
  const differing = [...files].filter(([file, text]) => existsSync(join(folder, file)) && readFileSync(join(folder, file), 'utf8') !== text).map(([file]) => file);
  const kept = differing.filter((file) => addsTo && isShared(file));
  const refused = differing.filter((file) => !kept.includes(file));
  if (refused.length > 0) {
    const there = `${refused.map((file) => join(folder, file)).join(', ')} ${refused.length === 1 ? 'is' : 'are'} there already`;
    throw new UsageError(`${there} and would be overwritten. Instead: another folder for --out, or --force`);
  }
  return { files: new Map([...files].filter(([file]) => !kept.includes(file))), kept };
}

export function writeFiles(folder: string, files: AppFiles): void {
  for (const [file, text] of files) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
