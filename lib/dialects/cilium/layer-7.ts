import { DocumentReader, FieldPath, wrong } from '../document';
import { readDnsPattern } from './dns-patterns';

/** What a rule asks of the content of the traffic. */
export interface L7Narrowing {
  /** A condition that is not evaluated. */
  readonly l7?: string;
  /** The names that DNS queries may ask for. */
  readonly dnsNames?: readonly string[];
}

const PROTOCOLS = ['http', 'dns', 'kafka', 'l7', 'l7proto'] as const;

/** The conditions beside the ports. The rule says no more than its ports where there are none. */
export function readL7(reader: DocumentReader, parts: Readonly<Record<string, unknown>>, path: FieldPath): L7Narrowing {
  const others = ['serverNames', 'listener', 'terminatingTLS', 'originatingTLS']
    .filter((field) => parts[field] !== undefined && parts[field] !== null)
    .map((field) => `${path}.${field} narrows the traffic`);
  const rules = readRules(reader, parts.rules, `${path}.rules`);
  const narrowed = [...others, ...(rules.l7 === undefined ? [] : [rules.l7])];
  return { ...(narrowed.length > 0 ? { l7: narrowed.join('; ') } : {}), ...(rules.dnsNames === undefined ? {} : { dnsNames: rules.dnsNames }) };
}

function readRules(reader: DocumentReader, value: unknown, path: FieldPath): L7Narrowing {
  const rules = reader.object(value, path, PROTOCOLS);
  const given = PROTOCOLS.filter((field) => rules[field] !== undefined && rules[field] !== null);
  if (given.length === 0) return {};
  const protocols = given.filter((field) => field !== 'l7');
  if (protocols.length !== 1) throw wrong(value, path, `has rules of ${protocols.length === 0 ? 'no protocol' : protocols.join(' and ')}`, 'rules of one protocol; l7 needs l7proto');
  if (rules.dns !== undefined && rules.dns !== null) return readDns(reader, rules.dns, `${path}.dns`);
  if (rules.http !== undefined && rules.http !== null) return readHttp(reader, rules.http, `${path}.http`);
  return { l7: `${path}.${protocols[0]!}: rules of this protocol are not evaluated` };
}

function readDns(reader: DocumentReader, value: unknown, path: FieldPath): L7Narrowing {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) return { l7: `${path}: an empty list of names` };
  return { dnsNames: [...new Set(items.map((item, index) => readDnsPattern(reader, item, `${path}[${index}]`)))].sort() };
}

/** An element without conditions lets every request through. */
function readHttp(reader: DocumentReader, value: unknown, path: FieldPath): L7Narrowing {
  const items = (reader.list(value, path) ?? []).map((item, index) => reader.object(item, `${path}[${index}]`, ['method', 'path', 'host', 'headers', 'headerMatches']));
  const passesAll = items.some((item) => Object.values(item).every((condition) => condition === undefined || condition === null));
  return passesAll ? {} : { l7: `${path}: which requests pass depends on their content` };
}
