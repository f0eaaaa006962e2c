import { Cidr, ipBlockPeer, locate, Peer } from '../policy';
import { DocumentReader, FieldPath } from './document';

/** An `ipBlock`: a block without some of its parts. */
export function readIpBlock(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const block = reader.object(value, path, ['cidr', 'except']);
  const cidr = readCidr(reader, block.cidr, `${path}.cidr`);
  const except: Cidr[] = [];
  for (const [index, item] of (reader.list(block.except, `${path}.except`) ?? []).entries()) {
    const at = `${path}.except[${index}]`;
    const hole = readCidr(reader, item, at);
    if (cidr.contains(hole) && !cidr.sameAs(hole)) except.push(hole);
    else reader.note('except-outside-cidr', at, `${hole.toString()} is not a strict part of ${cidr.toString()}: the API server refuses it, and it takes nothing away`);
  }
  return ipBlockPeer(cidr, except);
}

function readCidr(reader: DocumentReader, value: unknown, path: FieldPath): Cidr {
  const text = reader.string(value, path);
  const cidr = locate(path, () => Cidr.lenient(text));
  if (cidr.toString() !== text && !sameBlock(text, cidr)) {
    reader.note('host-bits', path, `"${text}" has host bits set; it means the network ${cidr.toString()}`);
  }
  return cidr;
}

/** Whether the text is the block itself in another spelling (`FD00::/8`). */
function sameBlock(text: string, cidr: Cidr): boolean {
  try {
    return Cidr.parse(text).sameAs(cidr);
  } catch {
    return false;
  }
}
