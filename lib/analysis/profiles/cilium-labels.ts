import { DerivedLabel } from '../derived-labels';

/** What every pod carries beside its own labels. A cluster that nobody named is called `default`. */
export const CILIUM_DERIVED_LABELS: readonly DerivedLabel[] = [
  { key: 'io.cilium.k8s.namespace.labels.', from: 'namespace-labels' },
  { key: 'io.kubernetes.pod.namespace', from: 'namespace-name' },
  { key: 'io.cilium.k8s.policy.serviceaccount', from: 'service-account-name' },
  { key: 'io.cilium.k8s.policy.cluster', from: 'constant', value: 'default' },
];

/** What the beginning of a key says about it, unless an installation configures other labels. */
const INCLUDED = [/^io\.kubernetes\.pod\.namespace/, /^io\.cilium\.k8s\.namespace\.labels/, /^app\.kubernetes\.io/, /^io\.cilium\.k8s\.policy/];
const IGNORED = [
  /^io\.kubernetes/, /^kubernetes\.io/, /^statefulset\.kubernetes\.io\/pod-name/, /^apps\.kubernetes\.io\/pod-index/, /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/, /^.*beta\.kubernetes\.io/, /^k8s\.io/, /^pod-template-generation/, /^pod-template-hash/, /^controller-revision-hash/,
  /^annotation/, /^controller-uid/, /^etcd_node/,
];

/**
 * Whether a label of a pod is part of its identity: selectors see no others. Of an entry that includes a key and one that ignores
 * it, the one that covers more of it decides.
 * @see https://github.com/cilium/cilium/blob/main/pkg/labelsfilter/filter.go
 */
export function isIdentityLabel(key: string): boolean {
  const ignored = IGNORED.flatMap((pattern) => lengthOf(pattern, key));
  if (ignored.length === 0) return true;
  return Math.max(0, ...INCLUDED.flatMap((pattern) => lengthOf(pattern, key))) > Math.min(...ignored);
}

function lengthOf(pattern: RegExp, key: string): number[] {
  const match = pattern.exec(key);
  return match === null ? [] : [match[0].length];
}
