import { Direction } from '../../policy';
import { ContainerPort } from '../inventory';
import { Layer } from '../layers';
import { Axis } from './axis';
import { CompiledRule } from './compiled';
import { PodEndpoint } from './endpoint';
import { EndpointSet } from './endpoint-set';
import { LayerProfile, NumberedOutcome, ProfilePolicy } from './layer-profile';
import { viewOf } from './layer-view';
import { Outcome } from './ledger';
import { matchNarrowing, matchSubject } from './match';
import { PeerSet, PeerSets } from './peer-sets';
import { PolicyLayer } from './policies';
import { PortSpace } from './port-space';
import { forNamespace } from './relative-rule';
import { both, chain, DirectionVerdict, PairVerdict } from './verdict';

/** A source class, a destination class and what may pass between them; never nothing. */
export interface Cell {
  readonly source: number;
  readonly destination: number;
  readonly verdict: PairVerdict;
}

interface NumberedDirection {
  readonly id: number;
  /** Verdicts with the same ports have the same one, whatever their conditions. */
  readonly ports: number;
  readonly verdict: DirectionVerdict;
}

const WIDE = 4;
const SHIFT = 2 ** 26;

/** The subject of one direction: its layers that have policies for it. */
interface Subject {
  readonly layers: readonly LayerProfile[];
  /** Whether only rules let anybody through. */
  readonly closed: boolean;
}

/** Verdicts of all pairs of classes. Only pairs that may talk are visited, and equal questions are answered once. */
export class Matrix {
  private readonly subjects: Readonly<Record<Direction, readonly Subject[]>>;
  private readonly portClasses: readonly number[];
  private readonly outcomes = new Map<string, NumberedOutcome>();
  private readonly chains = new Map<string, NumberedDirection>();
  private readonly singleChains: NumberedDirection[] = [];
  private readonly portPairs = new Map<string, number>();
  private readonly certain = new Map<number, PairVerdict>();
  private readonly unsure = new Map<number, PairVerdict>();
  private readonly open: NumberedDirection;

  public constructor(
    private readonly axis: Axis,
    private readonly space: PortSpace,
    layers: readonly PolicyLayer[],
    sets: PeerSets,
    portNames: ReadonlySet<string>,
  ) {
    this.open = this.numberChain([]);
    this.portClasses = portClassesOf(axis, portNames);
    this.subjects = { ingress: this.subjectsOf('ingress', layers, sets), egress: this.subjectsOf('egress', layers, sets) };
  }

  /** The verdict of one pair of the axis. */
  public verdict(source: number, destination: number): PairVerdict {
    return this.pair(this.direction('egress', source, destination), this.direction('ingress', source, destination));
  }

  /** Every pair of which at least one end is a pod and between which something may pass. */
  public* cells(): Generator<Cell> {
    const { axis, space } = this;
    const into = this.sourcesByRules();
    const openPods = this.subjects.ingress.flatMap(({ closed }, index) => (closed ? [] : [index]));
    const beyond = Array.from({ length: axis.size - axis.firstExternal - 1 }, (_, index) => axis.firstExternal + index);
    const stamps = new Int32Array(axis.size).fill(-1);
    for (let source = 0; source < axis.size; source++) {
      const candidates: number[] = [];
      const add = (destination: number): void => {
        if (stamps[destination] !== source) {
          stamps[destination] = source;
          candidates.push(destination);
        }
      };
      for (const destination of openPods) add(destination);
      for (const set of into.narrow[source] ?? []) for (const destination of set) add(destination);
      for (const { peers, subjects } of into.wide) if (peers === undefined || peers.has(source)) for (const destination of subjects) add(destination);
      if (source < axis.firstExternal) for (const destination of beyond) add(destination);
      const wanted = source < axis.firstExternal ? this.wantedBy(source) : undefined;
      const reached = wanted === undefined ? candidates : candidates.filter((destination) => wanted.has(destination));
      for (const destination of Int32Array.from(reached).sort()) {
        const verdict = this.verdict(source, destination);
        if (verdict.allowed !== space.none || verdict.depends !== space.none) yield { source, destination, verdict };
      }
    }
  }

