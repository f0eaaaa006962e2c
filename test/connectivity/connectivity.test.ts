import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { ClusterProfile, Cni, Connectivity, DefaultDenyNamespace, Pods, AllowFromPods, Port, RolloutStage, Verdict } from 'cdk8s-netpol';
import { parseAllDocuments } from 'yaml';
import { adoptExisting } from '../../examples/adopt-existing/main';
import { onlineBoutique } from '../../examples/online-boutique/main';
import { threeTeams } from '../../examples/three-teams/main';

const inventoryOf = (example: string): unknown[] => parseAllDocuments(readFileSync(join(__dirname, '../../examples', example, 'inventory.yaml'), 'utf8'))
  .map((document) => document.toJS() as unknown);

/** What the examples' Calico does with addresses of pods. */
const cni = Cni.generic({ settings: { ipBlockMatchesPods: 'true' } });

function built(build: (app: App) => void, example: string): Connectivity {
  const app = new App();
  build(app);
  return Connectivity.fromApp(app, { inventory: inventoryOf(example), cni });
}

describe('Connectivity.fromApp', () => {
  const boutique = built((app) => onlineBoutique(app), 'online-boutique');

  test('answers about the workloads of the inventory', () => {
    expect(boutique.allows('boutique/frontend', 'boutique/adservice', Port.tcp(9555))).toBe(true);
    expect(boutique.allows('boutique/frontend', 'boutique/adservice', Port.tcp(9556))).toBe(false);
    expect(boutique.allows('boutique/adservice', '169.254.169.254', Port.tcp(80))).toBe(false);
    expect(boutique.verdict('egress/egress-proxy', '8.8.8.8', Port.tcp(443))).toBe(Verdict.ALLOWED);
  });

  test('explains with the constructs behind the rules', () => {
    expect(boutique.explain('boutique/frontend', 'boutique/adservice', Port.tcp(9555))).toBe([
      'boutique/frontend to boutique/adservice on 9555/TCP: allowed',
      '  egress of boutique/frontend: allowed',
      '    NetworkPolicy boutique/allow-frontend, egress[0]: allows it (boutique/boutique/rules/allow-frontend)',
      '  ingress of boutique/adservice: allowed',
      '    NetworkPolicy boutique/allow-adservice, ingress[0]: allows it (boutique/boutique/rules/allow-adservice)',
    ].join('\n'));
  });

  test('assertions fail with the explanation', () => {
    boutique.assertAllowed('boutique/cartservice', 'boutique/redis-cart', Port.tcp(6379));
    boutique.assertDenied('boutique/frontend', 'boutique/redis-cart', Port.tcp(6379));
    expect(() => boutique.assertAllowed('boutique/frontend', 'boutique/redis-cart', Port.tcp(6379)))
      .toThrow(/expected to be allowed:\nboutique\/frontend to boutique\/redis-cart on 6379\/TCP: denied\n.*none of its rules selects the other end/s);
    expect(() => boutique.assertDenied('boutique/cartservice', 'boutique/redis-cart', Port.tcp(6379))).toThrow(/expected to be denied:.*allows it/s);
  });

  test('lists what is allowed', () => {
    const rows = boutique.list().filter(({ destination }) => destination === 'boutique/redis-cart[Deployment]');
    expect(rows).toEqual([
      { source: 'boutique/cartservice[Deployment]', destination: 'boutique/redis-cart[Deployment]', ports: 'TCP 6379', conditions: [] },
      { source: 'monitoring/prometheus[StatefulSet]', destination: 'boutique/redis-cart[Deployment]', ports: 'TCP 9464', conditions: [] },
    ]);
  });

  test('the other examples answer as their texts say', () => {
    const teams = built((app) => threeTeams(app), 'three-teams');
    teams.assertAllowed('shop/web', 'pay/api', Port.tcp(8080));
    teams.assertAllowed('pay/api', 'data/postgres', Port.tcp(5432));
    // some CNIs see the address of the Service, and nobody says which this is
    expect(teams.verdict('pay/api', 'svc/data/postgres', Port.tcp(5432))).toBe(Verdict.DEPENDS);
    teams.assertAllowed('data/postgres', 'data/postgres', Port.tcp(5432));
    teams.assertDenied('shop/web', 'data/postgres', Port.tcp(5432));
    const blog = built((app) => adoptExisting(app), 'adopt-existing');
    blog.assertAllowed('traefik/traefik', 'blog/blog', Port.tcp(8080));
    blog.assertDenied('traefik/traefik', 'blog/blog-db', Port.tcp(3306));
  });
});

