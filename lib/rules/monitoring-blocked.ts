import { AskedPod, CompiledRule, Scrape } from '../analysis';
import { MONITORING_PRESETS } from '../cluster/monitoring-presets';
import { Direction, everyNamespace, Protocol, Selector } from '../policy';
import { askedEnd, podsText } from './framework/asked-pods';
import { isBehind, targetsOf } from './framework/behind-service';
import { closingPlace } from './framework/place';
import { defineRule, RuleContext } from './framework/policy-rule';

/** Scrapers that read what ServiceMonitors and annotations ask for, by the labels of their pods. */
const PRESETS = [MONITORING_PRESETS.kubePrometheus, MONITORING_PRESETS.kubePrometheusAgent, MONITORING_PRESETS.victoriaMetrics, MONITORING_PRESETS.alloy];
const SCRAPER_PODS: readonly Selector[] = PRESETS.flatMap(({ pods }) => pods.map((spec) => Selector.of(spec)));

/** A port of some pods that is to be read, and nobody can. */
interface Blocked {
  readonly port: number;
  readonly direction: Direction;
  readonly pods: AskedPod[];
  /** The scrapers that the direction denies it to; none where the input shows none. */
  readonly readers: readonly AskedPod[];
}

export const monitoringBlocked = defineRule({
  id: 'monitoring-blocked',
  title: 'Metrics cannot be read where an object asks for it',
  severity: 'warning',
  rationale: 'The target is down on every dashboard, and alerts that are computed from its metrics stay silent.',
  bad: `apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  podMetricsEndpoints: [{ port: metrics }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: {} }]
      ports: [{ protocol: TCP, port: 8080 }]
`,
  good: `apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  podMetricsEndpoints: [{ port: metrics }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: pay }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: {} }]
      ports: [{ protocol: TCP, port: 8080 }]
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }
          podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
      ports: [{ protocol: TCP, port: metrics }]
`,
  fix: {
    summary: 'open the container port of the metrics to the scraper, and its egress where that is closed too',
    yaml: 'ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }, podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }], ports: [{ protocol: TCP, port: metrics }] }]',
    construct: "new AllowFromMonitoring(pay, 'metrics', { ports: [Port.named('metrics')] })",
  },
  controls: ['NIST SP 800-53 SI-4', 'NIST SP 800-53 AU-12'],
  onByDefault: false,
  check(context, report) {
    if (context.inventory.scrapes.length === 0) return;
    const scrapers = scrapersOf(context);
    if (scrapers.some(({ endpoint }) => endpoint.hostNetwork)) {
      report.notEvaluated(undefined, `${podsText(scrapers.filter(({ endpoint }) => endpoint.hostNetwork))} reads metrics from the network of its node: where it runs decides`);
      return;
    }
    const places = [...new Set(scrapers.map(({ endpoint }) => endpoint.namespace))];
    for (const scrape of context.inventory.scrapes) {
      const targets = targetsFor(context, scrape);
      const involved = [...new Set([...places, ...targets.map(({ pod }) => pod.endpoint.namespace)])];
      const unclear = involved.map((name) => context.unclear(name)).find((reason) => reason !== undefined);
      if (targets.length === 0 || unclear !== undefined) {
        report.notEvaluated(scrape.namespace, unclear ?? `${scrape.kind} ${scrape.namespace}/${scrape.name}: no pod with the port that it asks for is in the input`);
        continue;
      }
      for (const { port, direction, pods, readers } of blockedBy(context, targets, scrapers)) {
        const [from, to] = [readers.map(askedEnd).find((end) => end !== undefined), askedEnd(pods[0]!)];
        const why = readers.length === 0 ? 'no ingress rule opens it to anybody'
          : direction === 'ingress' ? `ingress denies it to ${podsText(readers)}` : `egress of ${podsText(readers)} denies it`;
        report.finding({
          ...closingPlace(context, direction === 'ingress' ? pods[0]! : readers[0]!, direction, scrape),
          message: `${scrape.kind} ${scrape.namespace}/${scrape.name} has ${port}/TCP of ${podsText(pods)} read, and ${why}`,
          key: `${scrape.kind} ${scrape.namespace}/${scrape.name} ${port} ${direction}`,
          ...(from === undefined || to === undefined ? {} : { evidence: { from, to, port: `${port}/TCP` } }),
        });
      }
    }
  },
});

