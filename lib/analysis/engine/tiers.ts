import { TierDefinition } from '../../policy';
import { Layer, OrderedTiers } from '../layers';
import { Profile, TierSequence } from '../profile';

/** The layers of a profile in one cluster: those that it always has, with the tiers of the cluster in them, and one for each tier. */
export function layersFor({ layers, tiers }: Profile, defined: readonly TierDefinition[], used: readonly string[]): readonly Layer[] {
  const known = new Set(layers.flatMap((layer) => layer.tiers));
  const filled = layers.map((layer) => (layer.combine.combinator === 'firstMatch' && layer.combine.tiers?.defined === true
    ? withTiers(layer, layer.combine.tiers, defined.filter(({ tier }) => !known.has(tier.name)), used.filter((name) => !known.has(name)))
    : layer));
  return tiers === undefined ? filled : [...filled, ...tierLayers(tiers, defined, used)];
}

/** A layer with those of its tiers that the cluster defines; one that nobody defines may stand before the others or after them. */
function withTiers(layer: Layer, { prefix, orders }: OrderedTiers, defined: readonly TierDefinition[], used: readonly string[]): Layer {
  const own = defined.filter(({ tier }) => tier.name.startsWith(prefix));
  const names = new Set(own.map(({ tier }) => tier.name));
  const unknown = [...new Set(used)].filter((name) => name.startsWith(prefix) && !names.has(name)).sort();
  if (names.size + unknown.length === 0 || layer.combine.combinator !== 'firstMatch') return layer;
  const more = new Map([...unknown.map((name) => [name, -Infinity] as const), ...own.map(({ tier, order = Infinity }) => [tier.name, order] as const)]);
  return {
    ...layer,
    tiers: [...layer.tiers, ...names, ...unknown],
    combine: { ...layer.combine, tiers: { prefix, orders: { ...orders, ...Object.fromEntries(more) }, defined: true } },
    ...(unknown.length === 0 ? {} : { unplacedTiers: Object.fromEntries(unknown.map((name) => [name, unknownTier(prefix, name)])) }),
  };
}

function unknownTier(prefix: string, name: string): string {
  return `the input has no object of the tier ${name.slice(prefix.length)}: its order is not known`;
}

/** Tiers by their order, those without one last, equal ones by name. A tier that nobody defines may stand anywhere. */
function tierLayers(sequence: TierSequence, defined: readonly TierDefinition[], used: readonly string[]): Layer[] {
  const isOwn = (name: string): boolean => sequence.customTiers && name.startsWith(sequence.prefix);
  const own = defined.filter(({ tier }) => isOwn(tier.name));
  const byName = new Map([...sequence.builtIn, ...own].map((definition) => [definition.tier.name, definition]));
  const members = new Set(Object.values(sequence.members).flat());
  const unknown = [...new Set(used)].filter((name) => isOwn(name) && !byName.has(name) && !members.has(name)).sort();
  return [
    ...unknown.map((name) => layerOf(sequence, { tier: { name } }, unknownTier(sequence.prefix, name))),
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
