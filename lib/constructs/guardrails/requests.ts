import { ROLLBACK_POLICY } from '../../policy';
import { EXPIRES_AFTER_ANNOTATION } from '../synthesis/annotations';
import { annotationOf, celText, isBy, isInGroup, isManaged, labelOf, SUBJECT } from './cel';
import { NamedExpression } from './guardrail';
import { Requester } from './requester';

/** Who may do what the guardrails refuse to others. */
export interface Exceptions {
  readonly deployers: readonly Requester[];
  /** The group of a team: a text with `{team}` in it. */
  readonly ownerGroup: string;
  readonly rollbackGroup: string;
}

/**
 * The way back from ENFORCE is never refused: the object that opens a namespace, said to expire, made or removed by the group
 * that is on call. It is the first condition of each guardrail, and reads nothing that can be missing.
 */
export function notTheRollback({ rollbackGroup }: Exceptions): NamedExpression {
  const expires = `(object == null || ${annotationOf('object', EXPIRES_AFTER_ANNOTATION)} != "")`;
  return {
    name: 'not-the-rollback',
    expression: `!(${SUBJECT}.metadata.?name.orValue("") == ${celText(ROLLBACK_POLICY)} && ${expires} && ${isInGroup(celText(rollbackGroup))})`,
  };
}

/** What the constructs wrote was checked where they ran, with more than one object to look at. */
export function notOurOwn({ deployers }: Exceptions): NamedExpression {
  return { name: 'not-from-the-constructs', expression: `!(${isManaged('object')} && ${isBy(deployers)})` };
}

/** Old sins do not stop a change of something else: a finalizer, an annotation. */
export function changes(parts: readonly string[]): NamedExpression {
  return { name: 'says-something-new', expression: `request.operation != "UPDATE" || ${parts.map((part) => `object.?${part} != oldObject.?${part}`).join(' || ')}` };
}

/** Whether the request comes from the team that the object, as it was, names as its owner. */
export function isByOwner({ ownerGroup }: Exceptions, ownerLabels: readonly string[]): string {
  const [before = '', after = ''] = ownerGroup.split('{team}');
  const asks = ownerLabels.map((key) => {
    const owner = labelOf('oldObject', key);
    const group = [...(before === '' ? [] : [celText(before)]), owner, ...(after === '' ? [] : [celText(after)])].join(' + ');
    return `(${owner} != "" && ${isInGroup(group)})`;
  });
  return `(oldObject != null && (${asks.join(' || ')}))`;
}
