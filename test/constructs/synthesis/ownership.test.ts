import { App, Chart } from 'cdk8s';
import {
  AllowFromMonitoring, AllowFromPods, AllowToPods, DefaultDenyNamespace, Monitoring, Namespaces, Pods, Port, RolloutStage,
} from '../../../lib';
import { plainCluster } from '../../plain';
import { emitted, policy, policyNames } from './emitted';

const ports = [Port.tcp(8080)];
const [web, api] = [Pods.inNamespaces(Namespaces.named('shop'), { app: 'web' }), Pods.inNamespaces(Namespaces.named('pay'), { app: 'api' })];

function managed(chart: Chart, name: string, labels?: Record<string, string>): DefaultDenyNamespace {
  return new DefaultDenyNamespace(chart, 'namespace', { name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE, labels });
}

const charts = () => {
  const app = new App();
  return { app, shop: new Chart(app, 'shop'), pay: new Chart(app, 'pay') };
};

const PODS = [
  { namespace: 'shop', name: 'web', labels: { app: 'web' } }, { namespace: 'shop', name: 'cron', labels: { app: 'cron' } },
  { namespace: 'pay', name: 'api', labels: { app: 'api' } }, { namespace: 'pay', name: 'db', labels: { app: 'db' } },
];

test('a rule for a namespace that is built later opens both ends all the same', () => {
  const { app, shop, pay } = charts();
  new AllowFromPods(pay, 'rule', { namespace: 'pay', from: web, to: api, ports });
  managed(pay, 'pay');
  managed(shop, 'shop');
  expect(plainCluster(emitted(app)).withPods(PODS).allowedPairs('8080/TCP')).toEqual(['shop/web -> pay/api']);
});

test('policies of a namespace without an owner are written where they are declared, and move to the owner when there is one', () => {
  const { app, shop, pay } = charts();
  new AllowFromPods(shop, 'rule', { namespace: 'pay', from: web, to: api, ports, policyName: 'clients' });
  const files = (): unknown[] => app.charts.map((chart) => (chart.toJson() as Array<{ metadata: { name: string } }>).map(({ metadata }) => metadata.name));
  expect(files()).toEqual([['clients'], []]);
  expect(policy(app, 'pay/clients').metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'cdk8s-netpol' });
  managed(pay, 'pay');
  expect(files()).toEqual([[], ['netpol-stage', 'clients', 'allow-dns', 'default-deny', 'netpol-audit']]);
  expect(policy(app, 'pay/clients').metadata.labels).toMatchObject({ 'cdk8s-netpol/owner': 'pay' });
});

test('the end in a namespace without an owner is not written: an egress rule would close it', () => {
  const { app, pay } = charts();
  managed(pay, 'pay');
  new AllowFromPods(pay, 'rule', { namespace: 'pay', from: web, to: api, ports });
  expect(policyNames(app).filter((name) => name.startsWith('shop/'))).toEqual([]);
  expect(plainCluster(emitted(app)).withPods(PODS).allowedPairs('8080/TCP')).toEqual(['shop/cron -> shop/web', 'shop/web -> pay/api', 'shop/web -> shop/cron']);
});

test('reciprocal: false leaves the other end to its owner', () => {
  const { app, shop, pay } = charts();
  managed(pay, 'pay');
  managed(shop, 'shop');
  new AllowFromPods(pay, 'rule', { namespace: 'pay', from: web, to: api, ports, reciprocal: false });
  expect(policyNames(app)).toContain('pay/allow-api');
  expect(policyNames(app)).not.toContain('shop/allow-web');
  expect(plainCluster(emitted(app)).withPods(PODS).allowedPairs('8080/TCP')).toEqual([]);
  new AllowToPods(shop, 'other-end', { namespace: 'shop', from: web, to: api, ports, reciprocal: false });
  expect(plainCluster(emitted(app)).withPods(PODS).allowedPairs('8080/TCP')).toEqual(['shop/web -> pay/api']);
});

test('a rule for namespaces by their labels opens the other end in those that have them, whenever they are built', () => {
  const { app, shop, pay } = charts();
  const clients = Pods.inNamespaces(Namespaces.withLabels({ tier: 'front' }), { app: 'web' });
  managed(pay, 'pay', { tier: 'back' });
  new AllowFromPods(pay, 'rule', { namespace: 'pay', from: clients, to: api, ports });
  managed(shop, 'shop', { tier: 'front' });
  expect(policyNames(app)).toContain('shop/allow-web');
  expect(policyNames(app)).not.toContain('pay/allow-web');
  const labelled = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { tier: 'front' } } };
  expect(plainCluster([...emitted(app), labelled]).withPods(PODS).allowedPairs('8080/TCP')).toEqual(['shop/web -> pay/api']);
});

test('a rule above several namespaces is about those below it, in the order in which they are built', () => {
  const { app, shop, pay } = charts();
  managed(shop, 'shop');
  new AllowFromMonitoring(shop, 'below-shop', { from: Monitoring.alloy(), ports: [Port.tcp(1)] });
  new AllowFromMonitoring(app, 'everywhere', { from: Monitoring.kubePrometheus(), ports: [Port.tcp(2)] });
  managed(pay, 'pay');
  const scrapers = (name: string): string => JSON.stringify(policy(app, `${name}/allow-namespace-wide`).spec?.ingress);
  expect(scrapers('shop')).toContain('alloy');
  expect(scrapers('shop')).toContain('prometheus');
  expect(scrapers('pay')).not.toContain('alloy');
  expect(scrapers('pay')).toContain('prometheus');
});

test('the scraper may leave its own namespace where the app owns that too', () => {
  const { app, shop } = charts();
  managed(new Chart(app, 'monitoring'), 'monitoring');
  new AllowFromMonitoring(managed(shop, 'shop'), 'metrics', { to: Pods.withLabels({ app: 'web' }), ports: [Port.tcp(9090)] });
  const prometheus = { namespace: 'monitoring', name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' } };
  const cluster = plainCluster(emitted(app)).withPods([...PODS, prometheus]);
  expect(cluster.allowedPairs('9090/TCP').filter((pair) => pair.startsWith('monitoring') || pair.includes('shop'))).toEqual(['monitoring/prometheus -> shop/web']);
});
