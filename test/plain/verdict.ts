import { ciliumOpinion } from './cilium-policy';
import type { CiliumPlainProfile } from './cilium-profile';
import type { Cluster } from './cluster';
import { clusterPoliciesOf, type Tier } from './cluster-policies';
import type { Action } from './cluster-policy';
import { tierDecision } from './cluster-policy-tier';
import type { Connection, Direction, View } from './connection';
import { networkPolicyDecision, networkPolicyOpinion } from './network-policy';
import { asPolicySees, isNodeOf, type Party } from './party';
import type { PlainProfile } from './profile';
import type { World } from './world';

/**
 * Is the connection allowed, in a world where everything is known?
 *
 * "For a connection from a source pod to a destination pod to be allowed, both the egress policy on the source pod and the
 * ingress policy on the destination pod need to allow the connection. If either side does not allow the connection, it will not
 * happen."
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
 */
export function isAllowed(asked: Connection, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  if (isSamePod(asked.source, asked.destination)) {
    return true;
  }
  const connection = {
    ...asked,
    source: asPolicySees(asked.source, cluster, profile, world),
    destination: asPolicySees(asked.destination, cluster, profile, world),
  };
  return directionAllows('egress', asEgressSees(connection, profile, world), cluster, profile, world)
    && directionAllows('ingress', asIngressSees(connection, world), cluster, profile, world);
}

/**
 * "Cluster ingress and egress mechanisms often require rewriting the source or destination IP of packets. In cases where this
 * happens, it is not defined whether this happens before or after NetworkPolicy processing".
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
function asEgressSees(connection: Connection, profile: PlainProfile, world: World): Connection {
  const { dialled } = connection;
  const isRewritten = dialled === undefined
    || world.setting(profile.servicesResolvedBeforePolicy, 'does egress policy see the pod behind a Service, not the address of the Service?');
  return isRewritten ? connection : { ...connection, destination: dialled.party, port: dialled.port };
}

/** "in some cases you may be able to filter incoming packets based on the actual original source IP, while in other cases [...]" */
function asIngressSees(connection: Connection, world: World): Connection {
  const { source, dialled } = connection;
  const about = 'does the pod see the address of a node in place of the client?';
  return source.kind === 'external' && dialled?.hidesClient === true && world.ask({ kind: 'source-nat', about })
    ? { ...connection, source: ENTRY_NODE }
    : connection;
}

const ENTRY_NODE: Party = {
  kind: 'node',
  node: { name: undefined, labels: undefined, addresses: [] },
  description: 'the node where the connection enters the cluster',
};

/** "a Pod cannot block access to itself": the one pod, not the workload; its replicas are policed like others. */
function isSamePod(source: Party, destination: Party): boolean {
  return source.kind === 'pod' && destination.kind === 'pod' && source.pod === destination.pod;
}

/** Egress is decided by the policies of the source, ingress by those of the destination. Only pods have policies. */
function directionAllows(
  direction: Direction, connection: Connection, cluster: Cluster, profile: PlainProfile, world: World,
): boolean {
  const { source, destination } = connection;
  const [local, remote] = direction === 'egress' ? [source, destination] : [destination, source];
  return local.kind !== 'pod'
    || viewAllows({ direction, local: local.pod, remote, connection }, cluster, profile, world);
}

/**
 * "Policy tiers are evaluated in the following order: Admin tier, NetworkPolicy tier, Baseline tier." "If Admin tier has made a
 * final decision (Accept or Deny) on a connection, then no further evaluation is done." "v1.NetworkPolicy always makes a final
 * decision for selected pods." "If a given connection wasn't allowed or denied by any of the tiers, the default kubernetes
 * policy is applied, which says that all pods can communicate with each other."
 */
function viewAllows(view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  return tierAllows('Admin', view, cluster, profile, world)
    ?? (profile.cilium === undefined ? networkPolicyDecision(view, cluster, profile, world) : ciliumDecision(view, cluster, profile, profile.cilium, world))
    ?? tierAllows('Baseline', view, cluster, profile, world)
    ?? true;
}

/**
 * NetworkPolicy and the policies of Cilium add up: "deny policies take precedence over allow policies, regardless of whether they
 * are a Cilium Network Policy, a Clusterwide Cilium Network Policy or even a Kubernetes Network Policy."
 *
 * @see https://docs.cilium.io/en/stable/security/policy/deny/
 */
function ciliumDecision(view: View, cluster: Cluster, profile: PlainProfile, cilium: CiliumPlainProfile, world: World): boolean | undefined {
  if (cilium.enablePolicy === 'never') {
    return true;
  }
  const native = networkPolicyOpinion(view, cluster, profile, world);
  const own = ciliumOpinion(view, cluster, profile, cilium, world);
  if (own.denies) {
    return false;
  }
  if (own.allows || native.allows) {
    return true;
  }
  const isFromOwnNode = view.direction === 'ingress' && view.remote.kind === 'node' && cilium.ownNodePasses && isNodeOf(view.remote, view.local, world);
  return own.isolates || native.isolates ? isFromOwnNode : undefined;
}

/** `undefined` when the tier leaves the connection to the next one: no rule matches, or the first that does says Pass. */
function tierAllows(tier: Tier, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean | undefined {
  const decisions = clusterPoliciesOf(tier, cluster, profile)
    .map((policies) => tierDecision(policies, view, cluster, profile, world))
    .filter((decision) => decision !== undefined);
  if (decisions.length === 0) {
    return undefined;
  }
  const about = `does ClusterNetworkPolicy or AdminNetworkPolicy come first in the ${tier} tier, for ${view.direction}?`;
  const action = world.pick<Action>({ kind: 'priority-tie', about }, [...new Set(decisions)]);
  switch (action) {
    case 'Accept': return true;
    case 'Deny': return ownNodePasses(view, world);
    case 'Pass': return undefined;
  }
}

/** Whether a Deny of a cluster policy stops what the pod's own node sends is written nowhere. */
function ownNodePasses({ direction, remote, local }: View, world: World): boolean {
  return direction === 'ingress' && remote.kind === 'node' && isNodeOf(remote, local, world)
    && world.ask({ kind: 'cni', about: 'does traffic of the own node pass a Deny of a cluster policy?' });
}
