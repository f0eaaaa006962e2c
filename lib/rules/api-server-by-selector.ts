import { AskedPod, Profile } from '../analysis';
import { PodSet, Policy, policyId, Rule } from '../policy';
import { askedEnd, podSetsOf, podsSelectedBy, podsText } from './framework/asked-pods';
import { Evidence } from './framework/finding';
import { policyPlace, rulePath } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

/** What its static pods are called. https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#control-plane-components */
const NAMES: readonly string[] = ['kube-apiserver', 'apiserver', 'openshift-kube-apiserver'];
/** Where a cluster has its own API server; those of other clusters, hosted in pods, are somewhere else. */
const NAMESPACES: readonly string[] = ['kube-system', 'openshift-kube-apiserver'];
const PORTS: readonly string[] = ['6443/TCP', '443/TCP'];

interface ClosedPath {
  readonly evidence: Evidence;
  readonly isCertain: boolean;
}

export const apiServerBySelector = defineRule({
  id: 'api-server-by-selector',
  title: 'The API server is named as if it were a pod',
  severity: 'warning',
  rationale: 'It runs in the network of its node, or outside of the cluster: no selector of pods finds it, and controllers lose their connection to it.',
  bad: `# netpol check --cni calico
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: operator, namespace: pay }
spec:
  podSelector: { matchLabels: { app: operator } }
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { component: kube-apiserver } }
      ports: [{ protocol: TCP, port: 6443 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: operator, namespace: pay }
spec:
  selector: { matchLabels: { app: operator } }
  template:
    metadata: { labels: { app: operator } }
    spec: { containers: [{ name: operator, image: operator }] }
`,
  good: `# netpol check --cni calico
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: operator, namespace: pay }
spec:
  podSelector: { matchLabels: { app: operator } }
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: { cidr: 192.0.2.10/32 }
      ports: [{ protocol: TCP, port: 6443 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: operator, namespace: pay }
spec:
  selector: { matchLabels: { app: operator } }
  template:
    metadata: { labels: { app: operator } }
    spec: { containers: [{ name: operator, image: operator }] }
`,
  fix: {
    summary: 'name the addresses of its endpoints (kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes), or what the API of the CNI has for it',
    yaml: 'to: [{ ipBlock: { cidr: 192.0.2.10/32 } }], ports: [{ protocol: TCP, port: 6443 }]',
    construct: "new AllowToApiServer(pay, 'api-server', { from: pods })",
  },
  controls: ['NIST SP 800-53 CM-6', 'NIST SP 800-53 CP-10'],
  onByDefault: false,
  check(context, report) {
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !context.isServed(document) || !mayMissHostNetwork(context.profile, policy)) continue;
      for (const rule of policy.rules) {
        const set = rule.action === 'allow' && rule.direction === 'egress' ? podSetsOf(rule).find(isApiServer) : undefined;
        // pods that policies see, as those of a control plane that is hosted in another cluster
        if (set === undefined || context.analysis.pods.ofSet(set).length > 0) continue;
        const pods = podsSelectedBy(context, policy);
        if (pods.length === 0) {
          report.notEvaluated(policy.namespace, `${policyId(policy)} names the API server by labels; no pod that it selects is in the input, and whether another rule lets it reach the API server is not known`);
          continue;
        }
        const cut = pods.flatMap((pod) => {
          const path = closedPath(context, pod);
          return path === undefined ? [] : [{ pod, path }];
        });
        if (cut.length === 0) continue;
        report.finding({
          ...policyPlace(document),
          path: rulePath(policy, rule),
          message: `${set.pods.toString()} is no pod that policies see: ${podsText(cut.map(({ pod }) => pod))} cannot reach the API server${onPorts(rule)}${cut.every(({ path }) => path.isCertain) ? '' : ', unless it runs on their own node'}`,
          key: rule.direction,
          evidence: cut[0]!.path.evidence,
        });
      }
    }
  },
});

/** Whether policies of that tier may take pods in the network of their node for something else than pods. */
function mayMissHostNetwork(profile: Profile, { tier }: Policy): boolean {
  const layers = profile.tiers === undefined ? profile.layers : [{ ...profile.tiers.layer, tiers: [tier.name] }];
  return layers.some(({ tiers, hostNetworkPodsAreOrdinary }) => tiers.includes(tier.name) && hostNetworkPodsAreOrdinary !== true);
}

function isApiServer({ namespaces, pods }: PodSet): boolean {
  return namespaces.kind === 'named' && NAMESPACES.includes(namespaces.name)
    && pods.requirements.some(({ operator, values }) => operator === 'In' && values.length > 0 && values.every((value) => NAMES.includes(value)));
}

/** The connection to the API server, where no rule may let it through on any of its usual ports. */
function closedPath({ analysis }: RuleContext, pod: AskedPod): ClosedPath | undefined {
  const from = askedEnd(pod);
  if (from === undefined) return undefined;
  const answers = PORTS.map((port) => analysis.explain(from, '{kube-apiserver}', port));
  const isOpen = answers.some(({ verdict, egress }) => verdict === 'allowed' || egress.layers.some(({ reasons }) => reasons.some(({ effect }) => effect === 'allows')));
  if (isOpen) return undefined;
  // the own node passes whatever rules say, and the API server may run there
  return { evidence: { from, to: '{kube-apiserver}', port: PORTS[0]! }, isCertain: answers.every(({ verdict }) => verdict === 'denied') };
}

function onPorts({ ports }: Rule): string {
  const numbers = (ports ?? []).flatMap((match) => (match.kind === 'range' && match.first === match.last ? [match.first] : []));
  return numbers.length === 0 ? '' : ` by this rule for ${numbers.join(', ')}`;
}
