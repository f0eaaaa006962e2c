import { OBSERVED_VERDICTS, ObservedVerdict } from '../observation';
import { Orientation, PacketEnd } from '../orientation';
import { timeOf } from '../timestamps';
import { addressOf } from './address';
import { Fields, fieldsOf, jsonOf, listOf, numberOf, textOf } from './fields';
import { FlowSource, isAhead, Reading, RecordReader, skipped, skippedAsAhead, SkipReason, SourceContext } from './flow-source';
import { HubbleEndpoints } from './hubble-endpoint';
import {
  claimedOrientation, countersOf, countOf, decidersOf, directionOf, DROP, eventType, evidenceOf, HubbleL4, hubbleL4, L7, orientationOf, orientedByListeners,
  POLICY_VERDICT, SOCKET_TRACE, TRACE, verdictOf,
} from './hubble-flow';
import { HUBBLE_PARTS } from './hubble-parts';

/** Events that are about traffic; others tell of the agent, or are copies of what these say. */
const TRAFFIC: ReadonlySet<number | undefined> = new Set([DROP, TRACE, POLICY_VERDICT, SOCKET_TRACE, L7, undefined]);
const HUBBLE_ID = 'hubble';
const RETINA_ID = 'retina';
const ENVELOPE = ['flow', 'node_status', 'lost_events', 'agent_event', 'debug_event'];

/**
 * `hubble observe -o jsonpb`: all events, of which those of traffic count.
 * @see https://github.com/cilium/cilium/blob/main/api/v1/flow/flow.proto
 */
export const HUBBLE = hubbleSource(HUBBLE_ID, 'Cilium Hubble (hubble observe -o jsonpb)', (flows) => !flows.some(isRetina) && flows.some(({ uuid }) => uuid !== undefined));

/**
 * Files of Hubble's exporter, which may leave fields out and add flows up.
 * @see https://docs.cilium.io/en/stable/observability/hubble/configuration/export/
 */
export const HUBBLE_EXPORTER = hubbleSource('hubble-exporter', 'Cilium Hubble exporter', (flows) => !flows.some(isRetina) && !flows.some(({ uuid }) => uuid !== undefined));

/**
 * Retina writes the records of Hubble, without verdicts of policies, and with `is_reply: false` for all that it does not know.
 * @see https://github.com/microsoft/retina/blob/main/pkg/utils/flow_utils.go
 */
export const RETINA = hubbleSource(RETINA_ID, 'Microsoft Retina (Hubble control plane)', (flows) => flows.some(isRetina));

function hubbleSource(id: string, title: string, isOurs: (flows: readonly Fields[]) => boolean): FlowSource {
  return {
    id,
    title,
    framing: 'lines',
    setUpOnly: false,
    independent: true,
    recognises: (head) => {
      const records = head.map(jsonOf).filter((record) => record !== undefined && ENVELOPE.some((key) => fieldsOf(record[key]) !== undefined));
      const flows = records.map((record) => fieldsOf(record!.flow)).filter((flow) => flow !== undefined);
      return flows.length === 0 ? records.length > 0 && id === HUBBLE_ID : isOurs(flows);
    },
    reader: (context) => readerOf(context, id !== RETINA_ID),
    // Retina has counters of its own in each record
    parts: ({ inventory }) => (inventory.isEmpty && id !== RETINA_ID ? HUBBLE_PARTS : undefined),
  };
}

/** How far the word of a tool can be taken. */
interface Trust {
  /** `is_reply: false` is a finding, and not what stands there where nothing is known. */
  readonly falseIsMeant: boolean;
  /** What a flow claims of its direction is not held against what is known to listen. */
  readonly claims: boolean;
}

function readerOf(context: SourceContext, falseIsMeant: boolean): RecordReader {
  const endpoints = new HubbleEndpoints();
  const trust = { falseIsMeant, claims: falseIsMeant && !context.inventory.hasListeners };
  return { read: (line) => readHubble(jsonOf(line), context, endpoints, trust) };
}

/**
 * Extensions that are no counters, and numbers for verdicts, are Retina's; so are endpoints that have their identity for an identifier,
 * and whole records of which none has an identity.
 * @see https://github.com/microsoft/retina/blob/main/pkg/hubble/common/decoder_linux.go
 */
function isRetina(flow: Fields, _index: number, flows: readonly Fields[]): boolean {
  if (fieldsOf(flow.extensions) !== undefined && countersOf(flow) === undefined) return true;
  if (numberOf(flow.verdict) !== undefined) return true;
  return flows.every((each) => eventType(each) !== POLICY_VERDICT && each.uuid === undefined && each.Type !== undefined && endsOf(each).every(isRetinaEnd));
}

