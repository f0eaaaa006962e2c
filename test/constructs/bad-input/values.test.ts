import { ApiObject, App, Chart } from 'cdk8s';
import { AllowToService, LabelExpression, Namespaces, Pods, Port, ServiceBackend } from '../../../lib';
import { messageOf } from '../../cluster/message-of';
import { anything, deployment, sampleApp } from './sample-app';

const NAME = 'at most 63 lower-case letters, digits and "-", with a letter or digit at both ends';
const VALUE = 'at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends';
const NO_LABELS = 'are no labels, which would be every pod. Instead: at least one label, or Pods.all()';
const NO_SERVICE = 'is no Service. Instead: a cdk8s ApiObject of kind Service';
const NO_WORKLOAD = 'is no workload. Instead: a cdk8s ApiObject, a cdk8s-plus workload, or one of the apiObjects of an Include';
const known = { namespace: 'data', labels: { app: 'db' }, targetPorts: [Port.tcp(5432)] };

test.each<[string, () => unknown, string]>([
  ['pods without labels, which would be all of them', () => Pods.withLabels({}), `{} ${NO_LABELS}`],
  ['pods by nothing', () => Pods.withLabels(anything(undefined)), `undefined ${NO_LABELS}`],
  ['pods by text', () => Pods.withLabels(anything('app=web')), `"app=web" ${NO_LABELS}`],
  ['pods by a list', () => Pods.withLabels(anything(['app'])), '["app"] are not labels. Instead: labels by name, such as { app: "web" }'],
  ['a label with a number', () => Pods.withLabels({ app: anything(5) }), `5 is not a value that the label "app" can have. Instead: ${VALUE}`],
  ['a label without a value', () => Pods.withLabels({ app: anything(undefined) }), `undefined is not a value that the label "app" can have. Instead: ${VALUE}`],
  ['a label with a wildcard', () => Pods.withLabels({ app: 'web-*' }), `"web-*" is not a value that the label "app" can have. Instead: ${VALUE}`],
  ['a key that is none', () => Pods.withLabels({ 'my app': 'web' }), '"my app" is not a label key. Instead: a key such as "app" or "app.kubernetes.io/name"'],
  ['no conditions', () => Pods.matching([]), '[] are no conditions, which would be every pod. Instead: at least one LabelExpression, or Pods.all()'],
  ['one condition without a list', () => Pods.matching(anything(LabelExpression.exists('app'))), '{"key":"app","operator":"Exists","values":[]} are no conditions, which would be every pod. Instead: at least one LabelExpression, or Pods.all()'],
  ['a condition as text', () => Pods.matching([anything('app')]), '"app" is not a condition on a label. Instead: key, operator and values, such as LabelExpression.in("app", ["web"])'],
  ['pods in a namespace by its name', () => Pods.inNamespaces(anything('shop'), { app: 'web' }), '"shop" are no namespaces. Instead: Namespaces.named("shop") or Namespaces.withLabels({ ... })'],
  ['pods in pods', () => Pods.inNamespaces(anything(Pods.withLabels({ app: 'web' }))), '"app=web" are no namespaces. Instead: Namespaces.named("shop") or Namespaces.withLabels({ ... })'],
  ['pods in namespaces without labels', () => Pods.inNamespaces(Namespaces.all(), {}), `{} ${NO_LABELS}`],
  ['namespaces without labels, which would be all of them', () => Namespaces.withLabels({}), '{} are no labels, which would be every namespace. Instead: at least one of the labels, or Namespaces.all()'],
  ['namespaces by nothing', () => Namespaces.withLabels(anything(undefined)), 'undefined are no labels, which would be every namespace. Instead: at least one of the labels, or Namespaces.all()'],
  ['namespaces by text', () => Namespaces.withLabels(anything('team=a')), '"team=a" are not labels. Instead: labels by name, such as { app: "web" }'],
  ['namespaces without conditions', () => Namespaces.matching([]), '[] are no conditions, which would be every namespace. Instead: at least one of the conditions, or Namespaces.all()'],
  ['a namespace with a slash', () => Namespaces.named('pay/api'), `"pay/api" is not a valid namespace name. Instead: ${NAME}`],
  ['a namespace by nothing', () => Namespaces.named(anything(undefined)), `undefined is not a valid namespace name. Instead: ${NAME}`],
  ['a condition without a key', () => LabelExpression.exists(anything(undefined)), 'undefined is not a label key. Instead: a key such as "app" or "app.kubernetes.io/name"'],
  ['a condition without values', () => LabelExpression.in('tier', []), '[] is empty, but In on the label "tier" needs values. Instead: at least one value, or the operator Exists'],
  ['a condition with text for values', () => LabelExpression.notIn('tier', anything('web')), '"web" is not a list of values (label "tier"). Instead: a list such as ["web"]'],
  ['pods of nothing', () => Pods.of(anything(undefined)), `undefined ${NO_WORKLOAD}`],
  ['pods of a name', () => Pods.of(anything('web')), `"web" ${NO_WORKLOAD}`],
  ['pods of a chart', () => Pods.of(new Chart(new App(), 'web')), `"web" ${NO_WORKLOAD}`],
  ['a Service that is nothing', () => ServiceBackend.of(anything(undefined)), `undefined ${NO_SERVICE}`],
  ['a Service by its name', () => ServiceBackend.of(anything('db')), `"db" ${NO_SERVICE}`],
  ['the name of one port without a list', () => ServiceBackend.of(anything({}), anything('http')), '[portNames] "http" is not a list of names. Instead: ["http"]'],
  ['a known Service without a word', () => ServiceBackend.known(anything(undefined)), 'undefined is not an object with properties. Instead: { ... } with namespace, labels, targetPorts'],
  ['a known Service with its own ports', () => ServiceBackend.known(anything({ ...known, ports: [5432] })), '"ports" is no property here, and would be ignored. Instead: one of namespace, labels, targetPorts'],
  ['a known Service without labels', () => ServiceBackend.known({ ...known, labels: {} }), '{} are no labels, which would be every pod of the namespace. Instead: the selector of the Service'],
  ['a known Service in no namespace', () => ServiceBackend.known(anything({ ...known, namespace: undefined })), `undefined is not a valid namespace name. Instead: ${NAME}`],
  ['a known Service without ports', () => ServiceBackend.known({ ...known, targetPorts: [] }), '[targetPorts] [] are no ports. Instead: a list such as [Port.tcp(8080)], or [Port.all({ reason })] where it has to be all of them'],
  ['a known Service with a number for a port', () => ServiceBackend.known({ ...known, targetPorts: [anything(5432)] }), '[targetPorts] 5432 is not a Port. Instead: Port.tcp(5432)'],
])('%s', (_, mistake, message) => {
  expect(messageOf(mistake)).toBe(message);
});

