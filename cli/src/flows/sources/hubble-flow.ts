import { Decider, ObservedDirection, ObservedProtocol, ObservedVerdict } from '../observation';
import { Orientation, orientationByListeners, PacketEnd } from '../orientation';
import { Fields, fieldsOf, listOf, numberOf, portOf, textOf } from './fields';
import { SkipReason, SourceContext } from './flow-source';

/** @see https://github.com/cilium/cilium/blob/main/pkg/monitor/api/types.go */
export const DROP = 1;
export const TRACE = 4;
export const POLICY_VERDICT = 5;
export const SOCKET_TRACE = 7;
export const L7 = 129;
const MATCHED_ALL = 4;
/** @see https://github.com/cilium/cilium/blob/main/api/v1/flow/flow.proto */
const VERDICTS = ['VERDICT_UNKNOWN', 'FORWARDED', 'DROPPED', 'ERROR', 'AUDIT', 'REDIRECTED', 'TRACED', 'TRANSLATED'];
/** Retina has numbers of its own for what it takes from the kernel. */
const RETINA_RETRANSMISSION = 15;
const RETINA_DNS = 16;
const POLICY_DROPS: readonly unknown[] = ['POLICY_DENIED', 'POLICY_DENY', 133, 181];

const DECIDERS = ['ingress_allowed_by', 'egress_allowed_by', 'ingress_denied_by', 'egress_denied_by'];
const PORTS = ['TCP', 'UDP', 'SCTP'] as const;
/** Where Linux begins to choose ports for clients. */
const FIRST_EPHEMERAL_PORT = 32_768;
const ICMP = [['ICMPv4', 'ICMP', 0, 8], ['ICMPv6', 'ICMPv6', 129, 128]] as const;

/** The fourth layer of a flow. */
export interface HubbleL4 {
  readonly protocol: ObservedProtocol;
  /** Null for protocols that have none. */
  readonly port: number | null;
  readonly sourcePort?: number;
  /** It opens a connection, or with `ack` answers to what opens one: by the flags of TCP, or the chunks of SCTP. */
  readonly syn: boolean;
  readonly ack: boolean;
  readonly icmpType?: number;
  /** What an ICMP message is by its type. */
  readonly icmp?: 'request' | 'reply';
}

/** Undefined where the record was made without its ports, or they cannot be read. */
export function hubbleL4(value: unknown): HubbleL4 | undefined {
  const [[name, inner] = [], ...more] = Object.entries(fieldsOf(value) ?? {}).filter(([, each]) => each !== null);
  const fields = fieldsOf(inner);
  if (name === undefined || fields === undefined || more.length > 0) return undefined;
  const protocol = PORTS.find((each) => each === name);
  if (protocol !== undefined) return withPorts(protocol, fields);
  const [, icmp, reply, request] = ICMP.find(([key]) => key === name) ?? [];
  if (icmp === undefined) return { protocol: 'unknown', port: null, syn: false, ack: false };
  // zero is left out of the JSON, and is the type of an echo reply
  const icmpType = fields.type === undefined ? 0 : numberOf(fields.type);
  if (icmpType === undefined) return undefined;
  return { protocol: icmp, port: null, syn: false, ack: false, icmpType, ...(icmpType === reply ? { icmp: 'reply' } : icmpType === request ? { icmp: 'request' } : {}) };
}

function withPorts(protocol: typeof PORTS[number], fields: Fields): HubbleL4 | undefined {
  const port = portOf(fields.destination_port);
  const sourcePort = portOf(fields.source_port);
  if (port === undefined || (sourcePort === undefined && fields.source_port !== undefined && fields.source_port !== null)) return undefined;
  const flags = (protocol === 'TCP' ? fieldsOf(fields.flags) : undefined) ?? {};
  const chunk = protocol === 'SCTP' ? fields.chunk_type : undefined;
  const answers = chunk === 'INIT_ACK';
  return {
    protocol,
    port,
    ...(sourcePort === undefined ? {} : { sourcePort }),
    syn: flags.SYN === true || chunk === 'INIT' || answers,
    ack: flags.ACK === true || answers,
  };
}

/** Which kind of event a flow is; undefined where the record was made without saying so. */
export function eventType(flow: Fields): number | undefined {
  const type = numberOf(fieldsOf(flow.event_type)?.type);
  if (type !== undefined) return type;
  if (flow.Type === 'SOCK') return SOCKET_TRACE;
  return flow.Type === 'L7' || fieldsOf(flow.l7) !== undefined ? L7 : undefined;
}

/**
 * Whether a flow asks or answers, by what it says itself.
 * @param trustsClaims whether `is_reply: false` and a verdict are enough: both are also there for the rest of a connection that was forgotten
 */
export function orientationOf(flow: Fields, type: number | undefined, l4: HubbleL4, trustsClaims: boolean): Orientation {
  const l7 = fieldsOf(flow.l7);
  if (flow.is_reply === true || l7?.type === 'RESPONSE' || l4.icmp === 'reply') return 'reply';
  if (l4.syn) return l4.ack ? 'reply' : 'request';
  if (l7?.type === 'REQUEST' || l4.icmp === 'request') return 'request';
  if (trustsClaims && claimedOrientation(flow, type, true) === 'request') return 'request';
  // added up over the ports of clients: an answer would go to one of those
  return l4.port !== null && l4.port < FIRST_EPHEMERAL_PORT && l4.sourcePort === undefined ? 'request' : 'undecided';
}

