import { Cidr, tryParseAddress } from '../policy/cidr';
import { checkFields, Fields } from '../policy/fields';
import { checkDnsLabel, checkLabelKey, checkLabelValue } from '../policy/names';
import { locate, PolicyError } from '../policy/policy-error';

/** The options of a factory as plain JavaScript may bring them; a misspelt one would be ignored. */
export function checkOptions<T extends object>(factory: string, options: T, fields: Fields<T>): T {
  return locate(factory, () => checkFields(options, fields));
}

/** The blocks in canonical form; an error names the field that they were given in. */
export function checkCidrs(field: string, cidrs: readonly string[]): string[] {
  if (!Array.isArray(cidrs)) {
    throw new PolicyError({ given: cidrs, where: field, problem: 'is not a list of CIDRs', instead: 'a list such as ["10.0.0.0/16"]' });
  }
  return cidrs.map((cidr, index) => locate(`${field}[${index}]`, () => Cidr.parse(cidr).toString()));
}

/** The blocks in canonical form, at least one. */
export function checkSomeCidrs(field: string, cidrs: readonly string[]): string[] {
  const checked = checkCidrs(field, cidrs);
  if (checked.length > 0) return checked;
  throw new PolicyError({ given: cidrs, where: field, problem: 'names no address', instead: 'at least one CIDR' });
}

/** One address, as a block of its own. */
export function checkAddress(field: string, address: string): string {
  return locate(field, () => {
    if (typeof address === 'string' && address.includes('/')) {
      const bare = address.slice(0, address.indexOf('/'));
      const advice = tryParseAddress(bare) === undefined ? 'an address such as "10.96.0.10"' : `"${bare}"`;
      throw new PolicyError({ given: address, problem: 'is a block where one address is asked for', instead: advice });
    }
    if (typeof address !== 'string') {
      throw new PolicyError({ given: address, problem: 'is not an IP address', instead: 'an address such as "10.96.0.10" or "fd00::a"' });
    }
    return Cidr.host(address).toString();
  });
}

export function checkPort(field: string, port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new PolicyError({ given: port, where: field, problem: 'is not a port', instead: 'a whole number from 1 to 65535' });
}

export function checkNamespace(field: string, namespace: string): string {
  return locate(field, () => checkDnsLabel(namespace, 'namespace name'));
}

/** Labels that select pods: at least one, because none would select every pod of the namespace. */
export function checkLabels(field: string, labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = typeof labels === 'object' && labels !== null ? Object.entries(labels) : [];
  if (entries.length === 0) {
    throw new PolicyError({ given: labels, where: field, problem: 'selects every pod of the namespace', instead: 'the labels of the pods, such as { app: "prometheus" }' });
  }
  return locate(field, () => Object.fromEntries(entries.map(([key, value]) => [checkLabelKey(key), checkLabelValue(value, key)])));
}

/** A sentence that somebody else will read: not blank. */
export function checkText(field: string, text: string, instead: string): string {
  const trimmed = typeof text === 'string' ? text.trim() : '';
  if (trimmed !== '') return trimmed;
  throw new PolicyError({ given: text, where: field, problem: 'says nothing', instead });
}
