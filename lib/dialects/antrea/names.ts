import { checkDnsLabel, checkDnsSubdomain, labelCondition, locate, namedNamespace, PodSet, Selector } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { SERVICE_ACCOUNT_LABEL } from './api';

/** Whether a field is there: null and empty text count as absent. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

export function optionalText(reader: DocumentReader, value: unknown, path: FieldPath): string | undefined {
  return isGiven(value) ? reader.string(value, path) : undefined;
}

/** The name and the namespace of an object. */
export function readMetadata(reader: DocumentReader, value: unknown, isNamespaced: boolean): { readonly name: string; readonly namespace?: string } {
  const metadata = (value ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (typeof metadata !== 'object' || Array.isArray(metadata)) throw wrong(metadata, 'metadata', 'is not an object', 'an object with a name');
  const name = reader.string(metadata.name, 'metadata.name');
  if (!isNamespaced) return { name };
  if (!isGiven(metadata.namespace)) return { name, namespace: 'default' };
  return { name, namespace: locate('metadata.namespace', () => checkDnsLabel(metadata.namespace as string, 'namespace name')) };
}

interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace` and `name` of another object; a policy of a namespace may leave its own out. */
export function readReference(
  reader: DocumentReader, value: unknown, path: FieldPath, namespace: string | undefined, more: readonly string[] = [],
): NamespacedName {
  const parts = reader.object(value, path, ['name', 'namespace', ...more]);
  if (!isGiven(parts.name)) throw wrong(value, path, 'has no name', 'name: that of the object');
  const of = optionalText(reader, parts.namespace, `${path}.namespace`) ?? namespace;
  if (of === undefined) throw wrong(value, path, 'has no namespace', 'namespace: that of the object');
  return {
    name: locate(`${path}.name`, () => checkDnsSubdomain(reader.string(parts.name, `${path}.name`), 'object name')),
    namespace: locate(`${path}.namespace`, () => checkDnsLabel(of, 'namespace name')),
  };
}

/** The pods of a service account. */
export function podsOfServiceAccount({ namespace, name }: NamespacedName): PodSet {
  return { kind: 'pods', namespaces: namedNamespace(namespace), pods: Selector.expression(labelCondition(SERVICE_ACCOUNT_LABEL, 'In', [name])) };
}

/** A field that stands alone, or one of several. */
export function onlyOne(value: unknown, path: FieldPath, parts: Readonly<Record<string, unknown>>, field: string, others: readonly string[]): void {
  const beside = others.filter((other) => other !== field && isGiven(parts[other]));
  if (beside.length > 0) throw wrong(value, path, `has ${field} beside ${beside.join(' and ')}`, 'two entries, each with a "- " of its own');
}
