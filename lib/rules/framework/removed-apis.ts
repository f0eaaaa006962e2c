import { ObjectName } from '../../analysis';
import { ObjectIndex } from './object-index';

/** API versions of policies that no API server serves any more: the object is refused, and is not there. */
const REMOVED: Readonly<Record<string, string>> = {
  // https://kubernetes.io/docs/reference/using-api/deprecation-guide/#networkpolicy-v116
  'extensions/v1beta1 NetworkPolicy': '1.16',
};

/** The version of Kubernetes in which the API of an object was removed. */
export function removedIn(objects: ObjectIndex, object: ObjectName): string | undefined {
  const apiVersion = objects.get(object)?.apiVersion;
  return apiVersion === undefined ? undefined : REMOVED[`${apiVersion} ${object.kind}`];
}

export function isRemoved(objects: ObjectIndex, object: ObjectName): boolean {
  return removedIn(objects, object) !== undefined;
}