describe('Connectivity answers nothing that it does not know', () => {
  const denyAll = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny', namespace: 'a' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } };
  const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'a', labels: { app: name } }, spec: { containers: [{ name: 'c' }] } });

  test('an unknown workload is an error that names those that are known', () => {
    expect(() => Connectivity.fromManifests([denyAll, pod('x')]).allows('a/x', 'a/y', Port.tcp(80))).toThrow(/"a\/y"/);
  });

  test('what hangs on the CNI is neither yes nor no', () => {
    const block = { ...denyAll, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] } };
    const addressed = { ...pod('x'), status: { podIP: '10.1.2.3' } };
    const connectivity = Connectivity.fromManifests([block, addressed, pod('y')]);
    expect(connectivity.verdict('a/x', 'a/y', Port.tcp(80))).toBe(Verdict.DEPENDS);
    expect(() => connectivity.allows('a/x', 'a/y', Port.tcp(80))).toThrow(/depends \(cni\)/);
    expect(() => connectivity.assertDenied('a/x', 'a/y', Port.tcp(80))).toThrow(/expected to be denied/);
  });

  test('a misspelt field is an error: some readers would drop it', () => {
    const typo = { ...denyAll, spec: { ...denyAll.spec, ingres: [{}] } };
    expect(() => Connectivity.fromManifests([typo])).toThrow(/unknown field "ingres"/);
  });

  test('named ports and ranges are no question', () => {
    const connectivity = Connectivity.fromManifests([denyAll, pod('x'), pod('y')]);
    expect(() => connectivity.allows('a/x', 'a/y', Port.named('http'))).toThrow('"http/TCP" is not one port. Instead: Port.tcp(8080)');
    expect(() => connectivity.allows('a/x', 'a/y', Port.tcpRange(80, 90))).toThrow('is not one port');
  });

  test('a CNI that nobody has modelled is refused, never taken for another', () => {
    expect(() => Connectivity.fromManifests([denyAll], { cni: Cni.kubeRouter() })).toThrow(/"kube-router" is not a CNI whose evaluation is modelled/);
  });

  test('several clusters in one app are asked chart by chart', () => {
    const app = new App();
    for (const name of ['eu', 'us']) {
      const chart = new Chart(app, name);
      ClusterProfile.attach(chart, { name, cni: Cni.generic() });
      const shop = new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner: { team: 'shop', contact: '#shop' }, stage: RolloutStage.ENFORCE });
      if (name === 'eu') new AllowFromPods(shop, 'web', { from: Pods.withLabels({ app: 'x' }), ports: [Port.tcp(80)] });
    }
    expect(() => Connectivity.fromApp(app)).toThrow(/several clusters in one app/);
    const inventory = ['x', 'y'].map((name) => ({ ...pod(name), metadata: { name, namespace: 'shop', labels: { app: name } } }));
    const [eu, us] = app.charts.map((chart) => Connectivity.fromChart(chart, { inventory }));
    expect(eu!.allows('shop/x', 'shop/y', Port.tcp(80))).toBe(true);
    expect(us!.allows('shop/x', 'shop/y', Port.tcp(80))).toBe(false);
  });

  test('an app that is not valid has no connectivity', () => {
    const app = new App();
    ClusterProfile.attach(app, { name: 'dev', cni: Cni.flannel() });
    new DefaultDenyNamespace(new Chart(app, 'shop'), 'shop', { name: 'shop', owner: { team: 'shop', contact: '#shop' }, stage: RolloutStage.ENFORCE });
    expect(() => Connectivity.fromApp(app, { cni: Cni.generic() })).toThrow(/Validation failed/);
  });
});
