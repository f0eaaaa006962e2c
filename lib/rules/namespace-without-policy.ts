import { speaksAbout } from '../analysis';
import { NAMESPACE_NAME_LABEL } from '../policy';
import { namespacePlace } from './framework/place';
import { defineRule } from './framework/policy-rule';

export const namespaceWithoutPolicy = defineRule({
  id: 'namespace-without-policy',
  title: 'A namespace has no policy at all',
  severity: 'warning',
  rationale: 'Every pod of the cluster reaches every pod of the namespace, and each of those reaches everything.',
  bad: `apiVersion: v1
kind: Namespace
metadata: { name: shop }
`,
  good: `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  fix: {
    summary: 'begin with a default deny, in AUDIT where the traffic is not known yet',
    yaml: 'kind: NetworkPolicy, spec: { podSelector: {}, policyTypes: [Ingress, Egress] }',
    construct: "new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner, stage: RolloutStage.AUDIT })",
  },
  controls: ['CIS Kubernetes 5.3.2', 'NIST SP 800-53 SC-7', 'NIST SP 800-190 4.3.3'],
  options: {
    exempt: { type: 'texts', default: ['kube-system', 'kube-public', 'kube-node-lease'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { namespaces, options, inventory } = context;
    const policies = inventory.policies.filter((document) => context.isServed(document)).map(({ policy }) => policy);
    for (const namespace of namespaces.filter((name) => !options.exempt.includes(name))) {
      const labels = inventory.namespaces.get(namespace)?.labels ?? { [NAMESPACE_NAME_LABEL]: namespace };
      if (policies.some((policy) => speaksAbout(policy, namespace, labels))) continue;
      const unclear = context.unclear(namespace);
      if (unclear !== undefined) {
        report.notEvaluated(namespace, unclear);
        continue;
      }
      const workloads = inventory.workloads.filter((each) => each.namespace === namespace).length;
      const count = workloads === 0 ? '' : ` for its ${workloads} workload${workloads === 1 ? '' : 's'}`;
      report.finding({ ...namespacePlace(context, namespace), message: `the namespace ${namespace} has no policy${count}: nothing in it is closed`, key: 'namespace' });
    }
  },
});
