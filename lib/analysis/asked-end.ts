import { Cidr, PolicyError, tryParseAddress } from '../policy';
import { externalEndpoint, controllerEndpoint } from './engine/axis';
import { ClusterModel } from './engine/cluster-model';
import { Endpoint, NodeEndpoint, placesOf } from './engine/endpoint';
import { Member, PodEndpoints } from './engine/pod-classes';
import { groupBy } from './group-by';
import { Service, Workload } from './inventory';

/** One of the pods or address blocks that an asked name stands for. */
export interface Part {
  readonly endpoint: Endpoint;
  /** The workload that the part belongs to, to know traffic of a pod to itself. */
  readonly workload?: Workload;
  /** The one pod that it is, where it is one. */
  readonly pod?: string;
}

/** What a name in a question stands for. */
export type AskedEnd =
  | { readonly kind: 'parts'; readonly text: string; readonly parts: readonly Part[] }
  | { readonly kind: 'service'; readonly text: string; readonly service: Service };

const ENTITIES: Readonly<Record<string, (model: ClusterModel) => Endpoint[]>> = {
  '{host}': (model) => [node(model, 'the own node of the pod', 'own')],
  '{remote-node}': (model) => [node(model, 'another node', 'other')],
  '{kube-apiserver}': (model) => [{ ...node(model, 'the API server', undefined), isApiServer: true }],
  '{world}': ({ axis }) => axis.endpoints.slice(axis.firstExternal, axis.controller),
  '{ingress-controller}': ({ profile }) => [controllerEndpoint(profile)],
};

/** `NAMESPACE/NAME`, `NAMESPACE/NAME[Kind]`, `svc/NAMESPACE/NAME`, `node/NAME`, an address, a CIDR, or an entity in braces. */
export function resolveEnd(model: ClusterModel, text: string): AskedEnd {
  if (text.startsWith('{')) return { kind: 'parts', text, parts: entity(model, text).map((endpoint) => ({ endpoint })) };
  if (tryParseAddress(text) !== undefined) return { kind: 'parts', text, parts: address(model, text) };
  if (/^[0-9a-fA-F.:]+\/\d+$/.test(text)) return { kind: 'parts', text, parts: block(model, Cidr.parse(text)).map((endpoint) => ({ endpoint })) };
  const service = /^svc\/([^/]+)\/([^/]+)$/.exec(text);
  if (service !== null) return { kind: 'service', text, service: findService(model, service[1]!, service[2]!) };
  const [, namespace, name, kind] = /^([^/[\]]+)\/([^/[\]]+)(?:\[([^\]]+)\])?$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new PolicyError({ given: text, problem: 'is not an end of a connection', instead: 'NAMESPACE/NAME, svc/NAMESPACE/NAME, an IP address, a CIDR, or an entity such as {host}' });
  }
  if (namespace === 'node' && !model.inventory.namespaces.has('node')) return { kind: 'parts', text, parts: [{ endpoint: namedNode(model, name) }] };
  return { kind: 'parts', text, parts: workload(model, text, namespace, name, kind) };
}

function entity(model: ClusterModel, text: string): Endpoint[] {
  const found = Object.hasOwn(ENTITIES, text) ? ENTITIES[text] : undefined;
  if (found === undefined) throw new PolicyError({ given: text, problem: 'is not an entity', instead: Object.keys(ENTITIES).join(', ') });
  return found(model);
}

function node({ profile }: ClusterModel, text: string, locality: NodeEndpoint['locality']): NodeEndpoint {
  return { kind: 'node', text, name: undefined, labels: undefined, places: placesOf([], profile.nodeCidrs), ...(locality === undefined ? {} : { locality }) };
}

function namedNode({ inventory, profile }: ClusterModel, name: string): NodeEndpoint {
  const found = inventory.nodes.find((candidate) => candidate.name === name);
  if (found === undefined) throw new PolicyError({ given: name, problem: 'is not a node of the input', instead: known(inventory.nodes.map((each) => each.name)) });
  return { kind: 'node', text: `node ${name}`, name, labels: found.labels, places: placesOf(found.addresses, profile.nodeCidrs) };
}

