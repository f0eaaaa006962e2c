import { Direction } from '../../policy';
import { Layer } from '../layers';
import { CompiledPolicy } from './compiled';
import { Endpoint, portsAt } from './endpoint';
import { Hit, layerOutcome, PairFacts, Selected } from './layer-outcome';
import { Outcome } from './ledger';
import { either, hostOf, matchOwnNode, matchPeers, matchSubject, NO } from './match';
import { PolicyLayer } from './policies';
import { PortSpace } from './port-space';
import { both, chain, DirectionVerdict, PairVerdict } from './verdict';

/** What one layer says about a pair, and by which policies. */
export interface LayerAnswer {
  readonly layer: PolicyLayer;
  readonly selected: readonly Selected[];
  readonly outcome: Outcome;
}

/** Answers for one pair of endpoints by asking every policy. The matrix answers the same for all pairs at once. */
export class PairEvaluator {
  public constructor(private readonly layers: readonly PolicyLayer[], private readonly space: PortSpace) {}

  public verdict(source: Endpoint, destination: Endpoint): PairVerdict {
    return both(this.direction('egress', source, destination), this.direction('ingress', source, destination), this.space);
  }

  public direction(direction: Direction, source: Endpoint, destination: Endpoint): DirectionVerdict {
    return chain(this.answers(direction, source, destination).map(({ outcome }) => outcome), this.space);
  }

  /** Layer by layer; a layer without a policy for the subject says nothing. */
  public answers(direction: Direction, source: Endpoint, destination: Endpoint): LayerAnswer[] {
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    if (subject.kind !== 'pod') return [];
    return this.layers.map((layer) => {
      const selected = layer.policies.flatMap((policy): Selected[] => {
        const match = matchSubject(policy.policy.subject, subject, layer.layer, policy.text);
        if (!match.possible) return [];
        return [{ policy, certain: match.certain, conditions: match.conditions, hits: this.hits(policy, direction, peer, destination, layer) }];
      });
      return { layer, selected, outcome: layerOutcome(layer.layer, direction, selected, pairFacts(subject, peer, layer), this.space) };
    });
  }

  private hits(policy: CompiledPolicy, direction: Direction, peer: Endpoint, destination: Endpoint, { layer }: PolicyLayer): Hit[] {
    return policy.rules[direction].flatMap((rule): Hit[] => {
      const match = matchPeers(rule, peer, layer);
      if (!match.possible) return [];
      const hit = { rule, certain: match.certain, conditions: match.conditions, ports: this.space.ofMatches(rule.rule.ports, portsAt(destination)) };
      return direction === 'egress' && rule.namesPorts ? this.towardHost(hit, destination, layer) : [hit];
    });
  }

  /** A node has no names for its ports: where a pod in its network counts as the node, a rule that names them finds none. */
  private towardHost(hit: Hit, destination: Endpoint, layer: Layer): Hit[] {
    if (destination.kind !== 'pod' || !destination.hostNetwork || layer.hostNetworkPodsAreOrdinary === true) return [hit];
    const numbered = { ...hit, ports: this.space.ofMatches(hit.rule.rule.ports, []) };
    if (layer.hostNetworkPodsAreOrdinary === false) return [numbered];
    const why = 'whether names of ports are known for pods in the network of their node is up to the CNI';
    return [numbered, { ...hit, certain: false, conditions: [...hit.conditions, { kind: 'cni', at: hit.rule.text, why }] }];
  }
}

/** Whether the other end is the subject's own node: by itself, or through a pod in its network. */
export function pairFacts(subject: Endpoint, peer: Endpoint, { layer }: PolicyLayer): PairFacts {
  if (subject.kind !== 'pod' || layer.combine.combinator !== 'union' || layer.combine.ownNodePasses !== true) return { ownNode: NO };
  if (peer.kind === 'node') return { ownNode: matchOwnNode(peer, subject) };
  if (peer.kind !== 'pod' || !peer.hostNetwork || layer.hostNetworkPodsAreOrdinary === true) return { ownNode: NO };
  const own = matchOwnNode(hostOf(peer), subject);
  const why = 'whether policies select pods in the network of their node is up to the CNI';
  return { ownNode: layer.hostNetworkPodsAreOrdinary === false ? own : either(NO, own, { kind: 'cni', at: peer.text, why }) };
}
