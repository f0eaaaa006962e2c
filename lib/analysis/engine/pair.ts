import { Direction } from '../../policy';
import { Known, Layer } from '../layers';
import { Profile } from '../profile';
import { CompiledPolicy, CompiledRule } from './compiled';
import { Endpoint, NodeEndpoint, PodEndpoint, portsAt } from './endpoint';
import { hitsOf, namedPorts } from './hits';
import { Hit, layerOutcome, PairFacts, Selected } from './layer-outcome';
import { viewOf } from './layer-view';
import { Ledger, Outcome } from './ledger';
import { both as bothHold, Dialled, either, hostOf, Match, matchNarrowing, matchOwnNode, matchPeers, matchSubject, NO } from './match';
import { isPoliced } from './policed';
import { PolicyLayer } from './policies';
import { PortSpace } from './port-space';
import { forNamespace } from './relative-rule';
import { DialledService, serviceEntryPorts } from './service-entries';
import { both, chain, DirectionVerdict, PairVerdict } from './verdict';

/** What one layer says about a pair, and by which policies. */
export interface LayerAnswer {
  readonly layer: PolicyLayer;
  readonly selected: readonly Selected[];
  readonly outcome: Outcome;
}

/** A packet in one direction, as a policy of the subject sees it. */
interface Packet extends PacketFacts {
  readonly direction: Direction;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly subject: PodEndpoint | NodeEndpoint;
  readonly peer: Endpoint;
}

/** What was asked about a packet beside its ends. */
export interface PacketFacts {
  /** The port that it comes from. */
  readonly sourcePort?: number;
  readonly dialled?: Dialled;
}

/** Answers for one pair of endpoints by asking every policy. The matrix answers the same for all pairs at once. */
export class PairEvaluator {
  public constructor(private readonly layers: readonly PolicyLayer[], private readonly space: PortSpace, private readonly profile: Profile) {}

  public verdict(source: Endpoint, destination: Endpoint): PairVerdict {
    return both(this.direction('egress', source, destination), this.direction('ingress', source, destination), this.space);
  }

  public direction(direction: Direction, source: Endpoint, destination: Endpoint, facts: PacketFacts = {}): DirectionVerdict {
    return chain(this.answers(direction, source, destination, facts).map(({ outcome }) => outcome), this.space);
  }

  /** Layer by layer; a layer without a policy for the subject says nothing. */
  public answers(direction: Direction, source: Endpoint, destination: Endpoint, facts: PacketFacts = {}): LayerAnswer[] {
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    if (subject.kind !== 'pod' && subject.kind !== 'node') return [];
    if (subject.kind === 'pod' && !isPoliced(subject, peer, this.profile)) return [];
    const packet: Packet = { ...facts, direction, source, destination, subject, peer };
    const layers = subject.kind === 'pod' ? this.layers : this.layers.filter(({ layer }) => layer.policesNodes === true);
    const answers = layers.map((layer): LayerAnswer => {
      const selected = layer.policies.flatMap((policy): Selected[] => {
        const view = viewOf(layer.layer, policy.policy.tier.name);
        const match = matchSubject(policy, subject, view);
        if (!match.possible) return [];
        return [{ policy, certain: match.certain, conditions: match.conditions, hits: this.hits(policy, packet, layer, view) }];
      });
      return { layer, selected, outcome: layerOutcome(layer.layer, direction, selected, pairFacts(direction, subject, peer, layer), this.space) };
    });
    if (this.profile.ownNode?.[direction] !== true) return answers;
    const isSelected = answers.some(({ selected }) => selected.length > 0);
    return [...this.ownNode(packet, isSelected || this.profile.ownNodeOfUnselected === undefined), ...answers];
  }

  /** Where the data plane lets traffic with the pod's own node through before it asks policies. */
  private ownNode({ subject, peer }: Packet, isKnown: boolean): LayerAnswer[] {
    if (subject.kind === 'node') return [];
    const own = ownNodeOf(subject, peer, false);
    const why = 'whether the own node reaches a pod that no policy selects is not known';
    const match = isKnown ? own : either(NO, own, { kind: 'cni', at: subject.text, why });
    if (!match.possible) return [];
    const ledger = new Ledger(this.space);
    ledger.take('allow', { certain: match.certain ? this.space.all : this.space.none, possible: this.space.all }, match.conditions);
    return [{ layer: OWN_NODE, selected: [], outcome: ledger.outcome() }];
  }

  private hits(policy: CompiledPolicy, packet: Packet, policyLayer: PolicyLayer, layer: Layer): Hit[] {
    const { direction, source, destination, subject, peer, sourcePort, dialled } = packet;
    const facts = { ...(subject.kind === 'pod' ? { subject } : {}), ...(dialled === undefined ? {} : { dialled }) };
    const from = { ...(sourcePort === undefined ? {} : { port: sourcePort }), container: portsAt(source) };
    return policy.rules[direction].flatMap((written): Hit[] => {
      const rule = subject.kind === 'pod' ? forNamespace(written, subject.namespaceLabels) : written;
      const match = bothHold(matchNarrowing(rule, subject, layer), matchPeers(rule, peer, layer, facts));
      if (!match.possible) return [];
      if (destination.kind === 'external' && destination.service !== undefined && rule.entry !== undefined && rule.addresses.isEmpty) {
        return this.serviceHits(rule, match, destination.service);
      }
      const hits = hitsOf(rule, match, portsAt(destination), from, namedPorts(policyLayer, direction, this.space));
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
