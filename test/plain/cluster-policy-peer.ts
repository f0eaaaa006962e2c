import { contains, parseCidr, type Range } from './address';
import type { Cluster } from './cluster';
import { clusterPoliciesOf } from './cluster-policies';
import type { ClusterPolicyPeer, ClusterPolicyRule, NamespacedPod } from './cluster-policy';
import type { Direction, View } from './connection';
import type { LabelSelector } from './kubernetes-objects';
import { addressOf, asNode, describeParty, type Party } from './party';
import type { Pod } from './pod';
import type { PlainProfile } from './profile';
import { selectorMatches } from './selector';
import type { World } from './world';

const PEER_FIELDS: Readonly<Record<Direction, readonly string[]>> = {
  ingress: ['namespaces', 'pods'],
  egress: ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'],
};

/** "Exactly one of the fields must be set for a given peer" */
export function isKnownPeer(peer: ClusterPolicyPeer, direction: Direction, rule: ClusterPolicyRule): boolean {
  const fields = Object.entries(peer).filter(([, value]) => value !== undefined && value !== null).map(([field]) => field);
  if (fields.length > 1) {
    throw new Error(`${rule.where}: a peer has more than one of ${fields.join(', ')}`);
  }
  // "DomainNames is only supported for Accept rules."
  if (fields[0] === 'domainNames' && rule.action !== 'Accept') {
    throw new Error(`${rule.where}: domainNames in a rule with action ${rule.action}; they are for Accept only`);
  }
  return PEER_FIELDS[direction].includes(fields[0] ?? '');
}

export function peerMatches(peer: ClusterPolicyPeer, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  const remote = withoutHostNetwork(view.remote, cluster, profile);
  if (peer.namespaces) {
    // "Namespaces defines a way to select all pods within a set of Namespaces."
    return remote.kind === 'pod' && selectorMatches(peer.namespaces, cluster.labelsOfNamespace(remote.pod.namespace));
  }
  if (peer.pods) {
    return remote.kind === 'pod' && namespacedPodMatches(peer.pods, remote.pod, cluster);
  }
  if (peer.nodes) {
    return nodesMatch(peer.nodes, remote, world);
  }
  return peer.networks
    ? networksMatch(peer.networks, { ...view, remote }, cluster, profile, world)
    : domainNamesMatch(peer.domainNames ?? [], remote, world);
}

/** "Note that host-networked pods are not included in this type of peer." They have the addresses of their node. */
function withoutHostNetwork(remote: Party, cluster: Cluster, profile: PlainProfile): Party {
  const isHostNetworked = remote.kind === 'pod' && remote.pod.hostNetwork && profile.hostNetworkPodsAreOrdinary !== true;
  return isHostNetworked ? asNode(remote.pod, cluster) : remote;
}

/**
 * "NamespaceSelector follows standard label selector semantics; if empty, it selects all Namespaces." "PodSelector is used to
 * explicitly select pods within a namespace; if empty, it selects all Pods."
 */
export function namespacedPodMatches(selector: NamespacedPod, pod: Pod, cluster: Cluster): boolean {
  return selectorMatches(selector.namespaceSelector ?? {}, cluster.labelsOfNamespace(pod.namespace))
    && selectorMatches(selector.podSelector ?? {}, pod.labels);
}

/** "It selects the nodeIPs as the peer type by matching on the IPs present in the node.Status.Addresses field of the node." */
function nodesMatch(selector: LabelSelector, remote: Party, world: World): boolean {
  if (remote.kind !== 'node') {
    return false;
  }
  // "This field follows standard label selector semantics; if present but empty, it selects all Nodes."
  const isEmpty = Object.keys(selector).length === 0;
  if (isEmpty || remote.node.labels !== undefined) {
    return selectorMatches(selector, remote.node.labels ?? {});
  }
  return world.ask({ kind: 'node-placement', about: `does ${remote.description} match ${JSON.stringify(selector)}?` });
}

/**
 * "This is intended for representing entities that live outside the cluster, [...] but note that cluster-internal traffic will
 * be checked against the rule as well." Not every CNI does, hence the settings. "Networks matches both regular IP traffic and
 * ICMP traffic".
 */
function networksMatch(networks: readonly string[], view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  const { remote, local } = view;
  const isSeen = remote.kind === 'external' || remote.kind === 'service'
    || (remote.kind === 'pod' && world.setting(profile.cnpNetworksMatchPods, 'do networks of a cluster policy match the address of a pod?'))
    || (remote.kind === 'node' && world.setting(profile.cnpNetworksMatchNodes, 'do networks of a cluster policy match the address of a node?'));
  if (!isSeen) {
    return false;
  }
  const address = addressOf(remote, local, () => cidrsOfClusterPolicies(cluster, profile), profile, world);
  return networks.some((network) => contains(parseCidr(network), address));
}

/** Every CIDR that a cluster policy mentions. */
function cidrsOfClusterPolicies(cluster: Cluster, profile: PlainProfile): Range[] {
  const policies = (['Admin', 'Baseline'] as const).flatMap((tier) => clusterPoliciesOf(tier, cluster, profile)).flat();
  return policies.flatMap((policy) => [...policy.ingress, ...policy.egress])
    .flatMap((rule) => rule.peers.flatMap((peer) => peer.networks ?? []))
    .map(parseCidr);
}

/**
 * Which addresses a name has is not in the input. "Targeting in-cluster endpoints with FQDN selector is not recommended", but
 * possible through "their generated DNS record", which lies in the domain of the cluster.
 *
 * @see https://network-policy-api.sigs.k8s.io/npeps/npep-133-fqdn-egress-selector/
 */
function domainNamesMatch(names: readonly string[], remote: Party, world: World): boolean {
  return names
    .filter((name) => remote.kind === 'external' || /\.cluster\.local\.?$/.test(name))
    .some((name) => world.ask({ kind: 'fqdn', about: `is ${describeParty(remote)} behind ${name}?` }));
}
