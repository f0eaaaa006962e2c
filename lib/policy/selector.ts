import { conditionText, LabelCondition, Labels, meetsCondition, SelectorOperator } from './label-condition';
import { canonicalExpression, conditionsOf, expressionHolds, expressionText, LabelExpression } from './label-expression';
import { checkLabelKey, checkLabelValue } from './names';
import { PolicyError } from './policy-error';

/** One condition on one label, as Kubernetes' own selectors have them. */
export interface Requirement extends LabelCondition {
  readonly operator: SelectorOperator;
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A label selector as the API has it. */
export interface LabelSelectorSpec {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Expression[];
}

/**
 * Conditions on labels, all of which hold, with Kubernetes' semantics: `NotIn` and `DoesNotExist` match where the key is absent,
 * `In` and `Exists` do not. Without conditions it matches everything. Selector languages that can say more (alternatives,
 * parts of values) give formulas beside the plain conditions.
 *
 * Conditions are kept sorted and once each, and `key In [value]` is the same as `matchLabels`: selectors that say the same
 * in another order are equal.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/
 */
export class Selector {
  /** Matches everything. */
  public static readonly everything = new Selector([]);

  /** Every pair of labels must be there. */
  public static labels(labels: Labels): Selector {
    return Selector.of({ matchLabels: labels });
  }

  /** A selector from its API form; what the API server refuses is an error. */
  public static of(spec: LabelSelectorSpec): Selector {
    const requirements: Requirement[] = [];
    const matchLabels = spec.matchLabels ?? {};
    const matchExpressions = spec.matchExpressions ?? [];
    if (!isMap(matchLabels)) throw new PolicyError({ given: matchLabels, problem: 'are not labels', instead: 'labels by name, such as { app: "web" }' });
    if (!Array.isArray(matchExpressions)) throw new PolicyError({ given: matchExpressions, problem: 'is not a list of conditions', instead: '[{ key: "app", operator: "Exists" }]' });
    for (const [key, value] of Object.entries(matchLabels)) {
      requirements.push({ key: checkLabelKey(key), operator: 'In', values: [checkLabelValue(value, key)] });
    }
    for (const expression of matchExpressions as ReadonlyArray<Expression | undefined>) requirements.push(checkRequirement(expression));
    return requirements.length === 0 ? Selector.everything : new Selector(requirements);
  }

  /** A selector from any formula; keys and values are taken as they are. */
  public static expression(expression: LabelExpression): Selector {
    const whole = canonicalExpression(expression);
    const parts = whole.kind === 'and' ? whole.of : [whole];
    const requirements = parts.filter(isRequirement);
    const selector = new Selector(requirements, parts.filter((part) => !isRequirement(part)));
    return selector.key === '' ? Selector.everything : selector;
  }

  /** The plain conditions; all hold. */
  public readonly requirements: readonly Requirement[];
  /** What plain conditions cannot say; all hold as well. */
  public readonly formulas: readonly LabelExpression[];
  /** Equal selectors have equal keys. */
  public readonly key: string;

  private constructor(requirements: readonly Requirement[], formulas: readonly LabelExpression[] = []) {
    const byText = new Map<string, Requirement>();
    for (const requirement of requirements) {
      const sorted = requirement.values.length < 2 ? requirement : { ...requirement, values: [...new Set(requirement.values)].sort() };
      byText.set(conditionText(sorted), sorted);
    }
    const texts = [...byText.keys()].sort();
    const byFormula = new Map(formulas.map((formula) => [expressionText(formula), formula]));
    const formulaTexts = [...byFormula.keys()].sort();
    this.requirements = texts.map((text) => byText.get(text)!);
    this.formulas = formulaTexts.map((text) => byFormula.get(text)!);
    this.key = [...texts, ...formulaTexts].join(',');
  }

  public get matchesEverything(): boolean {
    return this.requirements.length === 0 && this.formulas.length === 0;
  }

  public matches(labels: Labels): boolean {
    return this.requirements.every((requirement) => meetsCondition(requirement, labels)) && this.formulas.every((formula) => expressionHolds(formula, labels));
  }

  /** Every condition that it names, in formulas too: labels that none of them names make no difference. */
  public get conditions(): readonly LabelCondition[] {
    return this.formulas.length === 0 ? this.requirements : [...this.requirements, ...this.formulas.flatMap((formula) => [...conditionsOf(formula)])];
  }

