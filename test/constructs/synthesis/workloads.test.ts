import { join } from 'node:path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import { ContainerProps, Deployment, Job, Protocol as PlusProtocol, Service } from 'cdk8s-plus-28';
import {
  AllowFromPods, AllowToPods, AllowToService, DefaultDenyNamespace, Namespaces, Pods, Port, Protocol, RolloutStage, ServiceBackend,
} from '../../../lib';
import { GENERIC, PlainCluster, plainCluster } from '../../plain';
import { emitted, policyNames } from './emitted';

const cluster = (app: App): PlainCluster => plainCluster(emitted(app), { ...GENERIC, servicesResolvedBeforePolicy: true });

function managed(chart: Chart, name: string): DefaultDenyNamespace {
  return new DefaultDenyNamespace(chart, 'namespace', { name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE });
}

/** Two namespaces with a chart each, which says the namespace of what is in it. */
function twoNamespaces() {
  const app = new App();
  const charts = { shop: new Chart(app, 'shop', { namespace: 'shop' }), pay: new Chart(app, 'pay', { namespace: 'pay' }) };
  return { app, charts, shop: managed(charts.shop, 'shop'), pay: managed(charts.pay, 'pay') };
}

const container = (port: number, name?: string): ContainerProps => ({ image: 'none', ports: [{ number: port, ...(name === undefined ? {} : { name }) }] });

describe('workloads of cdk8s-plus', () => {
  test('are found by the labels that they select their pods by', () => {
    const { app, charts, pay } = twoNamespaces();
    const web = new Deployment(charts.shop, 'web', { metadata: { name: 'web' }, containers: [container(80)] });
    const api = new Deployment(charts.pay, 'api', { metadata: { name: 'api' }, containers: [container(8080, 'http')] });
    new Deployment(charts.pay, 'db', { metadata: { name: 'db' }, containers: [container(5432)] });
    new AllowFromPods(pay, 'web', { from: Pods.of(web), to: Pods.of(api), ports: [Port.named('http')] });
    expect(cluster(app).allowedPairs('8080/TCP')).toEqual(['shop/web -> pay/api']);
  });

  test('are named after the workload, whichever end speaks, and are one policy each', () => {
    const build = (from: boolean, to: boolean): string[] => {
      const { app, charts, shop, pay } = twoNamespaces();
      const web = new Deployment(charts.shop, 'web', { metadata: { name: 'web' }, containers: [container(80)] });
      const api = new Deployment(charts.pay, 'api', { metadata: { name: 'api' }, containers: [container(8080)] });
      if (from) new AllowFromPods(pay, 'from', { from: Pods.of(web), to: Pods.of(api), ports: [Port.tcp(8080)] });
      if (to) new AllowToPods(shop, 'to', { from: Pods.of(web), to: Pods.of(api), ports: [Port.tcp(8080)] });
      return policyNames(app).filter((name) => /allow-(?!dns)/.test(name));
    };
    for (const ends of [build(true, false), build(false, true), build(true, true)]) expect(ends).toEqual(['shop/allow-web', 'pay/allow-api']);
  });

  test('may get their containers after the policies were written', () => {
    const { app, charts, pay } = twoNamespaces();
    const api = new Deployment(charts.pay, 'api', { metadata: { name: 'api' } });
    new AllowFromPods(pay, 'any', { from: Pods.all(), to: Pods.of(api), ports: [Port.tcp(8080)] });
    api.addContainer(container(8080));
    expect(cluster(app).withPods([{ namespace: 'pay', name: 'x' }]).allows('pay/api', 'pay/x', '8080/TCP')).toBe(false);
  });

  test('a Service leads to its pods and their port, not to its own port', () => {
    const { app, charts, shop } = twoNamespaces();
    const web = new Deployment(charts.shop, 'web', { metadata: { name: 'web' }, containers: [container(80)] });
    const api = new Deployment(charts.pay, 'api', { metadata: { name: 'api' }, containers: [container(8080)] });
    const service = new Service(charts.pay, 'service', { metadata: { name: 'api' }, selector: api, ports: [{ port: 80, targetPort: 8080 }] });
    new AllowToService(shop, 'api', { from: Pods.of(web), service: ServiceBackend.of(service) });
    expect(cluster(app).allowedPairs('8080/TCP')).toEqual(['shop/web -> pay/api']);
    expect(cluster(app).allowedPairs('80/TCP')).toEqual([]);
    expect(cluster(app).allows('shop/web', 'svc/pay/api', '80/TCP')).toBe(true);
  });

  test('a Service and its workload are one subject, and one policy', () => {
    for (const order of [[0, 1], [1, 0]]) {
      const { app, charts, shop, pay } = twoNamespaces();
      const api = new Deployment(charts.pay, 'api', { metadata: { name: 'api' }, containers: [container(8080)] });
      const service = new Service(charts.pay, 'service', { metadata: { name: 'api' }, selector: api, ports: [{ port: 80, targetPort: 8080 }] });
      const say = [
        () => new AllowToService(shop, 'to', { from: shop.pods({ app: 'web' }), service: ServiceBackend.of(service) }),
        () => new AllowFromPods(pay, 'from', { from: shop.pods({ app: 'cron' }), to: Pods.of(api), ports: [Port.tcp(8080)] }),
      ];
      order.forEach((index) => say[index]!());
      expect(policyNames(app).filter((name) => name.startsWith('pay/allow'))).toEqual(['pay/allow-dns', 'pay/allow-api']);
    }
  });

  test('the protocol of a port is the one that was said, whatever the container has', () => {
    const { app, charts, pay } = twoNamespaces();
    const dns = new Deployment(charts.pay, 'dns', { metadata: { name: 'resolver' }, containers: [{ image: 'none', ports: [{ number: 53, protocol: PlusProtocol.UDP, name: 'dns' }] }] });
    new AllowFromPods(pay, 'dns', { from: Pods.inNamespaces(Namespaces.named('shop')), to: Pods.of(dns), ports: [Port.named('dns', Protocol.UDP)] });
    const asked = cluster(app).withPods([{ namespace: 'shop', name: 'web' }]);
    expect(policyNames(app)).toContain('pay/allow-resolver');
    expect(asked.allows('shop/web', 'pay/resolver', '53/UDP')).toBe(true);
    expect(asked.allows('shop/web', 'pay/resolver', '53/TCP')).toBe(false);
  });

  test('a Job is found by the labels of its pods', () => {
    const { app, charts, pay } = twoNamespaces();
    const job = new Job(charts.pay, 'job', { metadata: { name: 'job' }, podMetadata: { labels: { app: 'report' } }, containers: [container(1)] });
    new AllowToPods(pay, 'db', { from: Pods.of(job), to: pay.pods({ app: 'db' }), ports: [Port.tcp(5432)] });
    expect(policyNames(app)).toContain('pay/allow-job');
  });
});

