import { parseAllDocuments } from 'yaml';

/** The objects of a YAML text, empty documents left out. */
export function manifests(text: string): unknown[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw error;
    }
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
}
