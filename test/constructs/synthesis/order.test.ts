import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  AllowFromIpBlock, AllowFromMonitoring, AllowFromNamespaces, AllowFromPods, AllowToDns, AllowToIpBlock, AllowToPods, AllowToService,
  AllowWithin, DefaultDenyNamespace, EgressProxy, MetadataBlock, Namespaces, Pods, Port, RolloutStage, ServiceBackend,
} from '../../../lib';
import { emitted } from './emitted';

const pods = (namespace: string, app?: string): Pods => Pods.inNamespaces(Namespaces.named(namespace), app === undefined ? undefined : { app });
const ports = [Port.tcp(8080)];
const REASON = 'the protocol negotiates its ports';

type Declare = (charts: Readonly<Record<'shop' | 'pay' | 'cluster', Chart>>, stage: RolloutStage) => unknown;

const own = (name: 'shop' | 'pay'): Declare => (charts, stage) =>
  new DefaultDenyNamespace(charts[name], 'namespace', { name, owner: { team: name, contact: `#${name}` }, stage });

/** Things that an app may declare. None of them says anything of the others, so that any of them may come first. */
const DECLARATIONS: readonly Declare[] = [
  own('shop'),
  own('pay'),
  ({ pay }) => new AllowFromPods(pay, 'from-web', { namespace: 'pay', from: pods('shop', 'web'), to: pods('pay', 'api'), ports }),
  ({ shop }) => new AllowToPods(shop, 'to-api', { namespace: 'shop', to: pods('pay', 'api'), from: pods('shop', 'web'), ports }),
  ({ shop }) => new AllowFromPods(shop, 'elsewhere', { namespace: 'shop', from: pods('other', 'cron'), ports: [Port.named('http')] }),
  ({ pay }) => new AllowWithin(pay, 'within', { namespace: 'pay', pods: pods('pay', 'db'), ports: [Port.all({ reason: REASON })] }),
  ({ pay }) => new AllowWithin(pay, 'within-too', { namespace: 'pay', pods: pods('pay', 'db'), ports: [Port.all({ reason: `and ${REASON}` })] }),
  ({ pay }) => new AllowToService(pay, 'service', {
    namespace: 'pay', service: ServiceBackend.known({ namespace: 'shop', labels: { app: 'web' }, targetPorts: ports }),
  }),
  ({ shop }) => new AllowFromNamespaces(shop, 'all', { namespace: 'shop', from: Namespaces.all(), to: pods('shop', 'public'), ports }),
  ({ cluster }) => new AllowFromMonitoring(cluster.node.root, 'metrics', { ports: [Port.tcp(9090)] }),
  ({ pay }) => new AllowToDns(pay, 'dns', { namespace: 'pay', from: pods('pay', 'api') }),
  ({ shop }) => new AllowToIpBlock(shop, 'world', { namespace: 'shop', cidrs: ['0.0.0.0/0'], from: pods('shop', 'web'), ports: [Port.tcp(80)] }),
  ({ pay }) => new AllowFromIpBlock(pay, 'vpn', { namespace: 'pay', cidrs: ['198.51.100.0/24'], policyName: 'vpn', ports }),
  ({ cluster }) => new MetadataBlock(cluster, 'metadata'),
  ({ cluster }, stage) => new EgressProxy(cluster, 'egress', { owner: { team: 'net', contact: '#net' }, domains: ['example.com'], stage }).allowFrom(pods('pay', 'api')),
];

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const sortedByKey = (value: object): object => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What an app with these declarations emits, as a set. */
function objectsOf(order: readonly number[], stage: RolloutStage): string[] {
  const app = new App();
  const charts = { shop: new Chart(app, 'shop'), pay: new Chart(app, 'pay'), cluster: new Chart(app, 'cluster') };
  for (const index of order) DECLARATIONS[index]!(charts, stage);
  return emitted(app).map((object) => JSON.stringify(object, (_, value: unknown) => (isMap(value) ? sortedByKey(value) : value))).sort();
}

const indices = DECLARATIONS.map((_, index) => index);
// The scraper of the whole app does something only where the app owns a namespace.
const MONITORING = 9;
const valid = (order: readonly number[]): boolean => !order.includes(MONITORING) || order.some((index) => index < 2 || index === DECLARATIONS.length - 1);

test('the order of declarations does not change what is emitted', () => {
  const twoOrders = fc.shuffledSubarray(indices).filter(valid)
    .chain((order) => fc.tuple(fc.constant(order), fc.shuffledSubarray(order, { minLength: order.length })));
  fc.assert(fc.property(twoOrders, fc.constantFrom(RolloutStage.AUDIT, RolloutStage.ENFORCE), ([one, other], stage) => {
    expect(objectsOf(other, stage)).toEqual(objectsOf(one, stage));
  }));
});

test('all of it at once, first to last and last to first', () => {
  const objects = objectsOf(indices, RolloutStage.ENFORCE);
  expect(objects.length).toBeGreaterThan(20);
  expect(objectsOf([...indices].reverse(), RolloutStage.ENFORCE)).toEqual(objects);
});

test('to declare the same once more under another id changes nothing', () => {
  const build = (times: number): unknown => {
    const app = new App();
    const chart = new Chart(app, 'pay', { namespace: 'pay' });
    new DefaultDenyNamespace(chart, 'namespace', { name: 'pay', owner: { team: 'pay', contact: '#pay' }, stage: RolloutStage.ENFORCE });
    for (let time = 0; time < times; time++) new AllowFromPods(chart, `web-${time}`, { from: pods('shop', 'web'), to: pods('pay', 'api'), ports });
    return emitted(app);
  };
  expect(build(3)).toEqual(build(1));
});
