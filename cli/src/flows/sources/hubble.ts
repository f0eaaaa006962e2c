import { OBSERVED_VERDICTS, ObservedVerdict } from '../observation';
import { timeOf } from '../timestamps';
import { Fields, fieldsOf, jsonOf, listOf, numberOf, textOf } from './fields';
import { FlowSource, isAhead, Reading, RecordReader, skipped, SkipReason, SourceContext } from './flow-source';
import { HubbleEndpoints } from './hubble-endpoint';
import {
  countOf, decidersOf, directionOf, DROP, eventType, evidenceOf, hubbleL4, L7, orientationOf, orientedByListeners, POLICY_VERDICT, SOCKET_TRACE, TRACE,
  verdictOf,
} from './hubble-flow';
import { RecurringJson } from './recurring-json';

/** Events that are about traffic; others tell of the agent, or are copies of what these say. */
const TRAFFIC: ReadonlySet<number | undefined> = new Set([DROP, TRACE, POLICY_VERDICT, SOCKET_TRACE, L7, undefined]);
const HUBBLE_ID = 'hubble';
const RETINA_ID = 'retina';
/** Where two flows differ that are alike otherwise; what is under `source` is an endpoint, an address or that of a network card. */
const VARIABLE = ['time', 'uuid', 'source', 'destination', 'source_port', 'destination_port'];
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
  };
}

function readerOf(context: SourceContext, trustsFalse: boolean): RecordReader {
  const endpoints = new HubbleEndpoints();
  const read = (record: Fields | undefined) => readHubble(record, context, endpoints, trustsFalse);
  const lines = new RecurringJson(VARIABLE);
  return { read: (line) => read(jsonOf(line)), readBytes: (buffer, start, end) => read(fieldsOf(lines.parse(buffer, start, end))) };
}

/** Counters in extensions and numbers for verdicts are Retina's; so are endpoints of which none has an identity. */
function isRetina(flow: Fields, _index: number, flows: readonly Fields[]): boolean {
  return fieldsOf(flow.extensions) !== undefined || numberOf(flow.verdict) !== undefined
    || flows.every((each) => eventType(each) !== POLICY_VERDICT && [each.source, each.destination].every((end) => fieldsOf(end)?.identity === undefined));
}

function readHubble(record: Fields | undefined, context: SourceContext, endpoints: HubbleEndpoints, trustsFalse: boolean): Reading {
  if (record === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  const flow = fieldsOf(record.flow);
  const time = timeOf(textOf(flow?.time) ?? textOf(record.time) ?? '');
  const node = textOf(record.node_name) ?? textOf(flow?.node_name);
  const seen = { ...(time === undefined ? {} : { time }), ...(node === undefined ? {} : { node }) };
  const lost = fieldsOf(record.lost_events);
  if (lost !== undefined) return skipped('lost-events', { ...seen, lost: numberOf(lost.num_events_lost) ?? 0 });
  if (flow === undefined) return skipped('not-a-flow', seen);
  if (time === undefined) return skipped('missing-fields', { ...seen, detail: 'has no time' });
  if (isAhead(time, context)) return skipped('clock', { detail: `is of ${new Date(time).toISOString()}` });
  return Object.assign(readFlow(flow, time, node, context, endpoints, trustsFalse), seen);
}

function readFlow(
  flow: Fields, time: number, node: string | undefined, context: SourceContext, endpoints: HubbleEndpoints, trustsFalse: boolean,
): Reading {
  const type = eventType(flow);
  if (!TRAFFIC.has(type)) return skipped('not-a-flow');
  const decidedBy = decidersOf(flow);
  const verdict = verdictOf(flow, type, decidedBy, context.marker);
  if (!isVerdict(verdict)) return skipped(verdict);
  const ips = fieldsOf(flow.IP) ?? {};
  const [sourceIp, destinationIp] = [textOf(ips.source), textOf(ips.destination)];
  const shared = { cluster: clusterOf(node), inventory: context.inventory, time };
  const src = endpoints.peer(fieldsOf(flow.source) ?? {}, { ip: sourceIp, names: listOf(flow.source_names), ...shared });
  const dst = endpoints.peer(fieldsOf(flow.destination) ?? {}, { ip: destinationIp, names: listOf(flow.destination_names), ...shared });
  const l4 = hubbleL4(flow.l4);
  if (src === undefined || dst === undefined || l4 === undefined) {
    return skipped('missing-fields', { detail: `has no ${l4 === undefined ? 'port' : src === undefined ? 'source' : 'destination'}` });
  }
  const told = orientationOf(flow, type, l4, trustsFalse);
  const orientation = told === 'undecided' ? orientedByListeners(context, l4, { peer: src, ip: sourceIp }, { peer: dst, ip: destinationIp }) : told;
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

function isVerdict(word: ObservedVerdict | SkipReason): word is ObservedVerdict {
  return (OBSERVED_VERDICTS as readonly string[]).includes(word);
}

/** `prod/n1` is a node of the cluster `prod`. */
function clusterOf(node: string | undefined): string | undefined {
  const slash = node?.indexOf('/') ?? -1;
  return slash < 0 ? undefined : node!.slice(0, slash);
}
