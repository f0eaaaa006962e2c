import { checkPortName, FIRST_PORT, LAST_PORT, locate, ICMP, ICMP_V6, PortMatch, Protocol } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { MAX_ICMP_FIELDS, MAX_PORTS } from './api';
import { icmpType } from './icmp-types';
import { L7Narrowing, readL7 } from './layer-7';

/** Ports that one element of `toPorts` opens, and under which conditions on the content. */
export interface PortGroup extends L7Narrowing {
  readonly ports: readonly PortMatch[];
}

/** Protocols without ports. https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml */
const OTHER_PROTOCOLS: Readonly<Record<string, number>> = { VRRP: 112, IGMP: 2, GRE: 47, IPIP: 4, IPV6: 41, ESP: 50, AH: 51 };

const TRANSPORT = Object.values(Protocol);

/** The elements of `toPorts`; undefined where there are none, which means every port. */
export function readToPorts(reader: DocumentReader, value: unknown, path: FieldPath, kind: 'allow' | 'deny'): readonly PortGroup[] | undefined {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) return undefined;
  const l7Fields = kind === 'allow' ? ['listener', 'originatingTLS', 'terminatingTLS', 'serverNames', 'rules'] : [];
  return items.flatMap((item, index): PortGroup[] => {
    const at = `${path}[${index}]`;
    const parts = reader.object(item, at, ['ports', ...l7Fields]);
    const entries = reader.list(parts.ports, `${at}.ports`) ?? [];
    if (entries.length > MAX_PORTS) throw wrong(entries.length, `${at}.ports`, 'are too many ports', `at most ${MAX_PORTS}; write another element of toPorts`);
    if (entries.length === 0) {
      reader.note('no-effect', at, 'names no ports, and so matches nothing; for every port leave toPorts out');
      return [];
    }
    return [{ ports: entries.flatMap((entry, place) => readPort(reader, entry, `${at}.ports[${place}]`)), ...readL7(reader, parts, at) }];
  });
}

/** Ports are strings. 0 is every port; without a protocol an entry means every protocol that has ports. */
function readPort(reader: DocumentReader, value: unknown, path: FieldPath): readonly PortMatch[] {
  const { port, endPort, protocol } = reader.object(value, path, ['port', 'endPort', 'protocol']);
  const word = protocol === undefined || protocol === null || protocol === '' ? 'ANY' : reader.word(protocol, `${path}.protocol`, ['ANY', ...TRANSPORT, ...Object.keys(OTHER_PROTOCOLS)]);
  const text = port === undefined || port === null ? '' : reader.string(port, `${path}.port`);
  const number = OTHER_PROTOCOLS[word];
  if (number !== undefined) {
    if (text !== '' && text !== '0') throw wrong(port, `${path}.port`, `is a port, which ${word} does not have`, 'the protocol alone');
    return [{ kind: 'protocol', number }];
  }
  const protocols = word === 'ANY' ? TRANSPORT : [word as Protocol];
  if (text === '') throw wrong(port, `${path}.port`, 'is no port', '"80", the name of a container port, or "0" for every port');
  if (!/^\d+$/.test(text)) {
    if (isSet(endPort)) reader.note('no-effect', `${path}.endPort`, 'an endPort beside a named port is ignored');
    const name = locate(`${path}.port`, () => checkPortName(text.toLowerCase()));
    return word === 'ANY' ? [{ kind: 'named', name }] : [{ kind: 'named', name, protocol: word as Protocol }];
  }
  const [first, last] = readRange(text, endPort, path);
  return protocols.map((each) => ({ kind: 'range', protocol: each, first, last }));
}

function readRange(text: string, endPort: unknown, path: FieldPath): readonly [number, number] {
  const first = Number(text);
  if (first > LAST_PORT || (text.length > 1 && text.startsWith('0'))) throw wrong(text, `${path}.port`, 'is not a port number', '"1" to "65535", or "0" for every port');
  if (isSet(endPort) && !(typeof endPort === 'number' && Number.isInteger(endPort) && endPort >= 0 && endPort <= LAST_PORT)) {
    throw wrong(endPort, `${path}.endPort`, 'is not a port number', 'a whole number from 1 to 65535');
  }
  if (first === 0) {
    if (isSet(endPort)) throw wrong(endPort, `${path}.endPort`, 'is an endPort beside port 0, which means every port', 'port "1", or no endPort');
    return [FIRST_PORT, LAST_PORT];
  }
  const last = isSet(endPort) ? endPort as number : first;
  if (last < first) throw wrong(endPort, `${path}.endPort`, `is below its port ${first}`, `${first} or more`);
  return [first, last];
}

/** endPort 0 is what a missing one is. */
function isSet(endPort: unknown): boolean {
  return endPort !== undefined && endPort !== null && endPort !== 0;
}

/** ICMP types; undefined where the rule names none. */
export function readIcmps(reader: DocumentReader, value: unknown, path: FieldPath): readonly PortMatch[] | undefined {
  const items = reader.list(value, path) ?? [];
  if (items.length === 0) return undefined;
  return items.flatMap((item, index) => {
    const at = `${path}[${index}].fields`;
    const fields = reader.list(reader.object(item, `${path}[${index}]`, ['fields']).fields, at) ?? [];
    if (fields.length > MAX_ICMP_FIELDS) throw wrong(fields.length, at, 'are too many ICMP types', `at most ${MAX_ICMP_FIELDS}; write another element of icmps`);
    return fields.map((field, place) => readIcmp(reader, field, `${at}[${place}]`));
  });
}

function readIcmp(reader: DocumentReader, value: unknown, path: FieldPath): PortMatch {
  const { family: word, type: given } = reader.object(value, path, ['family', 'type']);
  const family = word === undefined || word === null || word === '' ? 'IPv4' : reader.word(word, `${path}.family`, ['IPv4', 'IPv6']);
  const type = icmpType(family, given);
  if (type === undefined) throw wrong(given, `${path}.type`, `is no ICMP type of ${family}`, 'a number from 0 to 255, or a name such as EchoRequest');
  return { kind: 'protocol', number: family === 'IPv4' ? ICMP : ICMP_V6, icmpType: type };
}
