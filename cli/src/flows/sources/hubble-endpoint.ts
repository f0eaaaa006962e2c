import { FlowInventory } from '../inventory/flow-inventory';
import { ObservedPeer, ObservedWorkload } from '../observation';
import { workloadLabels } from '../workload-labels';
import { owningWorkload } from '../workload-name';
import { Fields, fieldsOf, listOf, numberOf, textOf } from './fields';

/**
 * The reserved identities, the most specific first: an endpoint can have several of their labels.
 * @see https://docs.cilium.io/en/stable/gettingstarted/terminology/#special-identities
 */
const RESERVED = [
  ['kube-apiserver', 7], ['ingress', 8], ['health', 4], ['host', 1], ['remote-node', 6], ['init', 5], ['unmanaged', 3], ['encrypted-overlay', 11],
  ['world-ipv4', 9], ['world-ipv6', 10], ['world', 2],
] as const;
/** Those that a pod can have while Cilium does not know its labels. */
const OF_PODS = ['init', 'unmanaged'];
const RESERVED_LABEL = 'reserved:';
/** Identities of address blocks and domain names, which each node numbers for itself; and behind them those of other nodes. */
const FIRST_LOCAL_IDENTITY = 0x1_00_00_00;
const FIRST_NODE_IDENTITY = 0x2_00_00_00;
const NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
const CLUSTER_LABEL = 'io.cilium.k8s.policy.cluster';
const MOST_PODS = 20_000;

/** What a record says of one end, beside the endpoint itself. */
export interface EndpointContext {
  readonly ip: string | undefined;
  /** What the DNS proxy knows the address by. */
  readonly names: readonly unknown[];
  /** The Service whose address it is. */
  readonly service?: unknown;
  /** The cluster of the node that wrote the record. */
  readonly cluster: string | undefined;
  readonly inventory: FlowInventory;
  readonly time: number;
}

type Labels = ReadonlyArray<readonly [key: string, value: string]>;

/** Reads the ends of flows. The same pods come again and again: what was read is remembered by what it was read from. */
export class HubbleEndpoints {
  private pods = new Map<string, ObservedPeer>();
  /** Of frozen endpoints: those are the same object each time. */
  private readonly frozen = new WeakMap<Fields, KnownPod>();

  public peer(endpoint: Fields, context: EndpointContext): ObservedPeer | undefined {
    const known = this.frozen.get(endpoint);
    if (known !== undefined && known.ip === context.ip && known.cluster === context.cluster) return known.peer;
    const { namespace, identity, pod_name: pod, cluster_name: cluster, labels, workloads } = endpoint;
    if (textOf(namespace) === undefined || !Array.isArray(labels)) return hubblePeer(endpoint, context);
    const owner = fieldsOf(listOf(workloads)[0]);
    const parts: readonly unknown[] = [namespace, pod, cluster, context.cluster, context.ip, owner?.kind, owner?.name, ...labels as unknown[]];
    if (!parts.every((part) => typeof part === 'string' || part === undefined)) return hubblePeer(endpoint, context);
    const key = `${numberOf(identity)}\0${parts.join('\0')}`;
    let peer = this.pods.get(key);
    if (peer === undefined) {
      peer = hubblePeer(endpoint, context);
      if (peer === undefined) return undefined;
      if (this.pods.size >= MOST_PODS) this.pods = new Map();
      this.pods.set(key, peer);
    }
    if (Object.isFrozen(endpoint)) this.frozen.set(endpoint, { ip: context.ip, cluster: context.cluster, peer });
    return peer;
  }
}

/** A pod, and what it depends on beside its endpoint. */
interface KnownPod extends Pick<EndpointContext, 'ip' | 'cluster'> {
  readonly peer: ObservedPeer;
}

/** Who one end of a flow is; undefined where the record has nothing of it. */
function hubblePeer(endpoint: Fields, context: EndpointContext): ObservedPeer | undefined {
  const labels = textsOf(endpoint.labels);
  const reserved = reservedName(labels, numberOf(endpoint.identity));
  const own = kubernetesLabels(labels);
  const namespace = namespaceOf(endpoint, own);
  if (namespace !== undefined && isOfPods(reserved)) return podPeer(endpoint, namespace, own, context);
  const { ip } = context;
  if (reserved !== undefined && !reserved.startsWith('world')) return { kind: 'entity', entity: reserved, ...(ip === undefined ? {} : { ip }) };
  const [service, serviceNamespace] = [textOf(fieldsOf(context.service)?.name), textOf(fieldsOf(context.service)?.namespace)];
  if (service !== undefined && serviceNamespace !== undefined) return { kind: 'service', namespace: serviceNamespace, name: service };
  if (reserved === undefined) return ip === undefined ? undefined : peerByAddress(ip, numberOf(endpoint.identity), context);
  const names = domainNames(context.names, labels);
  return { kind: 'external', ip: ip ?? null, ...(names.length === 0 ? {} : { names }) };
}

