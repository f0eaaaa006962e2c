import { contains, parseCidr, type Range } from './address';
import type { Cluster } from './cluster';
import { type Connection, hasNamedPort, type View } from './connection';
import { describeObject, type KubernetesObject, type LabelSelector, refuseUnknownFields } from './kubernetes-objects';
import { addressOf, isNodeOf, type Party } from './party';
import type { PlainProfile } from './profile';
import { selectorMatches } from './selector';
import type { World } from './world';

/**
 * NetworkPolicy of networking.k8s.io/v1. The quoted sentences are the field comments of the API reference.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
interface NetworkPolicySpec {
  readonly podSelector?: LabelSelector | null;
  readonly policyTypes?: readonly string[] | null;
  readonly ingress?: readonly (NetworkPolicyRule | null)[] | null;
  readonly egress?: readonly (NetworkPolicyRule | null)[] | null;
}

interface NetworkPolicyRule {
  readonly from?: readonly (NetworkPolicyPeer | null)[] | null;
  readonly to?: readonly (NetworkPolicyPeer | null)[] | null;
  readonly ports?: readonly (NetworkPolicyPort | null)[] | null;
}

interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector | null;
  readonly namespaceSelector?: LabelSelector | null;
  readonly ipBlock?: IpBlock | null;
}

interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[] | null;
}

interface NetworkPolicyPort {
  readonly protocol?: string | null;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
}

/** Where a rule stands: the policy's namespace, and words for messages. */
interface Place {
  readonly namespace: string;
  readonly where: string;
}

/**
 * `undefined` when no policy selects the pod for this direction: then NetworkPolicy says nothing.
 *
 * "Traffic is allowed to a pod if there are no NetworkPolicies selecting the pod (and cluster policy otherwise allows the
 * traffic), OR if the traffic source is the pod's local node, OR if the traffic matches at least one ingress rule across all
 * of the NetworkPolicy objects whose podSelector matches the pod."
 */
