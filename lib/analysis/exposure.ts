import { Direction, DIRECTIONS, NAMESPACE_NAME_LABEL, namespaceSelector, PodSet, PortMatch, Selector } from '../policy';
import { Connection, EndpointJson } from './connection';
import { ClusterModel } from './engine/cluster-model';
import { placesOf, PossiblePod } from './engine/endpoint';
import { viewOf } from './engine/layer-view';
import { matchPeers, matchSubject } from './engine/match';
import { Member, PodClass } from './engine/pod-classes';
import { PortsJson } from './engine/port-space';
import { forNamespace } from './engine/relative-rule';
import { conditionsFor, DirectionVerdict } from './engine/verdict';

/** What pods that may come to exist could reach or be reached by, as far as the policies of the input decide. */
export interface Exposure {
  /** Between workloads and `cluster` (every pod), and `selector` where pods of that kind fare otherwise. */
  readonly connections: readonly Connection[];
  /** Workloads and the directions in which no policy speaks about them. */
  readonly unprotected: ReadonlyArray<{ readonly workload: EndpointJson; readonly directions: readonly Direction[] }>;
}

interface Peer {
  readonly end: EndpointJson;
  readonly endpoint: PossiblePod;
}

/** The exposure of each workload; an empty `ports` says that pods of a kind reach nothing of what every other pod reaches. */
export function exposureOf(model: ClusterModel): Exposure {
  const [everyPod, ...some] = possiblePods(model);
  const connections: Connection[] = [];
  const unprotected: Array<{ workload: EndpointJson; directions: readonly Direction[] }> = [];
  for (const each of [...model.axis.pods, ...model.axis.hostPods]) {
    const open = DIRECTIONS.filter((direction) => !isProtected(model, each, direction));
    const rows = DIRECTIONS.flatMap((direction) => rowsOf(model, each, direction, everyPod!, some));
    for (const member of each.members) {
      const workload = endOf(member);
      if (open.length > 0) unprotected.push({ workload, directions: open });
      for (const { direction, peer, ports, conditions } of rows) {
        const [source, destination] = direction === 'ingress' ? [peer, workload] : [workload, peer];
        connections.push({ source, destination, ports, conditions });
      }
    }
  }
  return { connections, unprotected };
}

type Row = Pick<Connection, 'ports' | 'conditions'> & { readonly direction: Direction; readonly peer: EndpointJson };

function rowsOf(model: ClusterModel, pods: PodClass, direction: Direction, everyPod: Peer, some: readonly Peer[]): Row[] {
  const row = ({ end, endpoint }: Peer): Row => ({ direction, peer: end, ...portsBetween(model, pods, direction, endpoint) });
  const all = row(everyPod);
  const differing = some.map(row).filter(({ ports }) => JSON.stringify(ports) !== JSON.stringify(all.ports));
  return [...(isNothing(all.ports) ? [] : [all]), ...differing];
}

function isNothing(ports: PortsJson): boolean {
  return ports !== 'all' && Object.keys(ports).length === 0;
}

function portsBetween(model: ClusterModel, { endpoint }: PodClass, direction: Direction, peer: PossiblePod): Pick<Connection, 'ports' | 'conditions'> {
  const { space, pairs } = model;
  const [source, destination] = direction === 'egress' ? [endpoint, peer] : [peer, endpoint];
  const verdict: DirectionVerdict = pairs.direction(direction, source, destination);
  const depends = space.and(space.and(verdict.allow, verdict.deny), space.transport);
  const conditions = depends === space.none ? [] : conditionsFor(depends, verdict.notes, space);
  const ports = space.toJson(verdict.allow);
  return { ports: direction === 'egress' ? withNames(ports, namesToward(model, endpoint, peer)) : ports, conditions };
}

