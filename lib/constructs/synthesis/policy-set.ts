import { IConstruct } from 'constructs';
import { Direction, namedNamespace, Policy, PolicyError, Rule, rule as canonicalRule, ruleKey, Selector } from '../../policy';
import { IGNORE_ANNOTATION } from '../../rules';
import { RolloutStage } from '../rollout-stage';
import { MANAGED_BY, MANAGED_BY_LABEL, REASON_ANNOTATION, SYNC_WAVE_ANNOTATION } from './annotations';
import { NamespaceForm, NATIVE_FORM } from './policy-form';
import { checkPolicyName, policyNameOf } from './policy-name';
import { PolicyObject } from './policy-object';
import { Preview } from './preview';

/** What one construct says about one end of a connection. */
export interface Statement {
  readonly subject: Selector;
  readonly rule: Rule;
  readonly by: IConstruct;
  /** The name of the workload that the subject was taken from. */
  readonly workloadName?: string;
  /** The API that can say the rule. @default - NetworkPolicy */
  readonly form?: NamespaceForm;
  /** A name that the user chose for the policy. */
  readonly policyName?: string;
  /** A name that the library chose for the policy. */
  readonly fixedName?: string;
  /** Why the rule is as wide as it is; written to the policy. */
  readonly reason?: string;
  /** What rules would find, and why it is accepted: `RULE: REASON`. */
  readonly ignores?: string;
}

/** Who is responsible for a namespace, and where its objects go. */
export interface Host {
  readonly construct: IConstruct;
  readonly stage: RolloutStage;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** How the CNI shows what its policies would decide, in the stage that shows it. */
  readonly preview?: Preview;
}

/** One policy that is being said: its subject, and the rules of all constructs that speak about it. */
export interface PolicyEntry {
  name: string;
  readonly form: NamespaceForm;
  readonly subject: Selector;
  readonly statements: Statement[];
  readonly rules: Map<string, Rule>;
  object?: PolicyObject;
  /** What shows it while it is not enforced. */
  shown?: PolicyObject;
}

/** Narrows a rule to what the namespace may say, and adds what has to go with it. */
export type RuleShaper = (rule: Rule, subject: Selector) => readonly Rule[];

/**
 * The policies of one namespace: one object for each subject, whoever speaks about it and in whatever order; a second one, of the
 * same name, for rules that need another API. The same rule said twice is there once. Where a `DefaultDenyNamespace` owns the
 * namespace, all objects live below it; else each lives below the construct that first needed it.
 */
export class PolicySet {
  public readonly entries = new Map<string, PolicyEntry>();
  /** Those whose name nobody chose, by their kind and subject. */
  private readonly unnamed = new Map<string, PolicyEntry>();
  private host?: Host;

  public constructor(public readonly namespace: string, private readonly shape: RuleShaper) {}

  public put(statement: Statement): PolicyEntry {
    const { subject, workloadName, policyName, fixedName, by, form = NATIVE_FORM } = statement;
    const chosen = fixedName ?? (policyName === undefined ? undefined : checkPolicyName(policyName));
    const unnamed = `${form.apiVersion} ${form.kind} ${subject.key}`;
    const same = chosen === undefined ? this.unnamed.get(unnamed) : undefined;
    // Who knows the name of the workload names the policy, also where somebody else spoke about the same pods first.
    const name = chosen ?? (same !== undefined && workloadName === undefined ? same.name : policyNameOf(subject, workloadName));
    const taken = this.entries.get(keyOf(form, name));
    if (taken !== undefined && !taken.subject.sameAs(subject)) {
      throw new PolicyError({
        given: name,
        problem: `would be the name of two policies in the namespace ${this.namespace}: for the pods ${taken.subject.toString()} (${taken.statements[0]?.by.node.path}) `
          + `and for the pods ${subject.toString()} (${by.node.path})`,
        instead: 'a policyName on one of them, or the same pods said in the same way',
      });
    }
    const entry: PolicyEntry = taken ?? same ?? { name, form, subject, statements: [], rules: new Map() };
    if (entry.name !== name) this.withdraw(entry);
    entry.name = name;
    this.entries.set(keyOf(form, name), entry);
    if (chosen === undefined) this.unnamed.set(unnamed, entry);
    entry.statements.push(statement);
    const canonical = canonicalRule(statement.rule);
    entry.rules.set(ruleKey(canonical), canonical);
    this.emit(entry);
    return entry;
  }

