export type Labels = Readonly<Record<string, string>>;

/** The operators of Kubernetes' label selectors. */
export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

/** Those, and what the selector languages of some CNIs add. */
export type LabelOperator = SelectorOperator | 'Contains' | 'StartsWith' | 'EndsWith';

/** One condition on one label. */
export interface LabelCondition {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** The operator that holds where another one does not; the others have none. */
export const NEGATED: Readonly<Partial<Record<LabelOperator, LabelOperator>>> = {
  In: 'NotIn', NotIn: 'In', Exists: 'DoesNotExist', DoesNotExist: 'Exists',
};

export function meetsCondition({ key, operator, values }: LabelCondition, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Contains':
      return value !== undefined && values.some((part) => value.includes(part));
    case 'StartsWith':
      return value !== undefined && values.some((part) => value.startsWith(part));
    case 'EndsWith':
      return value !== undefined && values.some((part) => value.endsWith(part));
  }
}

const PLAIN = /^[A-Za-z0-9._-]*$/;

/** Values that no label can have are quoted: some selector languages take any text. */
function valueText(value: string): string {
  return PLAIN.test(value) ? value : JSON.stringify(value);
}

/** As kubectl takes it: `app=web`, `tier in (a,b)`, `!legacy`. */
export function conditionText({ key, operator, values }: LabelCondition): string {
  const list = values.map(valueText);
  switch (operator) {
    case 'In':
      return list.length === 1 ? `${key}=${list[0]}` : `${key} in (${list.join(',')})`;
    case 'NotIn':
      return list.length === 1 ? `${key}!=${list[0]}` : `${key} notin (${list.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Contains':
      return `${key} contains ${list.join('|')}`;
    case 'StartsWith':
      return `${key} starts with ${list.join('|')}`;
    case 'EndsWith':
      return `${key} ends with ${list.join('|')}`;
  }
}
