import { didYouMean } from 'cdk8s-netpol/cluster';
import { UsageError } from '../../usage-error';
import { HOUR } from '../durations';
import { ObservedPeer } from '../observation';
import { peerText } from '../peer-text';
import { printable } from '../printable';
import { FlowStore, ObservedConnection, Window } from '../store/flow-store';
import { workloadOfPodName } from '../workload-name';
import { EndFit, endsOf, RecordedEnd } from './end-fit';
import { endPattern, EndPattern } from './end-pattern';
import { Fit } from './fit';
import { distinctPods, PodsAlike, PodSightings } from './pod-sightings';

/** The words for entities that sources write: one that is right may still have nothing recorded. */
const ENTITIES = [
  'encrypted-overlay', 'health', 'host', 'ingress', 'init', 'kube-apiserver', 'networkset', 'node', 'private', 'public', 'remote-node', 'unmanaged', 'world',
];
const BY_WORKLOAD = 'connections are kept by workload, so these are those of all its pods';
const SHOWN = 3;
/** What leaves open whether a name is right, and not only who somebody was. */
const MAY_BE_NAMED: readonly Fit[] = ['workload', 'kind of workload', 'Service'];

/** A part of the store. */
interface Recorded {
  readonly ends: readonly RecordedEnd[];
  readonly pods: PodSightings;
}

/** Turns ends as they are written into what finds them; a name that nothing was ever recorded of is an error, not an empty answer. */
export class RecordedEnds {
  private inWindow: Promise<Recorded> | undefined;
  private everything: Promise<Recorded> | undefined;

  /**
   * @param connections those of the window
   * @param newest when the newest record of the store is of
   */
  public constructor(
    private readonly store: FlowStore,
    private readonly cluster: string,
    private readonly window: Window,
    private readonly connections: readonly ObservedConnection[],
    private readonly newest: number,
    private readonly note: (text: string) => void,
  ) {}

  public async find(text: string): Promise<EndFit> {
    const pattern = endPattern(text);
    const recent = await (this.inWindow ??= this.recorded(this.connections, this.window));
    const found = this.within(recent, pattern, text);
    if (found !== undefined) return found;
    const all = { from: 0, until: Math.max(this.newest + HOUR, this.window.until) };
    const ever = await (this.everything ??= this.store.connections(this.cluster, all).then((connections) => this.recorded(connections, all)));
    return this.within(ever, pattern, text) ?? this.byPodName(ever, pattern, text) ?? this.unknown(ever, pattern, text);
  }

  private async recorded(connections: readonly ObservedConnection[], window: Window): Promise<Recorded> {
    return { ends: connections.flatMap((connection) => [...endsOf(connection)]), pods: new PodSightings(await this.store.pods(this.cluster, window)) };
  }

  private within({ ends, pods }: Recorded, pattern: EndPattern, text: string): EndFit | undefined {
    const named = namedPods(pattern, pods);
    const fit = new EndFit(pattern, pods, named);
    if (!ends.some((end) => fit.of(end) === true)) return undefined;
    const whose = distinctPods(named);
    if (whose.length > 0) this.note(`${text} is a pod of ${listed(whose)}: ${BY_WORKLOAD}`);
    const addressed = pattern.kind === 'block' ? distinctPods(pods.within(pattern.block)) : [];
    if (addressed.length > 0) this.note(`pods of ${listed(addressed)} had addresses of ${text}: ${BY_WORKLOAD}`);
    return fit;
  }

  /** A pod that no record shows, or that records show by its workload only. */
  private byPodName({ ends, pods }: Recorded, pattern: EndPattern, text: string): EndFit | undefined {
    const workload = pattern.kind === 'workload' && pattern.workload === undefined ? workloadOfPodName(pattern.name) : null;
    if (workload === null || pattern.kind !== 'workload') return undefined;
    const fit = new EndFit({ ...pattern, name: workload.name }, pods);
    if (!ends.some((end) => fit.of(end) === true)) return undefined;
    this.note(`${text} is, by its name, a pod of ${pattern.namespace}/${workload.name}: ${BY_WORKLOAD}`);
    return fit;
  }

  private unknown({ ends, pods }: Recorded, pattern: EndPattern, text: string): EndFit {
    const fit = new EndFit(pattern, pods);
    if (pattern.kind === 'block' || (pattern.kind === 'entity' && ENTITIES.includes(pattern.entity))) return fit;
    const candidates = candidatesFor(pattern, ends);
    const isOpen = pattern.kind === 'domain' || ends.some((end) => MAY_BE_NAMED.includes(fit.of(end)));
    if (!isOpen) throw new UsageError(`nothing was ever recorded of "${text}" in the cluster ${this.cluster}`, { word: text, candidates });
    const near = didYouMean(text, candidates);
    this.note(`no record names ${text}${near === undefined ? '' : ` (did you mean ${near}?)`}`);
    return fit;
  }
}

/** The pods that a pattern names by their own name, where that is not the name of their workload. */
function namedPods(pattern: EndPattern, pods: PodSightings): readonly PodsAlike[] {
  if (pattern.kind !== 'workload' || pattern.workload !== undefined) return [];
  return pods.named(pattern.namespace, pattern.name).filter(({ workload }) => workload?.name !== pattern.name);
}

function candidatesFor(pattern: EndPattern, ends: readonly RecordedEnd[]): readonly string[] {
  const entities = [...new Set([...ENTITIES, ...ends.flatMap(({ peer }) => (peer.kind === 'entity' ? [peer.entity] : []))])].map((entity) => `{${entity}}`);
  const named = ends.flatMap(({ peer, service }) => [...namesOf(peer, pattern.kind), ...(service === undefined ? [] : serviceNames(service, pattern.kind))]);
  return [...new Set([...named, ...(pattern.kind === 'entity' || pattern.kind === 'namespace' ? entities : [])].map(printable))];
}

function namesOf(peer: ObservedPeer, kind: EndPattern['kind']): readonly string[] {
  switch (peer.kind) {
    case 'external':
      return kind === 'domain' ? peer.names ?? [] : [];
    case 'pod':
      return kind === 'namespace' ? [peer.namespace] : kind === 'workload' && peer.workload !== null ? [`${peer.namespace}/${peer.workload.name}`] : [];
    case 'service':
      return serviceNames(peer, kind);
    default:
      return [];
  }
}

function serviceNames({ namespace, name }: { readonly namespace: string; readonly name: string }, kind: EndPattern['kind']): readonly string[] {
  return kind === 'namespace' ? [namespace] : kind === 'workload' ? [`${namespace}/${name}`] : kind === 'service' ? [`svc/${namespace}/${name}`] : [];
}

function listed(pods: readonly PodsAlike[]): string {
  const names = [...new Set(pods.map(({ namespace, workload, labels }) => peerText({ kind: 'pod', namespace, workload, labels })))];
  return `${names.slice(0, SHOWN).map(printable).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`;
}
