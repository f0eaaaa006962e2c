import { Observation, ObservedDirection, ObservedPeer, ObservedProtocol, ObservedService } from '../observation';
import { orientationByListeners } from '../orientation';
import { timeOf } from '../timestamps';
import { CalicoEndpoint, calicoPeer, given, isNothing } from './calico-endpoint';
import { calicoAction, calicoJudgement, PolicyHit } from './calico-policy';
import { numberOf, portOf } from './fields';
import { isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';

/** A flow of any of Calico's products: what differs is how a field is called, and how a list is written. */
export interface CalicoFlow {
  readonly start: unknown;
  readonly end: unknown;
  readonly node?: string;
  readonly source: CalicoEndpoint;
  readonly destination: CalicoEndpoint;
  readonly protocol: unknown;
  readonly port: unknown;
  /** Where flows are merged over their ports, too. */
  readonly isPortOptional?: boolean;
  readonly sourcePort?: unknown;
  readonly reporter: unknown;
  readonly action: unknown;
  /** Undefined where it cannot be read. */
  readonly enforced: readonly PolicyHit[] | undefined;
  readonly pending: readonly PolicyHit[] | undefined;
  readonly service?: { readonly name: unknown; readonly namespace: unknown; readonly port: unknown };
  readonly connections?: unknown;
  readonly traffic: CalicoTraffic;
}

/** What passed within the window of a record. */
export interface CalicoTraffic {
  readonly packets: readonly unknown[];
  readonly started?: unknown;
  readonly live?: unknown;
}

interface Layer4 {
  readonly protocol: ObservedProtocol;
  readonly port: number | null;
  readonly icmpType?: number;
}

const LAST_TIME = 8.64e15;
const REPORTERS: ReadonlyMap<unknown, ObservedDirection> = new Map<unknown, ObservedDirection>([[1, 'egress'], ['src', 'egress'], [2, 'ingress'], ['dst', 'ingress']]);
/** @see https://github.com/projectcalico/calico/blob/master/felix/collector/utils/utils.go */
const PROTOCOLS: ReadonlyMap<string, ObservedProtocol> = new Map([
  ['tcp', 'TCP'], ['6', 'TCP'], ['udp', 'UDP'], ['17', 'UDP'], ['sctp', 'SCTP'], ['132', 'SCTP'],
  ['icmp', 'ICMP'], ['1', 'ICMP'], ['icmp6', 'ICMPv6'], ['icmpv6', 'ICMPv6'], ['58', 'ICMPv6'],
]);
const WITH_PORTS: readonly ObservedProtocol[] = ['TCP', 'UDP', 'SCTP'];

export function readCalicoFlow(flow: CalicoFlow, context: SourceContext): Reading {
  const time = calicoTime(flow.start);
  const seen = { ...(time === undefined ? {} : { time }), ...(flow.node === undefined ? {} : { node: flow.node }) };
  if (time === undefined) return { ...unreadable(flow.start, 'time of its start'), ...seen };
  if (isAhead(time, context)) return skippedAsAhead(time, seen);
  const { observations, ...rest } = readWindow(flow, time, context);
  return { ...seen, ...rest, observations };
}

function readWindow(flow: CalicoFlow, time: number, context: SourceContext): Reading {
  const action = calicoAction(flow.action);
  if (action === undefined || action === null) return unreadable(action === null ? undefined : flow.action, 'action');
  if (action === 'pass') return skipped('not-final');
  if (action === 'deny' && isIdle(flow.traffic)) return skipped('not-a-connection');
  const layer4 = layer4Of(flow);
  if (isReading(layer4)) return layer4;
  const src = calicoPeer(flow.source, 'source', time, context);
  if (isReading(src)) return src;
  const dst = calicoPeer(flow.destination, 'destination', time, context);
  if (isReading(dst)) return dst;
  const count = isNothing(flow.connections) ? 0 : numberOf(flow.connections);
  if (count === undefined) return skipped('malformed', { detail: 'has no number of connections where one should be' });
  if (flow.enforced === undefined || flow.pending === undefined) return skipped('malformed', { detail: 'has policies that cannot be read' });
  if (isReply(flow, layer4, src, dst, context)) return skipped('reply');
  const until = calicoTime(flow.end);
  const service = serviceOf(flow.service);
  const observation: Observation = {
    time,
    ...(until === undefined || until < time || isAhead(until, context) ? {} : { until }),
    src,
    dst,
    port: layer4.port,
    protocol: layer4.protocol,
    direction: REPORTERS.get(typeof flow.reporter === 'string' ? flow.reporter.toLowerCase() : flow.reporter) ?? 'unknown',
    ...calicoJudgement(action, flow.enforced, flow.pending, context.marker),
    count: Math.max(1, count),
    ...(service === undefined ? {} : { service }),
    ...(layer4.icmpType === undefined ? {} : { icmpType: layer4.icmpType }),
  };
  return { observations: [observation] };
}

/** Seconds since 1970, or text; zero is left out of JSON, and is no time of a flow. */
function calicoTime(value: unknown): number | undefined {
  const seconds = numberOf(value);
  if (seconds === undefined) return typeof value === 'string' ? timeOf(value) : undefined;
  return seconds > 0 && seconds * 1000 <= LAST_TIME ? seconds * 1000 : undefined;
}

/**
 * After a policy has changed, Felix goes on to report the denial of before, of which nothing is left.
 * @see https://github.com/projectcalico/calico/pull/13573
 */
function isIdle({ packets, started, live }: CalicoTraffic): boolean {
  const isCounted = packets.some((count) => numberOf(count) !== undefined) || (numberOf(live) ?? 0) > 0;
  return isCounted && [...packets, started].every((count) => (numberOf(count) ?? 0) === 0);
}

function layer4Of({ protocol: written, port: value, isPortOptional = false }: CalicoFlow): Layer4 | Reading {
  if (isNothing(written)) return skipped('missing-fields', { detail: 'has no protocol' });
  if (typeof written !== 'string' && numberOf(written) === undefined) return unreadable(written, 'protocol');
  const protocol = PROTOCOLS.get(String(written).toLowerCase()) ?? 'unknown';
  // Felix has the type and the code of a message where others have the port
  if (protocol === 'ICMP') return { protocol, port: null, ...icmpTypeOf(value) };
  if (!WITH_PORTS.includes(protocol)) return { protocol, port: null };
  const port = portOf(value);
  if (port !== undefined) return { protocol, port };
  const isNone = isNothing(value) || value === 0;
  return isNone && isPortOptional ? { protocol, port: null } : unreadable(isNone ? undefined : value, 'port');
}

function icmpTypeOf(port: unknown): { readonly icmpType?: number } {
  const typeAndCode = portOf(port) ?? 0;
  return typeAndCode < 256 ? {} : { icmpType: typeAndCode >> 8 };
}

/** Calico says who began a connection; only who is known to listen knows better. */
function isReply(flow: CalicoFlow, { protocol, port }: Layer4, src: ObservedPeer, dst: ObservedPeer, { inventory }: SourceContext): boolean {
  const sourcePort = portOf(flow.sourcePort);
  if (sourcePort === undefined || port === null) return false;
  const ends = [{ peer: src, ip: given(flow.source.ip), port: sourcePort }, { peer: dst, ip: given(flow.destination.ip), port }] as const;
  return orientationByListeners(inventory, protocol, ...ends) === 'reply';
}

function serviceOf(service: CalicoFlow['service']): ObservedService | undefined {
  const name = given(service?.name);
  const namespace = given(service?.namespace);
  if (name === undefined || namespace === undefined) return undefined;
  const port = portOf(service?.port);
  return { namespace, name, ...(port === undefined ? {} : { port }) };
}

function unreadable(value: unknown, what: string): Reading {
  return isNothing(value) || value === 0 ? skipped('missing-fields', { detail: `has no ${what}` }) : skipped('malformed', { detail: `has no ${what} where one should be` });
}

function isReading<T extends object>(value: T | Reading): value is Reading {
  return 'observations' in value;
}
