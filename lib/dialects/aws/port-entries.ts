import { Policy, portKey, Rule, peerKey } from '../../policy';
import { DocumentReader } from '../document';
import { MAX_PORT_ENTRIES } from './api';

/** Peers of a policy with more port entries than the data plane keeps for one address, by the index of the last such rule. */
export function crowdedRules({ rules }: Pick<Policy, 'rules'>): Array<{ readonly rule: Rule; readonly index: number; readonly entries: number }> {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const own = rules.filter((rule) => rule.direction === direction);
    return own.flatMap((rule, index) => {
      const peers = rule.peers === undefined ? undefined : new Set(rule.peers.map(peerKey));
      const others = own.slice(0, index)
        .filter((other) => other.peers === undefined || peers === undefined || other.peers.some((peer) => peers.has(peerKey(peer))));
      const entries = entriesOf([...others, rule]);
      return entries > MAX_PORT_ENTRIES ? [{ rule, index, entries }] : [];
    });
  });
}

function entriesOf(rules: readonly Rule[]): number {
  const distinct = new Map<string, number>();
  for (const { ports, writtenPorts, action } of rules) {
    distinct.set(`${action} ${ports?.map(portKey).join(',') ?? '*'}`, Math.max(writtenPorts ?? 0, ports?.length ?? 1));
  }
  return [...distinct.values()].reduce((sum, count) => sum + count, 0);
}

/** Says so where entries would be cut; which of them is open. */
export function notePortEntries(reader: DocumentReader, policy: Pick<Policy, 'rules'>): void {
  for (const { rule: { direction }, index, entries } of crowdedRules(policy)) {
    reader.note('limit', `spec.${direction}[${index}].ports`, `${entries} port entries for one address: the data plane keeps ${MAX_PORT_ENTRIES} and cuts the rest; write ranges, or split the peers`);
  }
}
