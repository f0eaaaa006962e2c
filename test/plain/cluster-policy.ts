import type { Connection } from './connection';
import type { LabelSelector } from './kubernetes-objects';

/** A cluster-scoped policy of either version, in the words of ClusterNetworkPolicy v1alpha2. */
export interface ClusterPolicy {
  readonly name: string;
  readonly priority: number;
  readonly subject: ClusterPolicySubject;
  readonly ingress: readonly ClusterPolicyRule[];
  readonly egress: readonly ClusterPolicyRule[];
}

export interface ClusterPolicySubject {
  readonly namespaces?: LabelSelector | null;
  readonly pods?: NamespacedPod | null;
}

export interface NamespacedPod {
  readonly namespaceSelector?: LabelSelector | null;
  readonly podSelector?: LabelSelector | null;
}

export interface ClusterPolicyRule {
  readonly where: string;
  readonly action: Action;
  readonly peers: readonly ClusterPolicyPeer[];
  readonly matchesProtocol: (connection: Connection) => boolean;
}

export type Action = 'Accept' | 'Deny' | 'Pass';

export interface ClusterPolicyPeer {
  readonly namespaces?: LabelSelector | null;
  readonly pods?: NamespacedPod | null;
  readonly nodes?: LabelSelector | null;
  readonly networks?: readonly string[] | null;
  readonly domainNames?: readonly string[] | null;
}
