import { ObservedLabels } from './observation';

const GENERATED = new Set([
  'pod-template-hash', 'rollouts-pod-template-hash', 'controller-revision-hash', 'pod-template-generation', 'job-name', 'controller-uid',
  'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index',
]);
const GENERATED_PREFIXES = ['batch.kubernetes.io/', 'io.cilium.', 'io.kubernetes.pod.namespace'];

/** The labels that a person wrote: what controllers add differs from pod to pod, and no policy should select by it. */
export function workloadLabels(labels: Iterable<readonly [string, string]>): ObservedLabels {
  return Object.fromEntries([...labels].filter(([key]) => !isGenerated(key)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isGenerated(key: string): boolean {
  return GENERATED.has(key) || GENERATED_PREFIXES.some((prefix) => key.startsWith(prefix));
}
