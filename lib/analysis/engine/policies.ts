import { Policy } from '../../policy';
import { ContainerPort, Inventory, PolicyDocument } from '../inventory';
import { Layer } from '../layers';
import { Profile } from '../profile';
import { compile, CompiledPolicy } from './compiled';
import { tierOrder } from './first-match';
import { Lowering } from './lower';
import { layersFor } from './tiers';

/** A layer of the profile with the policies that it evaluates, in the order of evaluation. */
export interface PolicyLayer {
  readonly layer: Layer;
  readonly policies: readonly CompiledPolicy[];
  /** The names of ports that have one number in the whole cluster, where egress may look them up there. */
  readonly portNames?: readonly ContainerPort[];
  /** The numbers of every name, where those of other pods may count at ingress. */
  readonly pooledNames?: readonly ContainerPort[];
}

/** Policies by layer. Staged ones drop nothing; those of a tier that the profile does not serve contribute nothing. */
export function layersWithPolicies(inventory: Inventory, profile: Profile): PolicyLayer[] {
  const lowering = new Lowering(inventory, profile.derivedLabels ?? []);
  const documents = profile.staged === 'enforced' ? asIfEnforced(inventory.policies) : inventory.policies.filter(({ policy }) => policy.stage === 'enforced');
  const layers = layersFor(profile, inventory.tiers, documents.map(({ policy }) => policy.tier.name));
  let next = 0;
  return layers.map((layer) => {
    const own = documents.filter(({ policy }) => layer.tiers.includes(policy.tier.name));
    const compiled = compile(own.map((document) => lowering.policy(document, layer)), next);
    next += own.length;
    const names = {
      ...(layer.egressPortNames === 'unknown' ? { portNames: unambiguousNames(inventory) } : {}),
      ...(layer.ingressPortNames === 'unknown' ? { pooledNames: namesOf(inventory) } : {}),
    };
    return { layer, policies: compiled.sort(inOrder(layer)), ...names };
  });
}

function namesOf({ workloads }: Inventory): ContainerPort[] {
  const named = workloads.flatMap(({ groups }) => groups.flatMap(({ ports }) => ports.filter(({ name }) => name !== undefined)));
  return [...new Map(named.map((port) => [`${port.name}/${port.protocol}/${port.number}`, port])).values()];
}

/** Names that every pod of the cluster gives to the same number. */
function unambiguousNames(inventory: Inventory): ContainerPort[] {
  const byName = new Map<string, Map<number, ContainerPort>>();
  for (const port of namesOf(inventory)) {
    const key = `${port.name}/${port.protocol}`;
    const known = byName.get(key);
    if (known === undefined) byName.set(key, new Map([[port.number, port]]));
    else known.set(port.number, port);
  }
  return [...byName.values()].filter(({ size }) => size === 1).flatMap((ports) => [...ports.values()]);
}

/** A staged policy stands in for the enforced one of its name; a staged removal takes that away. */
function asIfEnforced(documents: readonly PolicyDocument[]): PolicyDocument[] {
  const staged = documents.filter(({ policy: { stage } }) => stage === 'staged' || stage === 'staged-removal');
  const replaced = new Set(staged.map(({ policy }) => placeOf(policy)));
  return [
    ...documents.filter(({ policy }) => policy.stage === 'enforced' && !replaced.has(placeOf(policy))),
    ...staged.filter(({ policy }) => policy.stage === 'staged').map((document) => ({ ...document, policy: { ...document.policy, stage: 'enforced' as const } })),
  ];
}

function placeOf({ tier, namespace, name }: Policy): string {
  return `${tier.name} ${namespace ?? ''}/${name}`;
}

/** Policies that no layer of the profile evaluates: they read as protection and are none. */
export function unservedPolicies({ policies, tiers }: Inventory, profile: Profile): PolicyDocument[] {
  const layers = layersFor(profile, tiers, policies.map(({ policy }) => policy.tier.name));
  const served = new Set(layers.flatMap((layer) => layer.tiers));
  return policies.filter(({ policy }) => !served.has(policy.tier.name));
}

function inOrder({ combine }: Layer): (a: CompiledPolicy, b: CompiledPolicy) => number {
  const { sort, tiers } = combine.combinator === 'firstMatch' ? combine : {};
  const orderOf = ({ policy }: CompiledPolicy): number => policy.order ?? sort?.orders[policy.tier.name] ?? Infinity;
  const nameOf = ({ policy, apiVersion, kind, text }: CompiledPolicy): string => {
    if (sort === undefined) return text;
    return `${policy.name}/${policy.namespace ?? ''}/${sort.kinds[`${apiVersion} ${kind}`] ?? kind}`;
  };
  return (a, b) => {
    const byTier = tierOrder(a, tiers) - tierOrder(b, tiers);
    if (byTier !== 0 && !Number.isNaN(byTier)) return byTier;
    const byOrder = orderOf(a) - orderOf(b);
    if (byOrder !== 0 && !Number.isNaN(byOrder)) return byOrder;
    const [one, other] = [nameOf(a), nameOf(b)];
    return one < other ? -1 : one > other ? 1 : 0;
  };
}
