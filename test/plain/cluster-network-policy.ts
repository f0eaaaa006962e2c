import type { Action, ClusterPolicy, ClusterPolicyPeer, ClusterPolicyRule, ClusterPolicySubject } from './cluster-policy';
import { type Connection, type Direction, hasNamedPort } from './connection';
import { describeObject, type KubernetesObject, refuseUnknownFields } from './kubernetes-objects';

/**
 * ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2. The quoted sentences are the field comments of the API.
 *
 * @see https://network-policy-api.sigs.k8s.io/reference/spec/
 */
interface ClusterNetworkPolicySpec {
  readonly tier: string;
  readonly priority: number;
  readonly subject: ClusterPolicySubject;
  readonly ingress?: readonly RawRule[] | null;
  readonly egress?: readonly RawRule[] | null;
}

interface RawRule {
  readonly action: string;
  readonly from?: readonly ClusterPolicyPeer[] | null;
  readonly to?: readonly ClusterPolicyPeer[] | null;
  readonly protocols?: readonly RawProtocol[] | null;
}

interface RawProtocol {
  readonly tcp?: PortOfProtocol | null;
  readonly udp?: PortOfProtocol | null;
  readonly sctp?: PortOfProtocol | null;
  readonly destinationNamedPort?: string | null;
}

interface PortOfProtocol {
  readonly destinationPort?: { readonly number?: number; readonly range?: { readonly start: number; readonly end: number } } | null;
}

export function readClusterNetworkPolicy(policy: KubernetesObject): ClusterPolicy {
  const where = describeObject(policy);
  const spec = (policy.spec ?? {}) as unknown as ClusterNetworkPolicySpec;
  refuseUnknownFields(spec, ['tier', 'priority', 'subject', 'ingress', 'egress'], where);
  // "Priority is a value from 0 to 1000"
  if (!Number.isInteger(spec.priority) || spec.priority < 0 || spec.priority > 1000) {
    throw new Error(`${where}: priority ${spec.priority} is not a number from 0 to 1000`);
  }
  return {
    name: where,
    priority: spec.priority,
    subject: spec.subject,
    ingress: (spec.ingress ?? []).map((rule, index) => readRule(rule, 'ingress', `${where} ingress[${index}]`)),
    egress: (spec.egress ?? []).map((rule, index) => readRule(rule, 'egress', `${where} egress[${index}]`)),
  };
}

function readRule(rule: RawRule, direction: Direction, where: string): ClusterPolicyRule {
  refuseUnknownFields(rule, ['name', 'action', direction === 'ingress' ? 'from' : 'to', 'protocols'], where);
  if (!['Accept', 'Deny', 'Pass'].includes(rule.action)) {
    throw new Error(`${where}: action '${rule.action}' is not one of Accept, Deny, Pass`);
  }
  const protocols = rule.protocols ?? [];
  return {
    where,
    action: rule.action as Action,
    peers: (direction === 'ingress' ? rule.from : rule.to) ?? [],
    // "If unspecified, protocol-specific attributes will not be used to match traffic."
    matchesProtocol: (connection) => protocols.length === 0
      || protocols.some((protocol) => protocolMatches(protocol, where, connection)),
  };
}

/** "Exactly one field must be set." */
function protocolMatches(protocol: RawProtocol, where: string, connection: Connection): boolean {
  refuseUnknownFields(protocol, ['tcp', 'udp', 'sctp', 'destinationNamedPort'], `${where} protocols`);
  const fields = Object.entries(protocol).filter(([, value]) => value !== undefined && value !== null);
  const [field, value] = fields[0] ?? [];
  if (field === undefined || fields.length > 1) {
    throw new Error(`${where}: a protocol needs exactly one of tcp, udp, sctp, destinationNamedPort`);
  }
  if (field === 'destinationNamedPort') {
    // "DestinationNamedPort selects a destination port on a pod based on the ContainerPort name." The name brings its protocol.
    return hasNamedPort(connection, value as string, connection.protocol);
  }
  return connection.protocol === field.toUpperCase() && portMatches(value as PortOfProtocol, where, connection.port);
}

/** "You must specify either Port or Range." "PortRange defines an inclusive range of ports" */
function portMatches({ destinationPort }: PortOfProtocol, where: string, port: number | undefined): boolean {
  const { number, range } = destinationPort ?? {};
  if ((number === undefined) === (range === undefined)) {
    throw new Error(`${where}: a destinationPort needs either number or range`);
  }
  const first = range?.start ?? number ?? 0;
  const last = range?.end ?? number ?? 0;
  return port !== undefined && first <= port && port <= last;
}
