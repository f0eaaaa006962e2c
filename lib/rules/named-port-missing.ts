import { ContainerPort, PodQuestions } from '../analysis';
import { didYouMean } from '../cluster/did-you-mean';
import { isNamed, NamedPort, PodSet, policyId } from '../policy';
import { podSetsOf } from './framework/asked-pods';
import { policyPlace, rulePath } from './framework/place';
import { defineRule } from './framework/policy-rule';

/** Containers that are put into pods when they start: no template shows their ports. */
const INJECTED: readonly string[] = [
  // https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
  'http-envoy-prom',
  // https://linkerd.io/2/reference/proxy-configuration/
  'linkerd-proxy', 'linkerd-admin',
];

export const namedPortMissing = defineRule({
  id: 'named-port-missing',
  title: 'No pod has a port of that name',
  severity: 'error',
  rationale: 'A rule with a name that no container port has opens nothing, and no tool says so: the connection is dropped.',
  bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: htpt }]
`,
  good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: http }]
`,
  fix: {
    summary: 'write the name that the container port has (the name of a Service port is another one), or its number',
    yaml: 'ports: [{ protocol: TCP, port: http }]',
    construct: "ports: [Port.named('http')]",
  },
  controls: ['NIST SP 800-53 CM-6'],
  check(context, report) {
    const questions = context.analysis.pods;
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !context.isServed(document)) continue;
      for (const rule of policy.rules) {
        const names = (rule.ports ?? []).filter((match): match is NamedPort => match.kind === 'named' && !INJECTED.includes(match.name));
        if (names.length === 0 || rule.action !== 'allow') continue;
        const destinations = rule.direction === 'ingress' ? [policy.subject] : podSetsOf(rule);
        const ports = portsOf(questions, destinations);
        if (ports === undefined) {
          if (destinations.length > 0) report.notEvaluated(policy.namespace, `${policyId(policy)}: no workload at the destination of its named ports is in the input`);
          continue;
        }
        for (const match of names) {
          if (ports.some((port) => isNamed(match, port))) continue;
          report.finding({
            ...policyPlace(document),
            path: `${rulePath(policy, rule)}.ports`,
            message: `no pod that the rule leads to has a ${match.protocol === undefined ? '' : `${match.protocol} `}port named "${match.name}": ${whatThereIs(match, ports)}`,
            key: `${match.name}/${match.protocol ?? ''}`,
          });
        }
      }
    }
  },
});

/** The ports of the pods of some sets; undefined where the input has none of those pods. */
function portsOf(questions: PodQuestions, sets: readonly PodSet[]): readonly ContainerPort[] | undefined {
  const found = sets.flatMap((set) => questions.everyOfSet(set));
  return found.length === 0 ? undefined : found.flatMap(({ endpoint }) => endpoint.ports);
}

function whatThereIs({ name }: NamedPort, ports: readonly ContainerPort[]): string {
  const named = [...new Set(ports.flatMap((port) => (port.name === undefined ? [] : [`${port.name} (${port.number}/${port.protocol})`])))];
  if (named.length === 0) return 'none of their ports has a name';
  const other = ports.find((port) => port.name === name);
  if (other !== undefined) return `it is a ${other.protocol} port there (${other.number})`;
  const near = didYouMean(name, ports.flatMap((port) => (port.name === undefined ? [] : [port.name])));
  return `they have ${named.slice(0, 5).join(', ')}${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
}
