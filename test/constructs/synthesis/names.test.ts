import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AllowFromPods, AllowToPods, DefaultDenyNamespace, LabelExpression, Namespaces, Pods, Port, RolloutStage } from '../../../lib';
import { emitted, Emitted, policy, policyNames } from './emitted';

const ports = [Port.tcp(8080)];

function managed(scope: Construct, name: string): DefaultDenyNamespace {
  return new DefaultDenyNamespace(scope, name, { name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE });
}

test('a connection that is said from both ends is one object at each end', () => {
  const say = (ends: ReadonlyArray<'from' | 'to'>): unknown => {
    const app = new App();
    const shop = managed(new Chart(app, 'shop'), 'shop');
    const pay = managed(new Chart(app, 'pay'), 'pay');
    const [web, api] = [shop.pods({ app: 'web' }), pay.pods({ app: 'api' })];
    if (ends.includes('from')) new AllowFromPods(pay, 'from', { from: web, to: api, ports });
    if (ends.includes('to')) new AllowToPods(shop, 'to', { from: web, to: api, ports });
    return emitted(app);
  };
  expect(say(['from', 'to'])).toEqual(say(['from']));
  expect(say(['to'])).toEqual(say(['from']));
});

test('rules about the same pods share one policy; its rules are a union', () => {
  const app = new App();
  const shop = managed(new Chart(app, 'shop'), 'shop');
  const web = shop.pods({ app: 'web' });
  new AllowFromPods(shop, 'a', { from: shop.pods({ app: 'a' }), to: web, ports });
  new AllowFromPods(shop, 'b', { from: shop.pods({ app: 'b' }), to: web, ports });
  new AllowToPods(shop, 'c', { from: web, to: shop.pods({ app: 'c' }), ports });
  expect(policyNames(app)).toEqual(['shop/allow-dns', 'shop/allow-web', 'shop/allow-a', 'shop/allow-b', 'shop/allow-c', 'shop/default-deny', 'shop/netpol-audit']);
  expect(policy(app, 'shop/allow-web').spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], ingress: [{}, {}], egress: [{}] });
});

test('each end lands in the chart of its own namespace', () => {
  const app = new App();
  const charts = { shop: new Chart(app, 'shop'), pay: new Chart(app, 'pay') };
  const shop = managed(charts.shop, 'shop');
  const pay = managed(charts.pay, 'pay');
  new AllowFromPods(pay, 'web', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports });
  const namespaces = (chart: Chart): unknown => [...new Set((chart.toJson() as Emitted[]).map(({ metadata }) => metadata.namespace))];
  expect([namespaces(charts.shop), namespaces(charts.pay)]).toEqual([['shop'], ['pay']]);
});

/** Everything under other ids, deeper in the tree, in other charts. */
test('names do not change when the construct tree is refactored', () => {
  const build = (chart: (app: App, name: string) => Construct, id: string): string[] => {
    const app = new App();
    const shop = managed(chart(app, 'shop'), 'shop');
    new AllowFromPods(shop, id, { from: Pods.inNamespaces(Namespaces.named('pay')), to: shop.pods({ app: 'web', tier: 'front' }), ports });
    new AllowFromPods(shop, `${id}-2`, { from: Pods.all(), to: shop.podsMatching([LabelExpression.exists('app')]), ports });
    return policyNames(app);
  };
  const flat = build((app, name) => new Chart(app, name), 'web');
  expect(build((app) => new Construct(new Chart(app, 'everything'), 'team-a'), 'renamed')).toEqual(flat);
  expect(flat).toContain('shop/allow-web-front-45a9cdff');
});

test.each<[string, Record<string, string> | LabelExpression[] | undefined, RegExp]>([
  ['app', { app: 'web' }, /^allow-web$/],
  ['app.kubernetes.io/name', { 'app.kubernetes.io/name': 'web' }, /^allow-web$/],
  ['another single label', { tier: 'web' }, /^allow-web-[0-9a-f]{8}$/],
  ['a value that is no name', { app: 'Web_1' }, /^allow-web-1-[0-9a-f]{8}$/],
  ['an empty value', { app: '' }, /^allow-[0-9a-f]{8}$/],
  ['a value that would be a name of ours', { app: 'dns' }, /^allow-dns-[0-9a-f]{8}$/],
  ['the other one', { app: 'namespace-wide' }, /^allow-namespace-wide-[0-9a-f]{8}$/],
  ['conditions', [LabelExpression.notIn('tier', ['a', 'b'])], /^allow-tier-[0-9a-f]{8}$/],
  ['every pod', undefined, /^allow-namespace-wide$/],
])('the name of the policy for pods by %s', (_, labels, name) => {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const to = labels === undefined ? Pods.all() : Array.isArray(labels) ? Pods.matching(labels) : Pods.withLabels(labels);
  new AllowFromPods(chart, 'rule', { from: Pods.all(), to, ports, reciprocal: false });
  const [first, ...more] = emitted(app);
  expect(more).toEqual([]);
  expect(first?.metadata.name).toMatch(name);
});

test('two selectors never share a name by accident', () => {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const selectors: Array<Record<string, string>> = [
    { tier: 'web' }, { zone: 'web' }, { app: 'web', tier: 'x' }, { app: 'web' }, { app: 'Web' }, { app: 'WEB' },
  ];
  selectors.forEach((labels, index) => new AllowFromPods(chart, `rule-${index}`, { from: Pods.all(), to: Pods.withLabels(labels), ports }));
  expect(new Set(policyNames(app)).size).toBe(selectors.length);
});

test('a policyName is the name at this end; the other end keeps its own', () => {
  const app = new App();
  const shop = managed(new Chart(app, 'shop'), 'shop');
  const pay = managed(new Chart(app, 'pay'), 'pay');
  new AllowFromPods(pay, 'web', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports, policyName: 'clients' });
  expect(policyNames(app)).toEqual(expect.arrayContaining(['pay/clients', 'shop/allow-web']));
  expect(policyNames(app)).not.toContain('pay/allow-api');
});

test('owner, contact, stage and sync wave are on every policy; reasons where there are some', () => {
  const app = new App();
  const shop = managed(new Chart(app, 'shop'), 'shop');
  for (const [id, reason] of [['b', 'because of b, as documented'], ['a', 'because of a, as documented'], ['a-too', 'because of a, as documented']] as const) {
    new AllowFromPods(shop, id, { from: Pods.all(), to: shop.pods({ app: 'web' }), ports: [Port.all({ reason })] });
  }
  const policies = emitted(app).filter(({ kind }) => kind === 'NetworkPolicy');
  for (const { metadata } of policies) {
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'cdk8s-netpol', 'cdk8s-netpol/owner': 'shop' });
    expect(metadata.annotations).toMatchObject({
      'cdk8s-netpol/contact': '#shop', 'cdk8s-netpol/stage': 'ENFORCE', 'argocd.argoproj.io/sync-wave': expect.stringMatching(/^-?[012]$/),
    });
  }
  expect(policy(app, 'shop/allow-web').metadata.annotations?.['cdk8s-netpol/reason']).toBe('because of a, as documented; because of b, as documented');
  expect(policy(app, 'shop/allow-dns').metadata.annotations).not.toHaveProperty(['cdk8s-netpol/reason']);
});