describe('objects of the app that are not what is asked for', () => {
  const { chart, pay } = sampleApp();
  const object = (kind: string, name: string, spec: unknown): ApiObject => new ApiObject(chart, `${kind}-${name}`, { apiVersion: 'v1', kind, metadata: { name, namespace: 'data' }, spec });
  const container = { spec: { containers: [{ name: 'x' }] } };
  const backend = (service: ApiObject, ports?: string[]) => () => new AllowToService(pay, `to-${chart.node.findAll().length}`, { service: ServiceBackend.of(service, ports) });

  test.each<[string, () => unknown, string]>([
    ['pods of a Service', () => Pods.of(object('Service', 'a', { selector: { app: 'db' } })), '[chart/Service-a] "Service a" has no pod template. Instead: a workload, or Pods.withLabels({ ... })'],
    ['pods of a ConfigMap', () => Pods.of(object('ConfigMap', 'a', undefined)), '[chart/ConfigMap-a] "ConfigMap a" has no pod template. Instead: a workload, or Pods.withLabels({ ... })'],
    ['pods of a workload without labels', () => Pods.of(object('Deployment', 'a', { template: container })), '[chart/Deployment-a] "Deployment a" has no labels on its pods. Instead: labels in the pod template, or Pods.withLabels({ ... })'],
    ['a label of a workload that is a number', () => Pods.of(object('Deployment', 'b', { template: { ...container, metadata: { labels: { version: 2 } } } })), `2 is not a value that the label "version" can have. Instead: ${VALUE}`],
    ['a selector of a workload that is text', () => Pods.of(object('Deployment', 'c', { selector: 'app=x', template: { ...container, metadata: { labels: { app: 'x' } } } })), '[chart/Deployment-c] "app=x" are not labels. Instead: labels by name, such as { app: "web" }'],
    ['a Deployment as a Service', backend(deployment(chart, 'd')), '"Deployment d" is no Service. Instead: an object of kind Service'],
    ['a Service that selects nothing', backend(object('Service', 'e', { ports: [{ port: 1 }] })), '"Service e" selects no pods, so that its addresses are not known here. Instead: AllowToIpBlock or an EgressProxy for what is behind it, or ServiceBackend.known({ ... })'],
    ['a Service of a name outside', backend(object('Service', 'f', { type: 'ExternalName', externalName: 'example.com', selector: { app: 'f' } })), '"Service f" selects no pods'],
    ['a Service without ports', backend(object('Service', 'g', { selector: { app: 'g' } })), '"Service g" has no ports. Instead: spec.ports with at least one port'],
    ['a port that the Service does not have', backend(object('Service', 'h', { selector: { app: 'h' }, ports: [{ name: 'sql', port: 1 }, { port: 2 }] }), ['http']), '"http" is not a port of this Service. Instead: sql, 2'],
    ['a target port out of range', backend(object('Service', 'i', { selector: { app: 'i' }, ports: [{ port: 1, targetPort: 0 }] })), ': chart/Service-i] 0 is not a port number. Instead: a whole number from 1 to 65535'],
    ['a protocol that policies do not know', backend(object('Service', 'j', { selector: { app: 'j' }, ports: [{ port: 1, protocol: 'ICMP' }] })), ': chart/Service-j] "ICMP" is not a protocol of network policies. Instead: TCP, UDP or SCTP'],
    ['ports that are no list', backend(object('Service', 'k', { selector: { app: 'k' }, ports: { port: 1 } })), '"Service k" has no ports. Instead: spec.ports with at least one port'],
  ])('%s', (_, mistake, message) => {
    expect(messageOf(mistake)).toContain(message);
  });
});
