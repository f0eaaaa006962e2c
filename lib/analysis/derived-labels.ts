import { Labels, NAMESPACE_NAME_LABEL } from '../policy';

/**
 * A label, or several with a common prefix, that a CNI gives to pods beside their own: its selectors can name them.
 */
export interface DerivedLabel {
  /** The label, or the prefix of labels that are taken over from an object. */
  readonly key: string;
  readonly from: 'namespace-name' | 'namespace-labels' | 'service-account-name' | 'service-account-labels' | 'constant';
  /** The value of a constant. */
  readonly value?: string;
  /** Whether sets of addresses in a namespace have it as well. */
  readonly onAddressSets?: boolean;
}

/** What labels are derived from. */
export interface LabelOwner {
  readonly namespace?: { readonly name: string; readonly labels: Labels };
  readonly serviceAccount?: { readonly name: string; readonly labels: Labels };
}

/** The labels that selectors see: a label of its own stands above one that is taken over with a prefix, and below one that is set. */
export function withDerivedLabels(own: Labels, rows: readonly DerivedLabel[], owner: LabelOwner): Labels {
  if (rows.length === 0) return own;
  const inherited: Record<string, string> = {};
  const set: Record<string, string> = {};
  for (const { key, from, value } of rows) {
    if (from === 'constant') set[key] = value ?? '';
    else if (from === 'namespace-name') put(set, key, owner.namespace?.name);
    else if (from === 'service-account-name') put(set, key, owner.serviceAccount?.name);
    else takeOver(inherited, key, from === 'namespace-labels' ? owner.namespace?.labels : owner.serviceAccount?.labels);
  }
  return { ...inherited, ...own, ...set };
}

function put(labels: Record<string, string>, key: string, value: string | undefined): void {
  if (value !== undefined) labels[key] = value;
}

function takeOver(labels: Record<string, string>, prefix: string, from: Labels | undefined): void {
  for (const [key, value] of Object.entries(from ?? {})) labels[`${prefix}${key}`] = value;
}

/** The namespace of a label owner, which has its name as a label whether the input shows it or not. */
export function namespaceOwner(name: string, labels: Labels | undefined): NonNullable<LabelOwner['namespace']> {
  return { name, labels: labels ?? { [NAMESPACE_NAME_LABEL]: name } };
}
