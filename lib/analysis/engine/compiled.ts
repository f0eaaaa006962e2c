import { Action, Direction, IpBlock, Peer, Policy, policyId, Rule } from '../../policy';
import { PolicyDocument } from '../inventory';
import { RangeSet } from './range-set';

/** A policy in the form that evaluation wants. */
export interface CompiledPolicy {
  readonly index: number;
  readonly kind: string;
  readonly policy: Policy;
  readonly text: string;
  readonly rules: { readonly ingress: readonly CompiledRule[]; readonly egress: readonly CompiledRule[] };
}

export interface CompiledRule {
  readonly policy: CompiledPolicy;
  readonly rule: Rule;
  /** Its place among the rules of its direction. */
  readonly index: number;
  readonly action: Action;
  /** `NetworkPolicy shop/web ingress[0]`. */
  readonly text: string;
  /** Peers that are not address blocks alone; undefined where the rule speaks of everybody. */
  readonly peers: readonly Peer[] | undefined;
  /** All of its address blocks as one set. */
  readonly addresses: RangeSet;
  readonly namesPorts: boolean;
}

export function compile(documents: readonly PolicyDocument[]): CompiledPolicy[] {
  return documents.map(({ kind, policy }, index) => {
    const text = `${kind} ${policyId(policy)}`;
    const compiled: CompiledPolicy = { index, kind, policy, text, rules: { ingress: [], egress: [] } };
    for (const direction of ['ingress', 'egress'] as const) {
      const rules = policy.rules.filter((rule) => rule.direction === direction);
      (compiled.rules[direction] as CompiledRule[]).push(...rules.map((rule, place) => compileRule(compiled, rule, direction, place)));
    }
    return compiled;
  });
}

function compileRule(policy: CompiledPolicy, rule: Rule, direction: Direction, index: number): CompiledRule {
  const blocks: IpBlock[] = [];
  const peers: Peer[] = [];
  for (const peer of rule.peers ?? []) {
    const [term, ...more] = peer.terms;
    if (term?.kind === 'ipBlock' && more.length === 0) blocks.push(term);
    else peers.push(peer);
  }
  return {
    policy,
    rule,
    index,
    action: rule.action,
    text: `${policy.text} ${direction}[${index}]`,
    peers: rule.peers === undefined ? undefined : peers,
    addresses: RangeSet.of(blocks.flatMap(addressesOf)),
    namesPorts: rule.ports?.some(({ kind }) => kind === 'named') ?? false,
  };
}

export function addressesOf({ cidr, except }: IpBlock): ReturnType<IpBlock['cidr']['minus']> {
  return except.length === 0 ? [cidr] : cidr.minus(except);
}