  /** Where a closed source may get to at all; undefined for everywhere. */
  private wantedBy(source: number): EndpointSet | undefined {
    const { layers, closed } = this.subjects.egress[source]!;
    if (!closed) return undefined;
    const members: number[] = [...this.axis.unpoliced.members];
    for (const layer of layers) {
      for (const { endpoints } of layer.openings) {
        if (endpoints === undefined) return undefined;
        for (const member of endpoints.members) members.push(member);
      }
    }
    return EndpointSet.of(members, this.axis.size);
  }

  /** For each endpoint, the closed pods that some rule lets it into; rules for many sources are kept apart. */
  private sourcesByRules(): { narrow: Array<Int32Array[] | undefined>; wide: Array<{ peers: EndpointSet | undefined; subjects: number[] }> } {
    const subjects = new Map<PeerSet, number[]>();
    for (const [index, { layers, closed }] of this.subjects.ingress.entries()) {
      if (!closed) continue;
      for (const layer of layers) {
        for (const opening of layer.openings) {
          const known = subjects.get(opening);
          if (known === undefined) subjects.set(opening, [index]);
          else known.push(index);
        }
      }
    }
    const narrow: Array<Int32Array[] | undefined> = [];
    const closed = this.subjects.ingress.flatMap((subject, index) => (subject.closed ? [index] : []));
    const wide: Array<{ peers: EndpointSet | undefined; subjects: number[] }> = [{ peers: this.axis.unpoliced, subjects: closed }];
    for (const [{ endpoints }, pods] of subjects) {
      if (endpoints === undefined || endpoints.members.length * WIDE > this.axis.size) {
        wide.push({ peers: endpoints, subjects: pods });
        continue;
      }
      const list = Int32Array.from(pods);
      for (const source of endpoints.members) (narrow[source] ??= []).push(list);
    }
    return { narrow, wide };
  }

  private direction(direction: Direction, source: number, destination: number): NumberedDirection {
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    if (subject >= this.axis.firstExternal || this.axis.unpoliced.has(peer)) return this.open;
    const { layers } = this.subjects[direction][subject]!;
    if (layers.length === 0) return this.open;
    const portClass = this.portClasses[destination]!;
    const ports = this.portsAt(destination);
    if (layers.length === 1) {
      const outcome = layers[0]!.outcome(peer, portClass, ports);
      return this.singleChains[outcome.id] ??= this.numberChain([outcome]);
    }
    const outcomes = layers.map((layer) => layer.outcome(peer, portClass, ports));
    const key = outcomes.map(({ id }) => id).join(' ');
    let known = this.chains.get(key);
    if (known === undefined) this.chains.set(key, (known = this.numberChain(outcomes)));
    return known;
  }

  private chainCount = 0;

  private numberChain(outcomes: readonly NumberedOutcome[]): NumberedDirection {
    const verdict = chain(outcomes.map(({ outcome }) => outcome), this.space);
    const key = `${verdict.allow} ${verdict.deny}`;
    let ports = this.portPairs.get(key);
    if (ports === undefined) this.portPairs.set(key, (ports = this.portPairs.size));
    return { id: this.chainCount++, ports, verdict };
  }

  /** Conditions are told where some port of a protocol with ports depends: those differ from policy to policy, ports seldom do. */
  private pair(egress: NumberedDirection, ingress: NumberedDirection): PairVerdict {
    const key = egress.ports * SHIFT + ingress.ports;
    let known = this.certain.get(key);
    if (known === undefined) {
      known = { ...both(egress.verdict, ingress.verdict, this.space), conditions: [] };
      this.certain.set(key, known);
    }
    if (this.space.and(known.depends, this.space.transport) === this.space.none) return known;
    const own = egress.id * SHIFT + ingress.id;
    let told = this.unsure.get(own);
    if (told === undefined) this.unsure.set(own, (told = both(egress.verdict, ingress.verdict, this.space)));
    return told;
  }

  private portsAt(endpoint: number): readonly ContainerPort[] {
    return endpoint < this.axis.firstExternal ? this.axis.pods[endpoint]!.endpoint.ports : [];
  }

