import { isIP } from 'node:net';
import { FlowInventory } from '../inventory/flow-inventory';
import { ObservedDirection, ObservedProtocol, ObservedVerdict } from '../observation';
import { Orientation, orientationByListeners, PacketEnd } from '../orientation';
import { timeOf } from '../timestamps';
import { numberOf, portOf } from './fields';
import { FlowSource, isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';
import { LogMessage, logMessageOf } from './log-message';
import { AclName, aclName } from './ovn-acl-name';
import { orientationOfFirstPacket } from './packet-orientation';
import { SeenConnections } from './seen-connections';

/** A line of any module of OVN; the log of a container has its own time before it. */
const OVN_LINE = /(?:^|\s)(?<time>\d{4}-\d\d-\d\dT[\d:.]+Z)\|\d+\|(?<module>\w+)(?:\([^)]*\))?\|[A-Z]+\|(?<message>.*)$/;
const ACL = /^name="(?<name>(?:[^"\\]|\\.)*)", verdict=(?<verdict>\w+), severity=\S+?(?:, direction=(?<direction>[\w-]+))?: (?<packet>\S+)$/;
const DROPPED = /^Dropped (?<lost>\d+) log messages? in last /;

const DIRECTIONS: ReadonlyMap<string, ObservedDirection> = new Map([['from-lport', 'egress'], ['to-lport', 'ingress']]);
const VERDICTS: ReadonlyMap<string, ObservedVerdict | 'pass'> = new Map([['allow', 'allowed'], ['drop', 'denied'], ['reject', 'denied'], ['pass', 'pass']]);
const PROTOCOLS: ReadonlyMap<string, ObservedProtocol> = new Map([
  ['tcp', 'TCP'], ['tcp6', 'TCP'], ['udp', 'UDP'], ['udp6', 'UDP'], ['sctp', 'SCTP'], ['sctp6', 'SCTP'], ['icmp', 'ICMP'], ['icmp6', 'ICMPv6'],
]);
const NOT_IP: ReadonlySet<string> = new Set(['arp', 'rarp', 'mpls', 'mplsm']);
const WITH_PORTS: ReadonlySet<ObservedProtocol> = new Set(['TCP', 'UDP', 'SCTP']);
/** As OVS writes them; a flag that is none of these is one that was cut. */
const FLAG = /^(?:fin|syn|rst|psh|ack|urg|ece|cwr|ns|\[\w+\])$/;
/** Types of messages that answer, or report what became of another packet. */
const ANSWERS: Readonly<Partial<Record<ObservedProtocol, readonly number[]>>> = { ICMP: [0, 3, 11, 12, 14], ICMPv6: [1, 2, 3, 4, 129] };

interface Packet {
  readonly protocol: ObservedProtocol;
  readonly sourceIp: string;
  readonly sourcePort?: number;
  readonly destinationIp: string;
  readonly port?: number;
  readonly flags: readonly string[];
  readonly icmpType?: number;
}

interface AclEntry {
  readonly time: number;
  readonly acl: AclName;
  readonly verdict: ObservedVerdict;
  readonly direction: ObservedDirection;
  readonly packet: Packet;
}

/**
 * The ACL log of OVN-Kubernetes, `/var/log/ovn/acl-audit-log.log`: packets, not connections, by address, after the address of a Service
 * was replaced.
 * @see https://ovn-kubernetes.io/features/network-security-controls/network-policy/
 * @see https://github.com/ovn-org/ovn/blob/main/lib/acl-log.c
 */
export const OVN_KUBERNETES: FlowSource = {
  id: 'ovn-kubernetes',
  title: 'OVN-Kubernetes ACL audit log',
  framing: 'lines',
  setUpOnly: false,
  independent: false,
  recognises: (head) => head.some((line) => OVN_LINE.exec(logMessageOf(line)?.text ?? '')?.groups?.module === 'acl_log'),
  reader: (context) => {
    const seen = new SeenConnections();
    return { read: (line) => readLine(logMessageOf(line), context, seen) };
  },
};

function readLine(message: LogMessage | undefined, context: SourceContext, seen: SeenConnections): Reading {
  const groups = OVN_LINE.exec(message?.text ?? '')?.groups;
  const time = timeOf(groups?.time ?? '');
  if (groups === undefined || time === undefined) return skipped('malformed', { detail: 'is no line of the log of OVN' });
  if (isAhead(time, context)) return skippedAsAhead(time);
  const reading = groups.module === 'acl_log' ? readAcl(groups.message ?? '', time, context, seen) : skipped('not-a-flow');
  return { time, ...(message?.node === undefined ? {} : { node: message.node }), ...reading };
}

