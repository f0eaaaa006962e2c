import { FlowInventory } from '../inventory/flow-inventory';
import { ObservedLabels, ObservedPeer, ObservedWorkload } from '../observation';
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
/** Identities of address blocks and domain names, which each node numbers for itself. */
const FIRST_LOCAL_IDENTITY = 16_777_216;
const MOST_PODS = 20_000;

/** What a record says of one end, beside the endpoint itself. */
export interface EndpointContext {
  readonly ip: string | undefined;
  /** What the DNS proxy knows the address by. */
  readonly names: readonly unknown[];
  /** The cluster of the node that wrote the record. */
  readonly cluster: string | undefined;
  readonly inventory: FlowInventory;
  readonly time: number;
}

/** Reads the ends of flows. The same pods come again and again: what was read is remembered by what it was read from. */
export class HubbleEndpoints {
  private pods = new Map<string, ObservedPeer>();
  /** The same by identity: a parser that remembers what it parsed gives an endpoint that it gave before. */
  private readonly last = new WeakMap<Fields, { readonly ip: string | undefined; readonly cluster: string | undefined; readonly peer: ObservedPeer }>();

  public peer(endpoint: Fields, context: EndpointContext): ObservedPeer | undefined {
    const last = this.last.get(endpoint);
    if (last !== undefined && last.ip === context.ip && last.cluster === context.cluster) return last.peer;
    const { namespace, pod_name: pod, cluster_name: cluster, labels, workloads } = endpoint;
    if (typeof namespace !== 'string' || !Array.isArray(labels)) return hubblePeer(endpoint, context);
    const owner = fieldsOf(listOf(workloads)[0]);
    const key = [namespace, pod, cluster, context.cluster, context.ip, owner?.kind, owner?.name, ...labels as unknown[]].join('\0');
    let peer = this.pods.get(key);
    if (peer === undefined) {
      peer = hubblePeer(endpoint, context);
      if (peer === undefined) return undefined;
      if (this.pods.size >= MOST_PODS) this.pods = new Map();
      this.pods.set(key, peer);
    }
    this.last.set(endpoint, { ip: context.ip, cluster: context.cluster, peer });
    return peer;
  }
}

/** Who one end of a flow is; undefined where the record has nothing of it. */
function hubblePeer(endpoint: Fields, { ip, names, cluster, inventory, time }: EndpointContext): ObservedPeer | undefined {
  const labels = listOf(endpoint.labels).filter((label) => typeof label === 'string');
  const namespace = textOf(endpoint.namespace);
  if (namespace !== undefined) return podPeer(endpoint, namespace, labels, ip, cluster, inventory);
  const reserved = reservedName(labels, numberOf(endpoint.identity));
  if (reserved !== undefined && !reserved.startsWith('world')) return { kind: 'entity', entity: reserved, ...(ip === undefined ? {} : { ip }) };
  if (reserved === undefined && ip !== undefined) {
    const peer = inventory.peerAt(ip, time);
    if (peer.kind !== 'external') return peer;
  }
  if (reserved === undefined && ip === undefined) return undefined;
  const known = domainNames(names, labels);
  return { kind: 'external', ip: ip ?? null, ...(known.length === 0 ? {} : { names: known }) };
}

function podPeer(
  endpoint: Fields, namespace: string, labels: readonly string[], ip: string | undefined, cluster: string | undefined, inventory: FlowInventory,
): ObservedPeer {
  const pod = textOf(endpoint.pod_name);
  const known = pod === undefined ? undefined : inventory.podNamed(namespace, pod);
  const own = textOf(endpoint.cluster_name);
  const isRemote = own !== undefined && cluster !== undefined && own !== cluster;
  return {
    kind: 'pod',
    namespace,
    workload: workloadOf(endpoint, labels) ?? known?.workload ?? null,
    labels: podLabels(labels),
    ...(pod === undefined ? {} : { pod }),
    ...(ip === undefined ? {} : { ip }),
    ...(isRemote ? { cluster: own } : {}),
  };
}

function workloadOf(endpoint: Fields, labels: readonly string[]): ObservedWorkload | undefined {
  const workload = fieldsOf(listOf(endpoint.workloads)[0]);
  const name = textOf(workload?.name);
  return name === undefined ? undefined : owningWorkload(textOf(workload?.kind) ?? null, name, Object.fromEntries(keysAndValues(labels)));
}

function podLabels(labels: readonly string[]): ObservedLabels {
  return workloadLabels(keysAndValues(labels));
}

/** Labels that Kubernetes gave: Cilium's have their source in front (`k8s:app=web`). */
function keysAndValues(labels: readonly string[]): ReadonlyArray<readonly [string, string]> {
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

function reservedName(labels: readonly string[], identity: number | undefined): string | undefined {
  const [byLabel] = RESERVED.find(([name]) => labels.includes(`reserved:${name}`)) ?? [];
  if (byLabel !== undefined) return byLabel;
  const [byNumber] = RESERVED.find(([, number]) => number === identity) ?? [];
  if (byNumber !== undefined) return byNumber;
  const isBlock = (identity !== undefined && identity >= FIRST_LOCAL_IDENTITY) || labels.some((label) => label.startsWith('cidr:') || label.startsWith('fqdn:'));
  return isBlock ? 'world' : undefined;
}

/** Names that are certain: a pattern of a policy is none. */
function domainNames(names: readonly unknown[], labels: readonly string[]): readonly string[] {
  const proxied = names.filter((name) => typeof name === 'string' && name !== '') as string[];
  const found = proxied.length > 0 ? proxied : labels.filter((label) => label.startsWith('fqdn:') && !label.includes('*')).map((label) => label.slice('fqdn:'.length));
  return [...new Set(found.map((name) => name.replace(/\.$/, '')))];
}