  /** Hands the namespace to its owner: objects that were made before move below it. */
  public attach(host: Host): void {
    this.host = host;
    for (const entry of [...this.entries.values()]) {
      this.withdraw(entry);
      this.entries.set(keyOf(entry.form, entry.name), entry);
      this.emit(entry);
    }
  }

  private withdraw(entry: PolicyEntry): void {
    for (const object of [entry.object, entry.shown]) object?.node.scope?.node.tryRemoveChild(object.node.id);
    entry.object = undefined;
    entry.shown = undefined;
    this.entries.delete(keyOf(entry.form, entry.name));
  }

  private emit(entry: PolicyEntry): void {
    if (entry.object === undefined && this.host?.stage !== RolloutStage.OBSERVE) {
      const scope = this.host?.construct ?? entry.statements[0]?.by;
      if (scope === undefined) return;
      const metadata = {
        namespace: this.namespace,
        labels: { [MANAGED_BY_LABEL]: MANAGED_BY, ...this.host?.labels },
        annotations: { [SYNC_WAVE_ANNOTATION]: '-1', ...this.host?.annotations },
      };
      entry.object = new PolicyObject(scope, keyOf(entry.form, entry.name), { ...metadata, name: entry.name }, () => this.policyOf(entry), entry.form);
      entry.object.saidBy = () => entry.statements.map(({ by }) => by);
      const preview = this.host?.preview;
      if (preview !== undefined && entry.form.apiVersion === NATIVE_FORM.apiVersion) {
        entry.shown = new PolicyObject(scope, `preview-${entry.name}`, { ...metadata, name: preview.nameOf(entry.name) }, () => preview.policyOf(this.policyOf(entry)), preview.form);
      }
    }
    const reasons = [...new Set(entry.statements.flatMap(({ reason }) => (reason === undefined ? [] : [reason])))].sort();
    if (reasons.length > 0) entry.object?.metadata.addAnnotation(REASON_ANNOTATION, reasons.join('; '));
    const ignores = [...new Set(entry.statements.flatMap(({ ignores: own }) => own ?? []))].sort();
    if (ignores.length > 0) entry.object?.metadata.addAnnotation(IGNORE_ANNOTATION, ignores.join('\n'));
  }

  private policyOf(entry: PolicyEntry): Policy {
    const shaped = [...entry.rules.keys()].sort().flatMap((key) => this.shape(entry.rules.get(key)!, entry.subject));
    const rules = [...new Map(shaped.map((each) => [ruleKey(each), each])).values()];
    const directions = new Set([...entry.rules.values()].map(({ direction }) => direction));
    return {
      name: entry.name,
      namespace: this.namespace,
      tier: entry.form.tier,
      ...(entry.form.order === undefined ? {} : { order: entry.form.order }),
      subject: { kind: 'pods', namespaces: namedNamespace(this.namespace), pods: entry.subject },
      isolates: (['ingress', 'egress'] as Direction[]).filter((direction) => entry.form.isolates && directions.has(direction)),
      rules,
      stage: 'enforced',
      origin: { path: entry.statements[0]?.by.node.path },
    };
  }
}

/** Objects of different kinds may have the same name. */
function keyOf({ apiVersion, kind }: NamespaceForm, name: string): string {
  return apiVersion === NATIVE_FORM.apiVersion ? name : `${apiVersion.split('.')[0]}-${kind}-${name}`;
}
