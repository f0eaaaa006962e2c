import { join } from 'node:path';
import { ApiObject, Chart, Include } from 'cdk8s';
import {
  AllowFromMonitoring, AllowFromPods, AllowToPods, AllowToService, AllowWithin, DefaultDenyNamespace, Pods, Port, Protocol, RolloutStage,
  ServiceBackend,
} from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, deployment, foreignPolicy, OWNER, SampleApp, sampleApp } from './sample-app';

const ports = [Port.tcp(8080)];
const namespaceObject = (chart: Chart, id: string, name: string): ApiObject => new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const list = (chart: Chart, ...items: unknown[]): ApiObject => new ApiObject(chart, 'list', anything({ apiVersion: 'v1', kind: 'List', items }));
const named = (name: string): { ports: Port[] } => ({ ports: [Port.named(name)] });
const PORTS = [{ name: 'http', containerPort: 8080 }, { containerPort: 9090 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }];

/** Mistakes that only the whole app shows: what synth says to each. */
test.each<[string, (app: SampleApp) => unknown, string]>([
  ['a hand-written policy of the same name', ({ chart }) => foreignPolicy(chart, 'default-deny', { podSelector: {} }), '[chart/default-deny] there are two objects NetworkPolicy "default-deny" in the namespace "pay": here and at chart/pay/default-deny. Instead: another name for one of them, or one object'],
  [
    'two hand-written policies of the same name', ({ chart }) => ['a', 'b'].map((id) => new ApiObject(chart, id, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'data' }, spec: {} })),
    '[chart/b] there are two objects NetworkPolicy "x" in the namespace "data": here and at chart/a.',
  ],
  ['two Namespace objects', ({ chart }) => [namespaceObject(chart, 'a', 'data'), namespaceObject(chart, 'b', 'data')], '[chart/b] there are two objects Namespace "data": here and at chart/a.'],
  [
    'a Namespace object beside the one that is created', ({ chart }) => [
      new DefaultDenyNamespace(chart, 'data', { name: 'data', owner: OWNER, stage: RolloutStage.ENFORCE, create: true }), namespaceObject(chart, 'again', 'data'),
    ],
    '[chart/again] there are two objects Namespace "data": here and at chart/data/namespace.',
  ],
  [
    'a Namespace object in a List beside another', ({ chart }) => [
      namespaceObject(chart, 'a', 'data'), list(chart, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'data' } }),
    ],
    '[chart/list] there are two objects Namespace "data": here and at chart/a.',
  ],
  [
    'a policy name that the API server refuses', ({ chart }) => new ApiObject(chart, 'x', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'My_Policy', namespace: 'pay' }, spec: {} }),
    '[chart/x] "My_Policy" is not a valid policy name. Instead: lower-case letters, digits, "-" and "."',
  ],
  ['a policy that cannot be read', ({ chart }) => foreignPolicy(chart, 'x', { podSelector: {}, ingress: [{ ports: [{ port: 0 }] }] }), '[chart/x] this NetworkPolicy cannot be read, and the API server would refuse it: [spec.ingress[0].ports[0].port] 0 is not a port number. Instead: a whole number from 1 to 65535'],
  ['a policy with an unknown field', ({ chart }) => foreignPolicy(chart, 'x', { podSelector: {}, ingres: [] }), '[chart/x] spec.ingres: unknown field "ingres"; known here: podSelector, policyTypes, ingress, egress'],
  [
    'a named port that no container has', ({ chart, pay }) => new AllowFromPods(pay, 'x', { from: Pods.all(), to: Pods.of(deployment(chart, 'api', PORTS)), ...named('web') }),
    "[chart/pay/x] no container of Deployment pay/api has a port named web/TCP, so that the rule would open nothing (pods pay/app=api). Instead: Port.named('http'), Port.tcp(9090), Port.named('dns')",
  ],
  [
    'a named port of another protocol', ({ chart, pay }) => new AllowFromPods(pay, 'x', { from: Pods.all(), to: Pods.of(deployment(chart, 'api', PORTS)), ...named('dns') }),
    '[chart/pay/x] no container of Deployment pay/api has a port named dns/TCP, so that the rule would open nothing',
  ],
  [
    'a named port by labels', ({ chart, pay }) => [deployment(chart, 'api', PORTS), new AllowWithin(pay, 'x', { pods: pay.pods({ app: 'api' }), ...named('grpc') })],
    '[chart/pay/x] no container of Deployment pay/api has a port named grpc/TCP',
  ],
  [
    'a named port at the other end', ({ chart, shop, pay }) => [deployment(chart, 'api', PORTS), new AllowToPods(shop, 'x', { to: pay.pods({ app: 'api' }), ...named('grpc') })],
    '[chart/shop/x] no container of Deployment pay/api has a port named grpc/TCP',
  ],
  [
    'a named target port of a Service', ({ chart, shop }) => [
      deployment(chart, 'api', PORTS),
      new AllowToService(shop, 'x', { service: ServiceBackend.of(new ApiObject(chart, 'service', {
        apiVersion: 'v1', kind: 'Service', metadata: { name: 'api', namespace: 'pay' }, spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 'grpc' }] },
      })) }),
    ],
    '[chart/shop/x] no container of Deployment pay/api has a port named grpc/TCP',
  ],
  [
    'a named port of metrics in no container', ({ app, chart }) => [deployment(chart, 'api', PORTS), deployment(chart, 'db'), new AllowFromMonitoring(new Chart(app, 'm'), 'x', { namespace: 'pay', ...named('metrics') })],
    '[m/x] no container of Deployment pay/api, Deployment pay/db has a port named metrics/TCP',
  ],
])('%s', (_, mistake, message) => {
  const sample = sampleApp();
  mistake(sample);
  expect(messageOf(() => sample.app.synthYaml())).toContain(message);
});

