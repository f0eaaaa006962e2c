/**
 * What a record says happened, whichever tool wrote it. `would-deny` was let through and would not be by the policies that are
 * being tried; `unknown` is what a source that only sees traffic knows of policy.
 */
export const OBSERVED_VERDICTS = ['allowed', 'denied', 'audited', 'would-deny', 'unknown'] as const;
export type ObservedVerdict = (typeof OBSERVED_VERDICTS)[number];

export type ObservedProtocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'ICMPv6' | 'unknown';

/** The end that the record speaks for: egress is that of who opens the connection. */
export type ObservedDirection = 'ingress' | 'egress' | 'unknown';

export type ObservedLabels = Readonly<Record<string, string>>;

/** What a pod belongs to. `kind` is null where only the name is certain. */
export interface ObservedWorkload {
  readonly kind: string | null;
  readonly name: string;
}

export interface PodPeer {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly workload: ObservedWorkload | null;
  /** Those of the workload: hashes, indexes and job ids are not among them. */
  readonly labels: ObservedLabels;
  readonly pod?: string;
  /** The address it had, which the history of addresses is made of. */
  readonly ip?: string;
  readonly cluster?: string;
}

/** Outside of the cluster, or an address that nothing explains. */
export interface ExternalPeer {
  readonly kind: 'external';
  readonly ip: string | null;
  /** Names that the source knows for certain; never guessed from DNS answers. */
  readonly names?: readonly string[];
}

/** Something with a name but no labels: `host`, `remote-node`, `kube-apiserver`, `node`, `public`, `private`, `networkset`, ... */
export interface EntityPeer {
  readonly kind: 'entity';
  readonly entity: string;
  readonly ip?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** The record knows the Service, and not the pod behind it: the port is that of the Service. */
export interface ServicePeer {
  readonly kind: 'service';
  readonly namespace: string;
  readonly name: string;
  readonly labels?: ObservedLabels;
}

/** An address of a pod of which nobody knows whose it was at that time. */
export interface UnknownPeer {
  readonly kind: 'unknown';
  readonly ip: string;
}

export type ObservedPeer = PodPeer | ExternalPeer | EntityPeer | ServicePeer | UnknownPeer;

/** The policy that a record names. AWS says no more than the tier. */
export interface Decider {
  readonly kind: string | null;
  readonly namespace?: string;
  readonly name: string | null;
  readonly tier?: string;
  readonly rule?: string;
  readonly staged?: boolean;
}

/** The Service that was called, which is known beside the pod behind it. */
export interface ObservedService {
  readonly namespace: string;
  readonly name: string;
  /** Its own port, which need not be that of the pod. */
  readonly port?: number;
  readonly portName?: string;
}

/** One connection, or several alike, as one record has them. */
export interface Observation {
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  /** The end of the window that the record is about. */
  readonly until?: number;
  readonly src: ObservedPeer;
  readonly dst: ObservedPeer;
  /** The port that is called; null where there is none, or the source does not know it. */
  readonly port: number | null;
  readonly protocol: ObservedProtocol;
  readonly direction: ObservedDirection;
  readonly verdict: ObservedVerdict;
  /** Null where the record names no policy. */
  readonly decidedBy: readonly Decider[] | null;
  readonly count: number;
  readonly service?: ObservedService;
  readonly icmpType?: number;
  /** What kind of record it was, where that limits what it proves. */
  readonly evidence?: string;
  /** What the source says went wrong with the connection. */
  readonly error?: string;
}
