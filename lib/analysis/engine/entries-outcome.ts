import { portKey } from '../../policy';
import { AddressEntries } from '../layers';
import { Condition } from './condition';
import { Hit, Selected } from './layer-outcome';
import { Ledger } from './ledger';
import { PortSpace } from './port-space';

/** Where rules give one address more ports than the table keeps, which of them hold is open. */
export function cutEntries(selected: readonly Selected[], { maxPorts }: AddressEntries): readonly Selected[] {
  const entries = new Map<string, number>();
  let at = '';
  for (const { policy: { policy }, hits } of selected) {
    for (const { rule: { rule, action, entry, text } } of hits) {
      if (entry === undefined || entry.isException) continue;
      const key = `${policy.order ?? ''} ${action} ${rule.ports?.map(portKey).join(',') ?? ''}`;
      entries.set(key, Math.max(entries.get(key) ?? 0, rule.writtenPorts ?? 0, rule.ports?.length ?? 1));
      at = text;
    }
  }
  const count = [...entries.values()].reduce((sum, each) => sum + each, 0);
  if (count <= maxPorts) return selected;
  const cut: Condition = { kind: 'cni', at, why: `${count} port entries for one address: the data plane keeps ${maxPorts} of them and cuts the rest` };
  return selected.map((each) => ({ ...each, hits: each.hits.map((hit): Hit => ({ ...hit, certain: false, conditions: [...hit.conditions, cut] })) }));
}

/** An exception of a block denies what no longer prefix of a rule holds, whatever wider rules allow. */
export function takeExceptions(ledger: Ledger, selected: readonly Selected[], space: PortSpace): void {
  const hits = selected.flatMap((each) => each.hits
    .map((hit) => ({ ...hit, certain: hit.certain && each.certain, conditions: [...each.conditions, ...hit.conditions] })));
  for (const exception of hits) {
    const { entry } = exception.rule;
    if (entry?.isException !== true) continue;
    const longer = hits.filter(({ rule: { entry: own }, ports }) => own !== undefined && !own.isException && own.prefix >= entry.prefix
      && ports !== space.none);
    if (longer.some(({ certain }) => certain)) continue;
    const certain = exception.certain && longer.length === 0 ? space.all : space.none;
    ledger.take('deny', { certain, possible: space.all }, [...exception.conditions, ...longer.flatMap(({ conditions }) => conditions)]);
  }
}
