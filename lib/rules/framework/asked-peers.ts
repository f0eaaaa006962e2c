import { Endpoint } from '../../analysis';
import { Cidr, Rule } from '../../policy';
import { podSetsOf } from './asked-pods';
import { RuleContext } from './policy-rule';

/** Any address: RFC 5737 keeps it for examples. */
export const SOMEBODY = Cidr.parse('203.0.113.1/32');

type Context = Pick<RuleContext, 'inventory' | 'analysis'>;

/** Ends that a rule speaks about and the input does not show: a pod that may come to exist, a block, anybody. */
export function possiblePeersOf({ analysis: { pods } }: Context, rule: Rule): readonly Endpoint[] {
  const blocks = (rule.peers ?? []).flatMap(({ terms: [term, ...more] }) => (term?.kind === 'ipBlock' && more.length === 0 ? [term.cidr] : []));
  return [
    ...podSetsOf(rule).map((set) => pods.possiblePod(set.namespaces, set.pods)),
    ...(rule.peers === undefined ? [SOMEBODY] : blocks).map((block) => pods.address(block)),
  ];
}

/** The same, with the pods of the input that it names. */
export function peersOf(context: Context, rule: Rule): readonly Endpoint[] {
  return [...podSetsOf(rule).flatMap((set) => context.analysis.pods.ofSet(set)).map(({ endpoint }) => endpoint), ...possiblePeersOf(context, rule)];
}
