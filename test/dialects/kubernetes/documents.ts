import { readNetworkPolicy, ReadPolicy } from '../../../lib/dialects/kubernetes';

/** A NetworkPolicy document with this spec, in `shop`. */
export function document(spec: unknown, metadata: unknown = { name: 'x', namespace: 'shop' }): unknown {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

export function read(spec: unknown, metadata?: unknown): ReadPolicy {
  return readNetworkPolicy(document(spec, metadata));
}
