import { isIP } from 'node:net';
import { FlowInventory } from '../inventory/flow-inventory';
import { Decider, ObservedDirection, ObservedPeer, ObservedProtocol, ObservedVerdict } from '../observation';
import { timeOf } from '../timestamps';
import { workloadOfPodName } from '../workload-name';
import { antreaDecider } from './antrea-policy';
import { numberOf, portOf } from './fields';
import { FlowSource, isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';
import { logMessageOf } from './log-message';
import { orientationOfFirstPacket } from './packet-orientation';
import { SeenConnections } from './seen-connections';

const NOTHING = '<nil>';
const PROTOCOLS: ReadonlyMap<string, ObservedProtocol> = new Map([['TCP', 'TCP'], ['UDP', 'UDP'], ['SCTP', 'SCTP'], ['ICMP', 'ICMP'], ['IPv6-ICMP', 'ICMPv6']]);
/** Of SCTP no port is logged. */
const WITH_PORTS: ReadonlySet<ObservedProtocol> = new Set(['TCP', 'UDP']);
const VERDICTS: ReadonlyMap<string, ObservedVerdict> = new Map([['Allow', 'allowed'], ['Redirect', 'allowed'], ['Drop', 'denied'], ['Reject', 'denied']]);

/** Names of rules are free text. Older versions write no direction and no pod, still older ones no rule and no label. */
const LINE = new RegExp([
  String.raw`^(?<date>\d{4}/\d\d/\d\d) (?<clock>\d\d:\d\d:\d\d(?:\.\d{1,9})?)`,
  String.raw`(?<table>\w+) (?<policy>\S+)(?: (?<rule>.*?))??(?: (?<direction>Ingress|Egress|<nil>))? (?<action>Allow|Drop|Reject|Redirect|Pass) (?:-?\d+|<nil>)`,
  String.raw`(?:(?<pod>[^\s/]+/[^\s/]+|<nil>) )?(?<sourceIp>[0-9a-fA-F.:]+) (?<sourcePort>\d+|<nil>) (?<destinationIp>[0-9a-fA-F.:]+) (?<destinationPort>\d+|<nil>)`,
  String.raw`(?<protocol>\S+) \d+(?: [^[\s]\S*)?(?: *\[(?<packets>\d+) packets in \S+\])?$`,
].join(' '));

interface NpLine {
  readonly time: number;
  readonly direction: ObservedDirection;
  readonly action: string;
  readonly decidedBy: readonly Decider[] | null;
  /** The pod that the policy is about. */
  readonly pod: { readonly namespace: string; readonly name: string } | undefined;
  readonly sourceIp: string;
  readonly sourcePort: number | undefined;
  readonly destinationIp: string;
  readonly port: number | undefined;
  readonly protocol: ObservedProtocol;
  readonly count: number;
}

/**
 * `/var/log/antrea/networkpolicy/np.log`: the first packets of connections that a rule with logging matched. It has no labels, and
 * of the other end nothing but the address.
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md#audit-logging-for-antrea-native-policies
 * @see https://github.com/antrea-io/antrea/blob/main/pkg/agent/controller/networkpolicy/audit_logging.go
 */
export const ANTREA_NP_LOG: FlowSource = {
  id: 'antrea-np-log',
  title: 'Antrea audit log of policies (np.log)',
  framing: 'lines',
  setUpOnly: true,
  independent: false,
  recognises: (head) => head.some((line) => LINE.test(logMessageOf(line)?.text ?? '')),
  reader: (context) => {
    const seen = new SeenConnections();
    return {
      read: (line) => {
        const message = logMessageOf(line);
        const node = message?.node === undefined ? {} : { node: message.node };
        const parsed = parsedLine(message?.text ?? '');
        if (typeof parsed === 'string') return skipped('malformed', { ...node, detail: parsed });
        if (isAhead(parsed.time, context)) return skippedAsAhead(parsed.time);
        return { time: parsed.time, ...node, ...readingOf(parsed, context, seen) };
      },
    };
  },
};

/** The line, or what is wrong with it. */
function parsedLine(text: string): NpLine | string {
  const groups = LINE.exec(text)?.groups;
  if (groups === undefined) return 'does not have the parts of np.log';
  const { date = '', clock = '', table = '', policy = '', rule, action = '', pod, sourceIp = '', destinationIp = '', packets } = groups;
  const time = timeOf(`${date.replaceAll('/', '-')} ${clock}`);
  if (time === undefined) return 'has a time that is none';
  if (isIP(sourceIp) === 0 || isIP(destinationIp) === 0) return `has an address that is none: ${isIP(sourceIp) === 0 ? sourceIp : destinationIp}`;
  const protocol = PROTOCOLS.get(groups.protocol ?? '') ?? 'unknown';
  const hasPorts = WITH_PORTS.has(protocol);
  const port = hasPorts ? portOf(groups.destinationPort) : undefined;
  if (hasPorts && port === undefined) return 'has no port';
  const [namespace, name] = pod?.split('/') ?? [];
  return {
    time,
    direction: directionOf(groups.direction, table),
    action,
    decidedBy: deciderOf(policy, rule),
    pod: namespace === undefined || name === undefined ? undefined : { namespace, name },
    sourceIp,
    sourcePort: hasPorts ? portOf(groups.sourcePort) : undefined,
    destinationIp,
    port,
    protocol,
    count: Math.max(numberOf(packets) ?? 1, 1),
  };
}

function directionOf(direction: string | undefined, table: string): ObservedDirection {
  const words = direction === undefined || direction === NOTHING ? table : direction;
  if (words.includes('Ingress')) return 'ingress';
  return words.includes('Egress') ? 'egress' : 'unknown';
}

/** `type:namespace/name`, `type:name`, or the type alone where the isolation of a pod decided. */
function deciderOf(policy: string, rule: string | undefined): readonly Decider[] | null {
  const [, type = '', namespace, name] = /^([^:]+)(?::(?:([^/]+)\/)?(.+))?$/.exec(policy) ?? [];
  return antreaDecider({ type, namespace, name, rule: rule === NOTHING || rule === '' ? undefined : rule });
}

function readingOf(line: NpLine, context: SourceContext, seen: SeenConnections): Reading {
  if (line.action === 'Pass') return skipped('not-final');
  const { inventory } = context;
  const src = line.direction === 'egress' ? subjectOf(line, line.sourceIp, inventory) : inventory.peerAt(line.sourceIp, line.time);
  const dst = line.direction === 'ingress' ? subjectOf(line, line.destinationIp, inventory) : inventory.peerAt(line.destinationIp, line.time);
  const orientation = orientationOfFirstPacket(
    inventory, line.protocol, { peer: src, ip: line.sourceIp, port: line.sourcePort }, { peer: dst, ip: line.destinationIp, port: line.port },
  );
  if (orientation !== 'request') return skipped(orientation);
  const verdict = verdictOf(line, context.marker);
  if (!seen.isFirst(connectionKey(line, verdict, [src, dst]))) return skipped('same-connection');
  const { time, port = null, protocol, direction, decidedBy, count } = line;
  return { observations: [{ time, src, dst, port, protocol, direction, verdict, decidedBy, count }] };
}

function verdictOf({ action, decidedBy }: NpLine, marker: string): ObservedVerdict {
  const verdict = VERDICTS.get(action) ?? 'unknown';
  return verdict === 'allowed' && decidedBy?.[0]?.name === marker ? 'would-deny' : verdict;
}

/** The pod that the rule is on is named; its labels are those that are known of it. */
function subjectOf({ pod, time }: NpLine, ip: string, inventory: FlowInventory): ObservedPeer {
  if (pod === undefined) return inventory.peerAt(ip, time);
  const { namespace, name } = pod;
  const known = inventory.podNamed(namespace, name);
  return { kind: 'pod', namespace, workload: known?.workload ?? workloadOfPodName(name), labels: known?.labels ?? {}, pod: name, ip };
}

/** An address may be another pod's later, with the same port: that is another connection. */
function connectionKey(line: NpLine, verdict: ObservedVerdict, peers: readonly ObservedPeer[]): string {
  const { sourceIp, sourcePort, destinationIp, port, protocol, direction } = line;
  return JSON.stringify([sourceIp, sourcePort, destinationIp, port, protocol, direction, verdict, peers.map((peer) => (peer.kind === 'pod' ? peer.pod : null))]);
}