export function networkPolicyDecision(view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean | undefined {
  const policies = cluster.networkPolicies.filter((policy) => isolates(policy, view));
  if (policies.length === 0) {
    return undefined;
  }
  if (view.connection.protocol === 'ICMP' && !isolatesIcmp(profile, world)) {
    return undefined;
  }
  if (profile.exceptDenies === true && policies.some((policy) => exceptionDenies(policy, view, cluster, profile, world))) {
    return false;
  }
  return isLocalNode(view, world) || policies.some((policy) => policyAllows(policy, view, cluster, profile, world));
}

/** Does some NetworkPolicy isolate the pod, and does one let the connection through? */
export function networkPolicyOpinion(
  view: View, cluster: Cluster, profile: PlainProfile, world: World,
): { readonly isolates: boolean; readonly allows: boolean } {
  const policies = cluster.networkPolicies.filter((policy) => isolates(policy, view));
  return { isolates: policies.length > 0, allows: policies.some((policy) => policyAllows(policy, view, cluster, profile, world)) };
}

/**
 * "NetworkPolicy is defined for layer 4 connections (TCP, UDP, and optionally SCTP). For all the other protocols, the
 * behaviour may vary across network plugins."
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites
 */
function isolatesIcmp(profile: PlainProfile, world: World): boolean {
  return world.setting(profile.networkPolicyIsolatesIcmp, 'does NetworkPolicy stop ICMP?');
}

/**
 * "traffic to and from the node where a Pod is running is always allowed, regardless of the IP address of the Pod or the node"
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
function isLocalNode({ remote, local }: View, world: World): boolean {
  return remote.kind === 'node' && isNodeOf(remote, local, world);
}

/** The policy lies in the pod's namespace, selects the pod, and its types have the direction. */
function isolates(policy: KubernetesObject, { local, direction }: View): boolean {
  const spec = specOf(policy);
  // "An empty selector matches all pods in the policy's namespace. [...] If it is not specified, it defaults to an empty selector."
  return namespaceOf(policy) === local.namespace
    && policyTypes(spec).includes(direction === 'ingress' ? 'Ingress' : 'Egress')
    && selectorMatches(spec.podSelector ?? {}, local.labels);
}

/**
 * "If this field is not specified, it will default based on the existence of ingress or egress rules; policies that contain an
 * egress section are assumed to affect egress, and all policies (whether or not they contain an ingress section) are assumed
 * to affect ingress." An empty egress list is no egress section: "such a policy would not include an egress section and would
 * otherwise default to just [ "Ingress" ]".
 */
function policyTypes(spec: NetworkPolicySpec): readonly string[] {
  const types = spec.policyTypes ?? [];
  if (types.length > 0) {
    return types;
  }
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** "If this field is empty then this NetworkPolicy does not allow any traffic" */
function policyAllows(policy: KubernetesObject, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  const rules = (view.direction === 'ingress' ? specOf(policy).ingress : specOf(policy).egress) ?? [];
  return rules.some((rule, index) => {
    const place = { namespace: namespaceOf(policy), where: `${describeObject(policy)} ${view.direction}[${index}]` };
    return ruleAllows(rule ?? {}, place, view, cluster, profile, world);
  });
}

/**
 * OVN-Kubernetes drops what a block leaves out, on the ports of its rule: "any exceptions are added as drop ACLs to the policy's
 * PortGroup with priority=1010", above those that allow.
 *
 * @see https://ovn-kubernetes.io/features/network-security-controls/network-policy/
 */
function exceptionDenies(policy: KubernetesObject, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  const rules = (view.direction === 'ingress' ? specOf(policy).ingress : specOf(policy).egress) ?? [];
  return rules.some((rule, index) => {
    const place = { namespace: namespaceOf(policy), where: `${describeObject(policy)} ${view.direction}[${index}]` };
    const peers = (view.direction === 'ingress' ? rule?.from : rule?.to) ?? [];
    const holes = peers.flatMap((peer) => peer?.ipBlock?.except ?? []);
    return holes.some((cidr) => ipBlockMatches({ cidr }, place, view, cluster, profile, world))
      && portsMatch(rule?.ports ?? [], place, view.connection, profile, world);
  });
}

/** "The traffic must match both ports and from." */
function ruleAllows(
  rule: NetworkPolicyRule, place: Place, view: View, cluster: Cluster, profile: PlainProfile, world: World,
): boolean {
  refuseUnknownFields(rule, [view.direction === 'ingress' ? 'from' : 'to', 'ports'], place.where);
  const peers = (view.direction === 'ingress' ? rule.from : rule.to) ?? [];
  // "If this field is empty or missing, this rule matches all sources (traffic not restricted by source)."
  const peerMatch = peers.length === 0
    || peers.some((peer) => peerMatches(peer ?? {}, place, view, cluster, profile, world));
  return peerMatch && portsMatch(rule.ports ?? [], place, view.connection, profile, world);
}

/** "Items in this list are combined using a logical OR operation." One item is a set of pods, or an IP block. */
function peerMatches(
  peer: NetworkPolicyPeer, place: Place, view: View, cluster: Cluster, profile: PlainProfile, world: World,
): boolean {
  refuseUnknownFields(peer, ['podSelector', 'namespaceSelector', 'ipBlock'], place.where);
  const podSelector = peer.podSelector ?? undefined;
  const namespaceSelector = peer.namespaceSelector ?? undefined;
  const selectsPods = podSelector !== undefined || namespaceSelector !== undefined;
  if (peer.ipBlock !== undefined && peer.ipBlock !== null) {
    // "If this field is set then neither of the other fields can be."
    if (selectsPods) {
      throw new Error(`${place.where}: a peer has ipBlock beside a selector`);
    }
    return ipBlockMatches(peer.ipBlock, place, view, cluster, profile, world);
  }
  if (!selectsPods) {
    throw new Error(`${place.where}: a peer is empty; the API server refuses it (to mean everybody, leave out the whole list)`);
  }
  return podsMatch(podSelector, namespaceSelector, place, view.remote, cluster);
}

/**
 * "If namespaceSelector is also set, then the NetworkPolicyPeer as a whole selects the pods matching podSelector in the
 * Namespaces selected by NamespaceSelector. Otherwise it selects the pods matching podSelector in the policy's own namespace."
 * "Otherwise [without podSelector] it selects all pods in the namespaces selected by namespaceSelector."
 */
function podsMatch(
  podSelector: LabelSelector | undefined, namespaceSelector: LabelSelector | undefined, place: Place, remote: Party, cluster: Cluster,
): boolean {
  if (remote.kind !== 'pod') {
    return false;
  }
  const inNamespace = namespaceSelector === undefined
    ? remote.pod.namespace === place.namespace
    : selectorMatches(namespaceSelector, cluster.labelsOfNamespace(remote.pod.namespace));
  return inNamespace && selectorMatches(podSelector ?? {}, remote.pod.labels);
}

/**
 * "IPBlock describes a particular CIDR [...]. The except entry describes CIDRs that should not be included within this rule."
 * "These should be cluster-external IPs, since Pod IPs are ephemeral and unpredictable": whether it matches the address of a
 * pod or a node as well depends on the CNI.
 */
function ipBlockMatches(block: IpBlock, place: Place, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  refuseUnknownFields(block, ['cidr', 'except'], `${place.where} ipBlock`);
  const { remote, local } = view;
  const isSeen = remote.kind === 'external' || remote.kind === 'service'
    || (remote.kind === 'pod' && world.setting(profile.ipBlockMatchesPods, 'does ipBlock match the address of a pod?'))
    || (remote.kind === 'node' && world.setting(profile.ipBlockMatchesNodes, 'does ipBlock match the address of a node?'));
  if (!isSeen) {
    return false;
  }
  const address = addressOf(remote, local, () => cidrsOfNetworkPolicies(cluster), profile, world);
  return contains(parseCidr(block.cidr), address)
    && !(block.except ?? []).some((except) => contains(parseCidr(except), address));
}

/**
 * "Each item in this list is combined using a logical OR. If this field is empty or missing, this rule matches all ports
 * (traffic not restricted by port). If this field is present and contains at least one item, then this rule allows traffic
 * only if the traffic matches at least one port in the list." Every item has a protocol, so none matches ICMP.
 */
function portsMatch(
  ports: readonly (NetworkPolicyPort | null)[], place: Place, connection: Connection, profile: PlainProfile, world: World,
): boolean {
  if (ports.length > 0) {
    return ports.some((port) => portMatches(port ?? {}, place, connection));
  }
  return connection.protocol !== 'ICMP'
    || world.setting(profile.rulesWithoutPortsAllowIcmp, 'does a NetworkPolicy rule without ports let ICMP through?');
}

/**
 * protocol: "If not specified, this field defaults to TCP." port: "If this field is not provided, this matches all port names
 * and numbers. If present, only traffic on the specified protocol AND port will be matched." endPort: "the range of ports from
 * port to endPort if set, inclusive".
 */
function portMatches(item: NetworkPolicyPort, place: Place, connection: Connection): boolean {
  refuseUnknownFields(item, ['protocol', 'port', 'endPort'], `${place.where} ports`);
  const protocol = item.protocol ?? 'TCP';
  const first = item.port ?? undefined;
  const endPort = item.endPort ?? undefined;
  // "This field cannot be defined if the port field is not defined or if the port field is defined as a named (string) port."
  // "The endPort must be equal or greater than port."
  if (endPort !== undefined && (typeof first !== 'number' || endPort < first)) {
    throw new Error(`${place.where}: endPort ${endPort} does not fit port '${first}'`);
  }
  if (connection.protocol !== protocol || connection.port === undefined) {
    return false;
  }
  switch (typeof first) {
    case 'undefined': return true;
    case 'string': return hasNamedPort(connection, first, protocol);
    default: return first <= connection.port && connection.port <= (endPort ?? first);
  }
}

/** Every CIDR that a NetworkPolicy of the cluster mentions. */
export function cidrsOfNetworkPolicies(cluster: Cluster): Range[] {
  const rules = cluster.networkPolicies.flatMap((policy) => [...(specOf(policy).ingress ?? []), ...(specOf(policy).egress ?? [])]);
  const blocks = rules.flatMap((rule) => [...(rule?.from ?? []), ...(rule?.to ?? [])]).flatMap((peer) => peer?.ipBlock ?? []);
  return blocks.flatMap((block) => [block.cidr, ...(block.except ?? [])]).map(parseCidr);
}

function specOf(policy: KubernetesObject): NetworkPolicySpec {
  const spec = policy.spec ?? {};
  refuseUnknownFields(spec, ['podSelector', 'policyTypes', 'ingress', 'egress'], describeObject(policy));
  return spec;
}

function namespaceOf(policy: KubernetesObject): string {
  return policy.metadata?.namespace ?? 'default';
}
