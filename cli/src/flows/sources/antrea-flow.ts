import { isIP } from 'node:net';
import { FlowInventory } from '../inventory/flow-inventory';
import { Decider, Observation, ObservedLabels, ObservedPeer, ObservedProtocol, ObservedService, ObservedVerdict } from '../observation';
import { orientationByListeners } from '../orientation';
import { timeOf } from '../timestamps';
import { workloadLabels } from '../workload-labels';
import { owningWorkload, workloadOfPodName } from '../workload-name';
import { antreaDecider } from './antrea-policy';
import { Fields, jsonOf, numberOf, portOf, textOf } from './fields';
import { isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';
import { SeenConnections } from './seen-connections';

/** By number, and as the file log prints them. */
const PROTOCOLS: ReadonlyMap<string, ObservedProtocol> = new Map([
  ['1', 'ICMP'], ['6', 'TCP'], ['17', 'UDP'], ['58', 'ICMPv6'], ['132', 'SCTP'],
  ['ICMP', 'ICMP'], ['TCP', 'TCP'], ['UDP', 'UDP'], ['IPv6-ICMP', 'ICMPv6'], ['SCTP', 'SCTP'], ['IGMP', 'unknown'], ['Unknown Protocol', 'unknown'],
]);
const WITH_PORTS: ReadonlySet<ObservedProtocol> = new Set(['TCP', 'UDP', 'SCTP']);
const REQUIRED = ['flowStartSeconds', 'sourceIP', 'destinationIP', 'protocolIdentifier'];
const ACTIONS: ReadonlyMap<string, 'none' | 'allow' | 'deny'> = new Map([
  ['0', 'none'], ['1', 'allow'], ['2', 'deny'], ['3', 'deny'],
  ['', 'none'], ['Allow', 'allow'], ['Drop', 'deny'], ['Reject', 'deny'],
]);

type End = 'source' | 'destination';

/** What the policies of one end said: nothing, or something that is not known here. */
interface Decision {
  readonly verdict?: ObservedVerdict;
  readonly isUnknown?: boolean;
  readonly decidedBy: readonly Decider[] | null;
}

/** What one end says of a connection. */
type Statement = Pick<Observation, 'direction' | 'verdict' | 'decidedBy'>;

interface Flow {
  readonly time: number;
  readonly until?: number;
  readonly protocol: ObservedProtocol;
  readonly port: number | null;
  readonly sourceIp: string;
  readonly sourcePort?: number;
  readonly destinationIp: string;
}

/**
 * A record of Antrea's flow aggregator, its columns named as those of the ClickHouse table are. The record of a connection between pods
 * speaks for both ends; one that goes on is written again every minute, and shows that somebody watches then, not when it began.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/network-flow-visibility.md
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/flowaggregator/flowrecord/record.go
 */
export function readAntreaFlow(record: Fields, context: SourceContext, seen: SeenConnections): Reading {
  // a column of seconds is 0 where there is no time
  const time = momentOf(record.flowStartSeconds) || undefined;
  const node = textOf(record.sourceNodeName) ?? textOf(record.destinationNodeName);
  const written = momentOf(record.flowEndSeconds) || time;
  const known = { ...(written === undefined ? {} : { time: written }), ...(node === undefined ? {} : { node }) };
  const missing = missingColumn(record);
  if (missing !== undefined) return skipped('missing-fields', { ...known, detail: `has no ${missing}` });
  const flow = flowOf(record, time);
  if (typeof flow === 'string') return skipped('malformed', { ...known, detail: flow });
  if (isAhead(flow.until ?? flow.time, context)) return skippedAsAhead(flow.until ?? flow.time);
  return { ...known, ...readingOf(record, flow, context, seen) };
}

function missingColumn(record: Fields): string | undefined {
  if (momentOf(record.flowStartSeconds) === 0) return 'flowStartSeconds';
  const hasPorts = WITH_PORTS.has(protocolOf(record.protocolIdentifier) ?? 'unknown');
  return [...REQUIRED, ...(hasPorts ? ['destinationTransportPort'] : [])].find((key) => wordOf(record[key]) === '');
}

function readingOf(record: Fields, flow: Flow, context: SourceContext, seen: SeenConnections): Reading {
  const src = peerOf(record, 'source', flow.sourceIp, flow.time, context.inventory);
  const dst = peerOf(record, 'destination', flow.destinationIp, flow.time, context.inventory);
  if (src === undefined) return skipped('malformed', { detail: 'has sourcePodLabels that are no JSON object' });
  if (dst === undefined) return skipped('malformed', { detail: 'has destinationPodLabels that are no JSON object' });
  if (isReply(flow, src, dst, context.inventory)) return skipped('reply');
  const stated = statements(record, src, dst, context.marker);
  if (stated.length === 0) return skipped('missing-fields', { detail: 'names a pod at neither end' });
  const fresh = stated.filter((statement) => seen.isFirst(connectionKey(record, flow, statement)));
  if (fresh.length === 0) return skipped('same-connection');
  const { time, until, port, protocol } = flow;
  const service = serviceOf(record);
  return {
    observations: fresh.map(({ direction, verdict, decidedBy }) => ({
      time,
      ...(until === undefined ? {} : { until }),
      src,
      dst,
      port,
      protocol,
      direction,
      verdict,
      decidedBy,
      count: 1,
      ...(service === undefined ? {} : { service }),
    })),
  };
}

/** A connection goes from who opened it; one that was forgotten and goes on looks as if the server had. */
function isReply({ protocol, sourceIp, sourcePort, destinationIp, port }: Flow, src: ObservedPeer, dst: ObservedPeer, inventory: FlowInventory): boolean {
  const source = { peer: src, ip: sourceIp, port: sourcePort };
  const destination = { peer: dst, ip: destinationIp, port: port ?? undefined };
  return orientationByListeners(inventory, protocol, source, destination) === 'reply';
}

/** The flow, or what is wrong with it. */
function flowOf(record: Fields, time: number | undefined): Flow | string {
  if (time === undefined) return 'has a flowStartSeconds that is no time';
  const [sourceIp, destinationIp] = [ipOf(record.sourceIP), ipOf(record.destinationIP)];
  if (sourceIp === undefined || destinationIp === undefined) return `has a ${sourceIp === undefined ? 'sourceIP' : 'destinationIP'} that is no address`;
  const protocol = protocolOf(record.protocolIdentifier);
  if (protocol === undefined) return 'has a protocolIdentifier that is none';
  const hasPorts = WITH_PORTS.has(protocol);
  const port = hasPorts ? portOf(record.destinationTransportPort) : undefined;
  if (hasPorts && port === undefined) return 'has a destinationTransportPort that is no port';
  const sourcePort = hasPorts ? portOf(record.sourceTransportPort) : undefined;
  const end = momentOf(record.flowEndSeconds);
  return {
    time,
    ...(end === undefined || end < time ? {} : { until: end }),
    protocol,
    port: port ?? null,
    sourceIp,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    destinationIp,
  };
}

/** Both ends say something about a connection that was let through; one that was stopped says so at the end that stopped it. */
function statements(record: Fields, src: ObservedPeer, dst: ObservedPeer, marker: string): readonly Statement[] {
  const ends = [
    { direction: 'egress', isPod: hasPodName(record, 'source') && src.kind === 'pod', decision: decisionOf(record, 'egress', marker) },
    { direction: 'ingress', isPod: hasPodName(record, 'destination') && dst.kind === 'pod', decision: decisionOf(record, 'ingress', marker) },
  ] as const;
  const isDenied = ends.some(({ decision }) => decision.verdict === 'denied');
  return ends
    .filter(({ isPod, decision }) => decision.verdict !== undefined || (isPod && !isDenied))
    .map(({ direction, decision: { verdict, isUnknown, decidedBy } }) => ({ direction, verdict: verdict ?? (isUnknown ? 'unknown' : 'allowed'), decidedBy }));
}

function decisionOf(record: Fields, direction: 'ingress' | 'egress', marker: string): Decision {
  const column = (name: string) => record[`${direction}NetworkPolicy${name}`];
  const action = ACTIONS.get(wordOf(column('RuleAction')) ?? '?');
  if (action === undefined) return { isUnknown: true, decidedBy: null };
  const decidedBy = antreaDecider({
    type: wordOf(column('Type')) ?? '', namespace: textOf(column('Namespace')), name: textOf(column('Name')), rule: textOf(column('RuleName')),
  });
  if (action === 'deny') return { verdict: 'denied', decidedBy };
  if (action === 'none' && decidedBy === null) return { decidedBy };
  return { verdict: decidedBy?.[0]?.name === marker ? 'would-deny' : 'allowed', decidedBy };
}

/** What tells one connection, and one decision about it, from others: the ports of clients are used again and again. */
function connectionKey(record: Fields, { time, protocol, sourceIp, destinationIp }: Flow, statement: Statement): string {
  const ports = [record.sourceTransportPort, record.destinationTransportPort].map(wordOf);
  return JSON.stringify([time, protocol, sourceIp, destinationIp, ports, statement]);
}

function hasPodName(record: Fields, end: End): boolean {
  return textOf(record[`${end}PodName`]) !== undefined && textOf(record[`${end}PodNamespace`]) !== undefined;
}

/** Undefined where its labels cannot be read. */
function peerOf(record: Fields, end: End, ip: string, time: number, inventory: FlowInventory): ObservedPeer | undefined {
  const [pod, namespace] = [textOf(record[`${end}PodName`]), textOf(record[`${end}PodNamespace`])];
  // a pod in the network of its node shares the address with others: which of them it was nobody knows
  if (pod === undefined || namespace === undefined || inventory.nodeAt(ip) !== undefined) return inventory.peerAt(ip, time);
  const written = labelsOf(record[`${end}PodLabels`]);
  if (written === undefined) return undefined;
  const known = inventory.podNamed(namespace, pod);
  const labels = workloadLabels(Object.entries(written));
  return {
    kind: 'pod',
    namespace,
    workload: known?.workload ?? workloadOfPod(pod, written),
    labels: known !== undefined && Object.keys(labels).length === 0 ? known.labels : labels,
    pod,
    ip,
  };
}

function workloadOfPod(pod: string, labels: ObservedLabels) {
  const hash = labels['pod-template-hash'];
  const replicaSet = pod.slice(0, pod.lastIndexOf('-'));
  return hash !== undefined && replicaSet.endsWith(`-${hash}`) ? owningWorkload('ReplicaSet', replicaSet, labels) : workloadOfPodName(pod);
}

/** Text with JSON in it. Without `recordContents.podLabels` it is empty. */
function labelsOf(value: unknown): ObservedLabels | undefined {
  if (value === undefined || value === null || value === '' || value === 'null') return {};
  const labels = jsonOf(value);
  return labels === undefined ? undefined : Object.fromEntries(Object.entries(labels).filter((label): label is [string, string] => typeof label[1] === 'string'));
}

/** `namespace/name:port`; a port without a name has none. */
function serviceOf(record: Fields): ObservedService | undefined {
  const [, namespace, name, portName] = /^([^/]+)\/([^/:]+)(?::(.+))?$/.exec(textOf(record.destinationServicePortName) ?? '') ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  const port = portOf(record.destinationServicePort);
  return { namespace, name, ...(port === undefined ? {} : { port }), ...(portName === undefined ? {} : { portName }) };
}

/** Seconds since 1970, or a DateTime of ClickHouse, which has no zone and is UTC. */
function momentOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds <= 0xffff_ffff ? seconds * 1000 : undefined;
  return typeof value === 'string' ? timeOf(value) : undefined;
}

function protocolOf(value: unknown): ObservedProtocol | undefined {
  const number = numberOf(value);
  return PROTOCOLS.get(wordOf(value) ?? '') ?? (number !== undefined && number <= 255 ? 'unknown' : undefined);
}

/** What a column holds as text; empty where it holds nothing, undefined where that is neither a number nor text. */
function wordOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function ipOf(value: unknown): string | undefined {
  return typeof value === 'string' && isIP(value) !== 0 ? value : undefined;
}

/** Whether a record has what all records of the aggregator have. */
export function isAntreaFlow(record: Fields | undefined): boolean {
  return record !== undefined && typeof flowOf(record, momentOf(record.flowStartSeconds)) !== 'string';
}