/** The names of ports that rules open towards pods of which no container is known. */
function namesToward({ layers }: ClusterModel, endpoint: PodClass['endpoint'], peer: PossiblePod): PortMatch[] {
  return layers.flatMap(({ layer, policies }) => policies
    .map((policy) => ({ policy, view: viewOf(layer, policy.policy.tier.name) }))
    .filter(({ policy, view }) => matchSubject(policy, endpoint, view).possible)
    .flatMap(({ policy: { rules }, view }) => rules.egress.map((rule) => forNamespace(rule, endpoint.namespaceLabels))
      .filter((rule) => rule.action === 'allow' && rule.namesPorts && matchPeers(rule, peer, view).possible))
    .flatMap(({ rule }) => (rule.ports ?? []).filter(({ kind }) => kind === 'named')));
}

function withNames(ports: PortsJson, names: readonly PortMatch[]): PortsJson {
  if (ports === 'all' || names.length === 0) return ports;
  const lists = new Map(Object.entries(ports));
  for (const match of names) {
    if (match.kind !== 'named') continue;
    const protocol = match.protocol ?? 'any';
    const known = lists.get(protocol)?.split(',') ?? [];
    if (!known.includes('all') && !known.includes(match.name)) lists.set(protocol, [...known, match.name].join(','));
  }
  return Object.fromEntries([...lists].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every pod, and one kind of pods for each pod set that rules name and that no pod of the input stands for. */
function possiblePods(model: ClusterModel): Peer[] {
  const found = new Map<string, Peer>();
  const policies = model.layers.flatMap((layer) => layer.policies);
  for (const { policy: { rules } } of policies) {
    for (const term of rules.flatMap(({ peers }) => peers ?? []).flatMap(({ terms }) => terms)) {
      if (term.kind !== 'pods') continue;
      const namespaces = namespaceSelector(term.namespaces);
      if ((namespaces.matchesEverything && term.pods.matchesEverything) || hasPodLike(model, namespaces, term)) continue;
      const end: EndpointJson = { kind: 'selector', namespaceSelector: namespaces.toSpec(), podSelector: term.pods.toSpec() };
      found.set(`${namespaces.key}/${term.pods.key}`, { end, endpoint: possible(model, namespaces, term.pods) });
    }
  }
  const everyPod: Peer = { end: { kind: 'cluster' }, endpoint: possible(model, Selector.everything, Selector.everything) };
  return [everyPod, ...[...found.keys()].sort().map((key) => found.get(key)!)];
}

/** Where labels alone are asked for, of namespaces and of pods, and some pod has them, its own rows tell how such pods fare. */
function hasPodLike({ axis }: ClusterModel, namespaces: Selector, { pods }: PodSet): boolean {
  if (namespaces.matchesEverything || pods.matchesEverything || pods.asLabels === undefined || namespaces.asLabels === undefined) return false;
  return [...axis.pods, ...axis.hostPods].some(({ endpoint }) => namespaces.matches(endpoint.namespaceLabels) && pods.matches(endpoint.labels));
}

function possible({ inventory, profile }: ClusterModel, namespaces: Selector, pods: Selector): PossiblePod {
  const name = namespaces.asLabels?.[NAMESPACE_NAME_LABEL];
  const namespaceLabels = name === undefined || namespaces.conditions.length > 1 ? undefined : inventory.namespaces.get(name)?.labels;
  const text = `a pod ${pods.toString()} in namespaces ${namespaces.toString()}`;
  return { kind: 'possible', text, namespaces, pods, namespaceLabels, meets: profile.possiblePodsMeet, places: placesOf([], profile.podCidrs) };
}

/** Whether some policy speaks about the pods in this direction: isolates them, or has rules. */
function isProtected({ layers }: ClusterModel, { endpoint }: PodClass, direction: Direction): boolean {
  return layers.some(({ layer, policies }) => (layer.combine.combinator === 'union' && layer.combine.isolatesEverybody === true)
    || policies.some((policy) => (policy.policy.isolates.includes(direction) || policy.rules[direction].length > 0)
      && matchSubject(policy, endpoint, viewOf(layer, policy.policy.tier.name)).possible));
}

function endOf({ workload: { namespace, name, kind }, pods }: Member): EndpointJson {
  return { kind: 'workload', namespace, name, workload: kind, ...(pods === undefined ? {} : { pods }) };
}
