import { DocumentReader, FieldPath, wrong } from '../document';

const NAME = /^([-a-zA-Z0-9_]+[.]?)+$/;
const PATTERN = /^([-a-zA-Z0-9_*]+[.]?)+$/;
const MAX_LENGTH = 255;

/**
 * One name or pattern in the form of the model: lower case, without the dot at the end, `*.x` for one label before x and `**.x` for
 * any number of them; `*` alone is every name.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 */
export function readDnsPattern(reader: DocumentReader, value: unknown, path: FieldPath): string {
  const { matchName, matchPattern } = reader.object(value, path, ['matchName', 'matchPattern']);
  const [hasName, hasPattern] = [isGiven(matchName), isGiven(matchPattern)];
  if (hasName === hasPattern) throw wrong(value, path, hasName ? 'has matchName and matchPattern' : 'names nobody', 'exactly one of matchName, matchPattern');
  const field = hasName ? 'matchName' : 'matchPattern';
  const text = reader.string(hasName ? matchName : matchPattern, `${path}.${field}`);
  if (text.length > MAX_LENGTH || !(hasName ? NAME : PATTERN).test(text)) {
    throw wrong(text, `${path}.${field}`, hasName ? 'is not a domain name' : 'is not a pattern of domain names', hasName ? '"api.example.com"' : '"*.example.com"');
  }
  return text.replace(/\.$/, '').toLowerCase();
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The form of the API. */
export function writeDnsPattern(pattern: string): { readonly matchName: string } | { readonly matchPattern: string } {
  return pattern.includes('*') ? { matchPattern: pattern } : { matchName: pattern };
}
