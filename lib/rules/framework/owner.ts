import { ObjectName } from '../../analysis';
import { ObjectIndex, ObjectMetadata } from './object-index';

/** What `netpol migrate` writes where the manifests name nobody. Whoever applies it unfilled has no owner. */
export const FILL_IN = 'FILL-IN';

/**
 * Who an object says it belongs to: by itself, else by the record of its namespace that our constructs write, else by its
 * Namespace. Of a Namespace the record comes first: it is about policies, and a label of the Namespace may be about anything.
 * @param keys labels and annotations that name an owner; the first that is there counts
 */
export function ownerOf(object: ObjectName, objects: ObjectIndex, keys: readonly string[]): string | undefined {
  const isNamespace = object.kind === 'Namespace';
  const namespace = isNamespace ? object.name : object.namespace;
  const own = isNamespace ? undefined : namedBy(objects.get(object), keys);
  if (own !== undefined || namespace === undefined) return own;
  return somebody(objects.records.get(namespace)?.owner) ?? namedBy(objects.get({ kind: 'Namespace', name: namespace }), keys);
}

/** The same for a namespace as a whole. Where neither record nor Namespace names anybody, its policies do, if they agree. */
export function ownerOfNamespace(namespace: string, objects: ObjectIndex, keys: readonly string[]): string | undefined {
  const own = ownerOf({ kind: 'Namespace', name: namespace }, objects, keys);
  if (own !== undefined) return own;
  const [only, ...more] = new Set(objects.policiesOf(namespace).flatMap((metadata) => namedBy(metadata, keys) ?? []));
  return more.length === 0 ? only : undefined;
}

function namedBy(metadata: ObjectMetadata | undefined, keys: readonly string[]): string | undefined {
  if (metadata === undefined) return undefined;
  return keys.map((key) => somebody(metadata.labels[key]) ?? somebody(metadata.annotations[key])).find((value) => value !== undefined);
}

function somebody(word: string | undefined): string | undefined {
  return word === '' || word === FILL_IN ? undefined : word;
}
