import { Direction } from '../../policy';
import { Known, Layer } from '../layers';
import { Profile } from '../profile';
import { CompiledPolicy, CompiledRule } from './compiled';
import { Endpoint, PodEndpoint, portsAt } from './endpoint';
import { hitsOf } from './hits';
import { Hit, layerOutcome, PairFacts, Selected } from './layer-outcome';
import { Ledger, Outcome } from './ledger';
import { both as bothHold, either, hostOf, Match, matchNarrowing, matchOwnNode, matchPeers, matchSubject, NO } from './match';
import { isPoliced } from './policed';
import { PolicyLayer } from './policies';
import { PortSpace } from './port-space';
import { DialledService, serviceEntryPorts } from './service-entries';
import { both, chain, DirectionVerdict, PairVerdict } from './verdict';

/** What one layer says about a pair, and by which policies. */
export interface LayerAnswer {
  readonly layer: PolicyLayer;
  readonly selected: readonly Selected[];
  readonly outcome: Outcome;
}

/** A packet in one direction, as a policy of the subject sees it. */
interface Packet {
  readonly direction: Direction;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly subject: PodEndpoint;
  readonly peer: Endpoint;
  readonly sourcePort: number | undefined;
}

/** Answers for one pair of endpoints by asking every policy. The matrix answers the same for all pairs at once. */
export class PairEvaluator {
  public constructor(private readonly layers: readonly PolicyLayer[], private readonly space: PortSpace, private readonly profile: Profile) {}

  public verdict(source: Endpoint, destination: Endpoint): PairVerdict {
    return both(this.direction('egress', source, destination), this.direction('ingress', source, destination), this.space);
  }

  public direction(direction: Direction, source: Endpoint, destination: Endpoint, sourcePort?: number): DirectionVerdict {
    return chain(this.answers(direction, source, destination, sourcePort).map(({ outcome }) => outcome), this.space);
  }

  /** Layer by layer; a layer without a policy for the subject says nothing. */
  public answers(direction: Direction, source: Endpoint, destination: Endpoint, sourcePort?: number): LayerAnswer[] {
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    if (subject.kind !== 'pod' || !isPoliced(subject, peer, this.profile)) return [];
    const packet: Packet = { direction, source, destination, subject, peer, sourcePort };
    const answers = this.layers.map((layer): LayerAnswer => {
      const selected = layer.policies.flatMap((policy): Selected[] => {
        const match = matchSubject(policy, subject, layer.layer);
        if (!match.possible) return [];
        return [{ policy, certain: match.certain, conditions: match.conditions, hits: this.hits(policy, packet, layer) }];
      });
      return { layer, selected, outcome: layerOutcome(layer.layer, direction, selected, pairFacts(direction, subject, peer, layer), this.space) };
    });
    if (this.profile.ownNode?.[direction] !== true) return answers;
    const isSelected = answers.some(({ selected }) => selected.length > 0);
    return [...this.ownNode(packet, isSelected || this.profile.ownNodeOfUnselected === undefined), ...answers];
  }

  /** Where the data plane lets traffic with the pod's own node through before it asks policies. */
  private ownNode({ subject, peer }: Packet, isKnown: boolean): LayerAnswer[] {
    const own = ownNodeOf(subject, peer, false);
    const why = 'whether the own node reaches a pod that no policy selects is not known';
    const match = isKnown ? own : either(NO, own, { kind: 'cni', at: subject.text, why });
    if (!match.possible) return [];
    const ledger = new Ledger(this.space);
    ledger.take('allow', { certain: match.certain ? this.space.all : this.space.none, possible: this.space.all }, match.conditions);
    return [{ layer: OWN_NODE, selected: [], outcome: ledger.outcome() }];
  }

