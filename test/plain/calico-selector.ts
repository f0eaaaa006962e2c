import type { Labels } from './kubernetes-objects';

type Test = (labels: Labels) => boolean;

const TOKEN = /\s*(\(|\)|&&|\|\||!(?!=)|all\(\)|global\(\)|has\(([^)]+)\)|([\w./-]+)\s*(==|!=|contains|starts with|ends with)\s*'([^']*)'|([\w./-]+)\s+(not in|in)\s*\{([^}]*)\})/y;

/**
 * A selector of Calico as a function of labels, by the sentences of its reference: "`k != v`: matches resources without the label as
 * well", "`k not in {...}`" likewise. The two words without a label are looked up among the labels, as `all()` and `global()`.
 *
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
 */
export function calicoSelector(text: string, words: Readonly<Record<'all' | 'global', Test>>): Test {
  const tokens: RegExpExecArray[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match);
    if (TOKEN.lastIndex === text.length) break;
  }
  if (tokens.map((match) => match[0]).join('') !== text) throw new Error(`not a selector that the plain evaluator reads: ${text}`);
  let next = 0;
  const peek = (): string | undefined => tokens[next]?.[1];
  const some = (): Test => {
    const parts = [every()];
    while (peek() === '||') {
      next++;
      parts.push(every());
    }
    return (labels) => parts.some((part) => part(labels));
  };
  const every = (): Test => {
    const parts = [one()];
    while (peek() === '&&') {
      next++;
      parts.push(one());
    }
    return (labels) => parts.every((part) => part(labels));
  };
  const one = (): Test => {
    const token = tokens[next++];
    if (token === undefined) throw new Error(`the selector ends too early: ${text}`);
    const [, word, has, key, operator, value, setKey, setOperator, list] = token;
    if (word === '!') {
      const negated = one();
      return (labels) => !negated(labels);
    }
    if (word === '(') {
      const inner = some();
      next++;
      return inner;
    }
    if (word === 'all()') return words.all;
    if (word === 'global()') return words.global;
    if (has !== undefined) return (labels) => has in labels;
    if (setKey !== undefined) {
      const values = list!.split(',').map((each) => each.trim().slice(1, -1));
      return (labels) => (setKey in labels && values.includes(labels[setKey]!)) === (setOperator === 'in');
    }
    const own = (labels: Labels): string | undefined => labels[key!];
    switch (operator) {
      case '==':
        return (labels) => own(labels) === value;
      case '!=':
        return (labels) => own(labels) !== value;
      case 'contains':
        return (labels) => own(labels)?.includes(value!) === true;
      case 'starts with':
        return (labels) => own(labels)?.startsWith(value!) === true;
      default:
        return (labels) => own(labels)?.endsWith(value!) === true;
    }
  };
  return text.trim() === '' ? words.all : some();
}
