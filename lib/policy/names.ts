import { PolicyError } from './policy-error';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PORT_NAME = /^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/;

/**
 * The validity rules of names as the API server has them.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

/** The name of a Namespace or Service: RFC 1123 label, at most 63 characters. */
export function checkDnsLabel(name: string, what: string): string {
  if (typeof name === 'string' && DNS_LABEL.test(name)) return name;
  throw new PolicyError({
    given: name,
    problem: `is not a valid ${what}`,
    instead: 'at most 63 lower-case letters, digits and "-", with a letter or digit at both ends',
  });
}

/** The name of most objects: RFC 1123 subdomain, at most 253 characters. */
export function checkDnsSubdomain(name: string, what: string): string {
  if (isDnsSubdomain(name)) return name;
  throw new PolicyError({
    given: name,
    problem: `is not a valid ${what}`,
    instead: 'at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part',
  });
}

export function isDnsSubdomain(name: string): boolean {
  return typeof name === 'string' && name.length <= 253 && DNS_SUBDOMAIN.test(name);
}

/** A label or annotation key: an optional DNS subdomain and "/", then a name of at most 63 characters. */
export function checkLabelKey(key: string): string {
  const parts = typeof key === 'string' ? key.split('/') : [];
  const [prefix, name] = parts.length === 2 ? [parts[0], parts[1]] : [undefined, parts[0]];
  const prefixFits = prefix === undefined || isDnsSubdomain(prefix);
  if (parts.length <= 2 && prefixFits && name !== undefined && QUALIFIED_NAME.test(name)) return key;
  throw new PolicyError({
    given: key,
    problem: 'is not a label key',
    instead: 'a key such as "app" or "app.kubernetes.io/name"',
  });
}

/** A label value: empty, or at most 63 characters with a letter or digit at both ends. */
export function checkLabelValue(value: string, key: string): string {
  if (typeof value === 'string' && (value === '' || QUALIFIED_NAME.test(value))) return value;
  throw new PolicyError({
    given: value,
    problem: `is not a value that the label "${key}" can have`,
    instead: 'at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
  });
}

/** The name of a container port: IANA service name, at most 15 characters, at least one letter. */
export function checkPortName(name: string): string {
  if (typeof name === 'string' && PORT_NAME.test(name)) return name;
  throw new PolicyError({
    given: name,
    problem: 'is not a port name',
    instead: 'at most 15 lower-case letters, digits and single "-", with at least one letter and no "-" at either end',
  });
}