  private hits(policy: CompiledPolicy, { direction, source, destination, subject, peer, sourcePort }: Packet, { layer, portNames }: PolicyLayer): Hit[] {
    const from = { ...(sourcePort === undefined ? {} : { port: sourcePort }), container: portsAt(source) };
    return policy.rules[direction].flatMap((rule): Hit[] => {
      const match = bothHold(matchNarrowing(rule, subject, layer), matchPeers(rule, peer, layer, subject));
      if (!match.possible) return [];
      if (destination.kind === 'external' && destination.service !== undefined && rule.entry !== undefined && rule.addresses.isEmpty) {
        return this.serviceHits(rule, match, destination.service);
      }
      const everywhere = direction === 'egress' ? portNames : undefined;
      const hits = hitsOf(rule, match, portsAt(destination), from, { space: this.space, everywhere });
      return direction === 'egress' && rule.namesPorts ? hits.flatMap((hit) => this.towardHost(hit, destination, layer)) : hits;
    });
  }

  /** The address of a Service has the ports of the Service. */
  private serviceHits(rule: CompiledRule, { certain: isPeer, conditions }: Match, service: DialledService): Hit[] {
    const { certain, possible } = serviceEntryPorts(rule.rule, service, this.space);
    const unsure = this.space.minus(possible, certain);
    const why = 'whether neighbouring ports were written one by one decides';
    return [
      ...(certain === this.space.none ? [] : [{ rule, certain: isPeer, conditions, ports: certain }]),
      ...(unsure === this.space.none ? [] : [{ rule, certain: false, conditions: [...conditions, { kind: 'unevaluated-field' as const, at: rule.text, why }], ports: unsure }]),
    ];
  }

  /** A node has no names for its ports: where a pod in its network counts as the node, a rule that names them finds none. */
  private towardHost(hit: Hit, destination: Endpoint, layer: Layer): Hit[] {
    if (destination.kind !== 'pod' || !destination.hostNetwork || layer.hostNetworkPodsAreOrdinary === true) return [hit];
    const numbered = { ...hit, ports: this.space.and(hit.ports, this.space.ofRule(hit.rule.rule, [])) };
    if (layer.hostNetworkPodsAreOrdinary === false) return [numbered];
    const why = 'whether names of ports are known for pods in the network of their node is up to the CNI';
    return [numbered, { ...hit, certain: false, conditions: [...hit.conditions, { kind: 'cni', at: hit.rule.text, why }] }];
  }
}

/** What a union has to know about the pair. */
export function pairFacts(direction: Direction, subject: Endpoint, peer: Endpoint, { layer }: PolicyLayer): PairFacts {
  if (subject.kind !== 'pod' || layer.combine.combinator !== 'union') return { ownNode: NO };
  const passes = layer.combine.ownNodePasses[direction];
  if (passes === false) return { ownNode: NO };
  const own = ownNodeOf(subject, peer, layer.hostNetworkPodsAreOrdinary);
  if (passes === true || !own.possible) return { ownNode: own };
  return { ownNode: either(NO, own, { kind: 'cni', at: subject.text, why: 'whether policies stop what the own node sends and gets is up to the CNI' }) };
}

/** Whether the other end is the subject's own node: by itself, or through a pod in its network. */
function ownNodeOf(subject: PodEndpoint, peer: Endpoint, hostNetworkPodsAreOrdinary: Known): Match {
  if (peer.kind === 'node') return matchOwnNode(peer, subject);
  if (peer.kind !== 'pod' || !peer.hostNetwork || hostNetworkPodsAreOrdinary === true) return NO;
  const own = matchOwnNode(hostOf(peer), subject);
  const why = 'whether policies select pods in the network of their node is up to the CNI';
  return hostNetworkPodsAreOrdinary === false ? own : either(NO, own, { kind: 'cni', at: peer.text, why });
}

const OWN_NODE: PolicyLayer = {
  layer: {
    name: 'own node', tiers: [], combine: { combinator: 'firstMatch', inBucket: 'ruleOrder' },
    blocksMatchPods: false, blocksMatchNodes: false, hostNetworkPodsAreOrdinary: false,
  },
  policies: [],
};
