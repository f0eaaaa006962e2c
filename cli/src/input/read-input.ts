import { realpathSync } from 'node:fs';
import { decodeText } from './decode-text';
import { findFiles } from './find-files';
import { DocumentError, InputError, InputProblem, placeText } from './input-problem';
import { contentOf, InputObject } from './kubernetes-object';
import { readBytes } from './read-bytes';
import { readJson } from './read-json';
import { EMPTY, ReadDocument, readYaml } from './read-yaml';
import { Skipped } from './skipped';

/** The Kubernetes objects of some paths, and what beside them was left out. */
export interface Input {
  readonly objects: readonly InputObject[];
  readonly skipped: Skipped;
}

/** A path, `-` for standard input, or what a command has written. */
export type InputSource = string | { readonly name: string; readonly bytes: Uint8Array };

export interface ReadOptions {
  readonly stdin: NodeJS.ReadableStream;
  /** Called before each file, for a progress bar. */
  readonly onFile?: (done: number, total: number) => void;
}

/** What standard input is called in messages. */
export const STDIN = '<stdin>';

/**
 * Reads files, folders and standard input (`-`). Whatever cannot be read is an error: an answer from the rest would look
 * whole and not be.
 * @throws InputError with every problem
 */
export async function readInput(given: readonly InputSource[], options: ReadOptions): Promise<Input> {
  const reading = new Reading();
  const sources = reading.find(given);
  for (const [index, source] of sources.entries()) {
    options.onFile?.(index, sources.length);
    await reading.read(source, options.stdin);
  }
  return reading.finish(given);
}

class Reading {
  private readonly objects: InputObject[] = [];
  private readonly skipped = new Skipped();
  private readonly problems: InputProblem[] = [];

  /** The files of the paths, each once, though several paths may lead to it. */
  public find(given: readonly InputSource[]): InputSource[] {
    const seen = new Set<string>();
    return given.flatMap((path): InputSource[] => {
      if (typeof path !== 'string') return [path];
      if (path === '-') return seen.has(path) ? [] : [seen.add(path) && path];
      const { files, unrendered, problems } = findFiles(path, this.skipped);
      this.problems.push(...problems);
      for (const { folder, what, render } of unrendered) {
        const lines = render.map((line) => `  render: ${line}`);
        this.problems.push({ place: { file: folder }, reason: `${what}. Instead, in netpol.yaml, below a cluster:\n${lines.join('\n')}` });
      }
      return files.filter((file) => {
        const real = realpathSync(file);
        return !seen.has(real) && seen.add(real);
      });
    });
  }

  public async read(source: InputSource, stdin: NodeJS.ReadableStream): Promise<void> {
    const file = nameOf(source);
    try {
      const bytes = typeof source === 'string' ? await readBytes(source === '-' ? stdin : source, file) : source.bytes;
      for (const document of documentsOf(file, decodeText(file, bytes))) this.take(document, file);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.problems.push(error.problem);
    }
  }

  public finish(given: readonly InputSource[]): Input {
    if (this.problems.length > 0) throw new InputError(this.problems);
    if (this.objects.length === 0) {
      const { summary } = this.skipped;
      const reason = `no Kubernetes object in it${summary === undefined ? '' : ` (${summary})`}. Instead: the path of manifests`;
      throw new InputError([{ place: { file: given.map(nameOf).join(', ') }, reason }]);
    }
    return { objects: this.objects, skipped: this.skipped };
  }

  private take(document: ReadDocument, file: string): void {
    if (document === EMPTY) return this.skipped.add('empty-document', () => file);
    if (document instanceof DocumentError) {
      this.problems.push(document.problem);
      return;
    }
    const content = contentOf(document);
    switch (content.kind) {
      case 'objects':
        for (const each of content.objects) this.objects.push(each);
        this.problems.push(...content.problems);
        return;
      case 'broken':
        this.problems.push(content.problem);
        return;
      case 'other':
        this.skipped.add('other-document', () => placeText({ file, line: document.source.locate('').line }));
    }
  }
}

function nameOf(source: InputSource): string {
  return typeof source !== 'string' ? source.name : source === '-' ? STDIN : source;
}

/** JSON by its first character; a YAML flow mapping begins with the same one, unless the file says that it is JSON. */
function documentsOf(file: string, text: string): Iterable<ReadDocument> {
  const first = /[^\s]/.exec(text)?.[0];
  if (first !== '{' && first !== '[') return readYaml(file, text);
  const documents = [...readJson(file, text)];
  const isJson = /\.json$/i.test(file) || !documents.some((document) => document instanceof DocumentError);
  return isJson ? documents : readYaml(file, text);
}
