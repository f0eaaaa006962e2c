import { Analysis, Inventory, InventoryIssue, PolicyDocument, Profile } from '../../analysis';
import { Origin } from '../../policy';
import { Reported, Severity } from './finding';
import { FoundEvidence } from './gate-evidence';
import { ObjectIndex } from './object-index';
import { RuleSettings } from './settings';

/** An option of a rule, as netpol.yaml sets it. */
export type OptionSpec =
  | { readonly type: 'texts'; readonly default: readonly string[]; readonly description: string }
  | { readonly type: 'text'; readonly default: string; readonly description: string; readonly choices?: readonly string[] }
  | { readonly type: 'flag'; readonly default: boolean; readonly description: string }
  | { readonly type: 'number'; readonly default: number; readonly description: string };

export type OptionTable = Readonly<Record<string, OptionSpec>>;
export type OptionValue = readonly string[] | string | boolean | number;

/** The values of some options, by their types. */
export type OptionValues<T extends OptionTable> = {
  readonly [Name in keyof T]: T[Name] extends { readonly type: 'texts' } ? readonly string[]
    : T[Name] extends { readonly type: 'flag' } ? boolean
      : T[Name] extends { readonly type: 'number' } ? number
        : string;
};

/** What to write instead. */
export interface RuleFix {
  /** In one sentence. */
  readonly summary: string;
  /** As YAML, short enough for a message. */
  readonly yaml: string;
  /** As a construct, short enough for a message. */
  readonly construct: string;
}

/** What people read about a rule. */
export interface RuleDescription {
  /** Words in lower case with "-" between them; the name of its file, its page and its test. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters, in one sentence. */
  readonly rationale: string;
  /** Manifests in which it finds something. */
  readonly bad: string;
  /** The same, mended. */
  readonly good: string;
  readonly fix: RuleFix;
  /** What it helps to fulfil: `CIS Kubernetes 5.3.2`, `NIST SP 800-53 SC-7(5)`, `MITRE ATT&CK T1552.005`. */
  readonly controls: readonly string[];
}

/**
 * A rule over the model: it knows policies, pods and what can talk to what, and neither the API nor the file they came from.
 * What it says is proved by asking the engine wherever the engine can tell.
 */
export interface PolicyRule<T extends OptionTable = OptionTable> extends RuleDescription {
  /** Whether it runs without being asked for. @default true */
  readonly onByDefault?: boolean;
  /**
   * Whether the objects of one app decide it, whatever else is in the cluster: then it is asked when an app of constructs
   * synthesizes, too. @default false
   */
  readonly atSynth?: boolean;
  /** Whether `netpol check --fix` can mend what it finds. @default false */
  readonly fixable?: boolean;
  readonly options?: T;
  check(context: RuleContext<OptionValues<T>>, report: Report): void;
}

/** Keeps the types of the options while the rule is written. */
export function defineRule<const T extends OptionTable = Record<never, never>>(rule: PolicyRule<T>): PolicyRule {
  return rule;
}

/** What a rule is told. Objects that are context only are in the inventory and not in `policies` or `namespaces`. */
export interface RuleContext<Options = Readonly<Record<string, OptionValue>>> {
  readonly inventory: Inventory;
  readonly profile: Profile;
  readonly settings: RuleSettings;
  readonly options: Options;
  /** The engine. Asking for it ends the rule as not evaluated where the input cannot be analysed. */
  readonly analysis: Analysis;
  /** Labels and annotations of every object. */
  readonly objects: ObjectIndex;
  /** The policies to check, those of the whole cluster included. */
  readonly policies: readonly PolicyDocument[];
  /** The namespaces to check, by name in order: those of the input, and those that objects of it are in. */
  readonly namespaces: readonly string[];
  /** What was found while the objects to check were read, and what the profile leaves out. */
  readonly issues: readonly InventoryIssue[];
  /** Nobody said which CNI the cluster has: the profile is what is assumed then. */
  readonly profileIsAssumed: boolean;
  /** The day since which a namespace has its stage; undefined where neither the cluster nor git tells. */
  stageSince(namespace: string): string | undefined;
  /** What the gate has left about a namespace in a folder; undefined where there is nothing. */
  evidence(folder: string, namespace: string): FoundEvidence;
  /** Whether the profile evaluates a policy; one that it does not has no effect. */
  isServed(document: PolicyDocument): boolean;
  /** Whether findings about it are wanted. */
  isChecked(origin: Origin | undefined): boolean;
  /**
   * Why the policies of a namespace cannot be judged: some are of an API that the profile does not serve, and nobody said which
   * CNI the cluster has. Undefined where they can.
   */
  unclear(namespace: string): string | undefined;
}

/** Takes what a rule has to say. */
export interface Report {
  finding(reported: Reported): void;
  /** A rule that needs something which the input does not have says so, and finds nothing. */
  notEvaluated(namespace: string | undefined, reason: string): void;
}
