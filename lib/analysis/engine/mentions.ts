import { IpBlock, PeerTerm, Policy, Selector } from '../../policy';
import { Service } from '../inventory';

/** Everything that policies name: what they do not name cannot make two pods, ports or addresses differ. */
export interface Mentions {
  /** Label keys of pods with the values that are named; a key may be named without a value. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  readonly portNames: ReadonlySet<string>;
  readonly blocks: readonly IpBlock[];
  readonly nodeSelectors: readonly Selector[];
}

/** What policies name, and what Services name whose clients policies may see otherwise. */
export function mentionsOf(policies: readonly Policy[], services: readonly Service[]): Mentions {
  const labels = new Map<string, Set<string>>();
  const portNames = new Set<string>();
  const blocks: IpBlock[] = [];
  const nodeSelectors = new Map<string, Selector>();
  const seen = new Set<string>();
  const addSelector = (selector: Selector): void => {
    if (seen.has(selector.key)) return;
    seen.add(selector.key);
    for (const { key, values } of selector.requirements) {
      let known = labels.get(key);
      if (known === undefined) labels.set(key, (known = new Set()));
      for (const value of values) known.add(value);
    }
  };
  const addTerm = (term: PeerTerm): void => {
    if (term.kind === 'pods') addSelector(term.pods);
    else if (term.kind === 'ipBlock') blocks.push(term);
    else if (term.kind === 'nodes') nodeSelectors.set(term.nodes.key, term.nodes);
  };
  for (const { subject, rules } of policies) {
    addSelector(subject.pods);
    for (const { peers, ports } of rules) {
      for (const { terms } of peers ?? []) terms.forEach(addTerm);
      for (const match of ports ?? []) if (match.kind === 'named') portNames.add(match.name);
    }
  }
  for (const { selector, ports } of services) {
    addSelector(Selector.of({ matchLabels: selector ?? {} }));
    for (const { target } of ports) if (typeof target === 'string') portNames.add(target);
  }
  return { labels, portNames, blocks, nodeSelectors: [...nodeSelectors.values()] };
}
