import { Inventory, PolicyDocument } from 'cdk8s-netpol/analysis';
import { kubernetes } from 'cdk8s-netpol/dialects';
import { Cidr, NamespaceScope, NETWORK_POLICY_TIER, Policy, Selector } from 'cdk8s-netpol/policy';
import { CniChoice } from '../config/cni-flag';
import { InputObject } from '../input';
import { metadataOf } from '../owners/object-metadata';
import { Owners } from '../owners/read-owners';
import { formOf, NamespaceForm } from './default-deny';
import { commonDns, DnsForm } from './dns-form';
import { namespaceOf } from './hand-written';
import { NamespaceWords, namespaceWords } from './identifiers';
import { LeftOver, leftOverOf } from './left-over';
import { NamespaceInput, NamespaceInputs } from './namespace-input';
import { FoundOwner, ownerOf } from './owners';
import { Place, Uses } from './pods-code';
import { Neighbours, RuleCode, RulesCode } from './rules-code';
import { inScope, Statement, statementsOf } from './statement';

/** What the app says about the cluster. */
export interface PlannedProfile {
  readonly name: string;
  readonly cni: CniChoice;
  readonly podCidrs: readonly string[];
  readonly nodeCidrs: readonly string[];
}

/** One namespace, ready to be written. */
export interface NamespacePlan {
  readonly name: string;
  readonly words: NamespaceWords;
  readonly form: NamespaceForm;
  readonly owner: FoundOwner;
  readonly allowDns: boolean;
  readonly rules: readonly RuleCode[];
  readonly leftOver: readonly LeftOver[];
  /** The NetworkPolicies that become code. */
  readonly policies: readonly Policy[];
  /** Policies of other APIs, as they are. */
  readonly others: readonly InputObject[];
  readonly uses: Uses;
  /** Whether rules of other namespaces name it. */
  readonly isUsed: boolean;
}

export interface MigrationPlan {
  readonly profile: PlannedProfile;
  readonly dns: DnsForm;
  readonly metadataBlock: boolean;
  readonly namespaces: readonly NamespacePlan[];
  readonly clusterWide: readonly InputObject[];
}

export interface Asked {
  /** The policies that become code. */
  readonly policies: readonly InputObject[];
  /** Everything that is known of the cluster, these policies too. */
  readonly objects: readonly InputObject[];
  readonly inventory: Inventory;
  readonly profile: PlannedProfile;
  readonly owners: Owners;
  readonly metadataBlock: boolean;
  /** Namespaces in which nothing is to keep a direction open beside a default-deny. */
  readonly withoutOpener: ReadonlySet<string>;
}

/** What becomes of the policies: which constructs say them, in which files, and what is written out. */
export function planMigration({ policies, objects, inventory, profile, owners, metadataBlock, withoutOpener }: Asked): MigrationPlan {
  const origins = new Set(policies.map(({ origin }) => origin));
  const native = inventory.policies.filter(isNative).map(({ policy }) => policy).filter(({ origin }) => origins.has(origin as InputObject['origin']));
  const others = policies.filter(({ object }) => object.apiVersion !== kubernetes.API_VERSION || object.kind !== kubernetes.KIND);
  const clusterWide = others.filter(({ object }) => metadataOf(object).namespace === undefined);
  const inNamespaces = others.filter((each) => !clusterWide.includes(each));
  const inputs = readNamespaces(native, inNamespaces, inventory, withoutOpener);
  const migrated = new Set([...native.map(({ namespace }) => namespace), ...inNamespaces.map(namespaceOf)]);
  const chosen = [...inputs.values()].filter(({ name }) => migrated.has(name));
  const words = namespaceWords(chosen.map(({ name }) => name));
  const neighbours: Neighbours = {
    inputs,
    dns: commonDns(chosen.map(({ statements }) => statements), profile.cni),
    clusterRanges: [...profile.podCidrs, ...profile.nodeCidrs].map((cidr) => Cidr.parse(cidr)),
    mirrored: new Set(),
  };
  // what claiming tries out notes uses that the code then does not have: the code is written at a place of its own
  for (const input of chosen) new RulesCode(input, neighbours, placeOf(input, inputs, words)).claimMirrors();
  const written = chosen.map((input) => {
    const place = placeOf(input, inputs, words);
    const said = new RulesCode(input, neighbours, place).write();
    return { input, said, uses: place.uses };
  });
  const used = new Set(written.flatMap(({ input, uses }) => uses.namespaces.filter((name) => name !== input.name)));
  return {
    profile,
    dns: neighbours.dns,
    metadataBlock,
    clusterWide,
    namespaces: written.map(({ input, said, uses }): NamespacePlan => ({
      name: input.name,
      words: words.get(input.name)!,
      form: input.form,
      owner: ownerOf(input.name, owners, objects),
      allowDns: said.allowDns,
      rules: said.rules,
      leftOver: leftOverOf(input, said),
      policies: input.policies,
      others: inNamespaces.filter((each) => namespaceOf(each) === input.name),
      uses,
      isUsed: used.has(input.name),
    })),
  };
}

