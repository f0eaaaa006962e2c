import { Labels, Protocol, Selector } from 'cdk8s-netpol/policy';
import { ObservedWorkload } from '../observation';
import { Confidence } from './confidence';
import { Seen } from './seen';

/** Pods of one workload, or pods with the same labels where nobody knows their workload. */
export interface PodEnd {
  readonly kind: 'pods';
  readonly namespace: string;
  readonly workload: ObservedWorkload | undefined;
  /** What people call it: `shop/web`. */
  readonly text: string;
  /** The labels that its pods were seen with, or have by their manifest. */
  readonly variants: readonly Labels[];
  /** How a rule selects it. */
  readonly pods: Selector;
  /** Other workloads that the selector takes in. */
  readonly alsoSelects: readonly string[];
}

/** An address outside of the cluster, and the names that a source knows it by. */
export interface AddressEnd {
  readonly kind: 'address';
  readonly ip: string | undefined;
  readonly names: readonly string[];
  readonly text: string;
}

/** What has neither labels nor an address that stays. */
export interface EntityEnd {
  readonly kind: 'entity';
  readonly entity: string;
  readonly ip: string | undefined;
  readonly text: string;
}

export type End = PodEnd | AddressEnd | EntityEnd;

/** A connection that has to be possible: one pair of ends, one port, as often as it was seen. */
export interface Need {
  readonly src: End;
  readonly dst: End;
  readonly protocol: Protocol;
  readonly port: number;
  readonly seen: Seen;
}

/** A port of a rule. */
export interface RulePort {
  readonly protocol: Protocol;
  readonly port: number;
}

export interface Pods {
  readonly namespace: string;
  readonly pods: Selector;
}

/** A well-known installation, as the code that names it. */
export interface KnownPods {
  /** `Monitoring.kubePrometheus`. */
  readonly method: string;
  readonly title: string;
  /** Where it is not in the namespace of its chart. */
  readonly namespace: string | undefined;
}

/** What a rule opens. */
export type Opening =
  | { readonly kind: 'pods'; readonly from: Pods; readonly to: Pods }
  | { readonly kind: 'monitoring' | 'ingress-controller'; readonly from: KnownPods; readonly to: Pods }
  | { readonly kind: 'addresses'; readonly direction: 'ingress' | 'egress'; readonly pods: Pods; readonly cidrs: readonly string[]; readonly expires: string | undefined }
  | { readonly kind: 'domains'; readonly from: Pods; readonly domains: readonly string[] }
  | { readonly kind: 'nodes'; readonly to: Pods }
  | { readonly kind: 'ingress-entity'; readonly to: Pods }
  | { readonly kind: 'api-server'; readonly direction: 'ingress' | 'egress'; readonly pods: Pods }
  | { readonly kind: 'dns'; readonly namespace: string };

/** One construct, with the evidence for it. */
export interface RecommendedRule {
  /** The namespace in which it is written. */
  readonly namespace: string;
  readonly id: string;
  readonly construct: string;
  readonly opening: Opening;
  readonly from: string;
  readonly to: string;
  readonly ports: readonly RulePort[];
  readonly needs: readonly Need[];
  /** Undefined where nothing was seen of it: DNS is always proposed. */
  readonly seen: Seen | undefined;
  readonly confidence: Confidence;
  /** What a person should know before they take it. */
  readonly notes: readonly string[];
}

/** Something that was seen and that no rule opens. */
export interface Unopened {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly seen: Seen;
  readonly why: Why;
  readonly reason: string;
}

/** Why something is not opened. `not-needed` passes without a rule; the others are for a person to decide. */
export type Why =
  | 'denied' | 'metadata' | 'link-local' | 'ephemeral' | 'no-port' | 'no-construct' | 'unknown-peer' | 'unknown-service' | 'no-labels' | 'host-network'
  | 'other-cluster' | 'too-many-addresses' | 'not-needed';

/** A rule that another namespace needs at its end. */
export interface OtherEnd {
  readonly namespace: string;
  readonly construct: 'AllowToPods' | 'AllowFromPods';
  readonly from: string;
  readonly to: string;
  readonly ports: readonly RulePort[];
}

/** A workload of the namespaces that were asked for, and what was never seen of it. */
export interface Unseen {
  readonly workload: string;
  readonly directions: ReadonlyArray<'ingress' | 'egress'>;
}

export function portText({ protocol, port }: RulePort): string {
  return `${protocol} ${port}`;
}

/** `TCP 80,443; UDP 53`. */
export function portsText(ports: readonly RulePort[]): string {
  const protocols = [...new Set(ports.map(({ protocol }) => protocol))].sort();
  return protocols.map((protocol) => `${protocol} ${ports.filter((each) => each.protocol === protocol).map(({ port }) => port).join(',')}`).join('; ');
}

export function sortedPorts(ports: readonly RulePort[]): readonly RulePort[] {
  const distinct = new Map(ports.map(({ protocol, port }) => [`${protocol} ${port}`, { protocol, port }]));
  return [...distinct.values()].sort((a, b) => (a.protocol === b.protocol ? a.port - b.port : a.protocol < b.protocol ? -1 : 1));
}
