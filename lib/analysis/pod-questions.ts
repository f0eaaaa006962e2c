import { Cidr, Direction, Labels, NamespaceScope, NAMESPACE_NAME_LABEL, namespaceSelector, PodSet, Policy, Protocol, Selector } from '../policy';
import type { Verdict } from './answers';
import { externalEndpoint } from './engine/axis';
import type { ClusterModel } from './engine/cluster-model';
import { CompiledPolicy, CompiledRule } from './engine/compiled';
import { Condition } from './engine/condition';
import { Endpoint, placesOf, PodEndpoint } from './engine/endpoint';
import { PortEntries, portEntries } from './engine/entries-outcome';
import { viewOf } from './engine/layer-view';
import { Match, matchPeers, matchSubject } from './engine/match';
import { PairEvaluator } from './engine/pair';
import { PodClass, PodEndpoints } from './engine/pod-classes';
import { PolicyLayer } from './engine/policies';
import { PortSet } from './engine/port-space';
import { chain, DirectionVerdict } from './engine/verdict';
import { groupBy } from './group-by';
import { Workload } from './inventory';
import { Layer } from './layers';

/** A pod that a question is about: those of some workloads that no policy tells apart, or one that the input does not show. */
export interface AskedPod {
  readonly text: string;
  readonly endpoint: PodEndpoint;
  /** Empty for a pod that the input does not show. */
  readonly workloads: readonly Workload[];
}

/** A policy that speaks about a pod; not for certain where the CNI, or what was not evaluated, decides. */
export interface PolicyOfPod {
  readonly policy: CompiledPolicy;
  readonly certain: boolean;
}

/** What policies say about one packet in one direction. */
export interface DirectionAnswer {
  readonly verdict: Verdict;
  /** The rules that let it through; none where it passes because no policy stops it. */
  readonly allowedBy: readonly CompiledRule[];
}

/** More port entries for one address than a data plane keeps. */
export interface CrowdedAddress extends PortEntries {
  readonly kept: number;
}

/** Two kinds of pods of the input between which something passes. */
export interface TalkingPods {
  readonly source: AskedPod;
  readonly destination: AskedPod;
  /** A port on which it does; undefined where that depends on something that nobody told. */
  readonly allowed: { readonly protocol: Protocol; readonly port: number } | undefined;
  /** What it depends on, where it does on some port. */
  readonly conditions: readonly Condition[];
}

/** What is taken for not written. */
interface LeftOut {
  readonly rules?: ReadonlySet<CompiledRule>;
  readonly policies?: (policy: CompiledPolicy) => boolean;
}

/** The policies that can speak about a pod, and who answers by them. */
interface PodView {
  readonly layers: readonly PolicyLayer[];
  readonly pairs: PairEvaluator;
}

/**
 * Questions about single pods and one direction: cheap where a whole matrix would answer more than was asked. Only the policies
 * that can speak about the namespace of the pod are looked at.
 */
export class PodQuestions {
  private readonly views = new Map<PodEndpoint, PodView>();
  private readonly spokenAbout = new Map<string, readonly PolicyLayer[]>();
  private readonly sets = new WeakMap<PodSet, readonly AskedPod[]>();
  private policed: ReadonlyMap<string, readonly AskedPod[]> | undefined;
  private all: ReadonlyMap<string, readonly AskedPod[]> | undefined;

  public constructor(private readonly model: ClusterModel, private readonly leftOut: LeftOut = {}) {}

  /** The same questions to a cluster without some rules; what their policies isolate stays isolated. */
  public without(rules: readonly CompiledRule[]): PodQuestions {
    return new PodQuestions(this.model, { rules: new Set(rules) });
  }

  /** The same questions to a cluster without some policies. */
  public withoutPolicies(policies: (policy: CompiledPolicy) => boolean): PodQuestions {
    return new PodQuestions(this.model, { policies });
  }

  /**
   * Whether some of the pods and ends that rules of one policy are about fare otherwise in another cluster: those of the input, and
   * those that may come to exist.
   */
  public differsFrom(other: PodQuestions, rules: readonly CompiledRule[]): boolean {
    return rules.some((each) => {
      const { policy: { policy: { subject } }, rule: { direction } } = each;
      const peers = this.endsOf(each);
      return this.podsOf(subject).some((pod) => peers.some((peer) => {
        const [here, there] = [this.verdict(direction, pod, peer), other.verdict(direction, pod, peer)];
        return here.allow !== there.allow || here.deny !== there.deny;
      }));
    });
  }

