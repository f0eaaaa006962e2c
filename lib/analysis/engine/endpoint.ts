import { Cidr, Labels, Selector } from '../../policy';
import { ContainerPort } from '../inventory';
import { DialledService } from './service-entries';

/** Where an endpoint's address lies: one of these, and nobody knows which. A known address is a block of its own. */
export type Places = readonly Cidr[];

/** One end of a connection, as policies see it. */
export type Endpoint = PodEndpoint | NodeEndpoint | ExternalEndpoint | ControllerEndpoint | PossiblePod;

/** Pods that no policy tells apart. */
export interface PodEndpoint {
  readonly kind: 'pod';
  readonly text: string;
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  readonly places: Places;
  /** The nodes they run on; undefined where unknown. */
  readonly nodes: readonly string[] | undefined;
  /** For pods in the network of their node: its address and labels. */
  readonly host?: { readonly places: Places; readonly labels: Labels | undefined };
  /** Where it runs on a node on which nothing polices it. */
  readonly isUnpoliced?: true;
}

export interface NodeEndpoint {
  readonly kind: 'node';
  readonly text: string;
  /** Undefined for a node of which nothing is known. */
  readonly name: string | undefined;
  readonly labels: Labels | undefined;
  readonly places: Places;
  /** What was asked about it: the pod's own node, or another one. Undefined where names decide. */
  readonly locality?: 'own' | 'other';
  /** The API server of the cluster, wherever it runs. */
  readonly isApiServer?: true;
}

/** Addresses outside of the cluster. */
export interface ExternalEndpoint {
  readonly kind: 'external';
  readonly text: string;
  readonly places: Places;
  /** The Service whose address it is, where policy sees that. */
  readonly service?: DialledService;
}

/** The pods of an ingress controller, of which the input shows nothing. */
export interface ControllerEndpoint {
  readonly kind: 'controller';
  readonly text: string;
  readonly labels: 'none' | 'unknown';
  readonly places: Places;
}

/** Pods that may come to exist, of which nothing is known but that these selectors match them. */
export interface PossiblePod {
  readonly kind: 'possible';
  readonly text: string;
  readonly namespaces: Selector;
  readonly pods: Selector;
  /** The labels of its namespace, where that is one of the input. */
  readonly namespaceLabels: Labels | undefined;
  /** Whether it meets every selector that its own implies, or only those that say the same. */
  readonly meets: 'implied' | 'equal';
  readonly places: Places;
}

/** The container ports by which named ports are resolved at a destination. */
export function portsAt(endpoint: Endpoint): readonly ContainerPort[] {
  return endpoint.kind === 'pod' ? endpoint.ports : [];
}

const EVERYWHERE: Places = [Cidr.all(4), Cidr.all(6)];

/** Known addresses, else the ranges that they must lie in, else anywhere. */
export function placesOf(known: readonly Cidr[], ranges: readonly Cidr[]): Places {
  if (known.length > 0) return known;
  return ranges.length > 0 ? ranges : EVERYWHERE;
}