function readAcl(message: string, time: number, context: SourceContext, seen: SeenConnections): Reading {
  const lost = DROPPED.exec(message)?.groups?.lost;
  if (lost !== undefined) return skipped('lost-events', { lost: numberOf(lost) ?? 0 });
  const { name, verdict: word, direction, packet: text } = ACL.exec(message)?.groups ?? {};
  if (name === undefined || word === undefined || text === undefined) return skipped('malformed', { detail: 'does not have the parts of an ACL log' });
  const packet = packetOf(text);
  if ('observations' in packet) return packet;
  const verdict = VERDICTS.get(word);
  if (verdict === undefined) return skipped('malformed', { detail: `has an unknown verdict, ${word}` });
  if (verdict === 'pass') return skipped('not-final');
  const acl = aclName(name);
  return readEntry({
    time,
    acl,
    verdict: verdict === 'allowed' ? allowedBy(acl, context.marker) : verdict,
    direction: DIRECTIONS.get(direction ?? '') ?? acl.direction ?? 'unknown',
    packet,
  }, context, seen);
}

/** What a policy allowed whose name is cut may have been allowed by the marker alone. */
function allowedBy({ decidedBy, cutPolicy }: AclName, marker: string): ObservedVerdict {
  if (cutPolicy !== undefined) return marker.startsWith(cutPolicy) ? 'unknown' : 'allowed';
  return decidedBy?.[0]?.name === marker ? 'would-deny' : 'allowed';
}

function readEntry({ time, acl, verdict, direction, packet }: AclEntry, context: SourceContext, seen: SeenConnections): Reading {
  const source = endOf(packet.sourceIp, packet.sourcePort, time, context.inventory);
  const destination = endOf(packet.destinationIp, packet.port, time, context.inventory);
  const connection = connectionKey(packet, source, destination);
  const decision = `${connection} ${direction} ${verdict}`;
  if (seen.has(decision)) return skipped('same-connection');
  const answersOneSeen = !isOpening(packet) && seen.has(connectionKey(packet, destination, source));
  const orientation = answersOneSeen ? 'reply' : orientationOf(packet, context.inventory, source, destination);
  if (orientation !== 'request') return skipped(orientation);
  for (const key of [connection, decision]) seen.isFirst(key);
  return {
    observations: [{
      time,
      src: source.peer,
      dst: destination.peer,
      port: packet.port ?? null,
      protocol: packet.protocol,
      direction,
      verdict,
      decidedBy: acl.decidedBy,
      count: 1,
      ...(packet.icmpType === undefined ? {} : { icmpType: packet.icmpType }),
    }],
  };
}

function endOf(ip: string, port: number | undefined, time: number, inventory: FlowInventory): PacketEnd {
  return { peer: inventory.peerAt(ip, time), ip, port };
}

/** An address may be another pod's later, with the same port: that is another connection. */
function connectionKey({ protocol, icmpType }: Packet, ...ends: readonly PacketEnd[]): string {
  const keys = ends.map(({ peer, ip, port }) => `${ip} ${port ?? ''} ${peer.kind === 'pod' ? `${peer.namespace}/${peer.pod}` : ''}`);
  return `${protocol} ${icmpType ?? ''} ${keys.join(' ')}`;
}

function orientationOf(packet: Packet, inventory: FlowInventory, source: PacketEnd, destination: PacketEnd): Orientation {
  if (packet.icmpType !== undefined) return ANSWERS[packet.protocol]?.includes(packet.icmpType) ? 'reply' : 'request';
  if (packet.protocol !== 'TCP') return orientationOfFirstPacket(inventory, packet.protocol, source, destination);
  if (isOpening(packet)) return 'request';
  if (packet.flags.includes('syn')) return 'reply';
  return orientationByListeners(inventory, packet.protocol, source, destination);
}

function isOpening({ flags }: Packet): boolean {
  return flags.includes('syn') && !flags.includes('ack');
}

/** The fields of a flow of OpenFlow, as `ovs-ofctl` writes them; or why it is none that counts. */
function packetOf(text: string): Packet | Reading {
  const [name = '', ...pairs] = text.split(',');
  const fields = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
  const protocol = PROTOCOLS.get(name) ?? 'unknown';
  const [sourceIp, destinationIp] = [fields.get('nw_src') ?? fields.get('ipv6_src'), fields.get('nw_dst') ?? fields.get('ipv6_dst')];
  if (NOT_IP.has(name) || fields.has('dl_type')) return skipped('not-ip');
  if (isIP(sourceIp ?? '') === 0 || isIP(destinationIp ?? '') === 0) return skipped('malformed', { detail: 'has an address that is none' });
  // only the first fragment of a packet has ports
  if (fields.get('nw_frag') === 'later') return skipped('not-a-connection');
  const ends = { protocol, sourceIp: sourceIp!, destinationIp: destinationIp! };
  const icmpType = numberOf(fields.get('icmp_type'));
  if (!WITH_PORTS.has(protocol)) return { ...ends, flags: [], ...(icmpType === undefined ? {} : { icmpType }) };
  const [sourcePort, port] = [portOf(fields.get('tp_src')), portOf(fields.get('tp_dst'))];
  if (port === undefined) return skipped('malformed', { detail: 'has no port' });
  const flags = protocol === 'TCP' ? (fields.get('tcp_flags') ?? '').split('|') : [];
  if (!flags.every((flag) => FLAG.test(flag))) return skipped('malformed', { detail: 'has no flags of TCP that are known' });
  return { ...ends, ...(sourcePort === undefined ? {} : { sourcePort }), port, flags };
}
