import { AddressSet, Cidr, Group, Labels, Origin, Policy, Protocol, Selector, TierDefinition } from '../../policy';

/** An object as people name it. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A parsed document and where it stood. */
export interface SourceObject {
  readonly object: unknown;
  readonly origin?: Origin;
}

/** What is in a cluster, as far as traffic is concerned. */
export interface Inventory {
  /** Those of the input, and those that other objects only mention. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly workloads: readonly Workload[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
  readonly endpointSlices: readonly EndpointSlice[];
  /** The labels of service accounts by `NAMESPACE/NAME`; those that pods only mention are not here. */
  readonly serviceAccounts: ReadonlyMap<string, Labels>;
  /** Whose metrics are to be read, and by whom, where objects or annotations say so. */
  readonly scrapes: readonly Scrape[];
  readonly scrapers: readonly Scraper[];
  readonly policies: readonly PolicyDocument[];
  readonly tiers: readonly TierDefinition[];
  readonly addressSets: readonly AddressSetDocument[];
  readonly groups: readonly GroupDocument[];
  readonly issues: readonly InventoryIssue[];
  /** How many objects of each kind have no bearing on traffic and were not read. */
  readonly skipped: ReadonlyMap<string, number>;
}

export interface Namespace {
  readonly name: string;
  /** With `kubernetes.io/metadata.name`, which the API server sets on each. */
  readonly labels: Labels;
  /** Annotations, where owner and stage may stand. */
  readonly annotations: Labels;
  /** Undefined where the input mentions the namespace without having it. */
  readonly origin?: Origin;
  readonly declared: boolean;
}

/** Pods that people know under one name: those of a controller, or a bare pod. */
export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Whether there can be two of its pods at once: then traffic between them is policed like any other. */
  readonly replicated: boolean;
  /** Pods that no policy can tell apart by labels and ports. Most workloads have one group. */
  readonly groups: readonly PodGroup[];
  readonly origin?: Origin;
}

export interface PodGroup {
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  /** The pods that run, where the input has them; empty for those that a template will make. */
  readonly pods: readonly RunningPod[];
  /** The node that a template pins its pods to. */
  readonly node?: string;
  /** The labels that its nodes must have, where it asks for some. */
  readonly nodeLabels?: Labels;
  readonly serviceAccount: string;
  /** The numbers of a StatefulSet's pods, which the controller writes into labels. */
  readonly ordinals?: { readonly prefix: string; readonly first: number; readonly count: number };
}

export interface RunningPod {
  readonly name: string;
  /** Each address as a block of its own; empty where unknown. */
  readonly addresses: readonly Cidr[];
  readonly nodeAddresses: readonly Cidr[];
  readonly node?: string;
}

/** A container port that has a name, or not. */
export interface ContainerPort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly number: number;
}

export interface Node {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Cidr[];
  /** The ranges that its pods get their addresses from. */
  readonly podCidrs: readonly Cidr[];
  readonly origin?: Origin;
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** Undefined where the Service has no selector: its endpoints are somebody else's business. */
  readonly selector?: Labels;
  readonly ports: readonly ServicePort[];
  readonly clusterAddresses: readonly Cidr[];
  readonly headless: boolean;
  /** Whether clients outside of the cluster reach it. */
  readonly external: boolean;
  /** `Cluster` hides the client's address behind that of a node. */
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly origin?: Origin;
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** A number, or the name of a container port. */
  readonly target: number | string;
}

/** An Ingress, a route of the Gateway API or an OpenShift Route: a way in from outside, to Services. */
export interface Route {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly backends: readonly RouteBackend[];
  readonly origin?: Origin;
}

export interface RouteBackend {
  readonly namespace: string;
  readonly service: string;
  /** The port of the Service by number or name, or its target port. Undefined for all of its ports. */
  readonly port?: number | string;
}

/** What an object, or the annotations of one, asks to be scraped: a ServiceMonitor, pods with `prometheus.io/scrape`. */
export interface Scrape extends ObjectName {
  readonly namespace: string;
  /** Whether it selects pods, or Services by the labels of the Service. */
  readonly of: 'pods' | 'services';
  readonly namespaces: 'all' | readonly string[];
  readonly selector: Selector;
  readonly ports: readonly ScrapePort[];
  readonly origin?: Origin;
}

/** A port of a Service by its name, or one of a container by name or number. */
export interface ScrapePort {
  readonly of: 'service' | 'container';
  readonly port: number | string;
}

/** Pods that an operator makes to read metrics: the input shows the object that asks for them. */
export interface Scraper extends ObjectName {
  readonly namespace: string;
  readonly labels: Labels;
  readonly hostNetwork: boolean;
  readonly origin?: Origin;
}

/** Addresses behind a Service, and their ports. */
export interface EndpointSlice {
  readonly namespace: string;
  readonly service: string;
  readonly addresses: readonly Cidr[];
  readonly ports: ReadonlyArray<{ readonly protocol: Protocol; readonly number: number }>;
}

/** A set of addresses with the kind of the object that it was read from. */
export interface AddressSetDocument {
  readonly kind: string;
  readonly apiVersion: string;
  readonly set: AddressSet;
}

/** A group with the kind of the object that it was read from. */
export interface GroupDocument {
  readonly kind: string;
  readonly apiVersion: string;
  readonly group: Group;
}

/** A policy with the kind of the object that it was read from. */
export interface PolicyDocument {
  readonly kind: string;
  readonly apiVersion: string;
  readonly policy: Policy;
}

/** Something about the input that its reader should know. An `error` forbids answers: they would look whole and not be. */
export interface InventoryIssue {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly object?: ObjectName;
  /** The field. */
  readonly path?: string;
  readonly origin?: Origin;
}

/** What a document of a policy API says: policies, or something that policies refer to. */
export interface PolicyReading {
  readonly policy?: Policy;
  /** Where one document holds several policies. */
  readonly policies?: readonly Policy[];
  readonly tier?: TierDefinition;
  readonly addressSet?: AddressSet;
  readonly group?: Group;
  readonly issues: ReadonlyArray<{ readonly code: string; readonly path: string; readonly message: string }>;
}

/** Reads the documents of one kind into the model. */
export interface PolicyReader {
  readonly apiVersion: string;
  readonly kind: string;
  read(document: unknown, origin?: Origin): PolicyReading;
}

export function objectText({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
