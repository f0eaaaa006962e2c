import { policyId } from '../policy';
import { policyPlace } from './framework/place';
import { defineRule } from './framework/policy-rule';
import { isContradiction, nearest, operatorObject } from './framework/unmet-selector';

export const selectsNothing = defineRule({
  id: 'selects-nothing',
  title: 'A policy selects no pod',
  severity: 'warning',
  rationale: 'It protects nothing: the pods that it was written for are open, or have other labels by now.',
  bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: aip } }
  policyTypes: [Ingress]
`,
  good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
`,
  fix: {
    summary: 'write labels that the pod template has (not those of the Deployment), or remove the policy',
    yaml: 'podSelector: { matchLabels: { app: api } }',
    construct: 'Pods.of(workload), which reads the labels from the pod template',
  },
  controls: ['NIST SP 800-53 SC-7', 'NIST SP 800-53 CM-3'],
  check(context, report) {
    const questions = context.analysis.pods;
    for (const document of context.policies) {
      const { subject, namespace, stage, part } = document.policy;
      if (stage !== 'enforced' || subject.pods.matchesEverything || isContradiction(subject.pods) || !context.isServed(document)) continue;
      const pods = questions.namespacesIn(subject.namespaces).flatMap((name) => questions.everyIn(name));
      if (pods.length === 0) {
        report.notEvaluated(namespace, namespace === undefined ? `${policyId(document.policy)}: no workload of its namespaces is in the input` : 'no workload of the namespace is in the input');
        continue;
      }
      if (pods.some(({ endpoint }) => subject.pods.matches(endpoint.labels))) continue;
      const operator = namespace === undefined ? undefined : operatorObject(subject.pods, context.objects.customObjects(namespace));
      if (operator !== undefined) {
        report.notEvaluated(namespace, `${policyId(document.policy)} may select pods that an operator makes for ${operator}`);
        continue;
      }
      const count = new Set(pods.flatMap(({ workloads }) => workloads)).size;
      report.finding({
        ...policyPlace(document),
        path: `${part ?? 'spec'}.podSelector`,
        message: `${subject.pods.toString()} matches none of the ${count} workload${count === 1 ? '' : 's'} ${namespace === undefined ? 'in its namespaces' : `of ${namespace}`}; ${nearest(subject.pods, pods)}`,
        key: subject.pods.key,
      });
    }
  },
});
