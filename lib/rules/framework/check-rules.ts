import { Inventory, InventoryIssue, ObjectName, objectText, Profile, SourceObject } from '../../analysis';
import { Origin } from '../../policy';
import { annotatedExceptions, Exception, IGNORE_ANNOTATION, MalformedException } from './exceptions';
import { CheckResult, Finding, NotEvaluated, Reported, SuppressedFinding } from './finding';
import { FoundEvidence } from './gate-evidence';
import { reportedIssue } from './input-issues';
import { ObjectIndex } from './object-index';
import { OWN_RULE_IDS, OWN_RULES } from './own-rules';
import { ownerOf } from './owner';
import { PolicyRule, Report, RuleDescription } from './policy-rule';
import { contextOf, NotAnalysable, SharedContext } from './rule-run';
import { RuleSettings, settingsWith } from './settings';

export interface CheckInput {
  /** The objects that the inventory was read from: their labels and annotations name owners and exceptions. */
  readonly objects: readonly SourceObject[];
  readonly inventory: Inventory;
  readonly profile: Profile;
  readonly rules: readonly PolicyRule[];
  readonly settings?: Partial<RuleSettings>;
  /** The rules to run; left out: those that are on. */
  readonly only?: readonly string[];
  /** Nobody said which CNI the cluster has: policies of others' APIs may well be served. @default false */
  readonly profileIsAssumed?: boolean;
  /** Since when a namespace has its stage, where the record in it does not tell: git may know. */
  readonly stageSince?: (namespace: string) => string | undefined;
  /** What the gate has left about a namespace in a folder. @default nothing */
  readonly evidence?: (folder: string, namespace: string) => FoundEvidence;
  /** Whether findings about an object are wanted, or it is context. @default every object */
  readonly isChecked?: (origin: Origin | undefined) => boolean;
}

/** Asks every rule that is on. A rule that fails is a finding, and what could not be asked is told. */
export function checkRules(input: CheckInput): CheckResult {
  return new Check(input).run();
}

class Check {
  private readonly settings: RuleSettings;
  private readonly shared: SharedContext;
  private readonly found: Finding[] = [];
  private readonly own: Finding[] = [];
  private readonly missing = new Map<string, NotEvaluated>();
  private readonly ran = new Set<string>();

  public constructor(private readonly input: CheckInput) {
    const { objects, inventory, profile, isChecked = () => true, profileIsAssumed = false, stageSince, evidence } = input;
    this.settings = settingsWith(input.settings);
    const asked = { ...(stageSince === undefined ? {} : { stageSince }), ...(evidence === undefined ? {} : { evidence }) };
    this.shared = new SharedContext({ inventory, profile, settings: this.settings, objects: new ObjectIndex(objects), isChecked, profileIsAssumed, ...asked });
  }

  public run(): CheckResult {
    for (const rule of this.input.rules) if (this.isOn(rule)) this.ask(rule);
    for (const issue of this.shared.errors) if (!this.isTold(issue)) this.own.push(this.unreadable(issue));
    const { exceptions, malformed } = annotatedExceptions(this.shared.objects, this.knownIds, (origin) => this.shared.isChecked(origin));
    for (const each of malformed) this.own.push(this.malformed(each));
    return this.sortOut([...this.settings.exceptions, ...exceptions]);
  }

  private get knownIds(): readonly string[] {
    return this.input.rules.map(({ id }) => id);
  }

  private isOn({ id, onByDefault = true }: PolicyRule): boolean {
    const { only } = this.input;
    if (only !== undefined) return only.includes(id);
    const severity = this.settings.rules[id]?.severity;
    return severity === undefined ? onByDefault || this.settings.rules[id]?.options !== undefined : severity !== 'off';
  }

  private ask(rule: PolicyRule): void {
    const findings: Finding[] = [];
    const report: Report = {
      finding: (reported) => {
        if (this.shared.isChecked(reported.origin)) findings.push(this.finding(rule, reported));
      },
      notEvaluated: (namespace, reason) => this.notEvaluated(rule.id, namespace, reason),
    };
    try {
      rule.check(contextOf(this.shared, rule), report);
      this.ran.add(rule.id);
      this.found.push(...findings);
    } catch (error) {
      if (error instanceof NotAnalysable) this.notEvaluated(rule.id, undefined, error.message);
      else this.own.push(this.crashed(rule, error));
    }
  }

  private notEvaluated(rule: string, namespace: string | undefined, reason: string): void {
    const key = `${rule}\n${namespace ?? ''}\n${reason}`;
    if (!this.missing.has(key)) this.missing.set(key, { rule, ...(namespace === undefined ? {} : { namespace }), reason });
  }