function isNative({ policy, kind, apiVersion }: PolicyDocument): boolean {
  return policy.tier.name === NETWORK_POLICY_TIER.name && kind === kubernetes.KIND && apiVersion === kubernetes.API_VERSION;
}

function placeOf(input: NamespaceInput, inputs: NamespaceInputs, words: ReadonlyMap<string, NamespaceWords>): Place {
  return {
    namespace: input.name,
    denied: (namespace) => (inputs.get(namespace)?.form.kind === 'denied' ? words.get(namespace)?.variable : undefined),
    uses: new Uses(),
  };
}

/**
 * The namespaces of the input that have policies, in the order of their names. Of those that become code, the policies that do;
 * of the others all: what the code opens at their end has to be open there.
 */
function readNamespaces(
  native: readonly Policy[], others: readonly InputObject[], inventory: Inventory, withoutOpener: ReadonlySet<string>,
): NamespaceInputs {
  const chosen = new Set([...native.map(({ namespace }) => namespace), ...others.map(namespaceOf)]);
  const context = inventory.policies.filter(isNative).map(({ policy }) => policy).filter(({ namespace }) => !chosen.has(namespace));
  const known = [...native, ...context];
  const names = [...new Set([...known.map(({ namespace }) => namespace ?? 'default'), ...others.map(namespaceOf)])].sort();
  const foreign = inventory.policies.filter((document) => !isNative(document));
  const inputs = names.map((name) => {
    const policies = known.filter(({ namespace }) => namespace === name);
    // an opener beside them would open what they close
    const hasOthers = foreign.some(({ policy }) => policy.namespace === undefined || policy.namespace === name);
    const noOpener = hasOthers ? 'policies of other APIs may' : withoutOpener.has(name) ? 'whether a rule that keeps it open reaches all of its pods depends on the CNI' : undefined;
    return { name, labels: inventory.namespaces.get(name)?.labels ?? {}, policies, statements: statementsOf(policies), form: formOf(policies, noOpener) };
  });
  const all = inputs.flatMap(({ statements }) => statements);
  return new Map(inputs.map((input) => [input.name, { ...input, spokenOf: spokenOf(input, all) }]));
}

function spokenOf({ name, labels, policies }: Pick<NamespaceInput, 'name' | 'labels' | 'policies'>, all: readonly Statement[]): Selector[] {
  const isHere = (scope: NamespaceScope): boolean => inScope(scope, name, labels) || inScope(scope, name, {});
  const terms = all.flatMap(({ peer }) => peer?.terms ?? []);
  return [...policies.map(({ subject }) => subject.pods), ...terms.flatMap((term) => (term.kind === 'pods' && isHere(term.namespaces) ? [term.pods] : []))];
}
