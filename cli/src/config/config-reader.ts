import { didYouMean } from 'cdk8s-netpol/cluster';
import { InputError, InputProblem } from '../input/input-problem';
import { ParsedDocument } from '../input/parsed-document';
import { UsageError } from '../usage-error';

type Json = Readonly<Record<string, unknown>>;

/** Takes a file of our own apart, in which every value is text: what does not belong there is an error with its line. */
export class ConfigReader {
  public constructor(private readonly document: ParsedDocument) {}

  /** A mapping, of these keys where they are given. */
  public mapping(value: unknown, path: string, keys?: readonly string[]): Json {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.refuse(path, `is no mapping. Instead: ${keys === undefined ? 'lines of the form "key: value"' : keys.join(', ')}`);
    }
    for (const key of Object.keys(value)) {
      if (keys === undefined || keys.includes(key)) continue;
      const near = didYouMean(key, keys);
      this.refuse(path === '' ? key : `${path}.${key}`, `unknown key "${key}"${near === undefined ? '' : ` (did you mean "${near}"?)`}; known here: ${keys.join(', ')}`);
    }
    return value as Json;
  }

  /** A list; where the key is missing, an empty one. */
  public items(value: unknown, path: string): readonly unknown[] {
    if (value === undefined || value === '') return [];
    return Array.isArray(value) ? value as unknown[] : this.refuse(path, 'is no list. Instead: entries that begin with "- "');
  }

  public texts(value: unknown, path: string): readonly string[] {
    return this.items(value, path).map((item, index) => this.text(item, `${path}[${index}]`) ?? this.refuse(`${path}[${index}]`, 'is empty'));
  }

  /** Text; where it is missing or empty, undefined. */
  public text(value: unknown, path: string): string | undefined {
    if (value === undefined || value === '') return undefined;
    return typeof value === 'string' ? value : this.refuse(path, 'is a list or a mapping where text should be');
  }

  /** Runs a reader of a value; what it refuses gets the place. */
  public guard<T>(path: string, read: () => T, ...kinds: ReadonlyArray<abstract new (...args: never[]) => Error>): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError) && !kinds.some((kind) => error instanceof kind)) throw error;
      return this.refuse(path, (error as Error).message);
    }
  }

  public refuse(path: string, reason: string): never {
    throw new InputError([this.problem(path, reason)]);
  }

  public problem(path: string, reason: string): InputProblem {
    return this.document.source.problemIn(path, reason);
  }
}
