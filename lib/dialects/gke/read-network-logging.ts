import { DocumentReader, FieldPath, ReadIssue, wrong } from '../document';

/** The name that alone a NetworkLogging can have. */
const SINGLETON = 'default';

/**
 * What NetworkLogging logs. It says nothing about what is allowed: read, so that a field that nobody knows is not passed over.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
 */
export function readNetworkLogging(document: unknown): { readonly issues: readonly ReadIssue[] } {
  const reader = new DocumentReader();
  const object = reader.object(document, '', ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const name = reader.string((object.metadata as { readonly name?: unknown } | undefined)?.name, 'metadata.name');
  if (name !== SINGLETON) throw wrong(name, 'metadata.name', 'is not the name of a NetworkLogging', `"${SINGLETON}": a cluster has one`);
  const { cluster } = reader.object(object.spec, 'spec', ['cluster']);
  const parts = reader.object(cluster, 'spec.cluster', ['allow', 'deny']);
  for (const verdict of ['allow', 'deny']) readLogging(reader, parts[verdict], `spec.cluster.${verdict}`);
  return { issues: reader.issues };
}

function readLogging(reader: DocumentReader, value: unknown, path: FieldPath): void {
  const parts = reader.object(value, path, ['log', 'delegate']);
  const [log, delegate] = ['log', 'delegate'].map((field) => readFlag(parts[field], `${path}.${field}`));
  if (delegate === true && log !== true) throw wrong(value, path, 'delegates what is not logged', 'log: true beside delegate: true');
}

function readFlag(value: unknown, path: FieldPath): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw wrong(value, path, 'is neither true nor false', 'true or false');
  return value;
}
