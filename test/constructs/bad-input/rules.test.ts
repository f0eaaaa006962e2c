import { App, Chart } from 'cdk8s';
import {
  AllowFromIngressController, AllowFromIpBlock, AllowFromMonitoring, AllowFromNamespaces, AllowFromPods,
  AllowToApiServer, AllowToDns, AllowToIpBlock, AllowToPods, AllowToService, AllowWithin, ClusterProfileProps, DefaultDenyNamespace, Dns,
  IngressController, Namespaces, Pods, Port, RolloutStage,
} from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, OWNER, SampleApp, sampleApp } from './sample-app';

const ports = [Port.tcp(8080)];
const from = Pods.all();
const cidrs = ['198.51.100.0/24'];
const NO_PODS = 'are no pods. Instead: Pods.withLabels({ app: "web" }), Pods.of(deployment), or Pods.all()';
const NO_PORTS = 'are no ports. Instead: a list such as [Port.tcp(8080)], or [Port.all({ reason })] where it has to be all of them';
const NAME = 'at most 63 lower-case letters, digits and "-", with a letter or digit at both ends';

/** The whole message of a mistake that is made in `pay`, with the id `x`. */
test.each<[string, (app: SampleApp) => unknown, string]>([
  ['no props', ({ pay }) => new AllowFromPods(pay, 'x', anything(undefined)), '[chart/pay/x] undefined is not an object with properties. Instead: { ... } with ports, namespace, policyName, reciprocal, from, to'],
  ['ports in place of props', ({ pay }) => new AllowFromPods(pay, 'x', anything(ports)), '[chart/pay/x] [{"protocol":"TCP","first":8080,"last":8080}] is not an object with properties. Instead: { ... } with ports, namespace, policyName, reciprocal, from, to'],
  [
    'a misspelt prop, which would open every pod', ({ pay }) => new AllowFromPods(pay, 'x', anything({ from, too: pay.pods({ app: 'api' }), ports })),
    '[chart/pay/x] "too" is no property here, and would be ignored. Instead: one of ports, namespace, policyName, reciprocal, from, to',
  ],
  ['null where every pod is the default', ({ pay }) => new AllowFromPods(pay, 'x', { from, to: anything(null), ports }), '[chart/pay/x: to] null is not a value. Instead: a value for to, or nothing at all'],
  ['a flag in words', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports, reciprocal: anything('false') }), '[chart/pay/x: reciprocal] "false" is neither true nor false. Instead: true or false'],
  ['no clients', ({ pay }) => new AllowFromPods(pay, 'x', anything({ ports })), `[chart/pay/x: from] undefined ${NO_PODS}`],
  ['clients as text', ({ pay }) => new AllowFromPods(pay, 'x', { from: anything('web'), ports }), `[chart/pay/x: from] "web" ${NO_PODS}`],
  ['labels in place of pods', ({ pay }) => new AllowFromPods(pay, 'x', { from: anything({ app: 'web' }), ports }), `[chart/pay/x: from] {"app":"web"} ${NO_PODS}`],
  ['namespaces in place of pods', ({ pay }) => new AllowFromPods(pay, 'x', { from: anything('shop'), ports }), `[chart/pay/x: from] "shop" ${NO_PODS}`],
  ['a namespace in place of its pods', ({ pay, shop }) => new AllowFromPods(pay, 'x', { from: anything(shop), ports }), '[chart/pay/x: from] "chart/shop" are no pods. Instead: its pods: namespace.pods({ app: "web" })'],
  ['servers as text', ({ pay }) => new AllowToPods(pay, 'x', { to: anything('api'), ports }), `[chart/pay/x: to] "api" ${NO_PODS}`],
  ['a subject as text', ({ pay }) => new AllowFromPods(pay, 'x', { from, to: anything('api'), ports }), `[chart/pay/x: to] "api" ${NO_PODS}`],
  ['a subject of egress as text', ({ pay }) => new AllowToPods(pay, 'x', { to: from, from: anything('api'), ports }), `[chart/pay/x: from] "api" ${NO_PODS}`],
  ['pods of a group as text', ({ pay }) => new AllowWithin(pay, 'x', { pods: anything('db'), ports }), `[chart/pay/x: pods] "db" ${NO_PODS}`],
  [
    'a subject of another namespace', ({ pay, shop }) => new AllowFromPods(pay, 'x', { from, to: shop.pods({ app: 'web' }), ports }),
    '[chart/pay/x: to] "shop/app=web" are pods of another namespace, but this rule is written in the namespace pay. Instead: pods of pay, or the construct in the namespace of those pods',
  ],
  [
    'a subject in several namespaces', ({ pay }) => new AllowWithin(pay, 'x', { pods: Pods.inNamespaces(Namespaces.withLabels({ team: 'a' })), ports }),
    '[chart/pay/x: pods] "{team=a}/*" are pods of another namespace, but this rule is written in the namespace pay. Instead: pods of pay, or the construct in the namespace of those pods',
  ],
  ['no ports', ({ pay }) => new AllowFromPods(pay, 'x', anything({ from })), `[chart/pay/x] undefined ${NO_PORTS}`],
  ['an empty list of ports', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports: [] }), `[chart/pay/x] [] ${NO_PORTS}`],
  ['one port without a list', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports: anything(Port.tcp(80)) }), `[chart/pay/x] {"protocol":"TCP","first":80,"last":80} ${NO_PORTS}`],
  ['a number for a port', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports: [anything(8080)] }), '[chart/pay/x] 8080 is not a Port. Instead: Port.tcp(8080)'],
  ['a name for a port', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports: [anything('http')] }), '[chart/pay/x] "http" is not a Port. Instead: Port.tcp(8080), Port.named("http"), ...'],
  ['a port that is not there', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports: [anything(undefined)] }), '[chart/pay/x] undefined is not a Port. Instead: Port.tcp(8080), Port.named("http"), ...'],
  ['JSON of a port', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports: [anything({ port: 80 })] }), '[chart/pay/x] {"port":80} is not a Port. Instead: Port.tcp(8080), Port.named("http"), ...'],
  ['a namespace in capitals', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports, namespace: 'Pay' }), `[chart/pay/x] "Pay" is not a valid namespace name. Instead: ${NAME}`],
  ['an empty namespace', ({ pay }) => new AllowToDns(pay, 'x', { namespace: '' }), `[chart/pay/x] "" is not a valid namespace name. Instead: ${NAME}`],
  ['a construct as namespace', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports, namespace: anything(pay) }), `[chart/pay/x] "chart/pay" is not a valid namespace name. Instead: ${NAME}`],
  ['a namespace of monitoring', ({ pay }) => new AllowFromMonitoring(pay, 'x', { ports, namespace: 'pay/api' }), `[chart/pay/x] "pay/api" is not a valid namespace name. Instead: ${NAME}`],
  ['no namespace at all', ({ chart }) => new AllowToDns(chart, 'x'), '[chart/x] "x" does not say which namespace it is about. Instead: a DefaultDenyNamespace as its scope, the namespace of its chart, or its own prop "namespace"'],
  ['no chart', ({ app }) => new AllowToDns(app, 'x', { namespace: 'pay' }), '[x] "x" has no Chart above it to be written to. Instead: a Chart as its scope, or a DefaultDenyNamespace in one'],
  ['a policy name with a blank', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports, policyName: 'my policy' }), '[chart/pay/x] "my policy" is not a valid policy name. Instead: at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part'],
  ['a policy name of ours', ({ pay }) => new AllowFromPods(pay, 'x', { from, ports, policyName: 'netpol-audit' }), '[chart/pay/x] "netpol-audit" is a name that this library keeps for its own policies. Instead: another name'],
  ['pods in place of namespaces, which would open all of theirs', ({ pay, shop }) => new AllowFromNamespaces(pay, 'x', { from: anything(shop.pods({ app: 'web' })), ports }), '[chart/pay/x] "shop/app=web" are no namespaces. Instead: Namespaces.named("shop") or Namespaces.withLabels({ ... })'],
  ['the name of a namespace', ({ pay }) => new AllowFromNamespaces(pay, 'x', { from: anything('shop'), ports }), '[chart/pay/x] "shop" are no namespaces. Instead: Namespaces.named("shop") or Namespaces.withLabels({ ... })'],
  ['no blocks', ({ pay }) => new AllowToIpBlock(pay, 'x', anything({ ports })), '[chart/pay/x: cidrs] undefined are no blocks. Instead: cidrs: ["203.0.113.0/24"]'],
  ['an empty list of blocks', ({ pay }) => new AllowFromIpBlock(pay, 'x', { cidrs: [], ports }), '[chart/pay/x: cidrs] [] are no blocks. Instead: cidrs: ["203.0.113.0/24"]'],
  ['one block without a list', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs: anything('203.0.113.0/24'), ports }), '[chart/pay/x: cidrs] "203.0.113.0/24" are no blocks. Instead: cidrs: ["203.0.113.0/24"]'],
  ['an address', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs: ['203.0.113.7'], ports }), '[chart/pay/x: cidrs[0]] "203.0.113.7" has no prefix length. Instead: "203.0.113.7/32" for this one address'],
  ['host bits', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs: [...cidrs, '203.0.113.7/24'], ports }), '[chart/pay/x: cidrs[1]] "203.0.113.7/24" has host bits set. Instead: the network address, "203.0.113.0/24"'],
  ['a block as a number', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs: [anything(10)], ports }), '[chart/pay/x: cidrs[0]] 10 is not a CIDR. Instead: a string such as "10.0.0.0/8" or "fd00::/8"'],
  ['a domain in place of a block', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs: ['api.example.com'], ports }), '[chart/pay/x: cidrs[0]] "api.example.com" has no prefix length. Instead: a CIDR such as "10.0.0.0/8"'],
  ['exceptions without a list', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs, exceptions: anything('198.51.100.0/28'), ports }), '[chart/pay/x: exceptions] "198.51.100.0/28" is not a list of blocks. Instead: exceptions: ["203.0.113.0/24"]'],
  ['an exception outside of the blocks', ({ pay }) => new AllowToIpBlock(pay, 'x', { cidrs, exceptions: ['192.0.2.0/24'], ports }), '[chart/pay/x: exceptions] "192.0.2.0/24" lies in none of the blocks 198.51.100.0/24. Instead: an exception inside a block, or none'],
  ['an exception that is the block', ({ pay }) => new AllowFromIpBlock(pay, 'x', { cidrs, exceptions: cidrs, ports }), '[chart/pay/x: exceptions] "198.51.100.0/24" takes away a whole block. Instead: no such block in cidrs'],
  ['a block of pods', ({ pay }) => new AllowFromIpBlock(pay, 'x', { cidrs: ['10.244.3.0/24'], ports }), '[chart/pay/x: cidrs] "10.244.3.0/24" lies in the pod range 10.244.0.0/16 of the cluster "test". Instead: AllowFromPods or AllowToPods for pods, or includeCluster: true where addresses are meant'],
  ['a flag of blocks in words', ({ pay }) => new AllowFromIpBlock(pay, 'x', { cidrs, ports, includeCluster: anything('yes') }), '[chart/pay/x: includeCluster] "yes" is neither true nor false. Instead: true or false'],
  ['DNS in place of monitoring', ({ pay }) => new AllowFromMonitoring(pay, 'x', { from: anything(Dns.coreDns()), ports }), '[chart/pay/x: from] "coredns" is no monitoring. Instead: Monitoring.kubePrometheus() or another, or nothing for that of the ClusterProfile'],
  ['an address in place of DNS', ({ pay }) => new AllowToDns(pay, 'x', { dns: anything('10.96.0.10') }), '[chart/pay/x: dns] "10.96.0.10" is no DNS. Instead: Dns.coreDns() or another, or nothing for that of the ClusterProfile'],
  ['the name of a controller', ({ pay }) => new AllowFromIngressController(pay, 'x', { from: anything('nginx'), ports }), '[chart/pay/x: from] "nginx" is no ingress controller. Instead: from: IngressController.ingressNginx() or another, or ingressController in ClusterProfile.attach'],
  [
    'no controller anywhere', ({ pay }) => new AllowFromIngressController(pay, 'x', { ports }),
    '[chart/pay/x: from] undefined is no ingress controller, and the ClusterProfile names none. Instead: from: IngressController.ingressNginx() or another, or ingressController in ClusterProfile.attach',
  ],
  ['a Service without its backend', ({ pay }) => new AllowToService(pay, 'x', { service: anything('db') }), '[chart/pay/x: service] "db" is no Service. Instead: ServiceBackend.of(service) or ServiceBackend.known({ ... })'],
  [
    'an API server that nobody knows', ({ pay }) => new AllowToApiServer(pay, 'x'),
    '[chart/pay/x] "test" is a cluster whose API server has no known addresses, and no selector can name it. Instead: apiServer: { addresses: ["192.0.2.10/32"] } in ClusterProfile.attach; kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes shows them',
  ],
])('%s', (_, mistake, message) => {
  const sample = sampleApp();
  expect(messageOf(() => mistake(sample))).toBe(message);
});

