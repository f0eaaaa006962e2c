import { AskedPod, Service } from '../analysis';
import { Cidr, Protocol } from '../policy';
import { podsText } from './framework/asked-pods';
import { internetAddresses, PRIVATE, samplesOf, thirdOfInternet } from './framework/internet';
import { blocksOpened } from './framework/opened-addresses';
import { evidenceOf, OpenedRule, openedRules } from './framework/opened-rules';
import { compiledPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

export const clientCidrBehindSnat = defineRule({
  id: 'client-cidr-behind-snat',
  title: 'A list of clients for pods that do not see them',
  severity: 'warning',
  rationale: 'With externalTrafficPolicy: Cluster a client that comes through another node has the address of that node by then: the list keeps out those that it names.',
  bad: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  type: LoadBalancer
  selector: { app: web }
  ports: [{ port: 443, targetPort: 8443 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ ipBlock: { cidr: 198.51.100.0/24 } }]
      ports: [{ protocol: TCP, port: 8443 }]
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
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: web }
  ports: [{ port: 443, targetPort: 8443 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ ipBlock: { cidr: 198.51.100.0/24 } }]
      ports: [{ protocol: TCP, port: 8443 }]
`,
  fix: {
    summary: 'keep the address of the client (externalTrafficPolicy: Local), or list the clients at the load balancer (loadBalancerSourceRanges) and let the nodes in here',
    yaml: 'kind: Service, spec: { externalTrafficPolicy: Local }',
    construct: 'none: the Service decides',
  },
  controls: ['NIST SP 800-53 SC-7', 'NIST SP 800-53 CP-10'],
  onByDefault: false,
  options: {
    exempt: { type: 'texts', default: ['kube-system'], description: 'namespaces that are left out' },
  },
  check(context, report) {
    const { inventory, profile, options } = context;
    if (!profile.clientsMayBeHidden) return;
    const known = [...profile.nodeCidrs.filter(({ prefix }) => prefix > 0), ...inventory.nodes.flatMap(({ addresses }) => addresses)];
    for (const opened of openedRules(context, options.exempt, report)) {
      const { direction, parts } = opened;
      const blocks = direction === 'ingress' ? blocksOpened(parts) : [];
      // whoever lets the world in has no list
      if (blocks.length === 0 || thirdOfInternet(blocks).length > 0) continue;
      const clients = known.length > 0 ? blocks.flatMap((block) => block.minus(known)) : internetAddresses(blocks);
      const [sample] = samplesOf(clients, 1);
      const hidden = opened.pods.flatMap((pod) => hiddenPorts(context, pod).map((each) => ({ pod, ...each })));
      if (sample === undefined) {
        const isOpen = hidden.length > 0 && known.length === 0 && Cidr.common(blocks, PRIVATE).length > 0;
        if (isOpen) report.notEvaluated(hidden[0]!.pod.endpoint.namespace, 'where the nodes have their addresses is not known: a private block may be theirs, or that of clients');
        continue;
      }
      const nodes = known.length > 0 ? known : PRIVATE;
      const found = hidden.filter(({ pod, protocol, port }) => isKeptOut(context, opened, pod, { client: sample, nodes, protocol, port }));
      const [first] = found;
      if (first === undefined) continue;
      const { service: { namespace, name, type }, protocol, port } = first;
      const evidence = evidenceOf('ingress', { pod: first.pod, port: { protocol, port } }, sample.firstAddress);
      const pods = podsText([...new Set(found.map(({ pod }) => pod))]);
      report.finding({
        ...compiledPlace(parts[0]!),
        message: `clients such as ${sample.firstAddress} may come to ${pods} as a node: the Service ${namespace}/${name} (${type}) has `
          + `externalTrafficPolicy: Cluster, and no rule lets nodes in on ${port}/${protocol}`,
        ...(evidence === undefined ? {} : { evidence }),
      });
    }
  },
});

interface HiddenPort {
  readonly service: Service;
  readonly protocol: Protocol;
  readonly port: number;
}

/** The ports of a pod to which a Service leads that may hide its clients. */
function hiddenPorts({ inventory }: Pick<RuleContext, 'inventory'>, { endpoint }: AskedPod): readonly HiddenPort[] {
  return inventory.services
    .filter(({ external, externalTrafficPolicy, selector, namespace }) => external && externalTrafficPolicy === 'Cluster' && namespace === endpoint.namespace
      && selector !== undefined && Object.entries(selector).every(([key, value]) => endpoint.labels[key] === value))
    .flatMap((service) => service.ports.flatMap(({ protocol, target }): HiddenPort[] => {
      if (typeof target === 'number') return [{ service, protocol, port: target }];
      return endpoint.ports.filter((port) => port.name === target && port.protocol === protocol).map(({ number }) => ({ service, protocol, port: number }));
    }));
}

interface Asked extends Omit<HiddenPort, 'service'> {
  readonly client: Cidr;
  readonly nodes: readonly Cidr[];
}

/** Whether a rule lets a client in that is stopped where it has the address of another node. */
function isKeptOut({ analysis }: Pick<RuleContext, 'analysis'>, { parts }: OpenedRule, pod: AskedPod, asked: Asked): boolean {
  const { client, nodes, protocol, port } = asked;
  const questions = analysis.pods;
  const seen = questions.ask('ingress', pod, questions.address(client), protocol, port);
  return seen.verdict === 'allowed' && seen.allowedBy.some(({ text }) => text === parts[0]!.text)
    && questions.ask('ingress', pod, questions.otherNode(nodes), protocol, port).verdict === 'denied';
}
