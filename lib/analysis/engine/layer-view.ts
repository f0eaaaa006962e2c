import { Layer } from '../layers';

const VIEWS = new WeakMap<Layer, Map<string, Layer>>();

/** The layer as policies of one of its tiers see it. */
export function viewOf(layer: Layer, tier: string): Layer {
  const own = layer.ofTier !== undefined && Object.hasOwn(layer.ofTier, tier) ? layer.ofTier[tier] : undefined;
  if (own === undefined) return layer;
  let views = VIEWS.get(layer);
  if (views === undefined) VIEWS.set(layer, (views = new Map<string, Layer>()));
  let view = views.get(tier);
  if (view === undefined) views.set(tier, (view = { ...layer, ...own }));
  return view;
}