/** The scrapers of the input: pods by their labels, and those that an operator makes. */
function scrapersOf({ inventory, analysis: { pods } }: RuleContext): readonly AskedPod[] {
  const known = [...inventory.namespaces.keys()].flatMap((name) => pods.everyIn(name))
    .filter(({ endpoint }) => SCRAPER_PODS.some((selector) => selector.matches(endpoint.labels)));
  const made = inventory.scrapers.map(({ kind, namespace, name, labels, hostNetwork }): AskedPod => {
    const pod = pods.imagined(namespace, labels);
    return { ...pod, text: `${kind} ${namespace}/${name}`, endpoint: { ...pod.endpoint, hostNetwork } };
  });
  return [...known, ...made];
}

interface Target {
  readonly pod: AskedPod;
  readonly port: number;
}

/** The pods of the input that a scrape selects, with the container port that is read. */
function targetsFor({ inventory, analysis, objects }: RuleContext, { of, namespaces, selector, ports }: Scrape): readonly Target[] {
  const pods = (namespaces === 'all' ? [...inventory.namespaces.keys()] : namespaces).flatMap((name) => analysis.pods.in(name));
  const services = of === 'pods' ? [] : inventory.services.filter(({ namespace, name }) => selector.matches(objects.get({ kind: 'Service', namespace, name })?.labels ?? {}));
  return pods.flatMap((pod) => {
    const behind = services.filter((service) => isBehind(service, pod));
    if (of === 'pods' ? !selector.matches(pod.endpoint.labels) : behind.length === 0) return [];
    const numbers = ports.flatMap(({ of: kind, port }): readonly number[] => {
      if (kind === 'service') return behind.flatMap((service) => service.ports.filter(({ name }) => name === port).flatMap((each) => targetsOf(each, pod)));
      if (typeof port === 'number') return [port];
      return pod.endpoint.ports.filter(({ name, protocol }) => name === port && protocol === Protocol.TCP).map(({ number }) => number);
    });
    return [...new Set(numbers)].map((port) => ({ pod, port }));
  });
}

/** What no scraper reaches; where the input shows none, what is open to nobody. By port and direction, all pods of it together. */
function blockedBy({ analysis: { pods: questions } }: RuleContext, targets: readonly Target[], scrapers: readonly AskedPod[]): readonly Blocked[] {
  const found = new Map<string, Blocked>();
  const add = (direction: Direction, { pod, port }: Target, readers: readonly AskedPod[]): void => {
    const key = `${direction} ${port} ${readers.map(({ text }) => text).join(', ')}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { port, direction, pods: [pod], readers });
    else known.pods.push(pod);
  };
  const somebody = questions.possiblePod(everyNamespace, Selector.everything);
  for (const target of targets) {
    const { pod, port } = target;
    if (scrapers.length === 0) {
      const rules = questions.policiesOf(pod).flatMap(({ policy }) => policy.rules.ingress);
      const mayBeOpen = rules.some((rule) => rule.action !== 'deny' && mayBeAbout(rule, port, pod));
      if (!mayBeOpen && questions.ask('ingress', pod, somebody, Protocol.TCP, port).verdict === 'denied') add('ingress', target, []);
      continue;
    }
    const refused = scrapers.filter((scraper) => questions.ask('ingress', pod, scraper.endpoint, Protocol.TCP, port).verdict === 'denied');
    const silenced = scrapers.filter((scraper) => questions.ask('egress', scraper, pod.endpoint, Protocol.TCP, port).verdict === 'denied');
    if (!scrapers.every((scraper) => refused.includes(scraper) || silenced.includes(scraper))) continue;
    if (refused.length > 0) add('ingress', target, refused);
    if (silenced.length > 0) add('egress', target, silenced);
  }
  return [...found.values()];
}

/** Whether a rule may be about the port, to whomever. */
function mayBeAbout({ rule: { ports } }: CompiledRule, port: number, { endpoint }: AskedPod): boolean {
  return ports === undefined || ports.some((match) => (match.kind === 'range' && match.protocol === Protocol.TCP && match.first <= port && port <= match.last)
    || (match.kind === 'named' && endpoint.ports.some(({ name, number }) => name === match.name && number === port)));
}
