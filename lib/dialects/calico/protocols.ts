import { FIRST_PORT, ICMP, ICMP_V6, LAST_PORT, PortMatch, Protocol } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';

/** A protocol as rules name it: one with ports, or another by its number. */
export type RuleProtocol = Protocol | number;

/** The names that the API knows. https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#rule */
const NAMES: Readonly<Record<string, RuleProtocol>> = {
  TCP: Protocol.TCP, UDP: Protocol.UDP, SCTP: Protocol.SCTP, ICMP, ICMPV6: ICMP_V6, UDPLITE: 136,
};

/** @see https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml */
const WITH_PORTS: Readonly<Record<number, Protocol>> = { 6: Protocol.TCP, 17: Protocol.UDP, 132: Protocol.SCTP };

const WRITTEN: Readonly<Record<number, string>> = { [ICMP]: 'ICMP', [ICMP_V6]: 'ICMPv6', 136: 'UDPLite' };

/** A name, or a number from 1 to 255, in quotes or not. */
export function readProtocol(value: unknown, path: FieldPath): RuleProtocol | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 255) return WITH_PORTS[number] ?? number;
  const named = typeof value === 'string' ? NAMES[value.toUpperCase()] : undefined;
  if (named !== undefined) return named;
  throw wrong(value, path, 'is not a protocol', 'TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite, or a number from 1 to 255');
}

/** Everything of a protocol. */
export function wholeProtocol(protocol: RuleProtocol): PortMatch {
  return typeof protocol === 'number' ? { kind: 'protocol', number: protocol } : { kind: 'range', protocol, first: FIRST_PORT, last: LAST_PORT };
}

export function writeProtocol(protocol: RuleProtocol): string | number {
  return typeof protocol === 'number' ? WRITTEN[protocol] ?? protocol : protocol;
}

const PORT_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/**
 * Numbers, ranges such as `8000:8010`, and names of container ports. Numbers need a protocol beside them; a name has the one of
 * its container port. Port 0 is no destination.
 */
export function readPorts(
  reader: DocumentReader, value: unknown, path: FieldPath, protocol: RuleProtocol | undefined, lowest = FIRST_PORT,
): PortMatch[] | undefined {
  const items = reader.list(value, path);
  if (items === undefined || items.length === 0) return undefined;
  if (typeof protocol === 'number') throw wrong(value, path, 'are ports of a protocol that has none', 'protocol: TCP, UDP or SCTP');
  return items.flatMap((item, index): PortMatch[] => {
    const at = `${path}[${index}]`;
    const [, first, last = first] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(String(item)) ?? [];
    if (first === undefined && typeof item === 'string' && PORT_NAME.test(item)) return [{ kind: 'named', name: item, ...(protocol === undefined ? {} : { protocol }) }];
    const [low, high] = [Number(first), Number(last)];
    if (first === undefined || high > LAST_PORT || low > high) throw wrong(item, at, 'is not a port', 'a number, a range such as "8000:8010", or the name of a container port');
    if (protocol === undefined) throw wrong(item, at, 'is a port number without a protocol', 'protocol: TCP, UDP or SCTP in the rule');
    return high < lowest ? [] : [{ kind: 'range', protocol, first: Math.max(low, lowest), last: high }];
  });
}
