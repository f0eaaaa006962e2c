import { Analysis, EndpointJson, endpointText, Inventory, PairChange, pairChanges, portsText, SidePorts } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { ClusterFlags } from '../../cluster-flags';
import { GateConfig } from '../../config/gate-config';
import { firstOfEach, InputObject } from '../../input';
import { analyse, ReadCluster, readCluster } from '../../load-cluster';
import { metadataOf } from '../../owners/object-metadata';
import { Run } from '../../run';
import { UsageError } from '../../usage-error';
import { coverageOf } from '../coverage/coverage';
import { enforcedCluster } from '../coverage/enforced-cluster';
import { FlowStore, ObservedConnection, Window } from '../store/flow-store';
import { dayText } from '../timestamps';
import { gate, GateResult } from './gate';
import { observationOf, WindowObservation } from './observation-window';
import { rehearsalOf } from './rehearsal';

export interface GateAsked {
  /** `all`: those of the input. */
  readonly namespaces: readonly string[] | 'all';
  readonly cluster: string;
  /** The cluster in which connections were exercised. */
  readonly rehearsedIn: string | undefined;
  readonly config: GateConfig;
  readonly now: number;
  /** Manifests of what is in force today. */
  readonly against: readonly string[];
}

export interface GateAnswer {
  readonly results: readonly GateResult[];
  readonly observation: WindowObservation;
  /** Of the policies, as they will be enforced. */
  readonly inventory: Inventory;
}

/** Gathers what the gate has to know. */
export class GateRun {
  public constructor(private readonly store: FlowStore, private readonly run: Run) {}

  public async ask(asked: GateAsked, read: ReadCluster, flags: ClusterFlags & { readonly marker: string }): Promise<GateAnswer> {
    const { cluster, config, now } = asked;
    const named = asked.namespaces === 'all' ? undefined : asked.namespaces;
    const window: Window = { from: now - config.window, until: now };
    const filter = named === undefined ? {} : { namespaces: named };
    const observed = await this.store.connections(cluster, window, filter);
    const pods = await this.store.pods(cluster, window, named);
    const { judge, objects, evaluated } = enforcedCluster(read, flags, observed, this.run);
    const { analysis } = judge;
    const known = [...analysis.inventory.namespaces.keys()];
    const namespaces = named ?? known.sort();
    const wrong = namespaces.find((namespace) => !known.includes(namespace));
    if (wrong !== undefined) throw new UsageError(`neither the input nor the record has a namespace "${wrong}"`, { word: wrong, candidates: known });
    const hours = await this.store.coverage(cluster, window);
    const observation = observationOf(hours, window, config, objects.filter(({ object }) => object.kind === 'Node').map(({ object }) => metadataOf(object).name));
    const recordedSince = await this.recordedSince(cluster);
    const rehearsed = asked.rehearsedIn === undefined ? undefined : await this.store.connections(asked.rehearsedIn, window, filter);
    const opened = asked.against.length === 0 ? undefined : await this.opened(analysis, evaluated, asked.against, flags);
    const results = namespaces.map((namespace) => {
      const own = observed.filter((each) => isOf(each, namespace));
      const report = coverageOf(judge, own, [namespace]);
      return gate({
        namespace, config, observation, recordedSince, report, pods, objects,
        observed: own,
        today: dayText(now),
        ...(opened === undefined ? {} : { opened: opened.filter((each) => isAbout(each, namespace)).map(openedText) }),
        ...(rehearsed === undefined ? {} : { rehearsal: rehearsalOf(asked.rehearsedIn!, report.connections, rehearsed) }),
      });
    });
    return { results, observation, inventory: analysis.inventory };
  }

  private async recordedSince(cluster: string): Promise<number | null> {
    const starts = (await this.store.imports(cluster)).flatMap(({ firstSeen }) => (firstSeen === null ? [] : [firstSeen]));
    return starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b));
  }

  /** What the policies open that those of today do not, between the same pods. */
  private async opened(analysis: Analysis, objects: readonly InputObject[], against: readonly string[], flags: ClusterFlags): Promise<readonly PairChange[]> {
    const { cni, cluster } = flags;
    const today = await readCluster(against, { ...(cni === undefined ? {} : { cni }), ...(cluster === undefined ? {} : { cluster }) }, this.run);
    const before = analyse(firstOfEach(today.objects, objects.filter((each) => !isPolicy(each))), today.profile, flags, this.run);
    return pairChanges(analysis.changesFrom(before)).filter(({ opened }) => opened);
  }
}

function isPolicy({ object }: InputObject): boolean {
  return POLICY_READERS.some(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
}

function isOf({ src, dst }: ObservedConnection, namespace: string): boolean {
  return [src, dst].some((peer) => 'namespace' in peer && peer.namespace === namespace);
}

function isAbout({ source, destination }: PairChange, namespace: string): boolean {
  const isHere = (end: EndpointJson) => end.kind === 'workload' && end.namespace === namespace;
  return isHere(source) || isHere(destination);
}

function openedText({ source, destination, before, after }: PairChange): string {
  return `${endpointText(source)} -> ${endpointText(destination)}: ${sideText(after)}, today ${sideText(before)}`;
}

function sideText({ allowed, depends }: SidePorts): string {
  return [...(allowed === undefined ? [] : [portsText(allowed)]), ...(depends === undefined ? [] : [`perhaps ${portsText(depends)}`])].join(', ') || 'nothing';
}
