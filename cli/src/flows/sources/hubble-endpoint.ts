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

/** Who one end of a flow is; undefined where the record has nothing of it. */
export function hubblePeer(endpoint: Fields, { ip, names, cluster, inventory, time }: EndpointContext): ObservedPeer | undefined {
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
    const [, source = 'k8s', key, value = ''] = /^(?:([a-z0-9-]+):)?([^=:]+)(?:=(.*))?$/s.exec(label) ?? [];
    return key === undefined || source !== 'k8s' ? [] : [[key, value] as const];
  });
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
