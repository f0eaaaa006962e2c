import { Labels, NAMESPACE_NAME_LABEL, PodSet, Requirement, Selector } from '../../policy';

/** A pod that a policy speaks about, as a manifest, with its namespace: to ask what becomes of its connections. */
export interface SelectedPod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** A pod of a set, in its namespace or in a new one of that name; undefined where nothing tells what its labels would be. */
export function selectedPod({ namespaces, pods }: PodSet, newNamespace: string): SelectedPod | undefined {
  const labels = labelsOf(pods);
  if (labels === undefined) return undefined;
  if (namespaces.kind === 'named') return { namespace: namespaces.name, namespaceLabels: { [NAMESPACE_NAME_LABEL]: namespaces.name }, labels };
  const own = labelsOf(namespaces.selector);
  if (own === undefined) return undefined;
  const namespace = own[NAMESPACE_NAME_LABEL] ?? newNamespace;
  const namespaceLabels = { ...own, [NAMESPACE_NAME_LABEL]: namespace };
  return namespaces.selector.matches(namespaceLabels) ? { namespace, namespaceLabels, labels } : undefined;
}

/** Labels that a selector matches. Formulas are not solved, but may hold for what the plain conditions ask. */
function labelsOf(selector: Selector): Labels | undefined {
  const labels: Record<string, string> = {};
  for (const { key, operator, values } of selector.requirements) {
    if (operator === 'In') labels[key] = values.find((value) => selector.requirements.every((other) => other.key !== key || allows(other, value))) ?? values[0] ?? '';
    else if (operator === 'Exists') labels[key] ??= 'any';
  }
  return selector.matches(labels) ? labels : undefined;
}

function allows({ operator, values }: Requirement, value: string): boolean {
  if (operator === 'In') return values.includes(value);
  return operator === 'NotIn' ? !values.includes(value) : operator === 'Exists';
}
