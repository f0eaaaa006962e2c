import { checkPortName, FIRST_PORT, ICMP, ICMP_V6, LAST_PORT, locate, PortMatch, portKey, PortRange, Protocol } from '../../policy';
import { DocumentReader, FieldPath, wrong } from '../document';
import { isGiven } from './names';

/** Ports that one rule of the model can say: with the same source ports, and the same open question. */
export interface PortGroup {
  /** Undefined for every port and protocol. */
  readonly ports: readonly PortMatch[] | undefined;
  readonly sourcePorts?: readonly PortMatch[];
  /** What of an entry is not evaluated. */
  readonly unevaluated?: string;
}

const IGMP = 2;

/** What `ports` and `protocols` of a rule say together: a union. Several groups where entries have source ports of their own. */
export function readPortGroups(reader: DocumentReader, parts: Readonly<Record<string, unknown>>, path: FieldPath): readonly PortGroup[] {
  const ports = reader.list(parts.ports, `${path}.ports`) ?? [];
  const protocols = reader.list(parts.protocols, `${path}.protocols`) ?? [];
  if (ports.length + protocols.length === 0) return [{ ports: undefined }];
  const entries = ports.flatMap((item, index) => readPort(reader, item, `${path}.ports[${index}]`));
  const others = protocols.map((item, index) => readProtocol(reader, item, `${path}.protocols[${index}]`));
  const plain = [
    ...entries.filter(({ source }) => source === undefined).map(({ match }) => match),
    ...others.filter(({ unevaluated }) => unevaluated === undefined).flatMap(({ ports: own }) => own ?? []),
  ];
  return [
    ...(plain.length > 0 ? [{ ports: plain }] : []),
    ...withSources(entries),
    ...others.filter(({ unevaluated }) => unevaluated !== undefined),
  ];
}

interface Entry {
  readonly match: Exclude<PortMatch, { kind: 'protocol' }>;
  readonly source: { readonly first: number; readonly last: number } | undefined;
}

/** Entries by their source ports; those that go with the same ports are one group. */
function withSources(entries: readonly Entry[]): PortGroup[] {
  const bySource = new Map<string, { readonly source: NonNullable<Entry['source']>; readonly ports: Entry['match'][] }>();
  for (const { match, source } of entries) {
    if (source === undefined) continue;
    const key = `${source.first}-${source.last}`;
    const known = bySource.get(key);
    if (known === undefined) bySource.set(key, { source, ports: [match] });
    else known.ports.push(match);
  }
  const byPorts = new Map<string, { readonly ports: readonly PortMatch[]; readonly sourcePorts: PortRange[] }>();
  for (const { source, ports } of bySource.values()) {
    const key = ports.map(portKey).sort().join(',');
    const own = [...new Set(ports.map(({ protocol }) => protocol!))].map((protocol): PortRange => ({ kind: 'range', protocol, ...source }));
    const known = byPorts.get(key);
    if (known === undefined) byPorts.set(key, { ports, sourcePorts: own });
    else known.sourcePorts.push(...own);
  }
  return [...byPorts.values()];
}

/** One entry of `ports`; none for port 0, which no packet has. */
function readPort(reader: DocumentReader, value: unknown, path: FieldPath): Entry[] {
  const parts = reader.object(value, path, ['protocol', 'port', 'endPort', 'sourcePort', 'sourceEndPort']);
  const protocol = isGiven(parts.protocol) ? reader.word(parts.protocol, `${path}.protocol`, Object.values(Protocol)) : Protocol.TCP;
  const source = readRange(parts, path, 'sourcePort', 'sourceEndPort');
  if (typeof parts.port === 'string' && parts.port !== '') {
    const name = parts.port;
    if (isGiven(parts.endPort)) throw wrong(parts.endPort, `${path}.endPort`, 'is an endPort beside a named port', 'a numeric port, or the name alone');
    return [{ match: { kind: 'named', protocol, name: locate(`${path}.port`, () => checkPortName(name)) }, source }];
  }
  const range = readRange(parts, path, 'port', 'endPort') ?? { first: FIRST_PORT, last: LAST_PORT };
  if (range.last < FIRST_PORT) {
    reader.note('no-effect', `${path}.port`, 'port 0 is in no packet: this entry matches nothing');
    return [];
  }
  return [{ match: { kind: 'range', protocol, first: Math.max(range.first, FIRST_PORT), last: range.last }, source }];
}

function readRange(parts: Readonly<Record<string, unknown>>, path: FieldPath, from: string, to: string): Entry['source'] {
  if (!isGiven(parts[from])) {
    if (isGiven(parts[to])) throw wrong(parts[to], `${path}.${to}`, `is the end of a range without a ${from}`, `${from}: the first port of the range`);
    return undefined;
  }
  const first = portNumber(parts[from], `${path}.${from}`);
  const last = isGiven(parts[to]) ? portNumber(parts[to], `${path}.${to}`) : first;
  if (last < first) throw wrong(parts[to], `${path}.${to}`, `is below its ${from} ${first}`, `${first} or more`);
  return { first, last };
}

function portNumber(value: unknown, path: FieldPath): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LAST_PORT) return value;
  throw wrong(value, path, 'is not a port number', `a whole number up to ${LAST_PORT}`);
}

/** ICMP is that of both families: types and codes are those of the family of the packet. */
function readProtocol(reader: DocumentReader, value: unknown, path: FieldPath): PortGroup {
  const { icmp, igmp } = reader.object(value, path, ['icmp', 'igmp']);
  if ((icmp === undefined || icmp === null) === (igmp === undefined || igmp === null)) {
    throw wrong(value, path, 'names no protocol, or two', 'exactly one of icmp, igmp; "icmp: {}" for all of ICMP');
  }
  if (icmp !== undefined && icmp !== null) return readIcmp(reader, icmp, `${path}.icmp`);
  const { igmpType, groupAddress } = reader.object(igmp, `${path}.igmp`, ['igmpType', 'groupAddress']);
  const isNarrow = isGiven(igmpType) || isGiven(groupAddress);
  return { ports: [{ kind: 'protocol', number: IGMP }], ...(isNarrow ? { unevaluated: `${path}.igmp: types and addresses of groups are not evaluated` } : {}) };
}

function readIcmp(reader: DocumentReader, value: unknown, path: FieldPath): PortGroup {
  const parts = reader.object(value, path, ['icmpType', 'icmpCode']);
  const number = (field: string): number | undefined => {
    const item = parts[field];
    if (item === undefined || item === null) return undefined;
    if (typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255) return item;
    throw wrong(item, `${path}.${field}`, 'is not a number of ICMP', 'a whole number from 0 to 255');
  };
  const [icmpType, icmpCode] = [number('icmpType'), number('icmpCode')];
  if (icmpType === undefined) {
    const whole = [ICMP, ICMP_V6].map((of): PortMatch => ({ kind: 'protocol', number: of }));
    return { ports: whole, ...(icmpCode === undefined ? {} : { unevaluated: `${path}: a code without a type is not evaluated` }) };
  }
  return { ports: [ICMP, ICMP_V6].map((of): PortMatch => ({ kind: 'protocol', number: of, icmpType, ...(icmpCode === undefined ? {} : { icmpCode }) })) };
}
