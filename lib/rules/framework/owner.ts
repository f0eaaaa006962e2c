import { ObjectName } from '../../analysis';
import { ObjectIndex } from './object-index';

/** Who an object says it belongs to: by itself, else by the record of its namespace, else by its Namespace. */
export function ownerOf(object: ObjectName, objects: ObjectIndex, keys: readonly string[]): string | undefined {
  const namespace = object.kind === 'Namespace' ? object.name : object.namespace;
  const own = namedOwner(object, objects, keys);
  if (own !== undefined || namespace === undefined) return own;
  return objects.records.get(namespace)?.owner ?? namedOwner({ kind: 'Namespace', name: namespace }, objects, keys);
}

function namedOwner(object: ObjectName, objects: ObjectIndex, keys: readonly string[]): string | undefined {
  const metadata = objects.get(object);
  if (metadata === undefined) return undefined;
  return keys.map((key) => metadata.labels[key] ?? metadata.annotations[key]).find((value) => value !== undefined && value !== '');
}
