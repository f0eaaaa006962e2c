import type { Action, ClusterPolicy, ClusterPolicyPeer, ClusterPolicyRule, ClusterPolicySubject } from './cluster-policy';
import { type Connection, type Direction, hasNamedPort } from './connection';
import { describeObject, type KubernetesObject, refuseUnknownFields } from './kubernetes-objects';

/**
 * AdminNetworkPolicy and BaselineAdminNetworkPolicy of policy.networking.k8s.io/v1alpha1, which ClusterNetworkPolicy replaced:
 * the same but for `Allow` in place of `Accept`, `ports` in place of `protocols`, and one baseline policy without priority.
 *
 * @see https://github.com/kubernetes-sigs/network-policy-api/tree/v0.1.7/apis/v1alpha1
 */
interface AdminNetworkPolicySpec {
  readonly priority: number;
  readonly subject: ClusterPolicySubject;
  readonly ingress?: readonly RawRule[] | null;
  readonly egress?: readonly RawRule[] | null;
}

interface RawRule {
  readonly action: string;
  readonly from?: readonly ClusterPolicyPeer[] | null;
  readonly to?: readonly ClusterPolicyPeer[] | null;
  readonly ports?: readonly RawPort[] | null;
}

interface RawPort {
  readonly portNumber?: { readonly protocol?: string; readonly port: number } | null;
  readonly portRange?: { readonly protocol?: string; readonly start: number; readonly end: number } | null;
  readonly namedPort?: string | null;
}

const ACTIONS: Readonly<Record<string, Action>> = { Allow: 'Accept', Deny: 'Deny', Pass: 'Pass' };

/** "Policies with lower priority values have higher precedence": a value from 0 to 1000. */
export function readAdminNetworkPolicy(policy: KubernetesObject): ClusterPolicy {
  const spec = (policy.spec ?? {}) as unknown as AdminNetworkPolicySpec;
  refuseUnknownFields(spec, ['priority', 'subject', 'ingress', 'egress'], describeObject(policy));
  if (!Number.isInteger(spec.priority) || spec.priority < 0 || spec.priority > 1000) {
    throw new Error(`${describeObject(policy)}: priority ${spec.priority} is not a number from 0 to 1000`);
  }
  return readPolicy(policy, spec.priority, ['Allow', 'Deny', 'Pass']);
}

/** "BaselineAdminNetworkPolicy is a singleton policy", named `default`; its actions are Allow and Deny. */
export function readBaselineAdminNetworkPolicy(policy: KubernetesObject): ClusterPolicy {
  refuseUnknownFields(policy.spec ?? {}, ['subject', 'ingress', 'egress'], describeObject(policy));
  if (policy.metadata?.name !== 'default') {
    throw new Error(`${describeObject(policy)}: a BaselineAdminNetworkPolicy must have the name 'default'`);
  }
  return readPolicy(policy, 0, ['Allow', 'Deny']);
}

function readPolicy(policy: KubernetesObject, priority: number, actions: readonly string[]): ClusterPolicy {
  const name = describeObject(policy);
  const spec = (policy.spec ?? {}) as unknown as AdminNetworkPolicySpec;
  return {
    name,
    priority,
    subject: spec.subject,
    ingress: (spec.ingress ?? []).map((rule, index) => readRule(rule, 'ingress', actions, `${name} ingress[${index}]`)),
    egress: (spec.egress ?? []).map((rule, index) => readRule(rule, 'egress', actions, `${name} egress[${index}]`)),
  };
}

function readRule(rule: RawRule, direction: Direction, actions: readonly string[], where: string): ClusterPolicyRule {
  refuseUnknownFields(rule, ['name', 'action', direction === 'ingress' ? 'from' : 'to', 'ports'], where);
  const action = actions.includes(rule.action) ? ACTIONS[rule.action] : undefined;
  if (action === undefined) {
    throw new Error(`${where}: action '${rule.action}' is not one of ${actions.join(', ')}`);
  }
  const ports = rule.ports ?? [];
  return {
    where,
    action,
    peers: (direction === 'ingress' ? rule.from : rule.to) ?? [],
    // "If Ports is not set then the rule does not filter traffic via port."
    matchesProtocol: (connection) => ports.length === 0 || ports.some((port) => portMatches(port, where, connection)),
  };
}

/** "Exactly one field must be set." The protocol of a number or a range is TCP where it is left out. */
function portMatches(port: RawPort, where: string, connection: Connection): boolean {
  refuseUnknownFields(port, ['portNumber', 'portRange', 'namedPort'], `${where} ports`);
  if (port.namedPort) {
    // "NamedPort selects a port on a pod(s) based on name."
    return hasNamedPort(connection, port.namedPort, connection.protocol);
  }
  const range = port.portRange ?? (port.portNumber && { ...port.portNumber, start: port.portNumber.port, end: port.portNumber.port });
  if (!range || !Number.isInteger(range.start) || !Number.isInteger(range.end) || range.start > range.end) {
    throw new Error(`${where}: a port needs exactly one of portNumber, portRange, namedPort`);
  }
  return connection.protocol === (range.protocol ?? 'TCP')
    && connection.port !== undefined && range.start <= connection.port && connection.port <= range.end;
}
