import { Origin } from '../../policy';
import { SourceObject } from './inventory';
import { Json } from './json';

/** One Kubernetes object of the input. */
export interface Document {
  readonly json: Json;
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly origin?: Origin;
}

/** A part of the input that is no Kubernetes object. */
export interface NoDocument {
  readonly problem: string;
  readonly origin?: Origin;
}

/** Takes lists apart (`List`, `PodList`, arrays); empty documents give nothing. */
export function* documents(objects: readonly SourceObject[]): Generator<Document | NoDocument> {
  for (const { object, origin } of objects) yield* flatten(object, origin, undefined, 0);
}

/** What the items of a typed list may leave out. */
interface ItemKind {
  readonly apiVersion: string;
  readonly kind: string;
}

function* flatten(value: unknown, origin: Origin | undefined, itemDefaults: ItemKind | undefined, depth: number): Generator<Document | NoDocument> {
  const at = origin === undefined ? {} : { origin };
  if (value === undefined || value === null) return;
  if (depth > 8) {
    yield { problem: 'lists inside lists more than eight deep', ...at };
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) yield* flatten(item, origin, itemDefaults, depth + 1);
    return;
  }
  if (typeof value !== 'object') {
    yield { problem: 'is not a Kubernetes object but plain text', ...at };
    return;
  }
  const json = value as Json;
  const kind = typeof json.kind === 'string' ? json.kind : itemDefaults?.kind;
  const apiVersion = typeof json.apiVersion === 'string' ? json.apiVersion : itemDefaults?.apiVersion;
  if (kind === undefined || apiVersion === undefined) {
    yield { problem: 'has no kind and apiVersion: not a Kubernetes object', ...at };
    return;
  }
  if (kind.endsWith('List') && Array.isArray(json.items)) {
    const itemKind = kind.slice(0, -'List'.length);
    const defaults = itemKind === '' ? undefined : { apiVersion, kind: itemKind };
    for (const item of json.items as unknown[]) yield* flatten(item, origin, defaults, depth + 1);
    return;
  }
  const slash = apiVersion.indexOf('/');
  yield { json: json.kind === kind ? json : { ...json, kind, apiVersion }, group: slash < 0 ? '' : apiVersion.slice(0, slash), apiVersion, kind, ...at };
}