  private subjectsOf(direction: Direction, layers: readonly PolicyLayer[], sets: PeerSets): Subject[] {
    const shared = new Map<string, LayerProfile>();
    const found: LayerProfile[][] = this.axis.pods.map(() => []);
    for (const [number, layer] of layers.entries()) {
      const selecting: ProfilePolicy[][] = this.axis.pods.map(() => []);
      for (const policy of layer.policies) {
        const view = viewOf(layer.layer, policy.policy.tier.name);
        const known = new Map<CompiledRule, PeerSet[]>();
        const setsOf: SetsOf = (rule) => {
          let own = known.get(rule);
          if (own === undefined) known.set(rule, (own = sets.of(rule, view)));
          return own;
        };
        const rules = policy.rules[direction];
        const isNarrowed = rules.some(({ subject, isRelative }) => subject !== undefined || isRelative);
        const all = { peers: isNarrowed ? [] : rules.flatMap(setsOf), narrowing: '' };
        const speaks = policy.rules[direction].length > 0 || policy.policy.isolates.includes(direction) || layer.layer.combine.combinator === 'union';
        if (!speaks) continue;
        for (const index of sets.podsIn(policy.policy.subject)) {
          const { endpoint } = this.axis.pods[index]!;
          const match = matchSubject(policy, endpoint, view);
          if (!match.possible) continue;
          const own = isNarrowed ? narrowed(rules, endpoint, { layer: view, index, setsOf }) : all;
          selecting[index]!.push({ policy, certain: match.certain, conditions: match.conditions, ...own });
        }
      }
      for (const [index, policies] of selecting.entries()) {
        const isClosed = layer.layer.combine.combinator === 'union' && layer.layer.combine.isolatesEverybody === true
          && this.axis.pods[index]!.endpoint.isUnpoliced !== true;
        if (policies.length === 0 && !isClosed) continue;
        const key = `${number} ${policies.map(({ policy, certain, narrowing }) => `${policy.index}${certain ? '' : '?'}${narrowing}`).join(' ')}`;
        let profile = shared.get(key);
        if (profile === undefined) {
          profile = new LayerProfile(layer, direction, policies, this.axis.size, this.space, (outcome) => this.numberOutcome(outcome));
          shared.set(key, profile);
        }
        found[index]!.push(profile);
      }
    }
    return found.map((profiles) => ({ layers: profiles, closed: profiles.some(({ closes }) => closes) && !profiles.some(({ opensAll }) => opensAll) }));
  }

  /** Outcomes that say the same are one, whoever says it. */
  private numberOutcome(outcome: Outcome): NumberedOutcome {
    const notes = outcome.notes.map(({ ports, condition }) => `${ports} ${condition.kind} ${condition.at} ${condition.why}`);
    const key = [outcome.allow, outcome.deny, outcome.pass, outcome.open, outcome.deferred, ...notes].join('\n');
    let known = this.outcomes.get(key);
    if (known === undefined) this.outcomes.set(key, (known = { id: this.outcomes.size, outcome }));
    return known;
  }
}

/** The endpoints that a rule matches; equal rules are asked once. */
type SetsOf = (rule: CompiledRule) => readonly PeerSet[];

interface Narrowing {
  readonly layer: Layer;
  readonly index: number;
  readonly setsOf: SetsOf;
}

/** The rules that speak about one of the pods of their policy: all, or some of those that narrow it down, each as it is for its namespace. */
function narrowed(rules: readonly CompiledRule[], endpoint: PodEndpoint, { layer, index, setsOf }: Narrowing): Pick<ProfilePolicy, 'peers' | 'narrowing'> {
  let narrowing = ':';
  const peers = rules.flatMap((written): readonly PeerSet[] => {
    const rule = forNamespace(written, endpoint.namespaceLabels);
    const match = matchNarrowing(rule, endpoint, layer);
    narrowing += `${match.certain ? '1' : match.possible ? `?${index}` : '0'}${rule.alikeTo ?? ''}`;
    if (!match.possible) return [];
    const own = setsOf(rule);
    if (match.certain) return own;
    return own.map((set) => ({ ...set, certain: false, conditions: [...set.conditions, ...match.conditions] }));
  });
  return { peers, narrowing };
}

/** Destinations with the same numbers behind the names that rules use have one class. */
function portClassesOf(axis: Axis, portNames: ReadonlySet<string>): number[] {
  const classes = new Map<string, number>([['', 0]]);
  return axis.endpoints.map((endpoint) => {
    if (endpoint.kind !== 'pod') return 0;
    const text = endpoint.ports.filter(({ name }) => name !== undefined && portNames.has(name)).map(({ name, protocol, number }) => `${name}:${protocol}:${number}`).sort().join(',');
    let found = classes.get(text);
    if (found === undefined) classes.set(text, (found = classes.size));
    return found;
  });
}
