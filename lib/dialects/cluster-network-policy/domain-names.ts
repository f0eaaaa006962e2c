import { domainPeer, Peer } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';

const DOMAIN = /^(\*\.)?([A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9])?\.)+[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9])?\.?$/;

const ANY_DEPTH = '**.';

/**
 * Domain names as peers. The `*.` of these APIs stands for one or more labels, which the model writes `**.`.
 * @see https://network-policy-api.sigs.k8s.io/npeps/npep-133-fqdn-egress-selector/
 */
export function readDomainNames(reader: DocumentReader, content: unknown, path: FieldPath): readonly Peer[] {
  const names = reader.strings(content, path) ?? [];
  if (names.length === 0) throw wrong(content, path, 'is an empty list', 'at least one domain name');
  return names.map((name, index) => {
    if (!DOMAIN.test(name)) throw wrong(name, `${path}[${index}]`, 'is not a domain name', 'a name such as "api.example.com" or "*.example.com"');
    const plain = name.replace(/\.$/, '').toLowerCase();
    return domainPeer(plain.startsWith('*.') ? `${ANY_DEPTH}${plain.slice(2)}` : plain);
  });
}

/** The name as these APIs write it; undefined for a pattern that they cannot say. */
export function domainName(pattern: string): string | undefined {
  const name = pattern.startsWith(ANY_DEPTH) ? `*.${pattern.slice(ANY_DEPTH.length)}` : pattern;
  return DOMAIN.test(name) && (name === pattern ? !pattern.startsWith('*') : true) ? name : undefined;
}