describe('included workloads', () => {
  test('are found by the labels of their pod templates, in the namespace that they name', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const { apiObjects } = new Include(chart, 'rendered', { url: join(__dirname, 'rendered.yaml') });
    const of = (name: string): Pods => Pods.of(apiObjects.find((object) => object.metadata.name === name && object.kind !== 'Service')!);
    const blog = new DefaultDenyNamespace(chart, 'blog', { name: 'blog', owner: { team: 'content', contact: '#content' }, stage: RolloutStage.ENFORCE });
    new AllowFromPods(blog, 'db', { from: of('web'), to: of('db'), ports: [Port.named('mysql')] });
    new AllowFromPods(blog, 'backup', { from: of('backup'), to: of('db'), ports: [Port.named('mysql')] });
    expect(cluster(app).allowedPairs('3306/TCP')).toEqual(['blog/backup -> blog/db', 'blog/web -> blog/db']);
    expect(cluster(app).allowedPairs('80/TCP')).toEqual([]);
  });
});

describe('hand-written workloads', () => {
  const object = (chart: Chart, kind: string, spec: unknown, metadata: object = {}): ApiObject =>
    new ApiObject(chart, kind.toLowerCase(), { apiVersion: 'apps/v1', kind, metadata: { name: 'web', ...metadata }, spec });
  const template = { metadata: { labels: { app: 'web', version: '2' } }, spec: { containers: [{ name: 'web' }] } };

  test.each<[string, unknown, object, string]>([
    ['Deployment', { selector: { matchLabels: { app: 'web' } }, template }, {}, 'shop/app=web'],
    ['StatefulSet', { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, template }, {}, 'shop/app=web'],
    ['DaemonSet', { template }, {}, 'shop/app=web,version=2'],
    ['ReplicationController', { selector: { app: 'web' }, template }, {}, 'shop/app=web'],
    // The controller adds labels to the selector of a Job that nobody wrote: the template says what people know.
    ['Job', { selector: { matchLabels: { 'controller-uid': '1' } }, template }, {}, 'shop/app=web,version=2'],
    ['CronJob', { jobTemplate: { spec: { template } } }, {}, 'shop/app=web,version=2'],
    ['Pod', template.spec, { labels: { app: 'web' } }, 'shop/app=web'],
    ['Rollout', { selector: { matchLabels: { app: 'web' } }, template }, {}, 'shop/app=web'],
    ['Deployment', { selector: { matchLabels: { app: 'web' } }, template }, { namespace: 'elsewhere' }, 'elsewhere/app=web'],
    // A selector that its own template does not meet is refused by the API server; the pods are where the template is.
    ['Deployment', { selector: { matchLabels: { app: 'typo' } }, template }, {}, 'shop/app=web,version=2'],
  ])('%s', (kind, spec, metadata, pods) => {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    expect(Pods.of(object(chart, kind, spec, metadata)).toString()).toBe(pods);
  });

  test('without a namespace anywhere they are pods of the namespace whose policy is written', () => {
    const chart = new Chart(new App(), 'shop');
    expect(Pods.of(object(chart, 'Deployment', { template })).toString()).toBe('app=web,version=2');
  });
});
