import { AskedPod, Inventory, Service, ServicePort } from '../analysis';
import { Policy, PortRange, Protocol, Rule } from '../policy';
import { possiblePeersOf } from './framework/asked-peers';
import { askedEnd, podSetsOf, podsSelectedBy, podsSelectedOrImagined, podsText } from './framework/asked-pods';
import { isBehind, targetsOf } from './framework/behind-service';
import { Evidence } from './framework/finding';
import { policyPlace, rulePath } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

/** What the other ends of a rule reach of the pods behind a Service. */
interface Closed {
  readonly isClosed: (pod: AskedPod, protocol: Protocol, port: number) => boolean;
  /** One of them as `netpol explain` takes it. */
  readonly from?: string;
}

export const servicePortNotTargetPort = defineRule({
  id: 'service-port-not-target-port',
  title: 'A rule opens the port of the Service, and the pods listen on another',
  severity: 'warning',
  rationale: 'Policies see the pod behind a Service and the port that it listens on: the rule opens a port on which nobody answers, and the connection is dropped.',
  bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: pay }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 80 }]
`,
  good: `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: pay }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: web } } }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  fix: {
    summary: 'write the port that the container listens on (targetPort), by its number or name',
    yaml: 'ports: [{ protocol: TCP, port: 8080 }]',
    construct: "new AllowToService(shop, 'api', { service: ServiceBackend.of(service) }), which reads the target ports",
  },
  controls: ['NIST SP 800-53 CM-6'],
  onByDefault: false,
  check(context, report) {
    const { inventory } = context;
    for (const document of context.policies) {
      const { policy } = document;
      if (policy.stage !== 'enforced' || !context.isServed(document)) continue;
      for (const rule of policy.rules) {
        const numbers = rule.action === 'allow' ? singlePorts(rule) : [];
        if (numbers.length === 0) continue;
        const destinations = rule.direction === 'ingress' ? podsSelectedBy(context, policy) : podSetsOf(rule).flatMap((set) => context.analysis.pods.ofSet(set));
        for (const match of numbers) {
          for (const { service, port, pods } of servicesOn(inventory, destinations, match)) {
            const closed = closedTo(context, policy, rule, pods);
            if (closed === undefined) continue;
            const targets = [...new Set(pods.flatMap((pod) => targetsOf(port, pod)))];
            // what is opened by another rule, or closed for some of the pods only, may be meant
            if (targets.length === 0 || !pods.every((pod) => targetsOf(port, pod).every((number) => closed.isClosed(pod, match.protocol, number)))) continue;
            const to = askedEnd(pods[0]!);
            const evidence: Evidence | undefined = closed.from === undefined || to === undefined ? undefined : { from: closed.from, to, port: `${targets[0]!}/${match.protocol}` };
            report.finding({
              ...policyPlace(document),
              path: `${rulePath(policy, rule)}.ports`,
              message: `${match.first}/${match.protocol} is the port of the Service ${service.namespace}/${service.name}, which leads to ${targets.join(', ')} of ${podsText(pods)}: nobody listens on ${match.first} there, and ${targets.join(', ')} stays closed`,
              key: `${rule.direction} ${service.namespace}/${service.name} ${match.first}/${match.protocol}`,
              ...(evidence === undefined ? {} : { evidence }),
            });
          }
        }
      }
    }
  },
});

function singlePorts({ ports = [] }: Rule): readonly PortRange[] {
  return ports.filter((match): match is PortRange => match.kind === 'range' && match.first === match.last);
}

interface Mistaken {
  readonly service: Service;
  readonly port: ServicePort;
  /** The pods behind it that the rule is about; none of them listens on the port of the Service. */
  readonly pods: readonly AskedPod[];
}

/** Services with that port that lead to another one of these pods. */
function servicesOn({ services }: Inventory, destinations: readonly AskedPod[], { protocol, first }: PortRange): readonly Mistaken[] {
  return services.flatMap((service): Mistaken[] => {
    // the name of a headless Service is the pods: their own port is dialled
    const port = service.headless ? undefined : service.ports.find((each) => each.port === first && each.protocol === protocol);
    const pods = destinations.filter((pod) => isBehind(service, pod));
    if (port === undefined || pods.length === 0) return [];
    const listens = pods.some((pod) => pod.endpoint.ports.some((each) => each.number === first && each.protocol === protocol)
      || services.some((other) => isBehind(other, pod) && other.ports.some((each) => each.protocol === protocol && targetsOf(each, pod).includes(first))));
    return listens ? [] : [{ service, port, pods }];
  });
}

/** Whether whoever the rule lets in is stopped on another port; undefined where the rule names nobody who can be asked about. */
function closedTo(context: RuleContext, policy: Policy, rule: Rule, behind: readonly AskedPod[]): Closed | undefined {
  const questions = context.analysis.pods;
  if (rule.direction === 'egress') {
    const sources = podsSelectedOrImagined(context, policy);
    const from = sources.map(askedEnd).find((end) => end !== undefined);
    const isClosed: Closed['isClosed'] = ({ endpoint }, protocol, port) => sources.every((source) => questions.ask('egress', source, endpoint, protocol, port).verdict === 'denied');
    return sources.length === 0 ? undefined : { isClosed, ...(from === undefined ? {} : { from }) };
  }
  const others = podSetsOf(rule).flatMap((set) => context.analysis.pods.ofSet(set)).filter((pod) => !behind.includes(pod));
  const sources = others.length > 0 ? others.map(({ endpoint }) => endpoint) : possiblePeersOf(context, rule);
  const from = others.map(askedEnd).find((end) => end !== undefined);
  const isClosed: Closed['isClosed'] = (pod, protocol, port) => sources.every((source) => questions.ask('ingress', pod, source, protocol, port).verdict === 'denied');
  return sources.length === 0 ? undefined : { isClosed, ...(from === undefined ? {} : { from }) };
}
