import { App, Chart } from 'cdk8s';
import {
  AllowFromMonitoring, AllowFromNamespaces, AllowFromPods, AllowToIpBlock, ClusterProfile, Cni, Connectivity, DefaultDenyNamespace, IstioAmbientOptions,
  Mesh, Namespaces, Pods, Port, RolloutStage,
} from '../../lib';
import { messageOf } from '../cluster/message-of';

interface TwoTeams {
  readonly app: App;
  readonly shop: DefaultDenyNamespace;
  readonly pay: DefaultDenyNamespace;
}

function twoTeams(mesh: Mesh | undefined): TwoTeams {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni: Cni.calico({ version: '3.31' }), mesh, podCidrs: ['10.244.0.0/16'] });
  const managed = (name: string): DefaultDenyNamespace => new DefaultDenyNamespace(new Chart(app, name), name, {
    name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE,
  });
  const teams = { app, shop: managed('shop'), pay: managed('pay') };
  new AllowFromPods(teams.pay, 'api', { from: teams.shop.pods({ app: 'web' }), to: teams.pay.pods({ app: 'api' }), ports: [Port.tcp(8080)] });
  return teams;
}

const ambient = (options?: IstioAmbientOptions): TwoTeams => twoTeams(Mesh.istioAmbient(options));
const POD = (namespace: string, app: string): unknown => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, labels: { app, 'app.kubernetes.io/name': app } }, spec: { containers: [{ name: 'c' }] },
});
const connectivityOf = ({ app }: TwoTeams): Connectivity => Connectivity.fromApp(app, {
  inventory: [POD('shop', 'web'), POD('shop', 'other'), POD('pay', 'api'), POD('monitoring', 'prometheus'), POD('tools', 'job')],
});
const TUNNEL = Port.tcp(15008);

test('pods that may talk may use the tunnel, and the port of the application for those outside of the mesh; nobody else may', () => {
  const connectivity = connectivityOf(ambient());
  for (const port of [TUNNEL, Port.tcp(8080)]) connectivity.assertAllowed('shop/web', 'pay/api', port);
  for (const port of [TUNNEL, Port.tcp(8080)]) connectivity.assertDenied('shop/other', 'pay/api', port);
  connectivityOf(twoTeams(undefined)).assertDenied('shop/web', 'pay/api', TUNNEL);
});

test('an end outside of the mesh gets no tunnel', () => {
  const connectivity = connectivityOf(ambient({ exceptions: ['shop'] }));
  connectivity.assertAllowed('shop/web', 'pay/api', Port.tcp(8080));
  connectivity.assertDenied('shop/web', 'pay/api', TUNNEL);
});

test('namespaces of others are in the mesh where the profile says so, and by their labels they may be', () => {
  const scraped = (mesh: Mesh): Connectivity => {
    const teams = twoTeams(mesh);
    new AllowFromMonitoring(teams.pay, 'metrics', { ports: [Port.tcp(9090)] });
    new AllowFromNamespaces(teams.pay, 'tools', { from: Namespaces.withLabels({ purpose: 'tools' }), to: teams.pay.pods({ app: 'api' }), ports: [Port.tcp(8081)] });
    return Connectivity.fromApp(teams.app, {
      inventory: [POD('pay', 'api'), POD('monitoring', 'prometheus'), POD('tools', 'job'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tools', labels: { purpose: 'tools' } } }],
    });
  };
  scraped(Mesh.istioAmbient()).assertDenied('monitoring/prometheus', 'pay/api', TUNNEL);
  scraped(Mesh.istioAmbient({ namespaces: ['monitoring'] })).assertAllowed('monitoring/prometheus', 'pay/api', TUNNEL);
  scraped(Mesh.istioAmbient()).assertAllowed('tools/job', 'pay/api', TUNNEL);
});

test('addresses, and rules for other protocols, have no tunnel', () => {
  const teams = ambient();
  new AllowToIpBlock(teams.shop, 'bank', { cidrs: ['203.0.113.0/24'], from: teams.shop.pods({ app: 'web' }), ports: [Port.tcp(443)] });
  new AllowFromPods(teams.pay, 'statsd', { from: Pods.inNamespaces(Namespaces.named('shop'), { app: 'other' }), to: teams.pay.pods({ app: 'api' }), ports: [Port.udp(8125)] });
  const connectivity = connectivityOf(teams);
  connectivity.assertDenied('shop/web', '203.0.113.9', TUNNEL);
  connectivity.assertAllowed('shop/other', 'pay/api', Port.udp(8125));
  connectivity.assertDenied('shop/other', 'pay/api', TUNNEL);
});

test('probes of the kubelet come in from their address of the mesh', () => {
  for (const address of ['169.254.7.127', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff']) {
    connectivityOf(ambient()).assertAllowed(address, 'pay/api', Port.tcp(8081));
    connectivityOf(ambient({ exceptions: ['pay'] })).assertDenied(address, 'pay/api', Port.tcp(8081));
  }
  connectivityOf(ambient()).assertDenied('169.254.7.128', 'pay/api', Port.tcp(8081));
});

test('the record of a namespace says that ports do not hold in the mesh', () => {
  type Record = { kind: string; data?: { mesh?: string } };
  const noteOf = ({ app }: TwoTeams): string | undefined => app.charts.flatMap((chart) => chart.toJson() as Record[])
    .find(({ kind }) => kind === 'ConfigMap')!.data!.mesh;
  expect(noteOf(ambient())).toMatch(/every connection is one to port 15008/);
  expect(noteOf(twoTeams(undefined))).toBeUndefined();
});

test('bad input', () => {
  expect(messageOf(() => Mesh.istioAmbient({ namespaces: ['Shop'] }))).toContain('[mesh.namespaces[0]] "Shop"');
  expect(messageOf(() => Mesh.istioAmbient({ namespaces: ['a'], exceptions: ['a'] }))).toBe('[mesh.exceptions] "a" is in the mesh and is not. Instead: namespaces or exceptions, one of the two');
  expect(messageOf(() => Mesh.istioAmbient({ exceptions: 'a' as never }))).toBe('[mesh.exceptions] "a" is not a list. Instead: ["a"]');
  expect(messageOf(() => twoTeams('istio' as never))).toContain('Mesh.istioAmbient()');
});
