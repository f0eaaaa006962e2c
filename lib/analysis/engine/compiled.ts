import { Decision, IpBlock, Peer, Policy, policyId, Rule } from '../../policy';
import { EntryPlace } from './address-entries';
import { LoweredPolicy } from './lower';
import { RangeSet } from './range-set';

/** A policy in the form that evaluation wants. */
export interface CompiledPolicy {
  readonly index: number;
  readonly kind: string;
  readonly apiVersion: string;
  readonly policy: Policy;
  readonly text: string;
  /** Whether some of its rules are about nodes. */
  readonly isAboutNodes: boolean;
  readonly rules: { readonly ingress: readonly CompiledRule[]; readonly egress: readonly CompiledRule[] };
}

export interface CompiledRule {
  readonly policy: CompiledPolicy;
  readonly rule: Rule;
  /** Its place among the rules of its direction. */
  readonly index: number;
  readonly action: Decision;
  /** `NetworkPolicy shop/web ingress[0]`. */
  readonly text: string;
  /** Whether it names namespaces by what they have in common with that of the pod that it is about. */
  readonly isRelative: boolean;
  /** What they have in common, where the rule was made for pods of some namespaces. */
  readonly alikeTo?: string;
  /** Where the rule speaks only about some of the pods of its policy. */
  readonly subject: readonly Peer[] | undefined;
  /** Peers that are not address blocks alone; undefined where the rule speaks of everybody. */
  readonly peers: readonly Peer[] | undefined;
  /** All of its address blocks as one set. */
  readonly addresses: RangeSet;
  readonly namesPorts: boolean;
  /** Its place in the table of addresses, where the layer has one. */
  readonly entry?: EntryPlace;
  /** Not written: every policy of its tier has it. */
  readonly isImplied?: true;
}

export function compile(documents: readonly LoweredPolicy[], firstIndex: number): CompiledPolicy[] {
  return documents.map(({ kind, apiVersion, policy, rules }, place) => {
    const index = firstIndex + place;
    const text = `${kind} ${policyId(policy)}${policy.part === undefined ? '' : ` ${policy.part}`}`;
    const isAboutNodes = rules.some(({ rule }) => rule.subject?.some(({ terms }) => terms.some((term) => term.kind === 'nodes')) === true);
    const compiled: CompiledPolicy = { index, kind, apiVersion, policy, text, isAboutNodes, rules: { ingress: [], egress: [] } };
    for (const { rule, action, place: written, entry, isImplied } of rules) {
      const more = { ...(entry === undefined ? {} : { entry }), ...(isImplied === undefined ? {} : { isImplied }) };
      (compiled.rules[rule.direction] as CompiledRule[]).push({ ...compileRule(compiled, rule, action, written), ...more });
    }
    return compiled;
  });
}

export function rulesOf({ rules }: CompiledPolicy): readonly CompiledRule[] {
  return [...rules.ingress, ...rules.egress];
}

function compileRule(policy: CompiledPolicy, rule: Rule, action: Decision, index: number): CompiledRule {
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
    action,
    text: `${policy.text} ${rule.place ?? `${rule.direction}[${index}]`}`,
    subject: rule.subject,
    peers: rule.peers === undefined ? undefined : peers,
    addresses: RangeSet.of(blocks.flatMap(addressesOf)),
    isRelative: peers.some(({ terms }) => terms.some(({ kind }) => kind === 'podsAlike')),
    namesPorts: [...rule.ports ?? [], ...rule.notPorts ?? []].some(({ kind }) => kind === 'named'),
  };
}

export function addressesOf({ cidr, except }: IpBlock): ReturnType<IpBlock['cidr']['minus']> {
  return except.length === 0 ? [cidr] : cidr.minus(except);
}
