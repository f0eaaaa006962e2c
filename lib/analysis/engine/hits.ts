import { Direction, PortMatch, Protocol, Rule } from '../../policy';
import { ContainerPort } from '../inventory';
import { CompiledRule } from './compiled';
import { Condition } from './condition';
import { Hit } from './layer-outcome';
import { both, Match, maybe, YES } from './match';
import { PolicyLayer } from './policies';
import { PortSet, PortSpace } from './port-space';

/** What is known of the end that opens the connection. */
export interface SourcePorts {
  /** The port that it comes from; undefined where nobody asked. */
  readonly port?: number;
  /** Its container ports, by which names are resolved; undefined where any endpoint may be meant. */
  readonly container?: readonly ContainerPort[];
}

/** A rule that matches the other end, with the ports that it speaks about; undefined where those are none for this source. */
export function hitOf(rule: CompiledRule, match: Match, container: readonly ContainerPort[], source: SourcePorts, space: PortSpace): Hit | undefined {
  const ports = space.ofRule(rule.rule, container);
  const narrowed = narrowedBySource(rule, ports, source, space);
  if (narrowed === undefined) return undefined;
  const ends = both(match, narrowed.match);
  const content = contentOf(rule);
  if (content === undefined) return { rule, certain: ends.certain, conditions: ends.conditions, ports: narrowed.ports };
  return { rule, certain: false, conditions: [...ends.conditions, content], ports: narrowed.ports, ...(ends.certain ? { content } : {}) };
}

/** What of the content decides; names of DNS queries among which is every name decide nothing. */
function contentOf({ rule: { l7, dnsNames }, text }: CompiledRule): Condition | undefined {
  if (l7 !== undefined) return { kind: 'l7', at: text, why: l7 };
  if (dnsNames === undefined || dnsNames.includes('*')) return undefined;
  return { kind: 'l7', at: text, why: `DNS queries pass for ${dnsNames.join(', ')}` };
}

const PROTOCOLS: readonly Protocol[] = [Protocol.TCP, Protocol.UDP, Protocol.SCTP];

function narrowedBySource(rule: CompiledRule, ports: PortSet, source: SourcePorts, space: PortSpace): { ports: PortSet; match: Match } | undefined {
  const { sourcePorts, notSourcePorts } = rule.rule;
  if (sourcePorts === undefined && notSourcePorts === undefined) return { ports, match: YES };
  const { port } = source;
  const holds = (protocol: Protocol): boolean => (sourcePorts === undefined || sourcePorts.some((own) => isIn(own, protocol, source)))
    && (port === undefined || !notSourcePorts?.some((own) => isIn(own, protocol, source)));
  const of = space.ofProtocols(PROTOCOLS.filter(holds));
  // what has no ports has no source port either
  const possible = space.and(ports, sourcePorts === undefined ? space.or(of, space.other) : of);
  if (possible === space.none) return undefined;
  const ordinary = space.ofProtocols(PROTOCOLS.filter((protocol) => isOrdinary(sourcePorts, protocol)));
  const isOfAll = notSourcePorts === undefined && space.minus(possible, ordinary) === space.none;
  if (port !== undefined || isOfAll) return { ports: possible, match: YES };
  return { ports: possible, match: maybe({ kind: 'source-port', at: rule.text, why: `the source port decides: ${sourcePortText(rule.rule)}` }) };
}

/**
 * What a client's system picks where the client does not: a rule that has them all speaks about every ordinary client.
 * @see https://docs.kernel.org/networking/ip-sysctl.html (ip_local_port_range)
 */
const EPHEMERAL = { first: 32768, last: 60999 };

function isOrdinary(sourcePorts: readonly PortMatch[] | undefined, protocol: Protocol): boolean {
  return sourcePorts?.some((own) => own.kind === 'range' && own.protocol === protocol && own.first <= EPHEMERAL.first && EPHEMERAL.last <= own.last) === true;
}

/** Whether an entry holds the source port; without one, whether some port of the source may be in it. */
function isIn(own: PortMatch, protocol: Protocol, { port, container }: SourcePorts): boolean {
  if (own.kind === 'protocol') return false;
  if (own.protocol !== undefined && own.protocol !== protocol) return false;
  if (own.kind === 'range') return port === undefined || (own.first <= port && port <= own.last);
  if (container === undefined) return true;
  return container.some(({ name, protocol: of, number }) => name === own.name && of === protocol && (port === undefined || port === number));
}

function sourcePortText({ sourcePorts, notSourcePorts }: Rule): string {
  const text = (matches: readonly PortMatch[]): string => matches
    .map((match) => (match.kind === 'range' ? (match.first === match.last ? `${match.first}` : `${match.first}-${match.last}`) : match.kind === 'named' ? match.name : ''))
    .join(', ');
  return [sourcePorts === undefined ? '' : text(sourcePorts), notSourcePorts === undefined ? '' : `not ${text(notSourcePorts)}`].filter((part) => part !== '').join(', ');
}

/**
 * The hits of a rule towards a destination. A name of a port may stand for the number that all pods agree on, if they do, in place
 * of the one at the destination: what both readings have in common is certain. Or it stands for numbers of other pods beside it.
 */
export function hitsOf(
  rule: CompiledRule, match: Match, container: readonly ContainerPort[], source: SourcePorts, { space, everywhere, own: ownHolds }: NamedPorts,
): Hit[] {
  const own = hitOf(rule, match, container, source, space);
  if (everywhere === undefined || !rule.namesPorts) return own === undefined ? [] : [own];
  const agreed = hitOf(rule, match, everywhere, source, space);
  const [here, there] = [own?.ports ?? space.none, agreed?.ports ?? space.none];
  const certain = ownHolds === true ? here : space.and(here, there);
  const unsure = space.minus(space.or(here, there), certain);
  const why = 'whether a name of a port is looked up at the destination or in the whole cluster is up to the CNI and its version';
  const base = own ?? agreed;
  if (base === undefined) return [];
  return [
    ...(own !== undefined ? [{ ...own, ports: certain }] : []),
    ...(unsure === space.none ? [] : [{ ...base, ports: unsure, certain: false, conditions: [...base.conditions, { kind: 'cni' as const, at: rule.text, why }] }]),
  ];
}

/** How names of ports are read. */
export interface NamedPorts {
  readonly space: PortSpace;
  /** The names as they may be looked up in the whole cluster; undefined where they are not. */
  readonly everywhere: readonly ContainerPort[] | undefined;
  /** Whether the number at the destination holds whatever others say. */
  readonly own?: boolean;
}

/** How a layer reads names of ports in one direction. */
export function namedPorts({ portNames, pooledNames }: PolicyLayer, direction: Direction, space: PortSpace): NamedPorts {
  return direction === 'egress' ? { space, everywhere: portNames } : { space, everywhere: pooledNames, own: true };
}