  private finding(rule: RuleDescription, reported: Reported): Finding {
    const { object, path = '', fix = fixText(rule) } = reported;
    const owner = ownerOf(object, this.shared.objects, this.settings.ownerKeys);
    const chosen = this.settings.rules[rule.id]?.severity;
    return {
      ...reported,
      rule: rule.id,
      severity: chosen !== undefined && chosen !== 'off' ? chosen : reported.severity ?? rule.severity,
      path,
      key: reported.key ?? path.replace(/\[\d+\]/g, '[]'),
      fix,
      why: rule.rationale,
      ...(owner === undefined ? {} : { owner }),
      exception: this.exceptionText(rule.id, object, owner),
    };
  }

  private exceptionText(rule: string, object: ObjectName, owner: string | undefined): string {
    if (OWN_RULE_IDS.includes(rule)) return 'none: what the check says about itself has no exception';
    const agree = this.settings.askFor ?? (owner === undefined ? 'whoever owns the rules' : `${owner} and whoever owns the rules`);
    return `agree with ${agree}, then annotate ${objectText(object)} with ${IGNORE_ANNOTATION}: "${rule} (until YYYY-MM-DD): REASON"`;
  }

  /** A rule has more to say about some objects that cannot be read. */
  private isTold({ origin, object, path = '' }: InventoryIssue): boolean {
    return this.found.some((each) => each.path === path && each.origin === origin && (origin !== undefined || each.object === object));
  }

  private unreadable(issue: InventoryIssue): Finding {
    const reported = reportedIssue(issue);
    return issue.code === 'duplicate' ? this.finding(OWN_RULES.duplicate, reported) : this.finding(OWN_RULES.unreadable, { ...reported, key: issue.path ?? '' });
  }

  private crashed(rule: PolicyRule, error: unknown): Finding {
    const message = error instanceof Error ? error.message : String(error);
    return this.finding(OWN_RULES.crashed, { object: { kind: 'Rule', name: rule.id }, message: `the rule ${rule.id} failed and has looked at nothing: ${message}`, key: rule.id });
  }

  private malformed({ on = { kind: 'netpol.yaml', name: '' }, origin, path, problem }: MalformedException): Finding {
    return this.finding(OWN_RULES.malformed, { object: on, path, message: problem, key: problem, ...(origin === undefined ? {} : { origin }) });
  }

  /** Takes out what is accepted; an exception that has ended, or that covers nothing, is a finding itself. */
  private sortOut(exceptions: readonly Exception[]): CheckResult {
    const kept: Finding[] = [];
    const suppressed: SuppressedFinding[] = [];
    const used = new Set<Exception>();
    const isPast = ({ until }: Exception): boolean => until !== undefined && until < this.settings.today;
    for (const finding of this.found) {
      const fitting = exceptions.filter((each) => each.rule === finding.rule && each.covers(finding));
      fitting.forEach((each) => used.add(each));
      const accepted = fitting.find((each) => !isPast(each));
      if (accepted === undefined) kept.push(finding);
      else suppressed.push({ finding, reason: accepted.reason });
    }
    for (const exception of exceptions) {
      if (isPast(exception)) this.own.push(this.about(exception, 'expired', `the exception of ${exception.rule} ended on ${exception.until ?? ''}: ${exception.reason}`));
      else if (!used.has(exception) && this.wasAsked(exception)) this.own.push(this.about(exception, 'unused', `the exception of ${exception.rule} covers no finding: ${exception.reason}`));
    }
    return { findings: [...this.own, ...kept].sort(inOrder), suppressed, notEvaluated: [...this.missing.values()] };
  }

  /** Whether the rule of an exception has looked: one that was off, or not evaluated there, says nothing about its exceptions. */
  private wasAsked({ rule }: Exception): boolean {
    return this.ran.has(rule) && ![...this.missing.values()].some((each) => each.rule === rule);
  }

  private about({ on = { kind: 'netpol.yaml', name: '' }, origin, path, rule, text }: Exception, which: 'expired' | 'unused', message: string): Finding {
    return this.finding(OWN_RULES[which], { object: on, message, key: `${rule} ${text}`, ...(origin === undefined ? {} : { origin }), ...(path === undefined ? {} : { path }) });
  }
}

/** What to write instead, as one text. */
export function fixText({ fix: { summary, yaml, construct } }: RuleDescription): string {
  return [summary, ...(yaml === '' ? [] : [`YAML: ${yaml}`]), ...(construct === '' ? [] : [`construct: ${construct}`])].join('. ');
}

/** By file, then object, then rule. Lines are not asked for: each costs a look into the file. */
function inOrder(a: Finding, b: Finding): number {
  return compare(a.origin?.file ?? '', b.origin?.file ?? '') || compare(objectText(a.object), objectText(b.object)) || compare(a.rule, b.rule)
    || compareNatural(a.path, b.path) || compare(a.message, b.message);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNatural(a: string, b: string): number {
  const pad = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(6, '0'));
  return compare(pad(a), pad(b));
}
