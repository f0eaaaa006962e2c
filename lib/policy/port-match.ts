import { Port, Protocol } from './port';

export const FIRST_PORT = 1;
export const LAST_PORT = 65535;

/**
 * One entry of a rule's destination ports. A rule without entries matches everything, ICMP and other protocols included;
 * a rule with entries matches only what they name.
 */
export type PortMatch = PortRange | NamedPort | ProtocolMatch;

export interface PortRange {
  readonly kind: 'range';
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
}

/** A container port by name, resolved at each destination pod. Without a protocol it matches the name in any of them. */
export interface NamedPort {
  readonly kind: 'named';
  readonly protocol?: Protocol;
  readonly name: string;
}

/** Whether a container port is one that the name means. */
export function isNamed({ name, protocol }: NamedPort, port: { readonly name?: string; readonly protocol: Protocol }): boolean {
  return port.name === name && (protocol === undefined || port.protocol === protocol);
}

/** The numbers of ICMP in the two families. https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml */
export const ICMP = 1;
export const ICMP_V6 = 58;

/** An IP protocol without ports by its number; ICMP by type, and code, where they are given. */
export interface ProtocolMatch {
  readonly kind: 'protocol';
  readonly number: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** The entries for ports as users write them; undefined where one of them opens everything. */
export function portMatches(ports: readonly Port[]): readonly PortMatch[] | undefined {
  const matches: PortMatch[] = [];
  for (const port of ports) {
    if (port.portName !== undefined) {
      matches.push({ kind: 'named', protocol: port.protocol, name: port.portName });
    } else if (port.protocol === undefined) {
      return undefined;
    } else {
      matches.push({ kind: 'range', protocol: port.protocol, first: port.first ?? FIRST_PORT, last: port.last ?? LAST_PORT });
    }
  }
  return canonicalPorts(matches);
}

/** Sorted, neighbouring and overlapping ranges joined, without repetition: equal sets have equal entries. */
export function canonicalPorts(matches: readonly PortMatch[]): readonly PortMatch[] {
  if (matches.length < 2) return matches;
  const joined: PortMatch[] = [];
  for (const protocol of Object.values(Protocol)) {
    const ranges = matches
      .filter((match): match is PortRange => match.kind === 'range' && match.protocol === protocol)
      .sort((a, b) => a.first - b.first);
    let run: { kind: 'range'; protocol: Protocol; first: number; last: number } | undefined;
    for (const range of ranges) {
      if (run !== undefined && range.first <= run.last + 1) {
        run.last = Math.max(run.last, range.last);
      } else {
        run = { ...range };
        joined.push(run);
      }
    }
  }
  const others = new Map<string, PortMatch>();
  for (const match of matches) if (match.kind !== 'range') others.set(portKey(match), match);
  for (const key of [...others.keys()].sort()) joined.push(others.get(key)!);
  return joined;
}

/** The canonical text of an entry: `8080/TCP`, `8000-8010/TCP`, `all/TCP`, `http/TCP`, `http`, `protocol 1 type 8 code 0`. */
export function portKey(match: PortMatch): string {
  if (match.kind === 'protocol') {
    const type = match.icmpType === undefined ? '' : ` type ${match.icmpType}`;
    return `protocol ${match.number}${type}${match.icmpCode === undefined ? '' : ` code ${match.icmpCode}`}`;
  }
  if (match.kind === 'named') return match.protocol === undefined ? match.name : `${match.name}/${match.protocol}`;
  if (match.first === FIRST_PORT && match.last === LAST_PORT) return `all/${match.protocol}`;
  return match.first === match.last ? `${match.first}/${match.protocol}` : `${match.first}-${match.last}/${match.protocol}`;
}