  /** Both selectors at once. */
  public and(other: Selector): Selector {
    return new Selector([...this.requirements, ...other.requirements], [...this.formulas, ...other.formulas]);
  }

  /** The selector as one formula. */
  public toExpression(): LabelExpression {
    return canonicalExpression({ kind: 'and', of: [...this.requirements.map((requirement) => ({ kind: 'label' as const, ...requirement })), ...this.formulas] });
  }

  /** Whether everything that this selector matches is matched by the other one, as far as single conditions tell. */
  public implies(other: Selector): boolean {
    const own = new Set(this.formulas.map(expressionText));
    return other.formulas.every((wanted) => own.has(expressionText(wanted)))
      && other.requirements.every((wanted) => this.requirements.some((each) => each.key === wanted.key && implies(each, wanted)));
  }

  public sameAs(other: Selector): boolean {
    return this.key === other.key;
  }

  /** The labels of the shortest form, where the selector is only labels. */
  public get asLabels(): Labels | undefined {
    if (this.formulas.length > 0) return undefined;
    const { matchLabels, matchExpressions } = this.toSpec();
    return matchExpressions === undefined ? matchLabels ?? {} : undefined;
  }

  /** The API form: single values as `matchLabels`, the rest as `matchExpressions`. A formula has none: an error. */
  public toSpec(): LabelSelectorSpec {
    if (this.formulas.length > 0) {
      throw new PolicyError({ given: this.toString(), problem: 'is more than a label selector of Kubernetes can say', instead: 'conditions of which all hold, or an API of the CNI that has such selectors' });
    }
    const matchLabels: Record<string, string> = {};
    const matchExpressions: Array<{ key: string; operator: string; values?: string[] }> = [];
    for (const { key, operator, values } of this.requirements) {
      const [only, ...more] = values;
      if (operator === 'In' && only !== undefined && more.length === 0 && !Object.hasOwn(matchLabels, key)) {
        matchLabels[key] = only;
      } else {
        matchExpressions.push(values.length > 0 ? { key, operator, values: [...values] } : { key, operator });
      }
    }
    return {
      ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
      ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
    };
  }

  /** As kubectl takes it: `app=web,tier in (a,b),!legacy`; `*` for everything. */
  public toString(): string {
    return this.matchesEverything ? '*' : this.key;
  }
}

function isRequirement(expression: LabelExpression): expression is LabelExpression & Requirement {
  return expression.kind === 'label' && ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(expression.operator);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether one condition on a label makes another one on the same label true. */
function implies(own: Requirement, wanted: Requirement): boolean {
  switch (wanted.operator) {
    case 'In':
      return own.operator === 'In' && own.values.every((value) => wanted.values.includes(value));
    case 'NotIn':
      return own.operator === 'DoesNotExist'
        || (own.operator === 'In' && !own.values.some((value) => wanted.values.includes(value)))
        || (own.operator === 'NotIn' && wanted.values.every((value) => own.values.includes(value)));
    case 'Exists':
      return own.operator === 'Exists' || own.operator === 'In';
    case 'DoesNotExist':
      return own.operator === 'DoesNotExist';
  }
}

function checkRequirement(expression: Expression | undefined): Requirement {
  if (!isMap(expression)) {
    throw new PolicyError({ given: expression, problem: 'is not a condition on a label', instead: 'key, operator and values, such as LabelExpression.in("app", ["web"])' });
  }
  const { key, operator, values } = expression;
  checkLabelKey(key);
  const list = values ?? [];
  if (!Array.isArray(list)) {
    throw new PolicyError({ given: values, problem: `is not a list of values (label "${key}")`, instead: 'a list such as ["web"]' });
  }
  if (operator === 'In' || operator === 'NotIn') {
    if (list.length === 0) {
      throw new PolicyError({ given: values, problem: `is empty, but ${operator} on the label "${key}" needs values`, instead: `at least one value, or ${operator === 'In' ? 'the operator Exists' : 'no condition'}` });
    }
    return { key, operator, values: (list as string[]).map((value) => checkLabelValue(value, key)) };
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (list.length > 0) {
      throw new PolicyError({ given: values, problem: `are values, but ${operator} on the label "${key}" takes none`, instead: `the operator ${operator === 'Exists' ? 'In' : 'NotIn'} with these values` });
    }
    return { key, operator, values: [] };
  }
  throw new PolicyError({ given: operator, problem: `is not an operator (label "${key}")`, instead: 'In, NotIn, Exists or DoesNotExist' });
}
