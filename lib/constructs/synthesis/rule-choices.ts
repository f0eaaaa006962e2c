import { IConstruct } from 'constructs';
import { BUILT_IN_RULES, Finding, PolicyRule, Severity } from '../../rules';

/** The rules that are asked at synth, where nobody turns them off or on. */
export const SYNTH_RULES: readonly PolicyRule[] = BUILT_IN_RULES.filter(({ atSynth = false }) => atSynth);

/** An exception that the code of an app makes. */
export interface CodedException {
  readonly scope: IConstruct;
  readonly rule: string;
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until?: string;
}

/** What is said about rules on one construct: it holds below it. */
export interface RuleChoices {
  readonly severities: Map<string, Severity | 'off'>;
  readonly exceptions: CodedException[];
}

const CHOICES = Symbol.for('cdk8s-netpol.RuleChoices');

type Holder = Record<symbol, RuleChoices | undefined>;

/** What was said on a construct; made when it is first asked for. */
export function choicesOn(construct: IConstruct): RuleChoices {
  const holder = construct as unknown as Holder;
  let choices = holder[CHOICES];
  if (choices === undefined) {
    choices = { severities: new Map(), exceptions: [] };
    Object.defineProperty(construct, CHOICES, { value: choices });
  }
  return choices;
}

/** Everything that was said in an app. */
export function choicesIn(root: IConstruct): readonly RuleChoices[] {
  return root.node.findAll().flatMap((each) => (each as unknown as Holder)[CHOICES] ?? []);
}

/** What the nearest construct above, or the construct itself, says about a rule; undefined where none says anything. */
export function chosenSeverity(construct: IConstruct, rule: string): Severity | 'off' | undefined {
  for (const scope of [...construct.node.scopes].reverse()) {
    const chosen = (scope as unknown as Holder)[CHOICES]?.severities.get(rule);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

/** The severity of a finding at a construct. */
export function severityAt(construct: IConstruct, { rule, severity }: Pick<Finding, 'rule' | 'severity'>): Severity | 'off' {
  const chosen = chosenSeverity(construct, rule);
  if (chosen !== undefined) return chosen;
  return SYNTH_RULES.find(({ id }) => id === rule)?.onByDefault === false ? 'off' : severity;
}

/** The text of an exception in the annotation of an object, where `netpol check` reads it. */
export function exceptionText({ rule, until, reason }: Omit<CodedException, 'scope'>): string {
  // what parts one exception from the next there is no part of a reason
  return `${rule}${until === undefined ? '' : ` (until ${until})`}: ${reason.replace(/\s*[;\n]\s*/g, ', ')}`;
}
