import {
  EVERYTHING, labelCondition, LabelExpression, matchingNamespaces, NAMESPACE_NAME_LABEL, NamespaceScope, Selector,
} from '../../policy';
import { FieldPath } from '../document';
import { NAME_LABEL, SERVICE_ACCOUNT_LABEL, SERVICE_ACCOUNT_PREFIX } from './api';
import { parseSelector, SelectorMeaning } from './selector-parser';

/** In selectors of pods and sets `all()` is everything, and `global()` is refused. */
export const OF_ENDPOINTS: SelectorMeaning = { all: EVERYTHING };

/** What has a namespace has its name: sets of the whole cluster have none. */
const IN_A_NAMESPACE = labelCondition(NAMESPACE_NAME_LABEL, 'Exists');
const OF_THE_CLUSTER = labelCondition(NAMESPACE_NAME_LABEL, 'DoesNotExist');

/** In the namespaceSelector of a rule `all()` is whatever has a namespace, `global()` what has none. */
const OF_NAMESPACES: SelectorMeaning = { all: IN_A_NAMESPACE, global: OF_THE_CLUSTER };

/** What has a namespace or not, and what has one and has none. */
export const EITHER = 'all() || global()';
const NEITHER = 'all() && global()';

/** The namespaceSelector of a rule. */
export function readRuleScope(text: string, path: FieldPath): NamespaceScope {
  return matchingNamespaces(Selector.expression(withKeys(parseSelector(text, path, OF_NAMESPACES), namespaceKey)));
}

/** The namespaceSelector of a policy; pods always have a namespace. */
export function readPolicyScope(text: string, path: FieldPath): NamespaceScope {
  return matchingNamespaces(Selector.expression(withKeys(parseSelector(text, path, OF_ENDPOINTS), namespaceKey)));
}

/** A selector over the labels of service accounts, as pods inherit them. */
export function readServiceAccountSelector(text: string, path: FieldPath): LabelExpression {
  return withKeys(parseSelector(text, path, OF_ENDPOINTS), (key) => `${SERVICE_ACCOUNT_PREFIX}${key}`);
}

export function serviceAccountNamed(names: readonly string[]): LabelExpression {
  return labelCondition(SERVICE_ACCOUNT_LABEL, 'In', names);
}

/** A selector of namespaces, in the words of the language: there `!all()` is not nothing, but what has no namespace. */
export function namespaceWords(expression: LabelExpression): string | undefined {
  if ((expression.kind === 'and' || expression.kind === 'or') && expression.of.length === 0) return expression.kind === 'and' ? EITHER : NEITHER;
  if (expression.kind !== 'label' || expression.key !== NAMESPACE_NAME_LABEL) return undefined;
  return expression.operator === 'Exists' ? 'all()' : expression.operator === 'DoesNotExist' ? 'global()' : undefined;
}

/** Calico gives namespaces a label with their name; so does the API server, under another key. */
function namespaceKey(key: string): string {
  return key === NAME_LABEL ? NAMESPACE_NAME_LABEL : key;
}

function withKeys(expression: LabelExpression, rename: (key: string) => string): LabelExpression {
  switch (expression.kind) {
    case 'label':
      // the words of the language stand for conditions on a label that has its key already
      return expression === IN_A_NAMESPACE || expression === OF_THE_CLUSTER ? expression : { ...expression, key: rename(expression.key) };
    case 'not':
      return { kind: 'not', of: withKeys(expression.of, rename) };
    default:
      return { kind: expression.kind, of: expression.of.map((part) => withKeys(part, rename)) };
  }
}