test('what is no mistake: the same name in two namespaces, a named port that a container or sidecar has, or whose pods nobody knows', () => {
  const { app, chart, shop, pay } = sampleApp();
  foreignPolicy(chart, 'x', { podSelector: {} });
  foreignPolicy(new Chart(app, 'other'), 'x', { podSelector: {} }, 'data');
  new AllowFromPods(pay, 'http', { from: Pods.all(), to: Pods.of(deployment(chart, 'api', PORTS)), ports: [Port.named('http'), Port.named('dns', Protocol.UDP)] });
  new AllowFromPods(pay, 'unknown', { from: Pods.all(), to: pay.pods({ app: 'elsewhere' }), ...named('grpc') });
  new AllowToPods(shop, 'outside', { to: Pods.withLabels({ app: 'api' }), ...named('grpc') });
  const sidecar = { name: 'mesh', restartPolicy: 'Always', ports: [{ name: 'mesh', containerPort: 1 }] };
  const template = { metadata: { labels: { app: 'job' } }, spec: { containers: [{ name: 'job' }], initContainers: [sidecar] } };
  new AllowFromPods(pay, 'sidecar', { from: Pods.all(), to: Pods.of(new ApiObject(chart, 'job', { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'job', namespace: 'pay' }, spec: { template } })), ...named('mesh') });
  expect(app.synthYaml()).toContain('port: mesh');
});

test('a named port of metrics that one of many namespaces has is no mistake', () => {
  const { app, chart } = sampleApp();
  deployment(chart, 'api', [{ name: 'metrics', containerPort: 9090 }]);
  new DefaultDenyNamespace(chart, 'data', { name: 'data', owner: OWNER, stage: RolloutStage.ENFORCE });
  new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db', namespace: 'data', labels: { app: 'db' } }, spec: { containers: [{ name: 'db' }] } });
  new AllowFromMonitoring(app, 'metrics', named('metrics'));
  expect(app.synthYaml()).toContain('port: metrics');
});

describe('policies of a namespace that nobody owns', () => {
  const orphan = (strictOwnership: boolean): SampleApp => {
    const sample = sampleApp({ strictOwnership });
    foreignPolicy(sample.chart, 'x', { podSelector: {} }, 'data');
    new AllowFromPods(sample.chart, 'rule', { namespace: 'tools', from: Pods.all(), ports });
    return sample;
  };

  test('are errors where the profile asks for it', () => {
    const message = messageOf(() => orphan(true).app.synthYaml());
    expect(message).toContain('[chart/x] the policy "x" is in the namespace "data", which nobody owns (strictOwnership of the ClusterProfile "test"). '
      + "Instead: new DefaultDenyNamespace(chart, 'data', { name: 'data', owner: { ... }, stage: RolloutStage.OBSERVE })");
    expect(message).toContain('[chart/rule/allow-namespace-wide] the policy "allow-namespace-wide" is in the namespace "tools", which nobody owns');
  });

  test('are none where it does not, or where the owner only observes', () => {
    expect(orphan(false).app.synthYaml()).toContain('namespace: tools');
    const { app, chart } = orphan(true);
    for (const name of ['data', 'tools']) new DefaultDenyNamespace(chart, name, { name, owner: OWNER, stage: RolloutStage.OBSERVE });
    expect(app.synthYaml()).toContain('namespace: data');
  });
});

describe('AUDIT over a policy that is there already', () => {
  const audit = (spec: unknown, stage = RolloutStage.AUDIT): SampleApp => {
    const sample = sampleApp({}, stage);
    foreignPolicy(sample.chart, 'existing', spec);
    return sample;
  };

  test.each<[string, unknown, string]>([
    ['closes ingress', { podSelector: {} }, 'closes ingress of pods'],
    ['closes both', { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress', 'Egress'] }, 'closes ingress and egress of pods'],
    ['closes egress but for some', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] }, 'closes egress of pods'],
    ['opens a port only', { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }, 'closes ingress of pods'],
  ])('which %s', (_, spec, closes) => {
    const message = messageOf(() => audit(spec).app.synthYaml());
    expect(message).toContain(`[chart/existing] the policy "pay/existing" ${closes} that netpol-audit would open while the namespace is in AUDIT. Instead: RolloutStage.OBSERVE or ENFORCE for chart/pay, or acceptOpening(reason) on it`);
  });

  test('is no mistake where the opening is accepted, nothing is closed, or nothing is opened', () => {
    const accepted = audit({ podSelector: {} });
    accepted.pay.acceptOpening('the database is not in use yet');
    expect(accepted.app.synthYaml()).toContain('cdk8s-netpol/reason: the database is not in use yet');
    expect(audit({ podSelector: {}, ingress: [{}] }).app.synthYaml()).toContain('existing');
    for (const stage of [RolloutStage.OBSERVE, RolloutStage.ENFORCE]) expect(audit({ podSelector: {} }, stage).app.synthYaml()).toContain('existing');
  });
});

test('lists with holes and objects without a spec are left to kubectl, not to a stack trace', () => {
  const { app, chart } = sampleApp();
  list(chart, null, 'text', { kind: 'Pod' }, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } });
  new ApiObject(chart, 'empty', { apiVersion: 'v1', kind: 'List' });
  new ApiObject(chart, 'bare', { apiVersion: 'apps/v1', kind: 'Deployment' });
  new Include(chart, 'rendered', { url: join(__dirname, 'odd-objects.yaml') });
  expect(app.synthYaml()).toContain('kind: List');
});
