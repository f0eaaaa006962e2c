import { portKey } from '../../policy';
import { AddressEntries } from '../layers';
import { CompiledRule } from './compiled';
import { Condition } from './condition';
import { Hit, Selected } from './layer-outcome';
import { Ledger } from './ledger';
import { PortSpace } from './port-space';

/** The port entries that rules give to one address, and those rules. */
export interface PortEntries {
  readonly count: number;
  readonly rules: readonly CompiledRule[];
}

/** Equal ports of one order and action are one entry, whatever rule they stand in; an exception has none. */
export function portEntries(selected: readonly Selected[]): PortEntries {
  const entries = new Map<string, number>();
  const rules: CompiledRule[] = [];
  for (const { policy: { policy }, hits } of selected) {
    for (const { rule: compiled } of hits) {
      const { rule, action, entry } = compiled;
      if (entry === undefined || entry.isException) continue;
      const key = `${policy.order ?? ''} ${action} ${rule.ports?.map(portKey).join(',') ?? ''}`;
      entries.set(key, Math.max(entries.get(key) ?? 0, rule.writtenPorts ?? 0, rule.ports?.length ?? 1));
      rules.push(compiled);
    }
  }
  return { count: [...entries.values()].reduce((sum, each) => sum + each, 0), rules };
}

/** Where rules give one address more ports than the table keeps, which of them hold is open. */
export function cutEntries(selected: readonly Selected[], { maxPorts }: AddressEntries): readonly Selected[] {
  const { count, rules } = portEntries(selected);
  if (count <= maxPorts) return selected;
  const at = rules.at(-1)?.text ?? '';
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
