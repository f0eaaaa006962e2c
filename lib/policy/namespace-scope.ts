import { checkDnsLabel } from './names';
import { Selector } from './selector';

/** The label that the API server puts on every Namespace, with its name. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** Which namespaces pods are looked for in: one by its name, or those whose labels match. */
export type NamespaceScope = NamedNamespace | MatchingNamespaces;

export interface NamedNamespace {
  readonly kind: 'named';
  readonly name: string;
}

export interface MatchingNamespaces {
  readonly kind: 'matching';
  readonly selector: Selector;
}

export function namedNamespace(name: string): NamedNamespace {
  return { kind: 'named', name: checkDnsLabel(name, 'namespace name') };
}

/** A selector that is nothing but the name of a namespace is that namespace: the label cannot be changed. */
export function matchingNamespaces(selector: Selector): NamespaceScope {
  const [only, ...more] = selector.requirements;
  const [name, ...others] = only?.values ?? [];
  if (more.length === 0 && selector.formulas.length === 0 && only?.key === NAMESPACE_NAME_LABEL && only.operator === 'In' && name !== undefined && others.length === 0) {
    return { kind: 'named', name };
  }
  return { kind: 'matching', selector };
}

export const everyNamespace: NamespaceScope = { kind: 'matching', selector: Selector.everything };

/** The scope as a selector over namespace labels. */
export function namespaceSelector(scope: NamespaceScope): Selector {
  return scope.kind === 'named' ? Selector.labels({ [NAMESPACE_NAME_LABEL]: scope.name }) : scope.selector;
}

export function scopeKey(scope: NamespaceScope): string {
  return scope.kind === 'named' ? scope.name : `{${scope.selector.key}}`;
}
