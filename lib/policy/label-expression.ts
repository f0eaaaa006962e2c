import { conditionText, LabelCondition, LabelOperator, Labels, meetsCondition, NEGATED } from './label-condition';

/** A boolean formula over labels. An empty `and` is everything, an empty `or` nothing. */
export type LabelExpression =
  | ({ readonly kind: 'label' } & LabelCondition)
  | { readonly kind: 'not'; readonly of: LabelExpression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly LabelExpression[] };

export const EVERYTHING: LabelExpression = { kind: 'and', of: [] };
export const NOTHING: LabelExpression = { kind: 'or', of: [] };

export function labelCondition(key: string, operator: LabelOperator, values: readonly string[] = []): LabelExpression {
  return { kind: 'label', key, operator, values };
}

export function expressionHolds(expression: LabelExpression, labels: Labels): boolean {
  switch (expression.kind) {
    case 'label':
      return meetsCondition(expression, labels);
    case 'not':
      return !expressionHolds(expression.of, labels);
    case 'and':
      return expression.of.every((part) => expressionHolds(part, labels));
    case 'or':
      return expression.of.some((part) => expressionHolds(part, labels));
  }
}

/** Every condition of a formula, whatever it is joined by. */
export function conditionsOf(expression: LabelExpression): readonly LabelCondition[] {
  switch (expression.kind) {
    case 'label':
      return [expression];
    case 'not':
      return conditionsOf(expression.of);
    default:
      return expression.of.flatMap((part) => [...conditionsOf(part)]);
  }
}

/**
 * The formula in canonical form: negations at the conditions, parts flat, sorted and once each, alternatives of one label put
 * together. Formulas that differ only in how they are written become the same.
 */
export function canonicalExpression(expression: LabelExpression, negated = false): LabelExpression {
  switch (expression.kind) {
    case 'label':
      return canonicalCondition(expression, negated);
    case 'not':
      return canonicalExpression(expression.of, !negated);
    default: {
      const kind = (expression.kind === 'and') === negated ? 'or' : 'and';
      return joined(kind, expression.of.map((part) => canonicalExpression(part, negated)));
    }
  }
}

function canonicalCondition({ key, operator, values }: LabelCondition, negated: boolean): LabelExpression {
  const sorted = [...new Set(values)].sort();
  const opposite = NEGATED[operator];
  if (sorted.length === 0 && (operator === 'In' || operator === 'NotIn')) return (operator === 'In') === negated ? EVERYTHING : NOTHING;
  if (!negated) return { kind: 'label', key, operator, values: sorted };
  if (opposite !== undefined) return { kind: 'label', key, operator: opposite, values: sorted };
  return { kind: 'not', of: { kind: 'label', key, operator, values: sorted } };
}

function joined(kind: 'and' | 'or', parts: readonly LabelExpression[]): LabelExpression {
  const other = kind === 'and' ? 'or' : 'and';
  const flat = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  // an empty part of the other kind decides: "nothing" in a conjunction, "everything" in an alternative
  if (flat.some((part) => part.kind === other && part.of.length === 0)) return { kind: other, of: [] };
  const merged = kind === 'or' ? alternatives(flat) : flat;
  const byText = new Map(merged.map((part) => [expressionText(part), part]));
  // a part and its opposite together are everything, or nothing
  if (merged.some((part) => (part.kind === 'label' || part.kind === 'not') && byText.has(expressionText(canonicalExpression(part, true))))) return { kind: other, of: [] };
  const sorted = [...byText.keys()].sort().map((text) => byText.get(text)!);
  return sorted.length === 1 ? sorted[0]! : { kind, of: sorted };
}

/** `a == "x" || a == "y"` is `a in {"x", "y"}`. */
function alternatives(parts: readonly LabelExpression[]): readonly LabelExpression[] {
  const values = new Map<string, string[]>();
  const rest: LabelExpression[] = [];
  for (const part of parts) {
    if (part.kind !== 'label' || part.operator !== 'In') rest.push(part);
    else values.set(part.key, [...(values.get(part.key) ?? []), ...part.values]);
  }
  return [...rest, ...[...values].map(([key, list]) => labelCondition(key, 'In', [...new Set(list)].sort()))];
}

/** The text of a formula: `(app=web || !legacy)`. Formulas in canonical form with equal texts are equal. */
export function expressionText(expression: LabelExpression): string {
  switch (expression.kind) {
    case 'label':
      return conditionText(expression);
    case 'not':
      return `not ${expressionText(expression.of)}`;
    default:
      if (expression.of.length === 0) return expression.kind === 'and' ? '<everything>' : '<nothing>';
      return `(${expression.of.map(expressionText).join(expression.kind === 'and' ? ' && ' : ' || ')})`;
  }
}
