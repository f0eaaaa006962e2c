import { inQuotes, PolicyError } from '../policy';

/** A place inside a document: `spec.ingress[0].from[1]`. */
export type FieldPath = string;

export type ReadIssueCode = 'unknown-field' | 'host-bits' | 'except-outside-cidr' | 'no-effect' | 'limit';

/** Something in a document that did not stop it from being read, but that its author should know. */
export interface ReadIssue {
  readonly code: ReadIssueCode;
  readonly path: FieldPath;
  readonly message: string;
}

/**
 * Walks a parsed document: gives its parts with their types checked, says where a wrong one is, and collects the fields that
 * the API does not know. A misspelt field is dropped by some readers and so opens or closes traffic without a word.
 */
export class DocumentReader {
  public readonly issues: ReadIssue[] = [];

  public note(code: ReadIssueCode, path: FieldPath, message: string): void {
    this.issues.push({ code, path, message });
  }

  /** An object with nothing but these fields; absent and null read as empty. */
  public object(value: unknown, path: FieldPath, fields: readonly string[]): Readonly<Record<string, unknown>> {
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong(value, path, 'is not an object', `an object with ${fields.join(', ')}`);
    for (const key of Object.keys(value)) {
      if (!fields.includes(key)) this.note('unknown-field', path === '' ? key : `${path}.${key}`, `unknown field "${key}"; known here: ${fields.join(', ')}`);
    }
    return value as Record<string, unknown>;
  }

  /** A list; absent and null read as undefined, which most APIs tell from an empty list. */
  public list(value: unknown, path: FieldPath): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrong(value, path, 'is not a list', 'a list; each entry begins with "- "');
    return value as unknown[];
  }

  public string(value: unknown, path: FieldPath): string {
    if (typeof value !== 'string') throw wrong(value, path, 'is not a string', typeof value === 'boolean' ? inQuotes(value) : 'a string in quotes');
    return value;
  }

  public strings(value: unknown, path: FieldPath): readonly string[] | undefined {
    return this.list(value, path)?.map((item, index) => this.string(item, `${path}[${index}]`));
  }

  /** One of a closed set of words. */
  public word<T extends string>(value: unknown, path: FieldPath, words: readonly T[]): T {
    if (!words.includes(value as T)) throw wrong(value, path, 'is not one of the values that this field takes', words.join(', '));
    return value as T;
  }

  /** Labels: strings by name. */
  public labels(value: unknown, path: FieldPath): Readonly<Record<string, string>> {
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong(value, path, 'is not a map of labels', 'lines of the form "key: value"');
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== 'string') throw wrong(item, `${path}.${key}`, 'is not a string', inQuotes(item));
    }
    return value as Record<string, string>;
  }
}

export function wrong(given: unknown, where: FieldPath, problem: string, instead: string): PolicyError {
  return new PolicyError({ given, where, problem, instead });
}
