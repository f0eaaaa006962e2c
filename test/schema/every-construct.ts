import { ApiObject, App, Chart } from 'cdk8s';
import {
  AdmissionGuardrails, AllowFromApiServer, AllowFromIngressController, AllowFromIpBlock, AllowFromMonitoring, AllowFromNamespaces, AllowFromPods,
  AllowToApiServer, AllowToDns, AllowToFqdn, AllowToIpBlock, AllowToPods, AllowToService, AllowWithin, Cloud, ClusterDefaultDeny, ClusterProfile, Cni,
  DefaultDenyNamespace, Dns, EgressProxy, IngressController, GuardrailAction, LabelExpression, Mesh, MetadataBlock, Monitoring, Namespaces, Pods, Port,
  Protocol, Requester, RolloutStage, ServiceBackend,
} from '../../lib';

import { rowOf } from '../../lib/cluster/cni-facts';
import { clusterBaselineOf } from '../../lib/constructs/synthesis/cluster-baseline';
import { hardDenyOf, isHardDeny } from '../../lib/constructs/synthesis/hard-deny';

const REASON = 'the protocol negotiates its ports';

/** A CNI for each form in which something is emitted. */
export const CNIS: Readonly<Record<string, Cni>> = {
  calico: Cni.calico({ version: '3.31' }),
  generic: Cni.generic(),
  'generic with ClusterNetworkPolicy': Cni.generic({ settings: { cnp: 'on' } }),
  cilium: Cni.cilium({ version: '1.19' }),
  antrea: Cni.antrea({ version: '2.7' }),
  aws: Cni.aws({ version: '1.21' }),
  'aws auto mode': Cni.aws({ version: '1.21', settings: { autoMode: 'true' } }),
  'gke-dpv2': Cni.gkeDataplaneV2({ version: '1.36.0-gke.4447000', settings: { 'enable-fqdn-network-policy': 'true' } }),
  'ovn-kubernetes': Cni.ovnKubernetes(),
};

/** All that every construct emits, in one stage, with every kind of peer and port, on a CNI. */
export function everyConstruct(stage: RolloutStage, cni = CNIS.calico!): unknown[] {
  const app = new App();
  // a CNI of one cloud says the cloud itself
  const cloud = rowOf(cni).clouds === undefined ? Cloud.AWS : undefined;
  ClusterProfile.attach(app, {
    name: 'test', cni, cloud, dns: Dns.coreDns({ nodeLocalCache: true, clusterIp: '10.96.0.10' }), mesh: Mesh.istioAmbient(),
    podCidrs: ['10.244.0.0/16', 'fd10::/48'], serviceCidrs: ['10.96.0.0/12'], nodeCidrs: ['192.0.2.0/24'],
    apiServer: { addresses: ['192.0.2.10/32'], serviceIp: '10.96.0.1' },
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
  new AllowFromIngressController(pay, 'nodes', { from: IngressController.onNodes(), to: api, ports: [Port.tcp(8080)] });
  new AllowToFqdn(pay, 'fqdn', { from: api, domains: ['api.stripe.com'], ports: [Port.tcp(443)] });
  ofCluster(new Chart(app, 'cluster', { namespace: 'pay' }), stage, cni);
  new AdmissionGuardrails(new Chart(app, 'guardrails', { namespace: 'pay' }), 'guardrails', {
    deployers: [Requester.user('ci'), Requester.group('oidc:ci')], ownerGroup: 'oidc:{team}', rollbackGroup: 'oidc:on-call',
    actions: { noAnyPeer: GuardrailAction.WARN }, exemptions: [{ namespace: 'legacy', reason: 'it goes in a month' }],
  });
  return app.charts.flatMap((chart) => chart.toJson() as unknown[]);
}

/** What governs the whole cluster; a stage that a CNI does not know is the one before. */
function ofCluster(chart: Chart, stage: RolloutStage, cni: Cni): void {
  const owner = { team: 'platform', contact: '#net' };
  const hasStaged = cni.name === 'calico';
  const reached = stage === RolloutStage.AUDIT && !hasStaged ? RolloutStage.OBSERVE : stage;
  const exemptions = [{ namespace: 'tools', reason: 'reads its zone', pods: { app: 'agent' } }, { namespace: 'kube-system', reason: 'agents of the cloud' }];
  const isHard = isHardDeny(hardDenyOf(cni));
  new MetadataBlock(chart, 'metadata', { additionalAddresses: ['100.100.100.200'], owner, exemptions, ...(isHard ? { stage: reached } : {}) });
  if ('because' in clusterBaselineOf(cni)) return;
  new ClusterDefaultDeny(chart, 'baseline', { owner, stage: reached, exemptions: ClusterDefaultDeny.systemNamespaces(cni) });
}

function service(app: App): ApiObject {
  return new ApiObject(new Chart(app, 'data'), 'db', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'data' }, spec: { selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 'pg' }] },
  });
}
