/** A document as kubectl applies it. */
export interface DocumentJson {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Whether objects of a kind hold others, which kubectl applies one by one. */
export function isListKind(kind: string): boolean {
  return kind.endsWith('List');
}

/** What an object comes to when it is applied: itself, or the items of a list. Items of a typed list take their kind from it. */
export function documentsIn(json: unknown): DocumentJson[] {
  if (typeof json !== 'object' || json === null) return [];
  const { kind, apiVersion, items } = json as DocumentJson & { readonly items?: unknown };
  if (typeof kind !== 'string' || !isListKind(kind) || !Array.isArray(items)) return [json];
  const inherited = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown) => (typeof item === 'object' && item !== null ? documentsIn({ ...inherited, ...item }) : []));
}