  /** An end toward which a pod certainly gets through here and certainly does not in another cluster; undefined where there is none. */
  public opensMoreThan(other: PodQuestions, direction: Direction, pod: AskedPod): Endpoint | undefined {
    const { space, axis } = this.model;
    const everybody = this.possiblePod({ kind: 'matching', selector: Selector.everything }, Selector.everything);
    return [everybody, ...axis.endpoints].find((peer) => {
      const [here, there] = [this.verdict(direction, pod, peer), other.verdict(direction, pod, peer)];
      return space.minus(space.minus(space.and(here.allow, space.transport), here.deny), there.allow) !== space.none;
    });
  }

  /** The pods of the workloads of a namespace; those in the network of their node only where policies take them for ordinary ones. */
  public in(namespace: string): readonly AskedPod[] {
    this.policed ??= gather(this.model.axis.pods);
    return this.policed.get(namespace) ?? [];
  }

  /** With those in the network of their node: whatever labels can be looked for. */
  public everyIn(namespace: string): readonly AskedPod[] {
    this.all ??= gather([...this.model.axis.pods, ...this.model.axis.hostPods]);
    return this.all.get(namespace) ?? [];
  }

  /** The namespaces that a scope has; one that it names, whether or not the input shows it. */
  public namespacesIn(scope: NamespaceScope): readonly string[] {
    if (scope.kind === 'named') return [scope.name];
    return [...this.model.inventory.namespaces.values()].filter(({ labels }) => scope.selector.matches(labels)).map(({ name }) => name);
  }

  /** The pods of the input that a set names; those in the network of their node only where policies take them for ordinary ones. */
  public ofSet(set: PodSet): readonly AskedPod[] {
    let known = this.sets.get(set);
    if (known === undefined) {
      known = this.namespacesIn(set.namespaces).flatMap((name) => this.in(name)).filter(({ endpoint }) => set.pods.matches(endpoint.labels));
      this.sets.set(set, known);
    }
    return known;
  }

  /** With those in the network of their node. */
  public everyOfSet({ namespaces, pods }: PodSet): readonly AskedPod[] {
    return this.namespacesIn(namespaces).flatMap((name) => this.everyIn(name)).filter(({ endpoint }) => pods.matches(endpoint.labels));
  }

  /** A pod with these labels that the input does not show. */
  public imagined(namespace: string, labels: Labels): AskedPod {
    const { inventory, profile } = this.model;
    const group = { labels, ports: [], hostNetwork: false, pods: [], serviceAccount: 'default' };
    const workload: Workload = { kind: 'Pod', namespace, name: 'any', replicated: true, groups: [group] };
    const [found] = new PodEndpoints(inventory, profile).of(workload, group);
    const text = Object.keys(labels).length === 0 ? `any pod of ${namespace}` : `a pod ${Selector.labels(labels).toString()} of ${namespace}`;
    return { text, endpoint: { ...found!.endpoint, text }, workloads: [] };
  }

  /** The policies that speak about a pod. */
  public policiesOf({ endpoint }: AskedPod): readonly PolicyOfPod[] {
    return this.view(endpoint).layers.flatMap(({ layer, policies }) =>
      policies.map((policy) => ({ policy, certain: matchOf(policy, endpoint, layer).certain })));
  }

  /** Whether what no rule allows is stopped: a policy isolates the pod, or the cluster isolates every pod. */
  public isIsolated(pod: AskedPod, direction: Direction): boolean {
    const { layers } = this.view(pod.endpoint);
    return layers.some(({ layer }) => layer.combine.combinator === 'union' && layer.combine.isolatesEverybody === true)
      || this.policiesOf(pod).some(({ policy: { policy } }) => policy.isolates.includes(direction));
  }

  /** What policies say about a packet between a pod and another end. */
  public ask(direction: Direction, { endpoint }: AskedPod, peer: Endpoint, protocol: Protocol, port: number): DirectionAnswer {
    const { space } = this.model;
    const atom = space.atomOf(protocol, port);
    const [source, destination] = direction === 'egress' ? [endpoint, peer] : [peer, endpoint];
    const { pairs } = this.view(endpoint);
    const answers = pairs.answers(direction, source, destination);
    const { allow, deny } = chain(answers.map(({ outcome }) => outcome), space);
    const mayAllow = space.has(allow, atom);
    if (!mayAllow) return { verdict: 'denied', allowedBy: [] };
    const hits = answers.flatMap(({ selected }) => selected.flatMap((each) => each.hits))
      .filter(({ rule, ports }) => rule.action === 'allow' && space.has(ports, atom));
    return { verdict: space.has(deny, atom) ? 'depends' : 'allowed', allowedBy: [...new Set(hits.map(({ rule }) => rule))] };
  }

