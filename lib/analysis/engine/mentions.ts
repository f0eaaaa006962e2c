import { IpBlock, LabelOperator, PeerTerm, Selector } from '../../policy';
import { Service } from '../inventory';
import { CompiledPolicy, rulesOf } from './compiled';
import { portsNamedBy } from './lower';

/** Operators that look at parts of a value. */
const PARTIAL: readonly LabelOperator[] = ['Contains', 'StartsWith', 'EndsWith'];

/** Everything that policies name: what they do not name cannot make two pods, ports or addresses differ. */
export interface Mentions {
  /** Label keys of pods with the values that are named; a key may be named without a value. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  /** Label keys of which parts of values are named: every value makes a difference. */
  readonly wholeValues: ReadonlySet<string>;
  readonly portNames: ReadonlySet<string>;
  readonly blocks: readonly IpBlock[];
  readonly nodeSelectors: readonly Selector[];
}

/** What policies name, and what Services name whose clients policies may see otherwise. */
export function mentionsOf(policies: readonly CompiledPolicy[], services: readonly Service[]): Mentions {
  const labels = new Map<string, Set<string>>();
  const wholeValues = new Set<string>();
  const portNames = new Set<string>();
  const blocks: IpBlock[] = [];
  const nodeSelectors = new Map<string, Selector>();
  const seen = new Set<string>();
  const addSelector = (selector: Selector): void => {
    if (seen.has(selector.key)) return;
    seen.add(selector.key);
    for (const { key, operator, values } of selector.conditions) {
      let known = labels.get(key);
      if (known === undefined) labels.set(key, (known = new Set()));
      for (const value of values) known.add(value);
      if (PARTIAL.includes(operator)) wholeValues.add(key);
    }
  };
  const addTerm = (term: PeerTerm): void => {
    if (term.kind === 'pods' || term.kind === 'podsAlike') addSelector(term.pods);
    else if (term.kind === 'ipBlock') blocks.push(term);
    else if (term.kind === 'nodes') nodeSelectors.set(term.nodes.key, term.nodes);
    else if (term.kind === 'anyOf') term.terms.forEach(addTerm);
    else if (term.kind === 'not') addTerm(term.term);
  };
  for (const policy of policies) {
    addSelector(policy.policy.subject.pods);
    for (const { rule } of rulesOf(policy)) {
      for (const { terms } of [...rule.peers ?? [], ...rule.subject ?? []]) terms.forEach(addTerm);
      for (const match of portsNamedBy(rule)) if (match.kind === 'named') portNames.add(match.name);
    }
  }
  for (const { selector, ports } of services) {
    addSelector(Selector.of({ matchLabels: selector ?? {} }));
    for (const { target } of ports) if (typeof target === 'string') portNames.add(target);
  }
  return { labels, wholeValues, portNames, blocks, nodeSelectors: [...nodeSelectors.values()] };
}