function endsOf(flow: Fields): readonly Fields[] {
  return [flow.source, flow.destination].map((end) => fieldsOf(end) ?? {});
}

function isRetinaEnd({ ID: id, identity }: Fields): boolean {
  return identity === undefined || id === identity;
}

function readHubble(record: Fields | undefined, context: SourceContext, endpoints: HubbleEndpoints, trust: Trust): Reading {
  if (record === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  const flow = fieldsOf(record.flow);
  const time = timeOf(textOf(flow?.time) ?? textOf(record.time) ?? '');
  const node = textOf(record.node_name) ?? textOf(flow?.node_name);
  const seen = { ...(time === undefined ? {} : { time }), ...(node === undefined ? {} : { node }) };
  const lost = fieldsOf(record.lost_events);
  if (lost !== undefined) return readLost(lost, seen);
  if (flow === undefined && record.flow !== undefined && record.flow !== null) return skipped('malformed', { ...seen, detail: 'has a flow that is no object' });
  if (flow === undefined) return skipped('not-a-flow', seen);
  if (time === undefined) return skipped('missing-fields', { ...seen, detail: 'has no time' });
  if (isAhead(time, context)) return skippedAsAhead(time, seen);
  return { ...seen, ...readFlow(flow, time, node, context, endpoints, trust) };
}

/** A loss that cannot be read must not look like none. */
function readLost({ num_events_lost: events }: Fields, seen: Pick<Reading, 'time' | 'node'>): Reading {
  const lost = events === undefined ? 0 : numberOf(events);
  return lost === undefined ? skipped('malformed', { ...seen, detail: `says that ${JSON.stringify(events)} events were lost` }) : skipped('lost-events', { ...seen, lost });
}

function readFlow(flow: Fields, time: number, node: string | undefined, context: SourceContext, endpoints: HubbleEndpoints, trust: Trust): Reading {
  const type = eventType(flow);
  if (!TRAFFIC.has(type)) return skipped('not-a-flow');
  const decidedBy = decidersOf(flow);
  const verdict = verdictOf(flow, type, decidedBy, context.marker);
  if (!isVerdict(verdict)) return skipped(verdict);
  const ips = fieldsOf(flow.IP) ?? {};
  const [sourceIp, destinationIp] = [addressOf(ips.source), addressOf(ips.destination)];
  const noAddress = [ips.source, ips.destination].find((written) => written !== undefined && written !== null && written !== '' && addressOf(written) === undefined);
  if (noAddress !== undefined) return skipped('malformed', { detail: `has the address ${JSON.stringify(noAddress)}` });
  const shared = { cluster: clusterOf(node), inventory: context.inventory, time };
  const src = endpoints.peer(fieldsOf(flow.source) ?? {}, { ip: sourceIp, names: listOf(flow.source_names), ...shared });
  const called = { names: listOf(flow.destination_names), service: flow.destination_service };
  const dst = endpoints.peer(fieldsOf(flow.destination) ?? {}, { ip: destinationIp, ...called, ...shared });
  const l4 = hubbleL4(flow.l4);
  if (src === undefined || dst === undefined || l4 === undefined) {
    return skipped('missing-fields', { detail: `has no ${l4 === undefined ? 'port' : src === undefined ? 'source' : 'destination'}` });
  }
  const orientation = oriented(flow, type, l4, context, trust, [{ peer: src, ip: sourceIp }, { peer: dst, ip: destinationIp }]);
  if (orientation !== 'request') return skipped(orientation);
  const evidence = evidenceOf(type);
  return {
    observations: [{
      time,
      src,
      dst,
      port: l4.port,
      protocol: l4.protocol,
      direction: directionOf(flow),
      verdict,
      decidedBy,
      count: countOf(flow),
      ...(l4.icmpType === undefined ? {} : { icmpType: l4.icmpType }),
      ...(evidence === undefined ? {} : { evidence }),
    }],
  };
}

function oriented(
  flow: Fields, type: number | undefined, l4: HubbleL4, context: SourceContext, trust: Trust, [src, dst]: readonly [Omit<PacketEnd, 'port'>, Omit<PacketEnd, 'port'>],
): Orientation {
  const told = orientationOf(flow, type, l4, trust.claims);
  if (told !== 'undecided') return told;
  const known = orientedByListeners(context, l4, src, dst);
  return known === 'undecided' ? claimedOrientation(flow, type, trust.falseIsMeant) : known;
}

function isVerdict(word: ObservedVerdict | SkipReason): word is ObservedVerdict {
  return (OBSERVED_VERDICTS as readonly string[]).includes(word);
}

/** `prod/n1` is a node of the cluster `prod`. */
function clusterOf(node: string | undefined): string | undefined {
  const [cluster, name] = node?.split('/') ?? [];
  return name === undefined ? undefined : cluster;
}
