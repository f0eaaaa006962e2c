import { domainPeer, Peer, unevaluatedPeer } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { FqdnMatchJson } from './api';

const NAME_LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?$/;
const PATTERN_LABEL = /^[a-zA-Z0-9*](?:[-a-zA-Z0-9_*]*[a-zA-Z0-9*])?$/;

/**
 * A name, or a pattern in which `*` stands for any characters but dots, so that `*.x` is one label before x and never x itself;
 * alone it is every name. The model writes any number of labels `**.`, which this API cannot say.
 * @see https://github.com/datreeio/CRDs-catalog/blob/main/networking.gke.io/fqdnnetworkpolicy_v1alpha1.json
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 */
export function readDomainMatch(reader: DocumentReader, value: unknown, path: FieldPath): Peer {
  const { name, pattern } = reader.object(value, path, ['name', 'pattern']);
  const [hasName, hasPattern] = [isGiven(name), isGiven(pattern)];
  if (hasName === hasPattern) throw wrong(value, path, hasName ? 'has name and pattern' : 'names nobody', 'exactly one of name, pattern');
  const at = `${path}.${hasName ? 'name' : 'pattern'}`;
  const text = reader.string(hasName ? name : pattern, at);
  const domain = text.replace(/\.$/, '').toLowerCase();
  if (!isOf(domain, hasName ? NAME_LABEL : PATTERN_LABEL)) {
    throw wrong(text, at, hasName ? 'is not a domain name' : 'is not a pattern of domain names', hasName ? '"api.example.com"' : '"*.example.com"');
  }
  if (/^\*{2,}$/.test(domain)) return unevaluatedPeer(`${at}: whether "${domain}" is every name, as "*" is, or names without a dot is not documented`);
  // several asterisks in a row match what one does: here `**.x` is not any depth
  return domainPeer(domain.replace(/\*+/g, '*'));
}

/** The form of the API; undefined for a pattern that it cannot say. */
export function writeDomainMatch(pattern: string): FqdnMatchJson | undefined {
  if (pattern.includes('**')) return undefined;
  if (isOf(pattern, NAME_LABEL)) return { name: pattern };
  return pattern.includes('*') && isOf(pattern, PATTERN_LABEL) ? { pattern } : undefined;
}

function isOf(domain: string, label: RegExp): boolean {
  return domain.split('.').every((each) => label.test(each));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
