import { EVERYTHING, labelCondition, LabelExpression, LabelOperator } from '../../policy';
import { FieldPath } from '../document';
import { noSelector, Token, TokenKind, tokensOf } from './selector-tokens';

/** What the two words mean that no label stands behind. */
export interface SelectorMeaning {
  readonly all: LabelExpression;
  /** Undefined where the API refuses `global()`. */
  readonly global?: LabelExpression;
}

const ONE_VALUE: Readonly<Partial<Record<TokenKind, LabelOperator>>> = {
  '==': 'In', '!=': 'NotIn', contains: 'Contains', 'starts with': 'StartsWith', 'ends with': 'EndsWith',
};
const SEVERAL_VALUES: Readonly<Partial<Record<TokenKind, LabelOperator>>> = { in: 'In', 'not in': 'NotIn' };

/**
 * The formula of a selector. `||` binds weakest, then `&&`, then `!`; `!=` and `not in` match where the label is absent. An empty
 * selector is everything.
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
 */
export function parseSelector(selector: string, path: FieldPath, meaning: SelectorMeaning): LabelExpression {
  return new Parser(selector, path, meaning).whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;

  public constructor(private readonly selector: string, private readonly path: FieldPath, private readonly meaning: SelectorMeaning) {
    this.tokens = tokensOf(selector, path);
  }

  public whole(): LabelExpression {
    if (this.take('end')) return EVERYTHING;
    const expression = this.alternatives();
    if (!this.take('end')) throw this.problem('the selector should have ended', '"&&" or "||" between two conditions');
    return expression;
  }

  private get token(): Token {
    return this.tokens[this.next]!;
  }

  private take(kind: TokenKind): boolean {
    if (this.token.kind !== kind) return false;
    this.next++;
    return true;
  }

  private alternatives(): LabelExpression {
    const of = [this.conjunction()];
    while (this.take('||')) of.push(this.conjunction());
    return of.length === 1 ? of[0]! : { kind: 'or', of };
  }

  private conjunction(): LabelExpression {
    const of = [this.operation()];
    while (this.take('&&')) of.push(this.operation());
    return of.length === 1 ? of[0]! : { kind: 'and', of };
  }

  private operation(): LabelExpression {
    let negated = false;
    while (this.take('!')) negated = !negated;
    const operand = this.operand();
    return negated ? { kind: 'not', of: operand } : operand;
  }

  private operand(): LabelExpression {
    const { kind, value } = this.token;
    if (this.take('has')) return labelCondition(value, 'Exists');
    if (this.take('all')) return this.meaning.all;
    if (kind === 'global') {
      if (this.meaning.global === undefined) throw this.problem('global() stands where it is not allowed', 'global() only in the namespaceSelector of a rule');
      this.next++;
      return this.meaning.global;
    }
    if (this.take('(')) {
      const inner = this.alternatives();
      if (!this.take(')')) throw this.problem('a parenthesis is open', '")"');
      return inner;
    }
    if (this.take('label')) return this.comparison(value);
    throw this.problem('a condition is missing', 'a label with an operator, has(label), all() or a parenthesis');
  }

  private comparison(key: string): LabelExpression {
    const { kind } = this.token;
    this.next++;
    const single = ONE_VALUE[kind];
    if (single !== undefined) return labelCondition(key, single, [this.text()]);
    const several = SEVERAL_VALUES[kind];
    if (several !== undefined) return labelCondition(key, several, this.texts());
    this.next--;
    throw this.problem('no operator stands behind the label', '==, !=, in, not in, contains, starts with or ends with');
  }

  private text(): string {
    const { kind, value } = this.token;
    if (kind !== 'text') throw this.problem('a value is missing', 'a text in quotes, such as "web"');
    this.next++;
    return value;
  }

  private texts(): string[] {
    if (!this.take('{')) throw this.problem('a set of values is missing', 'texts in braces, such as {"web", "api"}');
    const values: string[] = [];
    while (this.token.kind === 'text') {
      values.push(this.text());
      if (!this.take(',')) break;
    }
    if (!this.take('}')) throw this.problem('a set of values is open', '"}"');
    return values;
  }

  private problem(what: string, instead: string): Error {
    return noSelector(this.selector, this.token.at, this.path, what, instead);
  }
}
