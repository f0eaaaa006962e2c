import { parse } from 'yaml';
import { CALICO_READERS, WrittenCalicoPolicy } from '../../../lib/dialects/calico';
import { ReadDocument } from '../../../lib/dialects/readers';

type Written = WrittenCalicoPolicy & { readonly labels?: Readonly<Record<string, string>> };

/** The document of a written object, as it comes back from a file. */
export function manifest({ apiVersion, kind, name, namespace, labels, spec }: Written): unknown {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) };
  return JSON.parse(JSON.stringify({ apiVersion, kind, metadata, spec }));
}

export function readBack(document: unknown): ReadDocument {
  const { kind } = document as { readonly kind: string };
  return CALICO_READERS.find((reader) => reader.kind === kind)!.read(document);
}

/** A document with this spec, in `shop` where its kind has a namespace. */
export function read(kind: string, spec: string): ReadDocument {
  const metadata = kind.includes('Global') || kind === 'Tier' ? { name: 'x' } : { name: 'x', namespace: 'shop' };
  return readBack({ apiVersion: 'projectcalico.org/v3', kind, metadata, spec: parse(spec) as unknown });
}
