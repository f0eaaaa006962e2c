import { type Address, parseAddress, sameAddress } from './address';
import type { KubernetesObject, Labels } from './kubernetes-objects';
import { type Pod, readPod } from './pod';
import { podsOfWorkload } from './workload';

/** What is in the cluster, before any policy is looked at. */
export interface Cluster {
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly services: readonly KubernetesObject[];
  readonly networkPolicies: readonly KubernetesObject[];
  readonly clusterNetworkPolicies: readonly KubernetesObject[];
  readonly adminNetworkPolicies: readonly KubernetesObject[];
  readonly baselineAdminNetworkPolicies: readonly KubernetesObject[];
  readonly ciliumPolicies: readonly KubernetesObject[];
  /**
   * "The Kubernetes API server sets [kubernetes.io/metadata.name] on all namespaces. The value [...] is set to the name of the
   * namespace. You can't change this label's value." A namespace that the input only mentions exists with that one label.
   *
   * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
   */
  labelsOfNamespace(name: string): Labels;
}

export interface Node {
  readonly name: string | undefined;
  /** Absent when the input names the node without having the object. */
  readonly labels: Labels | undefined;
  readonly addresses: readonly Address[];
}

export function readCluster(input: readonly unknown[], extraPods: readonly Pod[] = []): Cluster {
  const objects = input.flatMap(flatten);
  const pods = [...objects.flatMap(podsOf), ...extraPods];
  const namespaceLabels = new Map(objects
    .filter((object) => object.kind === 'Namespace' && object.apiVersion === 'v1')
    .map((object) => [object.metadata?.name ?? '', object.metadata?.labels ?? {}]));
  const ofKind = (group: string, kind: string): KubernetesObject[] =>
    objects.filter((object) => object.kind === kind && object.apiVersion?.startsWith(`${group}/`));
  return {
    pods,
    nodes: readNodes(objects, pods),
    services: objects.filter((object) => object.kind === 'Service' && object.apiVersion === 'v1'),
    networkPolicies: ofKind('networking.k8s.io', 'NetworkPolicy'),
    clusterNetworkPolicies: ofKind('policy.networking.k8s.io', 'ClusterNetworkPolicy'),
    adminNetworkPolicies: ofKind('policy.networking.k8s.io', 'AdminNetworkPolicy'),
    ciliumPolicies: [...ofKind('cilium.io', 'CiliumNetworkPolicy'), ...ofKind('cilium.io', 'CiliumClusterwideNetworkPolicy')],
    baselineAdminNetworkPolicies: ofKind('policy.networking.k8s.io', 'BaselineAdminNetworkPolicy'),
    labelsOfNamespace: (name) => ({ ...namespaceLabels.get(name), 'kubernetes.io/metadata.name': name }),
  };
}

/** `kind: List`, `PodList` and so on hold the objects in `items`; the items of a `PodList` may leave out their kind. */
function flatten(value: unknown): KubernetesObject[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap(flatten);
  }
  const object = value as KubernetesObject;
  if (!object.kind?.endsWith('List') || !Array.isArray(object.items)) {
    return [object];
  }
  const itemKind = object.kind.slice(0, -'List'.length);
  const defaults = itemKind === '' ? {} : { kind: itemKind, apiVersion: object.apiVersion };
  return object.items.flatMap((item: unknown) => flatten({ ...defaults, ...(item as KubernetesObject) }));
}

function podsOf(object: KubernetesObject): Pod[] {
  if (object.kind !== 'Pod') {
    return podsOfWorkload(object);
  }
  const pod = readPod(object);
  return pod === undefined ? [] : [pod];
}

/** The Node objects, and the nodes that pods say they run on. */
function readNodes(objects: readonly KubernetesObject[], pods: readonly Pod[]): Node[] {
  const nodeObjects = objects.filter((object) => object.kind === 'Node' && object.apiVersion === 'v1');
  const names = new Set([...nodeObjects.map((object) => object.metadata?.name ?? ''), ...pods.flatMap((pod) => pod.node ?? [])]);
  return [...names].map((name) => {
    const object = nodeObjects.find((candidate) => candidate.metadata?.name === name);
    const podsThere = pods.filter((pod) => pod.node === name);
    return {
      name,
      labels: object === undefined ? undefined : object.metadata?.labels ?? {},
      addresses: distinct([
        ...addressesInStatus(object),
        ...podsThere.flatMap((pod) => [...pod.nodeAddresses, ...(pod.hostNetwork ? pod.addresses : [])]),
      ]),
    };
  });
}

function addressesInStatus(node: KubernetesObject | undefined): Address[] {
  const status = (node?.status ?? {}) as { addresses?: readonly { type: string; address: string }[] | null };
  return (status.addresses ?? []).filter(({ type }) => type.endsWith('IP')).map(({ address }) => parseAddress(address));
}

function distinct(addresses: readonly Address[]): Address[] {
  return addresses.filter((address, index) => addresses.findIndex((other) => sameAddress(address, other)) === index);
}
