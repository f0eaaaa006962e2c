import type { Cluster } from './cluster';
import type { Action, ClusterPolicy, ClusterPolicyRule, ClusterPolicySubject } from './cluster-policy';
import { isKnownPeer, namespacedPodMatches, peerMatches } from './cluster-policy-peer';
import type { View } from './connection';
import { refuseUnknownFields } from './kubernetes-objects';
import { describeParty } from './party';
import type { Pod } from './pod';
import type { PlainProfile } from './profile';
import { selectorMatches } from './selector';
import type { World } from './world';

/**
 * What the first matching rule of a tier does; `undefined` when none matches. The quoted sentences are the field comments of
 * ClusterNetworkPolicy v1alpha2.
 *
 * "Policies with lower priority values have higher precedence, and are checked before policies with higher priority values in
 * the same tier." "If two (or more) policies in the same tier with the same priority could match a connection, then the
 * implementation can apply any of the matching policies to the connection".
 *
 * @see https://network-policy-api.sigs.k8s.io/reference/spec/
 */
export function tierDecision(
  policies: readonly ClusterPolicy[], view: View, cluster: Cluster, profile: PlainProfile, world: World,
): Action | undefined {
  const priorities = [...new Set(policies.map(({ priority }) => priority))].sort((one, other) => one - other);
  for (const priority of priorities) {
    const decisions = policies
      .filter((policy) => policy.priority === priority)
      .map((policy) => ({ name: policy.name, action: policyDecision(policy, view, cluster, profile, world) }))
      .filter(({ action }) => action !== undefined);
    if (decisions.length > 0) {
      const names = decisions.map(({ name }) => name).join(', ');
      const about = `which of ${names} decides the ${view.direction} of ${describeParty({ kind: 'pod', pod: view.local })}?`;
      return world.pick({ kind: 'priority-tie', about }, [...new Set(decisions.map(({ action }) => action))]);
    }
  }
  return undefined;
}

/** "a rule that appears at the top of the ingress rules would take the highest precedence." */
function policyDecision(
  policy: ClusterPolicy, view: View, cluster: Cluster, profile: PlainProfile, world: World,
): Action | undefined {
  if (!subjectSelects(policy.subject, view.local, cluster, profile, policy.name)) {
    return undefined;
  }
  return policy[view.direction]
    .map((rule) => ruleDecision(rule, view, cluster, profile, world))
    .find((action) => action !== undefined);
}

/** "Exactly one field must be set. Note that host-networked pods are not included in subject selection." */
function subjectSelects(
  subject: ClusterPolicySubject, pod: Pod, cluster: Cluster, profile: PlainProfile, where: string,
): boolean {
  refuseUnknownFields(subject, ['namespaces', 'pods'], `${where} subject`);
  if (pod.hostNetwork && profile.hostNetworkPodsAreOrdinary !== true) {
    return false;
  }
  if (subject.namespaces !== undefined && subject.namespaces !== null) {
    return selectorMatches(subject.namespaces, cluster.labelsOfNamespace(pod.namespace));
  }
  if (subject.pods !== undefined && subject.pods !== null) {
    return namespacedPodMatches(subject.pods, pod, cluster);
  }
  throw new Error(`${where}: the subject has neither namespaces nor pods`);
}

/**
 * A rule matches when one of its peers and its protocols do. "If an implementation sees no fields are set [in a peer] then it
 * can infer that the deployed CRD is of an incompatible version with an unknown field. In that case it should fail closed. For
 * "Accept" rules, "fail closed" means: "treat the rule as matching no traffic". For "Deny" and "Pass" rules, "fail closed"
 * means: "treat the rule as a 'Deny all' rule"."
 */
function ruleDecision(
  rule: ClusterPolicyRule, view: View, cluster: Cluster, profile: PlainProfile, world: World,
): Action | undefined {
  if (rule.peers.length === 0) {
    throw new Error(`${rule.where}: a rule needs at least one peer`);
  }
  if (!rule.peers.every((peer) => isKnownPeer(peer, view.direction, rule))) {
    return rule.action === 'Accept' ? undefined : 'Deny';
  }
  // The protocols come first, so that nothing is asked about peers of a rule that does not concern the connection.
  const matches = rule.matchesProtocol(view.connection)
    && rule.peers.some((peer) => peerMatches(peer, view, cluster, profile, world));
  return matches ? rule.action : undefined;
}
