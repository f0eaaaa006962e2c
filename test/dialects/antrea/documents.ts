import { parse } from 'yaml';
import { ANTREA_READERS } from '../../../lib/dialects/antrea';
import { ReadDocument } from '../../../lib/dialects/readers';

export function readBack(document: unknown): ReadDocument {
  const { kind } = document as { readonly kind: string };
  return ANTREA_READERS.find((reader) => reader.kind === kind)!.read(document);
}

const NAMESPACED = ['NetworkPolicy', 'Group'];

/** A document with this spec, in `shop` where its kind has a namespace. */
export function read(kind: string, spec: string): ReadDocument {
  const metadata = NAMESPACED.includes(kind) ? { name: 'x', namespace: 'shop' } : { name: 'x' };
  return readBack({ apiVersion: 'crd.antrea.io/v1beta1', kind, metadata, spec: parse(spec) as unknown });
}
