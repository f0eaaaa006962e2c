import { TierDefinition } from '../../policy';
import { Layer } from '../layers';
import { Profile, TierSequence } from '../profile';

/** The layers of a profile in one cluster: those that it always has, and one for each tier. */
export function layersFor({ layers, tiers }: Profile, defined: readonly TierDefinition[], used: readonly string[]): readonly Layer[] {
  return tiers === undefined ? layers : [...layers, ...tierLayers(tiers, defined, used)];
}

/** Tiers by their order, those without one last, equal ones by name. A tier that nobody defines may stand anywhere. */
function tierLayers(sequence: TierSequence, defined: readonly TierDefinition[], used: readonly string[]): Layer[] {
  const isOwn = (name: string): boolean => sequence.customTiers && name.startsWith(sequence.prefix);
  const own = defined.filter(({ tier }) => isOwn(tier.name));
  const byName = new Map([...sequence.builtIn, ...own].map((definition) => [definition.tier.name, definition]));
  const members = new Set(Object.values(sequence.members).flat());
  const unknown = [...new Set(used)].filter((name) => isOwn(name) && !byName.has(name) && !members.has(name)).sort();
  return [
    ...unknown.map((name) => layerOf(sequence, { tier: { name } }, `the input has no object of the tier ${name.slice(sequence.prefix.length)}: its order is not known`)),
    ...[...byName.values()].sort(inOrder).map((definition) => layerOf(sequence, definition)),
  ];
}

function layerOf({ prefix, members, layer, layerOf: special }: TierSequence, { tier: { name }, defaultAction }: TierDefinition, unplaced?: string): Layer {
  const combine = { ...layer.combine, selectedEnd: defaultAction === 'pass' ? 'continue' as const : 'deny' as const };
  return {
    ...layer,
    ...special?.[name],
    name: `tier ${name.slice(prefix.length)}`,
    tiers: [name, ...members[name] ?? [], ...special?.[name]?.maybeTiers ?? []],
    combine,
    ...(unplaced === undefined ? {} : { unplaced }),
  };
}

function inOrder(a: TierDefinition, b: TierDefinition): number {
  const byOrder = (a.order ?? Infinity) - (b.order ?? Infinity);
  if (byOrder !== 0 && !Number.isNaN(byOrder)) return byOrder;
  return a.tier.name < b.tier.name ? -1 : a.tier.name > b.tier.name ? 1 : 0;
}
