import { inQuotes, PolicyError } from '../../policy';

/** A parsed document or a part of it. */
export type Json = Readonly<Record<string, unknown>>;

/** An object; absent and null read as empty, anything else is an error that names the place. */
export function objectAt(value: unknown, path: string): Json {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Json;
  throw new PolicyError({ given: value, where: path, problem: 'is not an object', instead: 'lines of the form "key: value"' });
}

/** A list; absent and null read as empty. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value as unknown[];
  throw new PolicyError({ given: value, where: path, problem: 'is not a list', instead: 'a list; each entry begins with "- "' });
}

/** A string; absent, null and empty read as undefined. */
export function textAt(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new PolicyError({ given: value, where: path, problem: 'is not a string', instead: inQuotes(value) });
}

/** Labels. The API server takes strings only: `version: 1` without quotes is refused. */
export function labelsAt(value: unknown, path: string): Readonly<Record<string, string>> {
  const labels = objectAt(value, path);
  for (const [key, text] of Object.entries(labels)) {
    if (typeof text !== 'string' && text !== null) {
      throw new PolicyError({ given: text, where: `${path}.${key}`, problem: 'is not a string', instead: inQuotes(text) });
    }
    if (text === null) return Object.fromEntries(Object.entries(labels).map(([name, item]) => [name, item ?? ''])) as Record<string, string>;
  }
  return labels as Record<string, string>;
}

/** A port number as it stands in a container or a Service. */
export function portNumberAt(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535) return value;
  throw new PolicyError({ given: value, where: path, problem: 'is not a port number', instead: 'a whole number from 1 to 65535' });
}
