import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputProblem } from './input-problem';
import { Skipped } from './skipped';
import { UnrenderedTree, unrenderedTree } from './unrendered-tree';

/** What a path stands for: files to read, trees that a tool has to render first, and what cannot be read at all. */
export interface FoundFiles {
  readonly files: readonly string[];
  readonly unrendered: readonly UnrenderedTree[];
  readonly problems: readonly InputProblem[];
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
/** Folders that tools keep for themselves. */
const VENDORED = new Set(['node_modules']);

/** The manifests below a path, in the order of their names; a file that is named is read whatever it is called. */
export function findFiles(path: string, skipped: Skipped): FoundFiles {
  const search = new Search(skipped);
  search.start(path);
  return search;
}

class Search implements FoundFiles {
  public readonly files: string[] = [];
  public readonly unrendered: UnrenderedTree[] = [];
  public readonly problems: InputProblem[] = [];

  public constructor(private readonly skipped: Skipped) {}

  public start(path: string): void {
    this.guard(path, () => {
      if (statSync(path).isDirectory()) this.folder(path, []);
      else this.files.push(path);
    });
  }

  /** @param above the real paths of the folders around this one: a link back to one of them would never end */
  private folder(path: string, above: readonly string[]): void {
    const real = realpathSync(path);
    if (above.includes(real)) return;
    const entries = readdirSync(path, { withFileTypes: true }).map(({ name }) => name).sort();
    const tree = unrenderedTree(path, entries);
    if (tree !== undefined) {
      this.unrendered.push(tree);
      return;
    }
    for (const name of entries) {
      const inner = join(path, name);
      this.guard(inner, () => this.entry(inner, name, [...above, real]));
    }
  }

  private entry(path: string, name: string, above: readonly string[]): void {
    const stats = statSync(path);
    if (stats.isDirectory()) {
      if (name.startsWith('.') || VENDORED.has(name)) this.skipped.add('hidden-folder', () => path);
      else this.folder(path, above);
    } else if (stats.isFile() && MANIFEST.test(name)) {
      this.files.push(path);
    } else {
      this.skipped.add('other-file', () => path);
    }
  }

  private guard(path: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.problems.push({ place: { file: path }, reason: fileProblem(error) });
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'may not be read: permission denied',
  EPERM: 'may not be read: permission denied',
  ELOOP: 'is a link that leads back to itself',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'is longer than a path may be',
};

export function fileProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return REASONS[code] ?? `cannot be read: ${code}`;
}
