import { checkDnsLabel, locate } from '../policy';
import { DocumentReader, wrong } from './document';

/** What an object of a namespace is called; without a namespace the API server takes `default`. */
export function readNamespacedName(reader: DocumentReader, metadata: unknown): { readonly name: string; readonly namespace: string } {
  const given = metadata ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw wrong(metadata, 'metadata', 'is not an object', 'an object with name and namespace');
  const { name, namespace } = given as { readonly name?: unknown; readonly namespace?: unknown };
  return {
    name: reader.string(name, 'metadata.name'),
    namespace: namespace === undefined || namespace === null || namespace === ''
      ? 'default'
      : locate('metadata.namespace', () => checkDnsLabel(reader.string(namespace, 'metadata.namespace'), 'namespace name')),
  };
}