  /** Where the rules that meet at the other end have more port entries than the data plane keeps for its address: the rest is cut. */
  public crowded(direction: Direction, { endpoint }: AskedPod, peer: Endpoint): readonly CrowdedAddress[] {
    const [source, destination] = direction === 'egress' ? [endpoint, peer] : [peer, endpoint];
    return this.view(endpoint).pairs.answers(direction, source, destination).flatMap(({ layer: { layer }, selected }): CrowdedAddress[] => {
      const entries = portEntries(selected);
      const kept = layer.addressEntries?.maxPorts;
      return kept === undefined || entries.count <= kept ? [] : [{ ...entries, kept }];
    });
  }

  /**
   * The pods of the input between which something passes on some port, for certain or perhaps, of those pairs that are wanted. Pods in
   * the network of their node are not among them where policies take them for their node.
   */
  public* talking(isWanted: (source: PodEndpoint, destination: PodEndpoint) => boolean): Generator<TalkingPods> {
    const { axis, matrix, space } = this.model;
    const asked = axis.pods.map(askedPod);
    for (const { source, destination, verdict } of matrix.cells()) {
      const [from, to] = [asked[source], asked[destination]];
      if (from === undefined || to === undefined || !isWanted(from.endpoint, to.endpoint)) continue;
      const numbered = space.and(space.or(verdict.allowed, verdict.depends), space.transport);
      if (numbered === space.none) continue;
      yield { source: from, destination: to, allowed: this.portOf(verdict.allowed, to.endpoint), conditions: verdict.conditions };
    }
  }

  /** Whether a pod that no rule names is stopped in a direction, on some port: what a default deny does, in whatever API. */
  public stopsUnknown(pod: AskedPod, direction: Direction): boolean {
    const { space } = this.model;
    const { pairs } = this.view(pod.endpoint);
    const everybody = this.possiblePod({ kind: 'matching', selector: Selector.everything }, Selector.everything);
    const [source, destination] = direction === 'egress' ? [pod.endpoint, everybody] : [everybody, pod.endpoint];
    return space.and(pairs.direction(direction, source, destination).allow, space.transport) !== space.transport;
  }

  public address(cidr: Cidr): Endpoint {
    return externalEndpoint([cidr]);
  }

  /** Another node than that of the pod, with an address in one of some blocks. */
  public otherNode(places: readonly Cidr[]): Endpoint {
    return { kind: 'node', text: 'another node', name: undefined, labels: undefined, places, locality: 'other' };
  }

  /** Any pod that has an address of a block. */
  public podAt(block: Cidr): Endpoint {
    const { profile } = this.model;
    return {
      kind: 'possible', text: `a pod at ${block.toString()}`, namespaces: Selector.everything, pods: Selector.everything, namespaceLabels: undefined,
      meets: profile.possiblePodsMeet, places: [block],
    };
  }

