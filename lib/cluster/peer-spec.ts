/** The other end of a well-known connection as plain data; the constructs turn it into peers of the model. */
export type PeerSpec = PodPeerSpec | CidrPeerSpec;

/** Pods by their labels, in one namespace by name or in all namespaces with some labels: one of the two is given. */
export interface PodPeerSpec {
  readonly kind: 'pods';
  readonly namespace?: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Empty: every pod of the namespace. */
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly PeerExpression[];
}

export interface PeerExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** Addresses that no pod selector can match. */
export interface CidrPeerSpec {
  readonly kind: 'cidr';
  readonly cidr: string;
  readonly why: string;
  /** The address is one of the pod's own node, which some CNIs do not match by address (Cilium: entity host). */
  readonly onOwnNode?: boolean;
}

/** What neither selectors nor fixed addresses name: the nodes of the cluster, or the ingress of the CNI itself. */
export type EntitySpec = 'nodes' | 'ingress';

export interface PortSpec {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** What pods of a well-known installation are selected by. */
export interface PodLabels {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly PeerExpression[];
}

/** A well-known installation: where its pods are and what labels they have. */
export interface PodPreset {
  readonly name: string;
  readonly title: string;
  /** Where its chart or manifest puts it. */
  readonly namespaces: readonly string[];
  /** Alternatives: one for each way of installing it. */
  readonly pods: readonly PodLabels[];
  readonly source: string;
  readonly note?: string;
}

/** The peers of an installation, in its usual namespaces or in the given one. */
export function peersOf(preset: PodPreset, namespace?: string): PeerSpec[] {
  const namespaces = namespace === undefined ? preset.namespaces : [namespace];
  return namespaces.flatMap((each) => preset.pods.map((labels): PeerSpec => ({ kind: 'pods', namespace: each, ...labels })));
}
