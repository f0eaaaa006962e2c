import { App, Chart } from 'cdk8s';
import {
  AllowFromApiServer, AllowFromIngressController, AllowToApiServer, ClusterProfile, ClusterProfileProps, Cni, Connectivity, DefaultDenyNamespace, Dns,
  IngressController, Port, RolloutStage,
} from '../../lib';

const CILIUM = Cni.cilium({ version: '1.18' });
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api', namespace: 'pay', labels: { app: 'api' } }, spec: { containers: [{ name: 'c' }] } };

function connectivityOf(build: (pay: DefaultDenyNamespace) => unknown, profile: Partial<ClusterProfileProps> = {}): Connectivity {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni: CILIUM, ...profile });
  build(new DefaultDenyNamespace(new Chart(app, 'pay'), 'pay', { name: 'pay', owner: { team: 'pay', contact: '#pay' }, stage: RolloutStage.ENFORCE }));
  return Connectivity.fromApp(app, { inventory: [POD] });
}

const API = { app: 'api' };

describe('the API server on Cilium, where no address is it', () => {
  test('pods call it on the port of the profile', () => {
    const connectivity = connectivityOf((pay) => new AllowToApiServer(pay, 'x', { from: pay.pods(API) }), { apiServer: { addresses: ['192.0.2.10/32'], port: 443 } });
    connectivity.assertAllowed('pay/api', '{kube-apiserver}', Port.tcp(443));
    connectivity.assertDenied('pay/api', '{kube-apiserver}', Port.tcp(6443));
    connectivity.assertDenied('pay/api', '203.0.113.1', Port.tcp(443));
  });

  test('where the profile does not know it, both ports on which API servers answer', () => {
    const connectivity = connectivityOf((pay) => new AllowToApiServer(pay, 'x', { from: pay.pods(API) }));
    for (const port of [443, 6443]) connectivity.assertAllowed('pay/api', '{kube-apiserver}', Port.tcp(port));
    connectivity.assertDenied('pay/api', '{kube-apiserver}', Port.tcp(22));
  });

  test('it calls webhooks', () => {
    const connectivity = connectivityOf((pay) => new AllowFromApiServer(pay, 'x', { to: pay.pods(API), ports: [Port.tcp(9443)] }));
    connectivity.assertAllowed('{kube-apiserver}', 'pay/api', Port.tcp(9443));
    connectivity.assertDenied('198.51.100.7', 'pay/api', Port.tcp(9443));
  });
});

describe('ingress that no selector names', () => {
  const www = (from: IngressController) => (pay: DefaultDenyNamespace): unknown => new AllowFromIngressController(pay, 'www', { from, to: pay.pods(API), ports: [Port.tcp(8080)] });

  test('connections from nodes are entities on Cilium', () => {
    const connectivity = connectivityOf(www(IngressController.onNodes()));
    for (const node of ['{host}', '{remote-node}']) connectivity.assertAllowed(node, 'pay/api', Port.tcp(8080));
    connectivity.assertDenied('{remote-node}', 'pay/api', Port.tcp(22));
    connectivity.assertDenied('198.51.100.7', 'pay/api', Port.tcp(8080));
  });

  test('connections from nodes are the addresses of nodes elsewhere', () => {
    const connectivity = connectivityOf(www(IngressController.onNodes()), { cni: Cni.aws({ version: '1.21' }), nodeCidrs: ['192.0.2.0/24'] });
    connectivity.assertAllowed('192.0.2.7', 'pay/api', Port.tcp(8080));
    connectivity.assertDenied('198.51.100.7', 'pay/api', Port.tcp(8080));
  });

  test('the ingress of Cilium is an entity of its own', () => {
    const app = new App();
    ClusterProfile.attach(app, { name: 'prod', cni: CILIUM, ingressController: IngressController.cilium() });
    const pay = new DefaultDenyNamespace(new Chart(app, 'pay'), 'pay', { name: 'pay', owner: { team: 'pay', contact: '#pay' }, stage: RolloutStage.ENFORCE });
    new AllowFromIngressController(pay, 'www', { to: pay.pods(API), ports: [Port.tcp(8080)] });
    const policies = app.charts.flatMap((chart) => chart.toJson() as Array<{ kind: string; metadata: { name: string }; spec: unknown }>);
    expect(policies.find(({ kind, metadata }) => kind === 'CiliumNetworkPolicy' && metadata.name === 'allow-api')!.spec).toEqual({
      endpointSelector: { matchLabels: API },
      ingress: [{ fromEntities: ['ingress'], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] }],
    });
  });
});

describe('a DNS cache on the node, whose address no block matches on Cilium', () => {
  test('is asked as the node', () => {
    const connectivity = connectivityOf(() => undefined, { dns: Dns.coreDns({ nodeLocalCache: true }) });
    connectivity.assertAllowed('pay/api', '{host}', Port.udp(53));
    connectivity.assertAllowed('pay/api', '169.254.20.10', Port.tcp(53));
    connectivity.assertDenied('pay/api', '{host}', Port.tcp(10250));
  });

  test('no node is opened where there is no cache', () => {
    connectivityOf(() => undefined).assertDenied('pay/api', '{host}', Port.udp(53));
  });
});
