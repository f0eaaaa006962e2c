import { deployment, found, lines, missing, namespace, policy } from './check';

const rule = 'monitoring-blocked';
const only = { only: [rule] };
const API = deployment('pay/api', '{ app: api }', '[{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }]');
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: pay, labels: { app: api } }\nspec: { selector: { app: api }, ports: [{ name: web, port: 80, targetPort: http }, { name: http-metrics, port: 9100, targetPort: metrics }] }\n---\n';
const monitor = (spec: string, kind = 'ServiceMonitor', space = 'pay') => `apiVersion: monitoring.coreos.com/v1\nkind: ${kind}\nmetadata: { name: api, namespace: ${space} }\nspec: { ${spec} }\n---\n`;
const SERVICES = monitor('selector: { matchLabels: { app: api } }, endpoints: [{ port: http-metrics }]');
const PODS = monitor('selector: { matchLabels: { app: api } }, podMetricsEndpoints: [{ port: metrics }]', 'PodMonitor');
const PROMETHEUS = 'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: monitoring }\nspec: { podMetadata: { labels: { team: platform } } }\n---\n';
const SCRAPER = deployment('monitoring/prometheus', '{ app.kubernetes.io/name: prometheus }');
const ingress = (from: string, ports: string) => policy('pay/api', `{ podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [{ from: [${from}], ports: ${ports} }] }`);
const CLOSED = ingress('{ podSelector: {} }', '[{ port: http }]');
const FROM_MONITORING = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }, podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }';

describe('reports', () => {
  test.each([['a ServiceMonitor', SERVICES], ['a PodMonitor', PODS]])('%s, and a scraper that an operator makes', (_, asked) => {
    expect(lines(rule, API + SERVICE + asked + PROMETHEUS + CLOSED, only)).toEqual([
      expect.stringMatching(/^warning NetworkPolicy pay\/api: (Service|Pod)Monitor pay\/api has 9090\/TCP of pay\/api read, and ingress denies it to Prometheus monitoring\/k8s$/) as unknown,
    ]);
  });

  test('a scraper of the input, with the connection that shows it', () => {
    expect(found(rule, API + SERVICE + SERVICES + SCRAPER + CLOSED, only)[0]?.evidence).toEqual({ from: 'monitoring/prometheus', to: 'pay/api', port: '9090/TCP' });
  });

  test('the Service port, where the container has another', () => {
    expect(lines(rule, API + SERVICE + SERVICES + SCRAPER + ingress(FROM_MONITORING, '[{ port: 9100 }]'), only)).toHaveLength(1);
  });

  test('a scraper that may not leave', () => {
    const deny = policy('monitoring/deny', '{ podSelector: {}, policyTypes: [Egress] }');
    expect(lines(rule, API + PODS + SCRAPER + deny, only)).toEqual([
      'warning NetworkPolicy monitoring/deny: PodMonitor pay/api has 9090/TCP of pay/api read, and egress of monitoring/prometheus denies it',
    ]);
  });

  test('annotations of pods and of a Service', () => {
    const annotations = 'annotations: { prometheus.io/scrape: "true", prometheus.io/port: "9090" }';
    const pods = API.replace('    metadata: { labels', `    metadata: { ${annotations}, labels`);
    expect(lines(rule, pods + SCRAPER + CLOSED, only)).toEqual([expect.stringContaining('Deployment pay/api has 9090/TCP of pay/api read, and') as unknown]);
    expect(lines(rule, API + SERVICE.replace('labels: { app: api }', annotations) + SCRAPER + CLOSED, only)).toEqual([expect.stringContaining('Service pay/api has 9090/TCP') as unknown]);
  });

  test('a port that is open to nobody, whoever the scraper may be', () => {
    expect(lines(rule, API + SERVICE + SERVICES + CLOSED, only)).toEqual([
      'warning NetworkPolicy pay/api: ServiceMonitor pay/api has 9090/TCP of pay/api read, and no ingress rule opens it to anybody',
    ]);
  });

  test('pods of another namespace, by name or all of them', () => {
    const elsewhere = (which: string) => monitor(`selector: { matchLabels: { app: api } }, namespaceSelector: ${which}, endpoints: [{ targetPort: 9090 }]`, 'ServiceMonitor', 'monitoring');
    expect(lines(rule, API + SERVICE + elsewhere('{ matchNames: [pay] }') + SCRAPER + CLOSED, only)).toHaveLength(1);
    expect(lines(rule, API + SERVICE + elsewhere('{ any: true }') + SCRAPER + CLOSED, only)).toHaveLength(1);
    expect(lines(rule, API + SERVICE + elsewhere('{ matchNames: [shop] }') + SCRAPER + CLOSED, only)).toEqual([]);
  });
});

