import { Observation, ObservedDirection, ObservedPeer, ObservedWorkload } from '../observation';
import { timeOf } from '../timestamps';
import { workloadLabels } from '../workload-labels';
import { owningWorkload, workloadOfPodName } from '../workload-name';
import { addressOf, isLoopback } from './address';
import { Fields, fieldsOf, jsonOf, portOf, textOf } from './fields';
import { FlowSource, isAhead, Reading, skipped, skippedAsAhead, SourceContext } from './flow-source';

/**
 * `kubectl gadget run trace_tcp -o json`, or the same of `ig`, and the lines that the network policy advisor of 2020 wrote.
 * @see https://github.com/inspektor-gadget/inspektor-gadget/tree/main/gadgets/trace_tcp
 * @see https://github.com/inspektor-gadget/inspektor-gadget/pull/37 for the older lines
 */
export const INSPEKTOR_GADGET: FlowSource = {
  id: 'inspektor-gadget',
  title: 'Inspektor Gadget trace_tcp',
  framing: 'lines',
  setUpOnly: true,
  independent: true,
  recognises: (head) => head.some((line) => {
    const record = jsonOf(line);
    return record !== undefined && (isLegacy(record) || ((record.type === CLOSE || DIRECTIONS.has(record.type)) && hasEnds(record)));
  }),
  reader: (context) => ({ read: (line) => readEvent(line, context) }),
};

/** Who opens the connection: the traced process, or the other end. */
const DIRECTIONS: ReadonlyMap<unknown, ObservedDirection> = new Map([['connect', 'egress'], ['accept', 'ingress']]);
const CLOSE = 'close';

type Labels = ReadonlyArray<readonly [string, string]>;

/** An end of a socket. */
interface Endpoint {
  readonly ip: string;
  readonly port: number;
  /** What Kubernetes knows by that address. */
  readonly k8s: Fields;
}

interface Ends {
  readonly local: ObservedPeer;
  readonly remote: ObservedPeer;
}

function hasEnds({ src, dst }: Fields): boolean {
  return fieldsOf(src)?.addr !== undefined && fieldsOf(dst)?.addr !== undefined;
}

function readEvent(line: unknown, context: SourceContext): Reading {
  const record = jsonOf(line);
  if (record === undefined) return skipped('malformed', { detail: 'is no JSON object' });
  const stamp = textOf(record.timestamp);
  const time = stamp === undefined ? undefined : timeOf(stamp);
  const node = textOf(fieldsOf(record.k8s)?.node);
  const seen = { ...(time === undefined ? {} : { time }), ...(node === undefined ? {} : { node }) };
  const type = textOf(record.type);
  // the advisor says when it is ready; other gadgets have no type, or one of their own
  if (type === undefined || type === 'ready') return skipped('not-a-flow', seen);
  if (type === CLOSE) return skipped('not-a-connection', seen);
  const direction = DIRECTIONS.get(type);
  if (direction === undefined) return skipped('malformed', { ...seen, detail: `${JSON.stringify(type.slice(0, 40))} is no event of trace_tcp` });
  if (stamp !== undefined && time === undefined) return skipped('malformed', { ...seen, detail: 'its time cannot be read' });
  if (time !== undefined && isAhead(time, context)) return skippedAsAhead(time, seen);
  return { ...seen, ...(isLegacy(record) ? readLegacy(record, direction, context) : readConnection(record, direction, time ?? null, context)) };
}

function readConnection(record: Fields, direction: ObservedDirection, time: number | null, context: SourceContext): Reading {
  // `src` is the socket of the traced process, whoever opened the connection
  const local = endpointOf(record.src);
  const remote = endpointOf(record.dst);
  if (local === undefined || remote === undefined) return skipped('missing-fields', { detail: `${local === undefined ? 'src' : 'dst'} has no address or port` });
  if (local.ip === remote.ip || isLoopback(local.ip) || isLoopback(remote.ip)) return skipped('loopback');
  const error = textOf(record.error);
  const ends = { local: localPeer(record, local, time, context), remote: endpointPeer(remote, time, context) };
  const port = direction === 'egress' ? remote.port : local.port;
  return { observations: [{ ...connectionOf(ends, direction, port, time), ...(error === undefined ? {} : { error }) }] };
}

/** Gadgets see traffic, and know nothing of policy. */
function connectionOf({ local, remote }: Ends, direction: ObservedDirection, port: number, time: number | null): Observation {
  const [src, dst] = direction === 'egress' ? [local, remote] : [remote, local];
  return { time, src, dst, port, protocol: 'TCP', direction, verdict: 'unknown', decidedBy: null, count: 1 };
}

function endpointOf(value: unknown): Endpoint | undefined {
  const end = fieldsOf(value);
  const ip = addressOf(end?.addr);
  const port = portOf(end?.port);
  return ip === undefined || port === undefined ? undefined : { ip, port, k8s: fieldsOf(end?.k8s) ?? {} };
}