test.each<[string, (app: SampleApp) => unknown, Partial<ClusterProfileProps>, string]>([
  [
    'the ingress of Cilium where it does not run', ({ pay }) => new AllowFromIngressController(pay, 'x', { from: IngressController.cilium(), ports }), {},
    '[chart/pay/x: from] "calico" is not the CNI that this ingress is a part of. Instead: IngressController.cilium() on Cilium, or the controller that runs here',
  ],
  [
    'nodes that nobody knows', ({ pay }) => new AllowFromIngressController(pay, 'x', { from: IngressController.onNodes(), ports }), {},
    '[chart/pay/x: from] "test" is a cluster whose nodes have no known addresses, and no selector names them. Instead: nodeCidrs: ["192.0.2.0/24"] in ClusterProfile.attach',
  ],
])('%s', (_, mistake, profile, message) => {
  const sample = sampleApp(profile);
  expect(messageOf(() => mistake(sample))).toBe(message);
});

test('a policyName that is the name of another subject', () => {
  const { pay } = sampleApp();
  new AllowFromPods(pay, 'one', { from, to: pay.pods({ app: 'api' }), ports, policyName: 'clients' });
  expect(messageOf(() => new AllowFromPods(pay, 'two', { from, to: pay.pods({ app: 'db' }), ports, policyName: 'clients' }))).toBe(
    '[chart/pay/two] "clients" would be the name of two policies in the namespace pay: for the pods app=api (chart/pay/one) and for the pods app=db (chart/pay/two). '
    + 'Instead: a policyName on one of them, or the same pods said in the same way',
  );
});

test('monitoring above no namespace does nothing, and synth says so', () => {
  const app = new App();
  new AllowFromMonitoring(new Chart(app, 'chart'), 'metrics', { ports });
  expect(() => app.synthYaml()).toThrow('[chart/metrics] there is no DefaultDenyNamespace below its scope, so that it does nothing. Instead: the prop "namespace", or a scope with namespaces');
});

test('a mistake above several namespaces names the construct that made it, also where the namespace is built later', () => {
  const { app, shop } = sampleApp();
  const pods = 'are pods of another namespace, but this rule is written in the namespace';
  expect(messageOf(() => new AllowFromMonitoring(app, 'metrics', { to: shop.pods({ app: 'web' }), ports }))).toContain(`[metrics: to] "shop/app=web" ${pods} pay`);
  expect(messageOf(() => {
    new AllowFromMonitoring(new Chart(app, 'other'), 'later', { to: shop.pods({ app: 'web' }), ports });
    new DefaultDenyNamespace(app.charts[1]!, 'data', { name: 'data', owner: OWNER, stage: RolloutStage.ENFORCE });
  })).toContain(`[other/data: other/later: to] "shop/app=web" ${pods} data`);
});
