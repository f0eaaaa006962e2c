import type { Cluster } from './cluster';
import type { Labels, LabelSelector, LabelSelectorRequirement } from './kubernetes-objects';
import type { Pod } from './pod';
import { selectorMatches } from './selector';

/**
 * The labels by which Cilium knows a pod: its own without those that are filtered, and those that say where it runs. "The identity
 * of an endpoint is derived from the Labels associated with the pod"; the filter is `pkg/labelsfilter/filter.go`.
 *
 * @see https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 */
export function identityLabels(pod: Pod, cluster: Cluster): Labels {
  const own = Object.entries(pod.labels).filter(([key]) => isIdentityRelevant(key));
  const ofNamespace = Object.entries(cluster.labelsOfNamespace(pod.namespace)).map(([key, value]) => [`io.cilium.k8s.namespace.labels.${key}`, value]);
  return { ...Object.fromEntries(own), ...Object.fromEntries(ofNamespace), 'io.kubernetes.pod.namespace': pod.namespace, 'io.cilium.k8s.policy.cluster': 'default' };
}

/** "exclusive label prefixes": of those that match a key, the included one has to match more of it than the excluded one. */
function isIdentityRelevant(key: string): boolean {
  const included = ['io.kubernetes.pod.namespace', 'io.cilium.k8s.namespace.labels', 'app.kubernetes.io', 'io.cilium.k8s.policy.cluster'].some((prefix) => key.startsWith(prefix));
  const excluded = [
    'io.kubernetes', 'kubernetes.io', 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'batch.kubernetes.io/job-completion-index',
    'batch.kubernetes.io/controller-uid',
    'k8s.io', 'pod-template-generation', 'pod-template-hash', 'controller-revision-hash', 'annotation',
    'controller-uid', 'etcd_node',
  ].some((prefix) => key.startsWith(prefix)) || key.includes('beta.kubernetes.io');
  return included || !excluded;
}

/** A selector over identity labels. `k8s:` names the source of a label; pods have labels of no other one. */
export function identityMatches(selector: LabelSelector, labels: Labels): boolean {
  return selectorMatches({
    matchLabels: Object.fromEntries(Object.entries(selector.matchLabels ?? {}).map(([key, value]) => [withoutSource(key), value])),
    matchExpressions: (selector.matchExpressions ?? [])
      .map((requirement): LabelSelectorRequirement => ({ ...requirement, key: withoutSource(requirement.key) })),
  }, labels);
}

/** The keys that a selector names. */
export function keysOf({ matchLabels, matchExpressions }: LabelSelector): string[] {
  return [...Object.keys(matchLabels ?? {}), ...(matchExpressions ?? []).map(({ key }) => key)].map(withoutSource);
}

function withoutSource(key: string): string {
  return key.replace(/^(k8s|any):/, '');
}
