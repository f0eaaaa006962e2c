import { PolicyDocument } from '../inventory';
import { Layer } from '../layers';
import { Profile } from '../profile';
import { compile, CompiledPolicy } from './compiled';

/** A layer of the profile with the policies that it evaluates, in the order of evaluation. */
export interface PolicyLayer {
  readonly layer: Layer;
  readonly policies: readonly CompiledPolicy[];
}

/** Policies by layer. Staged ones drop nothing; those of a tier that the profile does not serve contribute nothing. */
export function layersWithPolicies(documents: readonly PolicyDocument[], profile: Profile): PolicyLayer[] {
  const compiled = compile(documents).filter(({ policy }) => policy.stage === 'enforced');
  return profile.layers.map((layer) => ({
    layer,
    policies: compiled.filter(({ policy }) => layer.tiers.includes(policy.tier.name)).sort(inOrder),
  }));
}

/** Policies that no layer of the profile evaluates: they read as protection and are none. */
export function unservedPolicies(documents: readonly PolicyDocument[], profile: Profile): PolicyDocument[] {
  const served = new Set(profile.layers.flatMap(({ tiers }) => tiers));
  return documents.filter(({ policy }) => !served.has(policy.tier.name));
}

function inOrder(a: CompiledPolicy, b: CompiledPolicy): number {
  const byOrder = (a.policy.order ?? Infinity) - (b.policy.order ?? Infinity);
  if (byOrder !== 0 && !Number.isNaN(byOrder)) return byOrder;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}
