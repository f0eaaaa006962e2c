import { Decider, ObservedDirection, ObservedPeer, ObservedProtocol, ObservedVerdict, ObservedWorkload } from '../observation';
import { orientationByListeners } from '../orientation';
import { timeOf } from '../timestamps';
import { owningWorkload, workloadOfPodName } from '../workload-name';
import { addressOf } from './address';
import { Fields, fieldsOf, jsonOf, listOf, numberOf, portOf, textOf } from './fields';
import { FlowSource, isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';

/**
 * Network policy logging of GKE Dataplane V2: entries of Cloud Logging, or the payload alone as it lies on the node.
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
 */
export const GKE: FlowSource = {
  id: 'gke',
  title: 'GKE Dataplane V2 network policy logging (Cloud Logging)',
  framing: 'lines',
  setUpOnly: true,
  independent: true,
  recognises: (head) => head.some((line) => {
    const record = jsonOf(line);
    return record !== undefined && isPolicyAction(record) && verdictOf(payloadOf(record), '') !== undefined;
  }),
  reader: (context) => ({ read: (line) => readRecord(line, context) }),
};

const DIRECTIONS: readonly unknown[] = ['ingress', 'egress'];
const PROTOCOLS: ReadonlyMap<string, ObservedProtocol> = new Map([['tcp', 'TCP'], ['udp', 'UDP'], ['sctp', 'SCTP'], ['icmp', 'ICMP'], ['icmpv6', 'ICMPv6']]);
const WITH_PORTS: readonly ObservedProtocol[] = ['TCP', 'UDP', 'SCTP'];

/** One end of a connection, as the record has it. */
interface End {
  readonly fields: Fields;
  readonly ip: string;
  readonly port: number | undefined;
}

function readRecord(line: unknown, context: SourceContext): Reading {
  const record = jsonOf(line);
  if (record === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  const payload = payloadOf(record);
  const time = timeOf(textOf(payload.timestamp) ?? '') ?? timeOf(textOf(record.timestamp) ?? '');
  const node = textOf(payload.node_name) ?? textOf(fieldsOf(fieldsOf(record.resource)?.labels)?.node_name);
  const seen = { ...(time === undefined ? {} : { time }), ...(node === undefined ? {} : { node }) };
  if (!isPolicyAction(record)) return skipped('not-a-flow', seen);
  if (time === undefined) return skipped('missing-fields', { ...seen, detail: 'has no time that can be read' });
  if (isAhead(time, context)) return skippedAsAhead(time, seen);
  return { ...seen, ...readConnection(payload, time, context) };
}

/** What the node wrote, within the entry that Cloud Logging made of it. */
function payloadOf(record: Fields): Fields {
  return fieldsOf(record.jsonPayload) ?? record;
}

/** The firewalls of the network write a connection and a disposition too, and others share an export: the name of the log tells them apart. */
function isPolicyAction(record: Fields): boolean {
  const { connection, disposition } = payloadOf(record);
  const isOfNetwork = textOf(record.logName)?.includes('compute.googleapis.com') ?? false;
  return !isOfNetwork && fieldsOf(connection) !== undefined && disposition !== undefined;
}

function readConnection(payload: Fields, time: number, context: SourceContext): Reading {
  const connection = fieldsOf(payload.connection) ?? {};
  const decidedBy = decidersOf(payload);
  const verdict = verdictOf(payload, context.marker);
  if (verdict === undefined) return skipped('malformed', { detail: 'its disposition is neither allow nor deny' });
  const protocol = protocolOf(connection.protocol);
  const source = endOf(payload.src, connection.src_ip, connection.src_port);
  const destination = endOf(payload.dest, connection.dest_ip, connection.dest_port);
  if (source === undefined || destination === undefined) return missing('address');
  if (protocol === undefined) return missing('protocol');
  const hasPorts = WITH_PORTS.includes(protocol);
  if (hasPorts && destination.port === undefined) return missing('port');

  // a record that names the workload of one end knows why it does not name that of the other
  const statesWorkloads = [source, destination].some(({ fields }) => textOf(fields.workload_name) !== undefined);
  const src = peerOf(source, statesWorkloads, time, context);
  const dst = peerOf(destination, statesWorkloads, time, context);
  const orientation = hasPorts && orientationByListeners(context.inventory, protocol, { ...source, peer: src }, { ...destination, peer: dst });
  if (orientation === 'reply') return skipped('reply');
  return {
    observations: [{
      time,
      src,
      dst,
      port: hasPorts ? destination.port! : null,
      protocol,
      direction: DIRECTIONS.includes(connection.direction) ? connection.direction as ObservedDirection : 'unknown',
      verdict,
      decidedBy,
      // denials of five seconds are one record
      count: Math.max(1, numberOf(payload.count) ?? 1),
    }],
  };
}

function endOf(fields: unknown, ip: unknown, port: unknown): End | undefined {
  const end = fieldsOf(fields) ?? {};
  const address = addressOf(ip) ?? addressOf(end.instance);
  return address === undefined ? undefined : { fields: end, ip: address, port: portOf(port) };
}

/** A pod, a node, or an address that is neither (`instance`). */
function peerOf({ fields, ip }: End, statesWorkloads: boolean, time: number, { inventory }: SourceContext): ObservedPeer {
  const pod = textOf(fields.pod_name);
  const namespace = textOf(fields.pod_namespace) ?? textOf(fields.namespace);
  if (pod !== undefined && namespace !== undefined) {
    const byName = statesWorkloads ? null : workloadOfPodName(pod);
    const known = inventory.podNamed(namespace, pod);
    return { kind: 'pod', namespace, workload: workloadOf(fields) ?? known?.workload ?? byName, labels: {}, pod, ip };
  }
  const node = textOf(fields.node_name);
  return node === undefined ? inventory.peerAt(ip, time) : { kind: 'entity', entity: 'node', ip, name: node };
}

function workloadOf({ workload_kind: kind, workload_name: name }: Fields): ObservedWorkload | undefined {
  const named = textOf(name);
  return named === undefined ? undefined : owningWorkload(textOf(kind) ?? null, named);
}

/** Left out by denials, and by what is allowed to a node. */
function decidersOf({ policies }: Fields): readonly Decider[] | null {
  const deciders = listOf(policies).flatMap((policy) => deciderOf(fieldsOf(policy) ?? {}));
  return deciders.length === 0 ? null : deciders;
}

function deciderOf(policy: Fields): readonly Decider[] {
  const name = textOf(policy.name);
  if (name === undefined) return [];
  const namespace = textOf(policy.namespace);
  return [{ kind: textOf(policy.kind) ?? null, ...(namespace === undefined ? {} : { namespace }), name }];
}

function verdictOf(payload: Fields, marker: string): ObservedVerdict | undefined {
  if (payload.disposition === 'deny') return 'denied';
  if (payload.disposition !== 'allow') return undefined;
  return decidersOf(payload)?.every(({ name }) => name === marker) === true ? 'would-deny' : 'allowed';
}

/** `unknown` is what it calls the ICMP of IPv6, among others. */
function protocolOf(value: unknown): ObservedProtocol | undefined {
  const name = textOf(value)?.toLowerCase();
  return name === undefined ? undefined : PROTOCOLS.get(name) ?? 'unknown';
}

function missing(what: string): Reading {
  return skipped('missing-fields', { detail: `has no ${what}` });
}