/** An address of a pod or node stands for it; pods in the network of their node share its address. */
function address(model: ClusterModel, text: string): Part[] {
  const host = Cidr.host(text);
  const { inventory, profile } = model;
  const onNode = inventory.nodes.find(({ addresses }) => addresses.some((own) => own.sameAs(host)));
  if (onNode !== undefined) return [{ endpoint: namedNode(model, onNode.name) }];
  const endpoints = new PodEndpoints(inventory, profile);
  for (const each of inventory.workloads) {
    for (const group of each.groups) {
      const pod = group.pods.find((candidate) => candidate.addresses.some((own) => own.sameAs(host)));
      if (pod === undefined) continue;
      const [found] = endpoints.of(each, { ...group, pods: [pod] });
      return [{ endpoint: found!.endpoint, workload: each, pod: pod.name }];
    }
  }
  return [{ endpoint: externalEndpoint([host]) }];
}

/** A block, cut where rules tell its addresses apart. */
function block({ axis }: ClusterModel, cidr: Cidr): Endpoint[] {
  return axis.cuts.classesTouching(cidr).map((index) => {
    const inside = axis.cuts.classes[index]!.cidrs.flatMap((own) => (cidr.contains(own) ? [own] : own.contains(cidr) ? [cidr] : []));
    return externalEndpoint(inside);
  });
}

function workload(model: ClusterModel, text: string, namespace: string, name: string, kind: string | undefined): Part[] {
  const { inventory, profile } = model;
  const { byName, members } = placesIn(model);
  const named = (byName.get(`${namespace}/${name}`) ?? []).filter((each) => kind === undefined || kind === each.kind);
  if (named.length > 1) {
    throw new PolicyError({ given: text, problem: 'is the name of several workloads', instead: named.map((each) => `${namespace}/${name}[${each.kind}]`).join(' or ') });
  }
  const [only] = named;
  if (only !== undefined) {
    return (members.get(only) ?? []).map((member) => ({ endpoint: member.endpoint, workload: only, ...onePod(member) }));
  }
  const endpoints = new PodEndpoints(inventory, profile);
  for (const each of inventory.workloads) {
    if (each.namespace !== namespace) continue;
    for (const group of each.groups) {
      const pod = group.pods.find((candidate) => candidate.name === name);
      const numbered = group.ordinals === undefined || group.pods.length > 0 ? [] : endpoints.numbered(each, group, group.ordinals);
      const found = pod !== undefined ? endpoints.of(each, { ...group, pods: [pod] }) : numbered.filter((candidate) => candidate.pod === name);
      if (found[0] !== undefined) return [{ endpoint: found[0].endpoint, workload: each, pod: name }];
    }
  }
  throw new PolicyError({ given: text, problem: 'is no workload or pod of the input', instead: known(inventory.workloads.map((each) => `${each.namespace}/${each.name}`)) });
}

/** Where the workloads of a cluster are: thousands of connections may be asked about. */
interface WorkloadPlaces {
  readonly byName: ReadonlyMap<string, readonly Workload[]>;
  readonly members: ReadonlyMap<Workload, readonly Member[]>;
}

const PLACES = new WeakMap<ClusterModel, WorkloadPlaces>();

function placesIn(model: ClusterModel): WorkloadPlaces {
  let places = PLACES.get(model);
  if (places === undefined) {
    const { inventory, axis } = model;
    const members = [...axis.pods, ...axis.hostPods].flatMap((each) => each.members);
    places = {
      byName: groupBy(inventory.workloads, (each) => `${each.namespace}/${each.name}`),
      members: groupBy(members, ({ workload: owner }) => owner),
    };
    PLACES.set(model, places);
  }
  return places;
}

function onePod({ workload: { replicated, name }, pods }: Member): { pod?: string } {
  if (!replicated) return { pod: name };
  return pods?.length === 1 ? { pod: pods[0]! } : {};
}

function findService({ inventory }: ClusterModel, namespace: string, name: string): Service {
  const found = inventory.services.find((service) => service.namespace === namespace && service.name === name);
  if (found !== undefined) return found;
  throw new PolicyError({ given: `svc/${namespace}/${name}`, problem: 'is no Service of the input', instead: known(inventory.services.map((each) => `svc/${each.namespace}/${each.name}`)) });
}

function known(names: readonly string[]): string {
  if (names.length === 0) return 'nothing: the input has none';
  const sorted = [...new Set(names)].sort();
  return sorted.length > 12 ? `one of ${sorted.slice(0, 12).join(', ')}, and ${sorted.length - 12} more` : `one of ${sorted.join(', ')}`;
}
