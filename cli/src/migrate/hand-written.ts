import { InputObject } from '../input';

const MANAGED_BY = 'app.kubernetes.io/managed-by';
const OURS = 'cdk8s-netpol';

type Json = Readonly<Record<string, unknown>>;

export function mapping(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function namespaceOf({ object }: Pick<InputObject, 'object'>): string {
  return textOf(mapping(object.metadata).namespace) ?? 'default';
}

/** The namespace of a policy; undefined for one of the whole cluster. A NetworkPolicy that names none is in `default`. */
export function ownNamespaceOf(each: Pick<InputObject, 'object'>): string | undefined {
  return textOf(mapping(each.object.metadata).namespace) ?? (each.object.kind === 'NetworkPolicy' ? 'default' : undefined);
}

/** Whether constructs have written an object: it is code already. */
export function isOurs({ object }: Pick<InputObject, 'object'>): boolean {
  return mapping(mapping(object.metadata).labels)[MANAGED_BY] === OURS;
}
