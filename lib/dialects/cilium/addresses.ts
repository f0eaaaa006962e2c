import { AddressSetTerm, Cidr, IpBlock, ipBlockPeer, locate, Peer } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { readLabelSelector } from '../label-selector';
import { CIDR_GROUP_KIND } from './api';

/** An element of `toCIDR`: a block, or one address without a prefix. */
export function readCidrPeer(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const text = reader.string(value, path);
  return ipBlockPeer(text.includes('/') ? readCidr(reader, text, path) : locate(path, () => Cidr.host(text)));
}

/** An element of `toCIDRSet`: a block without its exceptions, or a CiliumCIDRGroup by its name or labels. */
export function readCidrSetPeer(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const parts = reader.object(value, path, ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except']);
  const given = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter((field) => parts[field] !== undefined && parts[field] !== null);
  if (given.length !== 1) {
    throw wrong(value, path, given.length === 0 ? 'names no addresses' : `has ${given.join(' and ')}`, 'exactly one of cidr, cidrGroupRef, cidrGroupSelector');
  }
  const except = (reader.strings(parts.except, `${path}.except`) ?? []).map((text, index) => readCidr(reader, text, `${path}.except[${index}]`));
  if (given[0] === 'cidr') return blockPeer(reader, readCidr(reader, parts.cidr, `${path}.cidr`), except, path);
  const group: AddressSetTerm = given[0] === 'cidrGroupRef'
    ? { kind: 'addressSet', of: CIDR_GROUP_KIND, name: reader.string(parts.cidrGroupRef, `${path}.cidrGroupRef`), except }
    : { kind: 'addressSet', of: CIDR_GROUP_KIND, labels: readLabelSelector(reader, parts.cidrGroupSelector, `${path}.cidrGroupSelector`)!, except };
  return { terms: [group] };
}

function blockPeer(reader: DocumentReader, cidr: Cidr, except: readonly Cidr[], path: FieldPath): Peer {
  const inside = except.filter((hole, index) => {
    if (cidr.contains(hole)) return true;
    throw wrong(hole.toString(), `${path}.except[${index}]`, `is outside of ${cidr.toString()}: the agent refuses the whole policy`, `a part of ${cidr.toString()}`);
  });
  if (inside.some((hole) => hole.sameAs(cidr))) {
    reader.note('no-effect', `${path}.except`, `the exceptions take away all of ${cidr.toString()}`);
    return { terms: [{ kind: 'anyOf', terms: [] }] };
  }
  return ipBlockPeer(cidr, inside);
}

/** Host bits are accepted and mean the network that they lie in. */
export function readCidr(reader: DocumentReader, value: unknown, path: FieldPath): Cidr {
  const text = reader.string(value, path);
  const cidr = locate(path, () => Cidr.lenient(text));
  if (locate(path, () => Cidr.host(text.slice(0, text.indexOf('/')))).first !== cidr.first) {
    reader.note('host-bits', path, `"${text}" has host bits set; it means the network ${cidr.toString()}`);
  }
  return cidr;
}

/** The blocks of a group, which may hold single addresses. */
export function readGroupBlocks(reader: DocumentReader, value: unknown, path: FieldPath): IpBlock[] {
  return (reader.strings(value, path) ?? []).map((text, index) => {
    const at = `${path}[${index}]`;
    return { kind: 'ipBlock', cidr: text.includes('/') ? readCidr(reader, text, at) : locate(at, () => Cidr.host(text)), except: [] };
  });
}
