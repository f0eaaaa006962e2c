import { type Labels, type LabelSelector, type LabelSelectorRequirement, refuseUnknownFields } from './kubernetes-objects';

/**
 * "A label selector is a label query over a set of resources. The result of matchLabels and matchExpressions are ANDed.
 * An empty label selector matches all objects."
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/
 */
export function selectorMatches(selector: LabelSelector, labels: Labels): boolean {
  refuseUnknownFields(selector, ['matchLabels', 'matchExpressions'], 'label selector');
  return matchLabelsMatch(selector.matchLabels ?? {}, labels)
    && (selector.matchExpressions ?? []).every((requirement) => requirementMatches(requirement, labels));
}

/** "A single {key,value} in the matchLabels map is equivalent to an element of matchExpressions, [...] the operator is In". */
function matchLabelsMatch(matchLabels: Labels, labels: Labels): boolean {
  return Object.entries(matchLabels)
    .every(([key, value]) => requirementMatches({ key, operator: 'In', values: [value ?? ''] }, labels));
}

/**
 * What apimachinery's `labels.Requirement.Matches` answers: In and Exists need the key, NotIn and DoesNotExist match when
 * it is absent.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/labels#Requirement.Matches
 */
function requirementMatches(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const { key, operator } = requirement;
  const values = requirement.values ?? [];
  const isPresent = Object.hasOwn(labels, key);
  const isAmongValues = isPresent && values.includes(labels[key] ?? '');
  refuseWrongValues(requirement);
  switch (operator) {
    case 'In': return isAmongValues;
    case 'NotIn': return !isAmongValues;
    case 'Exists': return isPresent;
    case 'DoesNotExist': return !isPresent;
    default: throw new Error(`label selector: unknown operator '${operator}' for key '${key}'`);
  }
}

/** "If the operator is In or NotIn, the values array must be non-empty. If [...] Exists or DoesNotExist, [...] must be empty." */
function refuseWrongValues({ key, operator, values }: LabelSelectorRequirement): void {
  const count = values?.length ?? 0;
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues && count === 0) {
    throw new Error(`label selector: operator '${operator}' for key '${key}' needs values`);
  }
  if (['Exists', 'DoesNotExist'].includes(operator) && count > 0) {
    throw new Error(`label selector: operator '${operator}' for key '${key}' takes no values`);
  }
  if (!(values ?? []).every((value) => typeof value === 'string')) {
    throw new Error(`label selector: the values for key '${key}' must be strings`);
  }
}