/** The pod of the traced process, of which alone the owner is stated. */
function localPeer(record: Fields, end: Endpoint, time: number | null, context: SourceContext): ObservedPeer {
  const k8s = fieldsOf(record.k8s) ?? {};
  if (k8s.hostnetwork === true) return { kind: 'entity', entity: 'host', ip: end.ip };
  const namespace = textOf(k8s.namespace);
  const pod = textOf(k8s.podName);
  if (namespace === undefined || pod === undefined) return endpointPeer(end, time, context);
  // some runtimes do not tell the labels, and the address does
  const labels = labelsOf(textOf(k8s.podLabels) ?? (end.k8s.name === pod ? end.k8s.labels : undefined));
  const known = context.inventory.podNamed(namespace, pod);
  // the first releases have no owner at all, later ones an empty one for a pod without
  const byName = k8s.owner === undefined ? workloadOfPodName(pod) : null;
  return { kind: 'pod', namespace, workload: ownerOf(k8s.owner, labels) ?? known?.workload ?? byName, labels: workloadLabels(labels), pod, ip: end.ip };
}

function ownerOf(value: unknown, labels: Labels): ObservedWorkload | undefined {
  const owner = fieldsOf(value);
  const name = textOf(owner?.name);
  return name === undefined ? undefined : owningWorkload(textOf(owner?.kind) ?? null, name, Object.fromEntries(labels));
}

/**
 * Who has an address: a pod, a Service, or nobody that Kubernetes knows (`raw`). Of an address that pods share with their node it says nothing.
 * @see https://github.com/inspektor-gadget/inspektor-gadget/blob/main/pkg/operators/kubeipresolver/kubeipresolver.go
 */
function endpointPeer({ ip, k8s }: Endpoint, time: number | null, { inventory }: SourceContext): ObservedPeer {
  const namespace = textOf(k8s.namespace);
  const name = textOf(k8s.name);
  if (namespace === undefined || name === undefined) return inventory.peerAt(ip, time);
  const labels = workloadLabels(labelsOf(k8s.labels));
  if (k8s.kind === 'pod') return { kind: 'pod', namespace, workload: inventory.podNamed(namespace, name)?.workload ?? null, labels, pod: name, ip };
  if (k8s.kind === 'svc') return { kind: 'service', namespace, name, labels };
  return inventory.peerAt(ip, time);
}

/** `a=b,c=d`, and an object in the older lines. */
function labelsOf(value: unknown): Labels {
  const fields = fieldsOf(value);
  if (fields !== undefined) return Object.entries(fields).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
  return (textOf(value) ?? '').split(',').flatMap((label) => {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(label) ?? [];
    return key === undefined || text === undefined ? [] : [[key, text] as const];
  });
}

function isLegacy(record: Fields): boolean {
  return textOf(record.remote_kind) !== undefined && textOf(record.local_pod_name) !== undefined;
}

/** A line of the network policy advisor: no addresses, and no time. */
function readLegacy(record: Fields, direction: ObservedDirection, context: SourceContext): Reading {
  const port = portOf(record.port);
  const namespace = textOf(record.local_pod_namespace);
  const pod = textOf(record.local_pod_name);
  const remote = legacyPeer(record, context);
  if (port === undefined || namespace === undefined || pod === undefined || remote === undefined) {
    return skipped('missing-fields', { detail: `has no ${port === undefined ? 'port' : remote === undefined ? 'peer' : 'pod'}` });
  }
  if (remote.kind === 'external' && remote.ip !== null && isLoopback(remote.ip)) return skipped('loopback');
  const labels = labelsOf(record.local_pod_labels);
  const local: ObservedPeer = { kind: 'pod', namespace, workload: legacyOwner(pod, textOf(record.local_pod_owner)), labels: workloadLabels(labels), pod };
  return { observations: [connectionOf({ local, remote }, direction, port, null)] };
}

/** The owner is a name without a kind, and is left out at times. */
function legacyOwner(pod: string, owner: string | undefined): ObservedWorkload | null {
  const byName = workloadOfPodName(pod);
  return owner === undefined || owner === byName?.name ? byName : { kind: null, name: owner };
}

function legacyPeer(record: Fields, { inventory }: SourceContext): ObservedPeer | undefined {
  if (record.remote_kind === 'other') {
    const ip = addressOf(record.remote_other);
    return ip === undefined ? undefined : inventory.peerAt(ip, null);
  }
  const isPod = record.remote_kind === 'pod';
  const namespace = textOf(isPod ? record.remote_pod_namespace : record.remote_svc_namespace);
  const name = textOf(isPod ? record.remote_pod_name : record.remote_svc_name);
  if (namespace === undefined || name === undefined || (!isPod && record.remote_kind !== 'svc')) return undefined;
  const labels = workloadLabels(labelsOf(isPod ? record.remote_pod_labels : record.remote_svc_label_selector));
  return isPod ? { kind: 'pod', namespace, workload: null, labels, pod: name } : { kind: 'service', namespace, name, labels };
}
