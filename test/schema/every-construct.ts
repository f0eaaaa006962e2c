import { ApiObject, App, Chart } from 'cdk8s';
import {
  AdmissionGuardrails, AllowFromApiServer, AllowFromIngressController, AllowFromIpBlock, AllowFromMonitoring, AllowFromNamespaces, AllowFromPods,
  AllowToApiServer, AllowToDns, AllowToIpBlock, AllowToPods, AllowToService, AllowWithin, Cloud, ClusterProfile, Cni, DefaultDenyNamespace,
  Dns, EgressProxy, IngressController, GuardrailAction, LabelExpression, MetadataBlock, Monitoring, Namespaces, Pods, Port, Protocol,
  Requester, RolloutStage, ServiceBackend,
} from '../../lib';

const REASON = 'the protocol negotiates its ports';

/** All that every construct emits, in one stage, with every kind of peer and port. */
export function everyConstruct(stage: RolloutStage): unknown[] {
  const app = new App();
  ClusterProfile.attach(app, {
    name: 'test', cni: Cni.calico({ version: '3.31' }), cloud: Cloud.AWS, dns: Dns.coreDns({ nodeLocalCache: true, clusterIp: '10.96.0.10' }),
    podCidrs: ['10.244.0.0/16', 'fd10::/48'], serviceCidrs: ['10.96.0.0/12'], apiServer: { addresses: ['192.0.2.10/32'], serviceIp: '10.96.0.1' },
  });
  const shop = new DefaultDenyNamespace(new Chart(app, 'shop'), 'shop', {
    name: 'shop', owner: { team: 'web', contact: '#web "at" night, it\'s us' }, stage, create: true, labels: { team: 'web' },
  });
  const pay = new DefaultDenyNamespace(new Chart(app, 'pay', { namespace: 'pay' }), 'pay', {
    name: 'pay', owner: { team: 'payments', contact: '#pay' }, stage, create: true,
  });
  if (stage === RolloutStage.AUDIT) pay.acceptOpening('nothing was closed before');
  const api = pay.pods({ app: 'api' });

  new AllowFromPods(pay, 'from-pods', { from: shop.pods({ app: 'web' }), to: api, ports: [Port.tcp(8080), Port.named('http'), Port.sctpRange(1, 9), Port.udp(5)] });
  new AllowToPods(pay, 'to-pods', { from: api, to: shop.podsMatching([LabelExpression.notIn('tier', ['db', 'cache'])]), ports: [Port.all({ reason: REASON })] });
  new AllowWithin(pay, 'within', { pods: Pods.matching([LabelExpression.exists('app')]), ports: [Port.all({ reason: REASON, protocol: Protocol.TCP })] });
  new AllowToService(pay, 'to-service', { from: api, service: ServiceBackend.of(service(app)) });
  new AllowFromNamespaces(pay, 'from-namespaces', {
    from: Namespaces.all(), to: Pods.withLabels({ public: 'yes' }), ports: [Port.tcp(9000)], policyName: 'from-everywhere',
  });
  new AllowFromMonitoring(app, 'metrics', { from: Monitoring.victoriaMetrics(), ports: [Port.named('metrics')] });
  new AllowFromIpBlock(pay, 'from-block', { cidrs: ['10.0.0.0/8', 'fd00::/8'], exceptions: ['10.1.0.0/16'], ports: [Port.tcp(8443)] });
  new AllowToIpBlock(pay, 'to-block', { cidrs: ['0.0.0.0/0', '::/0'], ports: [Port.tcpRange(1, 65535)] });
  new AllowToDns(pay, 'dns', { from: api, dns: Dns.openshift() });
  new AllowToApiServer(pay, 'to-api', { from: api });
  new AllowFromApiServer(pay, 'from-api', { to: api, ports: [Port.tcp(10250)] });
  new AllowFromIngressController(pay, 'www', { from: IngressController.openshift(), ports: [Port.tcp(8080)] });
  const proxy = new EgressProxy(new Chart(app, 'egress'), 'egress', {
    owner: { team: 'platform', contact: '#net' }, domains: ['api.example.com', '**.example.org'], create: true, stage,
  });
  proxy.allowFrom(api);
  new MetadataBlock(new Chart(app, 'cluster'), 'metadata', { additionalAddresses: ['100.100.100.200'] });
  new AdmissionGuardrails(new Chart(app, 'guardrails', { namespace: 'pay' }), 'guardrails', {
    deployers: [Requester.user('ci'), Requester.group('oidc:ci')], ownerGroup: 'oidc:{team}', rollbackGroup: 'oidc:on-call',
    actions: { noAnyPeer: GuardrailAction.WARN }, exemptions: [{ namespace: 'legacy', reason: 'it goes in a month' }],
  });
  return app.charts.flatMap((chart) => chart.toJson() as unknown[]);
}

function service(app: App): ApiObject {
  return new ApiObject(new Chart(app, 'data'), 'db', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'data' }, spec: { selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 'pg' }] },
  });
}
