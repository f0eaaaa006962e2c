import { AskedPod, speaksAbout, Workload } from '../analysis';
import { Direction, NAMESPACE_NAME_LABEL } from '../policy';
import { directionsOf } from './framework/directions';
import { defineRule } from './framework/policy-rule';

/** Pods of an installation or a test of it, which live for a moment. https://helm.sh/docs/topics/charts_hooks/ */
const HOOK = 'helm.sh/hook';

export const workloadWithoutPolicy = defineRule({
  id: 'workload-without-policy',
  title: 'No policy closes a workload',
  severity: 'warning',
  rationale: 'Its neighbours are protected and it is not: every pod of the cluster reaches it, and it reaches everything that does not close itself.',
  bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: cache, namespace: shop }
spec:
  selector: { matchLabels: { app: cache } }
  template:
    metadata: { labels: { app: cache } }
    spec: { containers: [{ name: cache, image: cache }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
`,
  good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: cache, namespace: shop }
spec:
  selector: { matchLabels: { app: cache } }
  template:
    metadata: { labels: { app: cache } }
    spec: { containers: [{ name: cache, image: cache }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress]
`,
  fix: {
    summary: 'close the namespace by a default deny, or write a policy for the workload',
    yaml: 'spec: { podSelector: {}, policyTypes: [Ingress, Egress] }',
    construct: "new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner, stage: RolloutStage.AUDIT })",
  },
  controls: ['CIS Kubernetes 5.3.2', 'NIST SP 800-53 SC-7(5)', 'NIST SP 800-190 4.3.3'],
  onByDefault: false,
  options: {
    directions: { type: 'texts', default: ['ingress', 'egress'], description: 'a workload is found that is open in all of these: [ingress] asks whether ingress is closed' },
    exempt: { type: 'texts', default: ['kube-system', 'kube-public', 'kube-node-lease'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { namespaces, options, inventory, objects } = context;
    const asked = directionsOf(options.directions);
    const { pods: questions } = context.analysis;
    const served = inventory.policies.filter((document) => document.policy.stage === 'enforced' && context.isServed(document)).map(({ policy }) => policy);
    for (const namespace of namespaces.filter((name) => !options.exempt.includes(name))) {
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const labels = inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
      // a namespace without any policy is one finding of namespace-without-policy, not one for each workload
      if (!served.some((policy) => speaksAbout(policy, namespace, labels))) continue;
      const isClosed = (pod: AskedPod, direction: Direction): boolean => questions.isIsolated(pod, direction) || questions.stopsUnknown(pod, direction);
      const open = questions.in(namespace).filter((pod) => pod.endpoint.isUnpoliced !== true && !asked.some((direction) => isClosed(pod, direction)));
      for (const { kind, name, origin } of distinctWorkloads(open)) {
        const object = { kind, namespace, name };
        if (objects.get(object)?.annotations[HOOK] !== undefined) continue;
        report.finding({ object, ...(origin === undefined ? {} : { origin }), message: `no policy of ${namespace} closes ${asked.join(' or ')} of its pods`, key: asked.join('+') });
      }
    }
  },
});

function distinctWorkloads(pods: readonly AskedPod[]): readonly Workload[] {
  return [...new Set(pods.flatMap(({ workloads }) => workloads))];
}
