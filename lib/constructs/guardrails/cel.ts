import { MANAGED_BY, MANAGED_BY_LABEL } from '../synthesis/annotations';
import { NamedExpression } from './guardrail';
import { Requester } from './requester';

/**
 * Pieces of CEL. They never fail: a field that may be missing is read as an optional, because an expression that fails refuses
 * the request, whoever makes it.
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */

/** The object as it will be; where it is deleted, as it was. */
export const SUBJECT = '(object != null ? object : oldObject)';

/** A text as CEL writes it: JSON is a part of CEL. */
export function celText(text: string): string {
  return JSON.stringify(text);
}

/** A list of texts. */
export function celTexts(texts: readonly string[]): string {
  return `[${texts.map(celText).join(', ')}]`;
}

/** The value of a label; empty where it is not there. */
export function labelOf(object: string, key: string): string {
  return `${object}.metadata.?labels[?${celText(key)}].orValue("")`;
}

/** The value of an annotation; empty where it is not there. */
export function annotationOf(object: string, key: string): string {
  return `${object}.metadata.?annotations[?${celText(key)}].orValue("")`;
}

/** Whether an object says that a construct of this library made it. */
export function isManaged(object: string): string {
  return `(${object} != null && ${labelOf(object, MANAGED_BY_LABEL)} == ${celText(MANAGED_BY)})`;
}

const GROUPS = 'request.userInfo.?groups.orValue([])';

/** Whether the request is made by one of these. */
export function isBy(requesters: readonly Requester[]): string {
  const users = requesters.filter(({ _kind }) => _kind === 'user').map(({ _name }) => _name);
  const groups = requesters.filter(({ _kind }) => _kind === 'group').map(({ _name }) => _name);
  return `(${[
    ...(users.length > 0 ? [`request.userInfo.username in ${celTexts(users)}`] : []),
    ...(groups.length > 0 ? [`${GROUPS}.exists(g, g in ${celTexts(groups)})`] : []),
  ].join(' || ')})`;
}

/** Whether the request is made by a member of this group; CEL that gives its name. */
export function isInGroup(group: string): string {
  return `(${group} in ${GROUPS})`;
}

/** How messages name the object: `NetworkPolicy pay/default-deny`. */
export const SUBJECT_VARIABLE: NamedExpression = {
  name: 'subject',
  expression: `request.kind.kind + " " + (request.?namespace.orValue("") == "" ? "" : request.namespace + "/") + ${SUBJECT}.metadata.?name.orValue("")`,
};

/**
 * Whether the namespace is on its way out: the API server deletes what is in it, one by one, in the name of a controller. Refused,
 * the namespace would never go.
 */
export const LEAVING_VARIABLE: NamedExpression = {
  name: 'leaving',
  expression: 'request.operation == "DELETE" && namespaceObject != null && has(namespaceObject.metadata.deletionTimestamp)',
};