describe('does not report', () => {
  test.each([
    ['the container port, open to the scraper', ingress(FROM_MONITORING, '[{ port: metrics }]')],
    ['the same by number, as kube-prometheus has it', ingress(FROM_MONITORING, '[{ port: 9090, protocol: TCP }]')],
    ['every pod of the cluster', ingress('{ namespaceSelector: {} }', '[{ port: 9090 }]')],
    ['pods without policies', ''],
    ['the labels that podMetadata adds', ingress('{ namespaceSelector: {}, podSelector: { matchLabels: { team: platform } } }', '[{ port: 9090 }]')],
  ])('%s', (_, manifests) => {
    expect(lines(rule, API + SERVICE + SERVICES + PODS + PROMETHEUS + manifests, only)).toEqual([]);
  });

  test('a port that is open to somebody, where nobody knows who the scraper is', () => {
    expect(lines(rule, API + SERVICE + SERVICES + ingress('{ namespaceSelector: { matchLabels: { team: observability } } }', '[{ port: 9090 }]'), only)).toEqual([]);
    expect(lines(rule, API + SERVICE + SERVICES + ingress('{ ipBlock: { cidr: 10.0.0.0/8 } }', '[{ port: metrics }]'), only)).toEqual([]);
  });

  test('one scraper of two that gets through', () => {
    const tenant = PROMETHEUS.replace('name: k8s', 'name: tenant').replace('namespace: monitoring', 'namespace: pay');
    expect(lines(rule, API + SERVICE + SERVICES + PROMETHEUS + tenant + ingress('{ podSelector: {} }', '[{ port: metrics }]'), only)).toEqual([]);
  });

  test('annotations that say no, or no port', () => {
    const annotated = (annotations: string) => API.replace('    metadata: { labels', `    metadata: { annotations: ${annotations}, labels`);
    expect(lines(rule, annotated('{ prometheus.io/scrape: "false", prometheus.io/port: "9090" }') + SCRAPER + CLOSED, only)).toEqual([]);
    expect(lines(rule, annotated('{ prometheus.io/scrape: "true" }') + SCRAPER + CLOSED, only)).toEqual([]);
  });

  test('policies without anything that asks for metrics', () => {
    expect(lines(rule, API + SCRAPER + CLOSED, only)).toEqual([]);
  });
});

describe('is not evaluated', () => {
  test('where the pods are not in the input', () => {
    expect(missing(rule, namespace('pay') + SERVICES + SCRAPER, only)).toEqual(['pay: ServiceMonitor pay/api: no pod with the port that it asks for is in the input']);
  });

  test('where the scraper is in the network of its node', () => {
    const manifests = API + SERVICE + SERVICES + PROMETHEUS.replace('spec: {', 'spec: { hostNetwork: true,') + CLOSED;
    expect(lines(rule, manifests, only)).toEqual([]);
    expect(missing(rule, manifests, only)).toEqual([': Prometheus monitoring/k8s reads metrics from the network of its node: where it runs decides']);
  });
});

test('a ServiceMonitor that cannot be read is a warning, and no reason to answer nothing', () => {
  const broken = monitor('selector: { matchLabels: { app: 1 } }, endpoints: []');
  expect(lines(rule, API + broken + PODS + SCRAPER + CLOSED, only)).toHaveLength(1);
});
