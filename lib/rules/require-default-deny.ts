import { DIRECTIONS } from '../policy';
import { namespacePlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const requireDefaultDeny = defineRule({
  id: 'require-default-deny',
  title: 'A namespace has no default deny',
  severity: 'warning',
  rationale: 'Without one, a pod that nobody wrote a policy for, tomorrow\'s included, reaches everything and is reached by everybody.',
  bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress:
    - ports: [{ protocol: TCP, port: 8080 }]
      from: [{ podSelector: { matchLabels: { app: proxy } } }]
`,
  good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  fix: {
    summary: 'close the namespace by a policy for all of its pods, and open what is needed by others',
    yaml: 'spec: { podSelector: {}, policyTypes: [Ingress, Egress] }',
    construct: "new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner, stage: RolloutStage.AUDIT })",
  },
  controls: ['CIS Kubernetes 5.3.2', 'NIST SP 800-53 SC-7(5)', 'NIST SP 800-190 4.3.3'],
  options: {
    directions: { type: 'texts', default: ['ingress', 'egress'], description: 'the directions that have to be closed' },
    exempt: { type: 'texts', default: ['kube-system', 'kube-public', 'kube-node-lease'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { namespaces, options, analysis } = context;
    for (const namespace of namespaces.filter((name) => !options.exempt.includes(name))) {
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const pod = analysis.pods.imagined(namespace, {});
      const open = DIRECTIONS.filter((direction) => options.directions.includes(direction)
        && !analysis.pods.isIsolated(pod, direction) && !analysis.pods.stopsUnknown(pod, direction));
      if (open.length === 0) continue;
      report.finding({
        ...namespacePlace(context, namespace),
        message: `the namespace ${namespace} has no default deny for ${open.join(' and ')}: no policy closes it for a pod without labels`,
        key: open.join('+'),
      });
    }
  },
});
