import { InputObject } from '../input';
import { metadataOf } from '../owners/object-metadata';

const MANAGED_BY = 'app.kubernetes.io/managed-by';
const OURS = 'cdk8s-netpol';

export function namespaceOf({ object }: Pick<InputObject, 'object'>): string {
  return metadataOf(object).namespace ?? 'default';
}

/** The namespace of a policy; undefined for one of the whole cluster. A NetworkPolicy that names none is in `default`. */
export function ownNamespaceOf(each: Pick<InputObject, 'object'>): string | undefined {
  return metadataOf(each.object).namespace ?? (each.object.kind === 'NetworkPolicy' ? 'default' : undefined);
}

/** Whether constructs have written an object: it is code already. */
export function isOurs({ object }: Pick<InputObject, 'object'>): boolean {
  return metadataOf(object).labels[MANAGED_BY] === OURS;
}