/** What has an identity of its own is in the cluster, even where only its number was kept. */
function peerByAddress(ip: string, identity: number | undefined, { inventory, time }: EndpointContext): ObservedPeer {
  const peer = inventory.peerAt(ip, time);
  return peer.kind === 'external' && identity !== undefined && identity > 0 ? { kind: 'unknown', ip } : peer;
}

function podPeer(endpoint: Fields, namespace: string, labels: Labels, { ip, cluster, inventory }: EndpointContext): ObservedPeer {
  const pod = textOf(endpoint.pod_name);
  const own = textOf(endpoint.cluster_name) ?? valueOf(labels, CLUSTER_LABEL);
  const isRemote = own !== undefined && cluster !== undefined && own !== cluster;
  const known = pod === undefined || isRemote ? undefined : inventory.podNamed(namespace, pod);
  return {
    kind: 'pod',
    namespace,
    workload: workloadOf(endpoint, labels) ?? known?.workload ?? null,
    labels: workloadLabels(labels),
    ...(pod === undefined ? {} : { pod }),
    ...(ip === undefined ? {} : { ip }),
    ...(isRemote ? { cluster: own } : {}),
  };
}

function workloadOf(endpoint: Fields, labels: Labels): ObservedWorkload | undefined {
  const workload = fieldsOf(listOf(endpoint.workloads)[0]);
  const name = textOf(workload?.name);
  return name === undefined ? undefined : owningWorkload(textOf(workload?.kind) ?? null, name, Object.fromEntries(labels));
}

/** A mask may have left the field out and kept the label. */
function namespaceOf(endpoint: Fields, labels: Labels): string | undefined {
  return textOf(endpoint.namespace) ?? valueOf(labels, NAMESPACE_LABEL);
}

function valueOf(labels: Labels, wanted: string): string | undefined {
  return textOf(labels.find(([key]) => key === wanted)?.[1]);
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((label) => typeof label === 'string');
}

/** Labels that Kubernetes gave: Cilium's have their source in front (`k8s:app=web`). */
function kubernetesLabels(labels: readonly string[]): Labels {
  return labels.flatMap((label) => {
    const [text, source] = withoutSource(label);
    const equals = text.indexOf('=');
    const [key, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    return key === '' || source !== 'k8s' ? [] : [[key, value] as const];
  });
}

/** A colon is in the value of a label at most, and so behind its sign of equality. */
function withoutSource(label: string): readonly [text: string, source: string] {
  const colon = label.indexOf(':');
  const equals = label.indexOf('=');
  return colon < 0 || (equals >= 0 && equals < colon) ? [label, 'k8s'] : [label.slice(colon + 1), label.slice(0, colon)];
}

/** A process in the network of its node is the node to Cilium, whatever pod it is of. */
function isOfPods(reserved: string | undefined): boolean {
  return reserved === undefined || OF_PODS.includes(reserved) || reserved.startsWith('world');
}

function reservedName(labels: readonly string[], identity: number | undefined): string | undefined {
  const byLabel = labels.filter((label) => label.startsWith(RESERVED_LABEL) && label !== RESERVED_LABEL).map((label) => label.slice(RESERVED_LABEL.length));
  const [known] = RESERVED.find(([name]) => byLabel.includes(name)) ?? [];
  if (known !== undefined || byLabel.length > 0) return known ?? byLabel[0];
  const [byNumber] = RESERVED.find(([, number]) => number === identity) ?? [];
  if (byNumber !== undefined) return byNumber;
  if (labels.some((label) => label.startsWith('cidr:') || label.startsWith('fqdn:'))) return 'world';
  if (identity === undefined || identity < FIRST_LOCAL_IDENTITY) return undefined;
  return identity < FIRST_NODE_IDENTITY ? 'world' : 'remote-node';
}

/** Names that are certain: a pattern of a policy is none. */
function domainNames(names: readonly unknown[], labels: readonly string[]): readonly string[] {
  const proxied = names.filter((name) => typeof name === 'string' && name !== '') as string[];
  const found = proxied.length > 0 ? proxied : labels.filter((label) => label.startsWith('fqdn:') && !label.includes('*')).map((label) => label.slice('fqdn:'.length));
  return [...new Set(found.map((name) => name.replace(/\.$/, '')))].filter((name) => name !== '');
}
