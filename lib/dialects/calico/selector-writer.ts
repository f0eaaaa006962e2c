import { LabelCondition, LabelExpression, PolicyError } from '../../policy';
import { MAX_SELECTOR } from './api';

/** How parts of a formula are said in words of the language that no label stands behind. */
export type SelectorWords = (expression: LabelExpression) => string | undefined;

/** The text of a formula; a formula that is always true is `all()`. */
export function writeSelector(expression: LabelExpression, where: string, words: SelectorWords = () => undefined): string {
  const text = textOf(expression, words);
  if (text.length <= MAX_SELECTOR) return text;
  throw new PolicyError({ given: text, where, problem: `is a selector of ${text.length} characters`, instead: `at most ${MAX_SELECTOR}: split the rule` });
}

function textOf(expression: LabelExpression, words: SelectorWords): string {
  const word = words(expression);
  if (word !== undefined) return word;
  switch (expression.kind) {
    case 'label':
      return conditionOf(expression);
    case 'not':
      return `!(${textOf(expression.of, words)})`;
    default: {
      if (expression.of.length === 0) return expression.kind === 'and' ? 'all()' : '!all()';
      const parts = expression.of.map((part) => (part.kind === 'and' || part.kind === 'or' ? `(${textOf(part, words)})` : textOf(part, words)));
      return parts.join(expression.kind === 'and' ? ' && ' : ' || ');
    }
  }
}

const PARTIAL = { Contains: 'contains', StartsWith: 'starts with', EndsWith: 'ends with' } as const;

function conditionOf({ key, operator, values }: LabelCondition): string {
  const texts = values.map(quoted);
  switch (operator) {
    case 'In':
      return texts.length === 1 ? `${key} == ${texts[0]}` : `${key} in {${texts.join(', ')}}`;
    case 'NotIn':
      return texts.length === 1 ? `${key} != ${texts[0]}` : `${key} not in {${texts.join(', ')}}`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      return `!has(${key})`;
    default: {
      const parts = texts.map((text) => `${key} ${PARTIAL[operator]} ${text}`);
      return parts.length === 1 ? parts[0]! : `(${parts.join(' || ')})`;
    }
  }
}

/** The language knows no escapes: a text has quotes of one kind at most. */
function quoted(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('"')) return `"${value}"`;
  throw new PolicyError({ given: value, problem: 'has quotes of both kinds, which a selector of Calico cannot say', instead: 'a value without quotes' });
}
