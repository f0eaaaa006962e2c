import { AskedPod, PodGroup, PolicyOfPod } from '../analysis';
import { defineRule, RuleContext } from './framework/policy-rule';

export const hostNetworkEscapes = defineRule({
  id: 'host-network-escapes',
  title: 'Pods in the network of their node escape the policies that select them',
  severity: 'warning',
  rationale: 'Their packets are those of the node: no policy for pods stops them, they reach what the node reaches, metadata included, and rules that name them by labels let nobody in.',
  bad: `# with --cni calico
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: logs }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      hostNetwork: true
      containers: [{ name: agent, image: agent }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: agent, namespace: logs }
spec:
  podSelector: { matchLabels: { app: agent } }
  policyTypes: [Ingress, Egress]
`,
  good: `# with --cni calico
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: logs }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers: [{ name: agent, image: agent }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: agent, namespace: logs }
spec:
  podSelector: { matchLabels: { app: agent } }
  policyTypes: [Ingress, Egress]
`,
  fix: {
    summary: 'take hostNetwork out of the pod template; where the pods need it, close the node by other means, and accept the finding with that reason',
    yaml: 'spec: { hostNetwork: false }',
    construct: 'none: the network is chosen by the workload',
  },
  controls: ['CIS Kubernetes 5.2.5', 'NIST SP 800-53 SC-7', 'NIST SP 800-53 AC-6'],
  onByDefault: false,
  options: {
    exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { inventory, options } = context;
    for (const { kind, namespace, name, groups, origin } of inventory.workloads) {
      const group = groups.find(({ hostNetwork }) => hostNetwork);
      if (group === undefined || options.exempt.includes(namespace) || !context.isChecked(origin)) continue;
      const [first] = escapedPolicies(context, namespace, name, group);
      if (first === undefined) continue;
      if (first.isOpen && context.profileIsAssumed) {
        report.notEvaluated(namespace, 'whether policies select pods in the network of their node is up to the CNI, and nobody said which one the cluster has: --cni');
        continue;
      }
      const { policy: { kind: ofKind, policy } } = first.escaped;
      const selecting = `${ofKind} ${policy.namespace === undefined ? '' : `${policy.namespace}/`}${policy.name}`;
      report.finding({
        object: { kind, namespace, name },
        ...(origin === undefined ? {} : { origin }),
        message: first.isOpen
          ? `its pods are in the network of their node: whether ${selecting} speaks about them, nobody says for ${context.profile.id}`
          : `its pods are in the network of their node: ${selecting} selects their labels and does not speak about them under ${context.profile.id}`,
        key: 'hostNetwork',
      });
    }
  },
});

interface Escaped {
  readonly escaped: PolicyOfPod;
  /** Nobody says whether it is escaped. */
  readonly isOpen: boolean;
}

/** The policies that would select the pods were they ordinary ones, and do not for certain; those that surely do not first. */
function escapedPolicies({ analysis: { pods: questions } }: Pick<RuleContext, 'analysis'>, namespace: string, name: string, group: PodGroup): readonly Escaped[] {
  const actual = questions.everyIn(namespace).find((pod) => isOf(pod, name));
  if (actual === undefined) return [];
  const known = new Map(questions.policiesOf(actual).map((each) => [each.policy, each.certain]));
  return questions.policiesOf(questions.imagined(namespace, group.labels))
    .filter(({ policy, certain }) => certain && known.get(policy) !== true)
    .map((escaped) => ({ escaped, isOpen: known.get(escaped.policy) === false }))
    .sort((a, b) => Number(a.isOpen) - Number(b.isOpen));
}

function isOf({ endpoint: { hostNetwork }, workloads }: AskedPod, name: string): boolean {
  return hostNetwork && workloads.some((workload) => workload.name === name && workload.groups.some((group) => group.hostNetwork));
}
