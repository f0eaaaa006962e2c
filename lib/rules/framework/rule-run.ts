import { Analysis, Inventory, InventoryIssue, objectText, PolicyDocument, Profile, speaksAbout } from '../../analysis';
import { NAMESPACE_NAME_LABEL, Origin, policyId } from '../../policy';
import { FoundEvidence } from './gate-evidence';
import { ObjectIndex } from './object-index';
import { OptionTable, OptionValue, OptionValues, PolicyRule, RuleContext } from './policy-rule';
import { isRemoved } from './removed-apis';
import { RuleSettings } from './settings';

/** Ends a rule that asks the engine where there is none: the input has something that cannot be read. */
export class NotAnalysable extends Error {}

export interface SharedFacts {
  readonly inventory: Inventory;
  readonly profile: Profile;
  readonly settings: RuleSettings;
  readonly objects: ObjectIndex;
  readonly isChecked: (origin: Origin | undefined) => boolean;
  /** Nobody said which CNI the cluster has. */
  readonly profileIsAssumed: boolean;
  /** Since when a namespace has its stage, where the record in it does not tell. */
  readonly stageSince?: (namespace: string) => string | undefined;
  /** What the gate has left about a namespace in a folder. */
  readonly evidence?: (folder: string, namespace: string) => FoundEvidence;
}

const UNSERVED = 'api-not-served';
/** Of the kinds that nobody reads, those that police what NetworkPolicy does; a mesh that asks for identities is something else. */
const NETWORK_KIND = /(NetworkPolicy|NetworkPolicies|EgressFirewall)$/;

/** What all rules of one check are told; the engine is made ready when the first of them asks. */
export class SharedContext implements Omit<RuleContext, 'options'> {
  public readonly inventory: Inventory;
  public readonly profile: Profile;
  public readonly settings: RuleSettings;
  public readonly objects: ObjectIndex;
  public readonly policies: readonly PolicyDocument[];
  public readonly namespaces: readonly string[];
  public readonly profileIsAssumed: boolean;
  /** In an object of its own: contexts of rules inherit from this one. */
  private readonly made: { analysis?: Analysis; unserved?: ReadonlySet<string> } = {};

  public constructor(private readonly facts: SharedFacts) {
    this.inventory = facts.inventory;
    this.profile = facts.profile;
    this.settings = facts.settings;
    this.objects = facts.objects;
    this.profileIsAssumed = facts.profileIsAssumed;
    this.policies = facts.inventory.policies.filter(({ policy }) => facts.isChecked(policy.origin));
    this.namespaces = this.checkedNamespaces();
  }

  public get analysis(): Analysis {
    const errors = this.inventory.issues.filter(({ severity }) => severity === 'error').length;
    if (errors > 0) throw new NotAnalysable(`${errors} object${errors === 1 ? '' : 's'} of the input cannot be read or stand${errors === 1 ? 's' : ''} in it twice: nothing can be proved`);
    return (this.made.analysis ??= new Analysis(this.inventory, this.profile));
  }

  public get issues(): readonly InventoryIssue[] {
    const canAnalyse = !this.inventory.issues.some(({ severity }) => severity === 'error');
    const all = canAnalyse ? [...this.inventory.issues, ...this.analysis.issues] : this.inventory.issues;
    return all.filter(({ origin }) => this.isChecked(origin));
  }

  /** Those that forbid answers. The engine has none: it is not made ready to be asked for them. */
  public get errors(): readonly InventoryIssue[] {
    return this.inventory.issues.filter(({ severity, origin }) => severity === 'error' && this.isChecked(origin));
  }

  public isChecked(origin: Origin | undefined): boolean {
    return this.facts.isChecked(origin);
  }

  public stageSince(namespace: string): string | undefined {
    return this.objects.records.get(namespace)?.since ?? this.facts.stageSince?.(namespace);
  }

  public evidence(folder: string, namespace: string): FoundEvidence {
    return this.facts.evidence?.(folder, namespace);
  }

  public unclear(namespace: string): string | undefined {
    const unread = this.inventory.issues.find(({ code, object }) => code === 'unsupported-api' && object !== undefined && NETWORK_KIND.test(object.kind)
      && (object.namespace ?? namespace) === namespace && !isRemoved(this.objects, object));
    if (unread?.object !== undefined) return `${this.objects.get(unread.object)?.apiVersion ?? ''} ${unread.object.kind} cannot be evaluated: what it polices is not known`;
    if (!this.profileIsAssumed) return undefined;
    const labels = this.inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
    const found = this.inventory.policies.find((each) => !this.isServed(each) && speaksAbout(each.policy, namespace, labels));
    return found === undefined ? undefined : `${found.apiVersion} ${found.kind} is not evaluated by the profile ${this.profile.id}, and nobody said which CNI the cluster has: --cni`;
  }

  public isServed({ kind, policy }: PolicyDocument): boolean {
    const unserved = (this.made.unserved ??= new Set(this.analysis.issues
      .flatMap(({ code, object }) => (code === UNSERVED && object !== undefined ? [objectText(object)] : []))));
    return unserved.size === 0 || !unserved.has(`${kind} ${policyId(policy)}`);
  }

  private checkedNamespaces(): readonly string[] {
    const names = new Set<string>();
    for (const { name, origin, declared } of this.inventory.namespaces.values()) if (declared && this.isChecked(origin)) names.add(name);
    for (const { namespace, origin } of this.inventory.workloads) if (this.isChecked(origin)) names.add(namespace);
    for (const { policy } of this.policies) if (policy.namespace !== undefined) names.add(policy.namespace);
    return [...names].sort();
  }
}

/** The context of one rule: what is shared, and its own options. */
export function contextOf(shared: SharedContext, { id, options = {} }: PolicyRule): RuleContext<OptionValues<OptionTable>> {
  const given = shared.settings.rules[id]?.options ?? {};
  const values: Record<string, OptionValue> = {};
  for (const [name, spec] of Object.entries(options)) values[name] = given[name] ?? spec.default;
  return Object.create(shared, { options: { value: values, enumerable: true } }) as RuleContext<OptionValues<OptionTable>>;
}