/** What a flow says without a proof. */
export function claimedOrientation(flow: Fields, type: number | undefined, trustsFalse: boolean): Orientation {
  return type === POLICY_VERDICT || (trustsFalse && flow.is_reply === false) ? 'request' : 'undecided';
}

export function orientedByListeners({ inventory }: SourceContext, { protocol, port, sourcePort }: HubbleL4, src: Omit<PacketEnd, 'port'>, dst: Omit<PacketEnd, 'port'>): Orientation {
  return orientationByListeners(inventory, protocol, { ...src, port: sourcePort }, { ...dst, port: port ?? undefined });
}

export function directionOf(flow: Fields): ObservedDirection {
  return flow.traffic_direction === 'INGRESS' ? 'ingress' : flow.traffic_direction === 'EGRESS' ? 'egress' : 'unknown';
}

/** The verdict of a flow, or why it has none. */
export function verdictOf(flow: Fields, type: number | undefined, decidedBy: readonly Decider[] | null, marker: string): ObservedVerdict | SkipReason {
  const number = numberOf(flow.verdict);
  if (number === RETINA_RETRANSMISSION) return 'retransmission';
  if (number === RETINA_DNS) return 'unknown';
  const verdict = number === undefined ? textOf(flow.verdict) : VERDICTS[number];
  if (type === SOCKET_TRACE || verdict === 'TRACED' || verdict === 'TRANSLATED') return 'translation';
  switch (verdict) {
    case 'FORWARDED':
    case 'REDIRECTED':
      return wouldBeDenied(flow, type, decidedBy, marker) ? 'would-deny' : 'allowed';
    case 'AUDIT':
      return 'audited';
    case 'DROPPED':
      return isPolicyDrop(flow, type) ? 'denied' : 'not-policy';
    case 'ERROR':
      return 'not-policy';
    default:
      return 'unknown';
  }
}

/** Let through by nothing but what opens everything: the wildcard of a policy that does not isolate, or the opener of AUDIT. */
function wouldBeDenied(flow: Fields, type: number | undefined, decidedBy: readonly Decider[] | null, marker: string): boolean {
  if (decidedBy !== null) return decidedBy.every(({ name }) => name === marker);
  return (type === POLICY_VERDICT || type === undefined) && numberOf(flow.policy_match_type) === MATCHED_ALL;
}

function isPolicyDrop(flow: Fields, type: number | undefined): boolean {
  const subType = type === DROP ? fieldsOf(flow.event_type)?.sub_type : undefined;
  const reasons = [flow.drop_reason_desc, flow.drop_reason, subType].filter((reason) => reason !== undefined && reason !== null);
  return reasons.length === 0 ? type === POLICY_VERDICT : reasons.some((reason) => POLICY_DROPS.includes(reason));
}

/**
 * The policies that a verdict event names. They are often missing: whatever needs them must do without.
 * @see https://github.com/cilium/cilium/issues/42044
 */
export function decidersOf(flow: Fields): readonly Decider[] | null {
  let deciders: Decider[] | null = null;
  for (const key of DECIDERS) {
    for (const value of listOf(flow[key])) {
      const decider = deciderOf(fieldsOf(value) ?? {});
      if (decider !== undefined) (deciders ??= []).push(decider);
    }
  }
  return deciders;
}

function deciderOf(policy: Fields): Decider | undefined {
  const labels = listOf(policy.labels).filter((label) => typeof label === 'string');
  const name = textOf(policy.name) ?? labelled(labels, 'name');
  if (name === undefined) return undefined;
  const namespace = textOf(policy.namespace) ?? labelled(labels, 'namespace');
  return { kind: textOf(policy.kind) ?? labelled(labels, 'derived-from') ?? null, ...(namespace === undefined ? {} : { namespace }), name };
}

function labelled(labels: readonly string[], key: string): string | undefined {
  const prefix = `k8s:io.cilium.k8s.policy.${key}=`;
  return labels.find((label) => label.startsWith(prefix))?.slice(prefix.length);
}

const COUNTERS = ['ingress_flow_count', 'egress_flow_count', 'unknown_direction_flow_count'];

/** How many flows a record stands for. @see https://docs.cilium.io/en/stable/observability/hubble/configuration/export/ */
export function countOf(flow: Fields): number {
  const counters = countersOf(flow) ?? {};
  return Math.max(1, COUNTERS.reduce((total, key) => total + (numberOf(counters[key]) ?? 0), 0));
}

/** What the exporter added up. Before there was a field for it, it was among the extensions. */
export function countersOf(flow: Fields): Fields | undefined {
  const extensions = fieldsOf(flow.extensions);
  return [flow.aggregate, extensions, extensions?.value].map(fieldsOf).find((fields) => COUNTERS.some((key) => fields?.[key] !== undefined));
}

export function evidenceOf(type: number | undefined): string | undefined {
  return type === DROP ? 'drop' : type === TRACE ? 'trace' : type === POLICY_VERDICT ? 'policy-verdict' : type === L7 ? 'l7' : undefined;
}