  /** Pods that may come to exist. */
  public possiblePod(namespaces: NamespaceScope, pods: Selector): Endpoint {
    const { inventory, profile } = this.model;
    const selector = namespaceSelector(namespaces);
    const namespaceLabels = namespaces.kind === 'named' ? inventory.namespaces.get(namespaces.name)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespaces.name } : undefined;
    return {
      kind: 'possible', text: `a pod ${pods.toString()} in namespaces ${selector.toString()}`,
      namespaces: selector, pods, namespaceLabels, meets: profile.possiblePodsMeet, places: placesOf([], profile.podCidrs),
    };
  }

  /** One of some ports: where it can be, one on which the pod listens, or of TCP. */
  private portOf(ports: PortSet, { ports: own }: PodEndpoint): TalkingPods['allowed'] {
    const { space } = this.model;
    const listening = own.find(({ protocol, number }) => space.has(ports, space.atomOf(protocol, number)));
    if (listening !== undefined) return { protocol: listening.protocol, port: listening.number };
    const found = space.atoms.flatMap(({ protocol, first }, index) => (protocol !== 'OTHER' && space.has(ports, index) ? [{ protocol, port: first }] : []));
    return found.find(({ protocol }) => protocol === Protocol.TCP) ?? found[0];
  }

  /** The pods of the input that a set has, and one that it would have. */
  private podsOf(set: PodSet): readonly AskedPod[] {
    const labels = labelsFor(set.pods);
    return [...this.everyOfSet(set), ...(labels === undefined ? [] : this.namespacesIn(set.namespaces).map((name) => this.imagined(name, labels)))];
  }

  /** The ends of the input that a rule may be about, and the pods that may come to be its peers. */
  private endsOf(compiled: CompiledRule): readonly Endpoint[] {
    const { axis, layers } = this.model;
    const layer = layers.find(({ policies }) => policies.includes(compiled.policy))!.layer;
    const terms = (compiled.rule.peers ?? []).flatMap((peer) => peer.terms).filter((term): term is PodSet => term.kind === 'pods');
    return [
      ...[...axis.endpoints, ...axis.hostPods.map(({ endpoint }) => endpoint)].filter((each) => matchPeers(compiled, each, layer).possible),
      ...terms.map(({ namespaces, pods }) => this.possiblePod(namespaces, pods)),
    ];
  }

  private verdict(direction: Direction, { endpoint }: AskedPod, peer: Endpoint): DirectionVerdict {
    const [source, destination] = direction === 'egress' ? [endpoint, peer] : [peer, endpoint];
    return this.view(endpoint).pairs.direction(direction, source, destination);
  }

  private view(endpoint: PodEndpoint): PodView {
    let view = this.views.get(endpoint);
    if (view === undefined) {
      const { space, profile } = this.model;
      const layers = this.layersOf(endpoint.namespace).map((each) => ({
        ...each, policies: each.policies.filter((policy) => matchOf(policy, endpoint, each.layer).possible),
      }));
      this.views.set(endpoint, (view = { layers, pairs: new PairEvaluator(layers, space, profile) }));
    }
    return view;
  }

  /** The policies that can speak about some pod of a namespace. */
  private layersOf(namespace: string): readonly PolicyLayer[] {
    let known = this.spokenAbout.get(namespace);
    if (known === undefined) {
      const { inventory, layers } = this.model;
      const labels = inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
      known = layers.map((layer) => ({ ...layer, policies: this.kept(layer.policies.filter(({ policy }) => speaksAbout(policy, namespace, labels))) }));
      this.spokenAbout.set(namespace, known);
    }
    return known;
  }

  private kept(policies: readonly CompiledPolicy[]): readonly CompiledPolicy[] {
    const { policies: isLeftOut, rules } = this.leftOut;
    const left = isLeftOut === undefined ? policies : policies.filter((each) => !isLeftOut(each));
    if (rules === undefined) return left;
    const keep = (each: CompiledRule): boolean => !rules.has(each);
    return left.map((each) => {
      const { ingress, egress } = each.rules;
      return [...ingress, ...egress].every(keep) ? each : { ...each, rules: { ingress: ingress.filter(keep), egress: egress.filter(keep) } };
    });
  }
}

/** Whether a policy speaks about a pod, as its layer sees the pods of its tier. */
function matchOf(policy: CompiledPolicy, endpoint: PodEndpoint, layer: Layer): Match {
  return matchSubject(policy, endpoint, viewOf(layer, policy.policy.tier.name));
}

function gather(classes: readonly PodClass[]): ReadonlyMap<string, readonly AskedPod[]> {
  return groupBy(classes.map(askedPod), ({ endpoint }) => endpoint.namespace);
}

function askedPod({ endpoint, members }: PodClass): AskedPod {
  const workloads = [...new Set(members.map(({ workload }) => workload))];
  return { text: workloads.length === 1 ? `${endpoint.namespace}/${workloads[0]!.name}` : endpoint.text, endpoint, workloads };
}

/** Whether a policy can speak about pods of a namespace. */
export function speaksAbout({ subject: { namespaces } }: Policy, namespace: string, labels: Labels): boolean {
  return namespaces.kind === 'named' ? namespaces.name === namespace : namespaces.selector.matches(labels);
}

/** Labels that a selector matches, where it is not a contradiction: what a pod could have that a policy selects. */
export function labelsFor(selector: Selector): Labels | undefined {
  const labels: Record<string, string> = {};
  for (const { key, operator, values } of selector.conditions) {
    if (operator === 'In' && values[0] !== undefined) labels[key] ??= values[0];
    else if (operator === 'Exists') labels[key] ??= 'any';
  }
  return [labels, {}].find((candidate) => selector.matches(candidate));
}
