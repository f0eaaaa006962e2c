import { PodSet, policyId } from '../policy';
import { podSetsOf } from './framework/asked-pods';
import { policyPlace, rulePath } from './framework/place';
import { defineRule } from './framework/policy-rule';
import { isContradiction, nearest, operatorObject } from './framework/unmet-selector';

/** Values of labels that pods put on to be let in: that nobody has such a label yet is no mistake. */
const OPT_IN: readonly string[] = ['true', 'yes', 'enabled', 'allow', 'allowed'];

export const peerSelectsNothing = defineRule({
  id: 'peer-selects-nothing',
  title: 'A rule names pods that are not there',
  severity: 'warning',
  rationale: 'It opens nothing, or denies nobody: the pods that it was written for have other labels, and the connection is decided by something else.',
  bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app: wbe } }
      ports: [{ protocol: TCP, port: 8080 }]
`,
  good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }
          podSelector: { matchLabels: { app: web } }
      ports: [{ protocol: TCP, port: 8080 }]
`,
  fix: {
    summary: 'write labels that the pod templates at the other end have, in the namespace where they are, or remove the peer',
    yaml: 'from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: web } } }]',
    construct: 'Pods.of(workload), which reads the labels from the pod template',
  },
  controls: ['NIST SP 800-53 SC-7', 'NIST SP 800-53 CM-3'],
  onByDefault: false,
  options: {
    incomplete: { type: 'texts', default: ['kube-system'], description: 'namespaces of which the input shows only some of the workloads' },
  },
  check(context, report) {
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !context.isServed(document)) continue;
      for (const rule of policy.rules) {
        if (rule.action !== 'allow' && rule.action !== 'deny') continue;
        for (const set of podSetsOf(rule)) {
          const { namespaces, pods } = set;
          if (!namesSome(set) || isContradiction(pods) || isOptIn(set)) continue;
          // what namespaces there are beside those of the input is not known
          if (namespaces.kind !== 'named' || context.options.incomplete.includes(namespaces.name)) continue;
          const known = context.analysis.pods.everyIn(namespaces.name);
          if (known.some(({ endpoint }) => pods.matches(endpoint.labels))) continue;
          if (known.length === 0) {
            report.notEvaluated(policy.namespace, `${policyId(policy)}: no workload of ${namespaces.name}, where it names pods, is in the input`);
            continue;
          }
          const operator = operatorObject(pods, context.objects.customObjects(namespaces.name));
          if (operator !== undefined) {
            report.notEvaluated(policy.namespace, `${policyId(policy)} may name pods that an operator makes for ${operator}`);
            continue;
          }
          const count = new Set(known.flatMap(({ workloads }) => workloads)).size;
          report.finding({
            ...policyPlace(document),
            path: rulePath(policy, rule),
            message: `${pods.toString()} matches none of the ${count} workload${count === 1 ? '' : 's'} of ${namespaces.name}, so that this peer ${rule.action === 'allow' ? 'opens nothing' : 'denies nobody'}; ${nearest(pods, known)}`,
            key: `${rule.direction} ${namespaces.name} ${pods.key}`,
          });
        }
      }
    }
  },
});

/** Whether it asks for something: a selector that only leaves pods out means whoever else there will be. */
function namesSome({ pods }: PodSet): boolean {
  return pods.conditions.some(({ operator }) => operator !== 'NotIn' && operator !== 'DoesNotExist');
}

/** A label that pods get in order to be let in, such as `redis-client: "true"`. */
function isOptIn({ pods }: PodSet): boolean {
  return pods.requirements.some(({ operator, values }) => operator === 'Exists' || (operator === 'In' && values.every((value) => OPT_IN.includes(value.toLowerCase()))));
}
