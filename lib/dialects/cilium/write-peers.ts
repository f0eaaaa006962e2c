import { AddressSetTerm, Direction, PeerTerm, Policy } from '../../policy';
import { CIDR_GROUP_KIND, ENTITIES, UNPUBLISHED_ENTITIES } from './api';
import { cannotSay } from './cannot-say';
import { writeDnsPattern } from './dns-patterns';
import { writeSelector } from './write-selectors';

/** The field that a term goes into, without `from` or `to`, and its element there. */
export function writePeerField(policy: Policy, term: PeerTerm, direction: Direction): { readonly field: string; readonly value: unknown } {
  switch (term.kind) {
    case 'pods':
      return { field: 'Endpoints', value: writeSelector(policy, term, policy.namespace) };
    case 'ipBlock':
      if (term.except.length === 0) return { field: 'CIDR', value: term.cidr.toString() };
      return { field: 'CIDRSet', value: { cidr: term.cidr.toString(), except: term.except.map(String) } };
    case 'addressSet':
      return { field: 'CIDRSet', value: writeGroup(policy, term) };
    case 'entity':
      if (!(ENTITIES as readonly string[]).includes(term.entity) || UNPUBLISHED_ENTITIES.includes(term.entity)) throw cannotSay(policy, `the entity ${term.entity}`);
      return { field: 'Entities', value: term.entity };
    case 'domain':
      if (direction === 'ingress') throw cannotSay(policy, 'domain names at ingress');
      return { field: 'FQDNs', value: writeDnsPattern(term.pattern) };
    default:
      throw cannotSay(policy, `a peer of the kind ${term.kind}`);
  }
}

function writeGroup(policy: Policy, { of, name, labels, except }: AddressSetTerm): unknown {
  if (of !== CIDR_GROUP_KIND) throw cannotSay(policy, `addresses of a ${of}`);
  const holes = except.length > 0 ? { except: except.map(String) } : {};
  if (labels === undefined) return { cidrGroupRef: name, ...holes };
  if (labels.formulas.length > 0) throw cannotSay(policy, `the selector ${labels.toString()}`);
  return { cidrGroupSelector: labels.toSpec(), ...holes };
}
