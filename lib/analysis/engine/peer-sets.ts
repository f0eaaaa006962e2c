import { Labels, namespaceSelector, PodSet, termKey } from '../../policy';
import { Layer } from '../layers';
import { Axis } from './axis';
import { CompiledRule } from './compiled';
import { Condition } from './condition';
import { Endpoint } from './endpoint';
import { EndpointSet } from './endpoint-set';
import { matchPeers } from './match';

/** Endpoints that a rule matches in one way: for certain, or where these conditions hold. */
export interface PeerSet {
  readonly rule: CompiledRule;
  readonly certain: boolean;
  readonly conditions: readonly Condition[];
  /** Undefined for everybody. */
  readonly endpoints: EndpointSet | undefined;
}

interface Unsure {
  readonly conditions: readonly Condition[];
  readonly members: number[];
}

type Ask = (part: CompiledRule, endpoint: Endpoint, members: readonly number[]) => void;

/** Which endpoints of the axis the peers of rules are. Equal pod sets and blocks are looked up once. */
export class PeerSets {
  private readonly podSets = new Map<string, readonly number[]>();
  private readonly namespaceSets = new Map<string, readonly string[]>();
  private readonly places = new Map<string, number[]>();

  public constructor(private readonly axis: Axis, private readonly namespaceLabels: ReadonlyMap<string, Labels>) {
    for (const [index, { endpoint }] of axis.pods.entries()) {
      const key = endpoint.places.map((place) => axis.cuts.placeKey(place)).sort().join(',');
      const known = this.places.get(key);
      if (known === undefined) this.places.set(key, [index]);
      else known.push(index);
    }
  }

  /** The classes of pods that a pod set holds. */
  public podsIn(set: PodSet): readonly number[] {
    const key = termKey(set);
    let found = this.podSets.get(key);
    if (found === undefined) this.podSets.set(key, (found = this.findPods(set)));
    return found;
  }

  /** The endpoints that a rule matches, apart by what decides. */
  public of(rule: CompiledRule, layer: Layer): PeerSet[] {
    if (rule.peers === undefined) return [{ rule, certain: true, conditions: [], endpoints: undefined }];
    const certain: number[] = [];
    const unsure = new Map<string, Unsure>();
    const ask: Ask = (part, endpoint, members) => {
      const match = matchPeers(part, endpoint, layer);
      if (match.certain) {
        for (const member of members) certain.push(member);
      } else if (match.possible) {
        const key = match.conditions.map(({ kind, at, why }) => `${kind} ${at} ${why}`).join('\n');
        const known = unsure.get(key);
        if (known === undefined) unsure.set(key, { conditions: match.conditions, members: [...members] });
        else for (const member of members) known.members.push(member);
      }
    };
    if (!this.isPlain(rule)) {
      for (let index = 0; index < this.axis.size; index++) ask(rule, this.axis.endpoints[index]!, [index]);
      return this.sets(rule, certain, unsure);
    }
    this.askAddresses(rule, layer, certain, ask);
    for (const { terms: [term] } of rule.peers) {
      if (term?.kind === 'pods') for (const index of this.podsIn(term)) certain.push(index);
    }
    ask(rule, this.axis.endpoints[this.axis.controller]!, [this.axis.controller]);
    return this.sets(rule, certain, unsure);
  }

  /** Pod sets and blocks one by one, as NetworkPolicy has them, are looked up; the rest is asked of every endpoint. */
  private isPlain({ peers }: CompiledRule): boolean {
    return peers?.every(({ terms }) => terms.length === 1 && (terms[0]?.kind === 'pods' || terms[0]?.kind === 'nodes')) ?? true;
  }

  private askAddresses(rule: CompiledRule, layer: Layer, certain: number[], ask: Ask): void {
    if (rule.addresses.isEmpty) return;
    for (const { terms } of rule.rule.peers ?? []) {
      const [term] = terms;
      if (term?.kind === 'ipBlock' && terms.length === 1) {
        for (const index of this.axis.cuts.classesIn(term)) certain.push(this.axis.firstExternal + index);
      }
    }
    if (layer.blocksMatchPods === false) return;
    const blocksOnly = { ...rule, peers: [] };
    for (const members of this.places.values()) {
      ask(blocksOnly, { ...this.axis.endpoints[members[0]!]!, text: 'the pod' }, members);
    }
  }

  private sets(rule: CompiledRule, certain: readonly number[], unsure: ReadonlyMap<string, Unsure>): PeerSet[] {
    const { size } = this.axis;
    return [
      ...(certain.length > 0 ? [{ rule, certain: true, conditions: [], endpoints: EndpointSet.of(certain, size) }] : []),
      ...[...unsure.values()].map(({ conditions, members }) => ({ rule, certain: false, conditions, endpoints: EndpointSet.of(members, size) })),
    ];
  }

  private findPods({ namespaces, pods }: PodSet): readonly number[] {
    if (namespaces.kind === 'named') return this.axis.select(namespaces.name, pods);
    const selector = namespaceSelector(namespaces);
    let names = this.namespaceSets.get(selector.key);
    if (names === undefined) {
      names = [...this.axis.namespaces].filter((name) => selector.matches(this.namespaceLabels.get(name) ?? {}));
      this.namespaceSets.set(selector.key, names);
    }
    return names.flatMap((name) => [...this.axis.select(name, pods)]);
  }
}
