import { Decider, ObservedDirection, ObservedProtocol, ObservedVerdict } from '../observation';
import { orientationByListeners } from '../orientation';
import { timeOf } from '../timestamps';
import { addressOf } from './address';
import { Fields, jsonOf, numberOf, portOf, textOf } from './fields';
import { FlowSource, isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';

/**
 * The node agent of the VPC CNI, in both forms that it writes: its log on the node, and what it sends to CloudWatch. A file may hold
 * either; each line says which it is.
 * @see https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/events/events.go
 */
export const AWS_NPA: FlowSource = {
  id: 'aws-npa',
  title: 'Amazon VPC CNI network policy agent (log of the node, or CloudWatch)',
  framing: 'lines',
  setUpOnly: true,
  independent: true,
  recognises: (head) => head.some(isOfAgent),
  reader: (context) => ({ read: (line) => readLine(line, context) }),
};

/** What either form says of one decision, not yet checked. */
interface Decision {
  readonly sourceIp: unknown;
  readonly sourcePort: unknown;
  readonly destinationIp: unknown;
  readonly destinationPort: unknown;
  readonly protocol: unknown;
  readonly verdict: unknown;
  /** From agent 1.2.2, and not in CloudWatch. */
  readonly direction?: unknown;
  /** From agent 1.3.0. */
  readonly tier?: unknown;
}

/** When a line was written, and by which node. */
interface Seen {
  readonly time?: number;
  readonly node?: string;
}

/** In front of the message an export to S3, the console and the command line put the time, and `aws logs tail` the stream too. */
const CLOUDWATCH = /^(?:(\S+)\s+)?(?:aws-network-policy-agent-audit-\S*\s+)?(Node: [^;]*;\s*SIP: .*)$/;
/** The log group is that of the control plane, whose streams have other names. */
const OTHER_STREAM = /^\d{4}-\d{2}-\d{2}T\S+\s+(?!aws-network-policy-agent|Node)\S+\s/;
const FLOW_INFO = 'Flow Info:';
/** Without a colon behind the later names for IPv4, and with one for IPv6. */
const MESSAGE = /^Flow Info:\s+Src IP:? (\S+) Src Port:? (\d+) Dest IP:? (\S+) Dest Port:? (\d+) Proto:? (.+?) Verdict:? (\S+?)(?: Direction:? (ingress|egress))?(?:,? Tier:? ?(\S*))?$/;
/** Who writes into the log beside the flows. */
const LOGGERS: readonly unknown[] = ['ebpf-client', 'controllers.policyEndpoints'];
const STARTING = 'Starting network policy agent';

const VERDICTS: ReadonlyMap<unknown, ObservedVerdict> = new Map([['ACCEPT', 'allowed'], ['DENY', 'denied']]);
/** An entry of the table of connections that went away, which is no decision. */
const EXPIRED = 'EXPIRED/DELETED';
const WITH_PORTS: readonly unknown[] = ['TCP', 'UDP', 'SCTP'];
/** Of Linux. @see https://docs.kernel.org/networking/ip-sysctl.html (ip_local_port_range) */
const FIRST_EPHEMERAL_PORT = 32_768;
const UNREADABLE_TIME = 'its time cannot be read';

function isOfAgent(line: string): boolean {
  if (CLOUDWATCH.test(line)) return true;
  const record = jsonOf(line);
  const message = textOf(record?.msg) ?? '';
  return cloudWatchMessageOf(record) !== undefined || message.startsWith(FLOW_INFO) || message.startsWith(STARTING)
    || (message !== '' && LOGGERS.includes(record?.logger));
}

function readLine(line: unknown, context: SourceContext): Reading {
  const record = jsonOf(line);
  if (record !== undefined) {
    const event = cloudWatchMessageOf(record);
    return event === undefined ? readLog(record, context) : readCloudWatch(event, record.timestamp, context);
  }
  const text = typeof line === 'string' ? line : '';
  const [, stamp, message] = CLOUDWATCH.exec(text) ?? [];
  if (message !== undefined) return readCloudWatch(message, stamp, context);
  return OTHER_STREAM.test(text) ? skipped('not-a-flow') : malformed('is neither JSON nor a line of CloudWatch');
}

/** A line of network-policy-agent.log. */
function readLog(record: Fields, context: SourceContext): Reading {
  // `timestamp` in the first releases
  const stamp = record.ts ?? record.timestamp;
  const time = stampOf(stamp);
  const seen = time === undefined ? {} : { time };
  const message = textOf(record.msg)?.trim();
  if (message === undefined || !message.startsWith(FLOW_INFO)) return skipped('not-a-flow', seen);
  if (stamp !== undefined && time === undefined) return malformed(UNREADABLE_TIME);
  const decision = message === FLOW_INFO ? decisionOfKeys(record) : decisionOfMessage(message);
  return decision === undefined ? malformed('"Flow Info" is incomplete', seen) : readDecision(decision, seen, context);
}

/** Agents before 1.2.2 write a key for each value. */
function decisionOfKeys(record: Fields): Decision {
  return {
    sourceIp: record['Src IP'],
    sourcePort: record['Src Port'],
    destinationIp: record['Dest IP'],
    destinationPort: record['Dest Port'],
    protocol: record.Proto,
    verdict: record.Verdict,
  };
}

function decisionOfMessage(message: string): Decision | undefined {
  const match = MESSAGE.exec(message);
  if (match === null) return undefined;
  const [, sourceIp, sourcePort, destinationIp, destinationPort, protocol, verdict, direction, tier] = match;
  return { sourceIp, sourcePort, destinationIp, destinationPort, protocol, verdict, direction, tier };
}

/** An event as the API of CloudWatch Logs gives it: `aws logs filter-log-events`, or what a subscription delivers. */
function cloudWatchMessageOf(record: Fields | undefined): string | undefined {
  const message = textOf(record?.message);
  return message?.startsWith('Node: ') === true ? message : undefined;
}

function readCloudWatch(message: string, stamp: unknown, context: SourceContext): Reading {
  const time = stampOf(stamp);
  if (stamp !== undefined && time === undefined) return malformed(UNREADABLE_TIME);
  const values = cloudWatchValues(message);
  const node = textOf(values?.get('Node'));
  const seen = { ...(time === undefined ? {} : { time }), ...(node === undefined ? {} : { node }) };
  if (values === undefined) return malformed('is cut off, or has a part that is no "NAME: value"', seen);
  return readDecision({
    sourceIp: values.get('SIP'),
    sourcePort: values.get('SPORT'),
    destinationIp: values.get('DIP'),
    destinationPort: values.get('DPORT'),
    protocol: values.get('PROTOCOL'),
    verdict: values.get('PolicyVerdict'),
    tier: values.get('Tier'),
  }, seen, context);
}

/** `Node: n1;SIP: 10.0.0.1;...` */
function cloudWatchValues(message: string): ReadonlyMap<string, string> | undefined {
  const pairs = message.split(';').map((part) => /^\s*(\w+):(.*)$/.exec(part));
  if (pairs.includes(null)) return undefined;
  return new Map(pairs.map((pair) => [pair![1]!, pair![2]!.trim()] as const));
}

function readDecision(decision: Decision, seen: Seen, context: SourceContext): Reading {
  if (decision.verdict === EXPIRED) return skipped('not-a-flow', seen);
  const verdict = VERDICTS.get(decision.verdict);
  if (verdict === undefined) return malformed('its verdict is neither ACCEPT nor DENY', seen);
  const [sourceIp, destinationIp] = [agentAddressOf(decision.sourceIp), agentAddressOf(decision.destinationIp)];
  if (sourceIp === undefined || destinationIp === undefined) return malformed('an address is missing or none', seen);
  const ports = portsOf(decision);
  if (ports === undefined) return malformed('a port is missing or none', seen);
  const { time = null } = seen;
  if (time !== null && isAhead(time, context)) return skippedAsAhead(time, seen);

  const protocol = protocolOf(decision.protocol);
  const src = context.inventory.peerAt(sourceIp, time);
  const dst = context.inventory.peerAt(destinationIp, time);
  const orientation = orientationByListeners(
    context.inventory, protocol, { peer: src, ip: sourceIp, port: ports.source }, { peer: dst, ip: destinationIp, port: ports.destination },
  );
  if (orientation === 'reply') return skipped('reply', seen);
  if (orientation === 'undecided' && verdict === 'denied' && looksLikeReply(ports)) return skipped('undecided', seen);
  return {
    ...seen,
    observations: [{
      time,
      src,
      dst,
      port: ports.destination ?? null,
      protocol,
      direction: directionOf(decision.direction),
      verdict,
      decidedBy: decidersOf(decision.tier),
      count: 1,
    }],
  };
}

interface Ports {
  readonly source: number | undefined;
  readonly destination: number | undefined;
}

/** Both undefined for a protocol that has none; undefined where one that has them does without. */
function portsOf({ protocol, sourcePort, destinationPort }: Decision): Ports | undefined {
  if (!WITH_PORTS.includes(protocol)) return { source: undefined, destination: undefined };
  const destination = portOf(destinationPort);
  const source = numberOf(sourcePort);
  // a datagram may have the source port 0
  if (destination === undefined || source === undefined || source > 65_535) return undefined;
  return { source: portOf(source), destination };
}

/**
 * Answers whose connection the agent forgot are judged, and logged, as if somebody asked.
 * @see https://github.com/aws/aws-network-policy-agent/issues/175
 */
function looksLikeReply({ source, destination }: Ports): boolean {
  return source !== undefined && destination !== undefined && destination >= FIRST_EPHEMERAL_PORT && source < destination;
}

/**
 * Before the agent used netip it left out the zeros at the end of an IPv4 address: 10.0.1.0 is `10.0.1`.
 * @see https://github.com/aws/aws-network-policy-agent/blob/1a05fb5ebe0f7ad7eb3ff771e24c85680b8aa5f2/pkg/utils/utils.go (ConvByteArrayToIP)
 */
function agentAddressOf(value: unknown): string | undefined {
  const isShort = typeof value === 'string' && /^\d{1,3}(?:\.\d{1,3}){0,2}$/.test(value);
  return addressOf(isShort ? `${value}${'.0'.repeat(4 - value.split('.').length)}` : value);
}

/** Of ICMPv6 and everything else it says `UNKNOWN`. */
function protocolOf(protocol: unknown): ObservedProtocol {
  return protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP' || protocol === 'ICMP' ? protocol : 'unknown';
}

function directionOf(direction: unknown): ObservedDirection {
  return direction === 'ingress' || direction === 'egress' ? direction : 'unknown';
}

/** The tier is all that it says of the policy. */
function decidersOf(tier: unknown): readonly Decider[] | null {
  const name = textOf(tier);
  return name === undefined ? null : [{ kind: null, name: null, tier: name }];
}

/** The API of CloudWatch counts milliseconds, everything else writes a time out. */
function stampOf(stamp: unknown): number | undefined {
  const text = typeof stamp === 'number' ? String(stamp) : textOf(stamp) ?? '';
  return /^\d{13}$/.test(text) ? Number(text) : timeOf(text);
}

function malformed(detail: string, seen: Seen = {}): Reading {
  return skipped('malformed', { ...seen, detail });
}
