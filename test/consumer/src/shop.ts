import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import {
  AllowFromMonitoring, AllowFromPods, AllowToService, AllowWithin, Cloud, ClusterProfile, Cni, DefaultDenyNamespace, EgressProxy, MetadataBlock, Pods,
  Port, RolloutStage, ServiceBackend, WorkloadIdentity, type Owner,
} from 'cdk8s-netpol';
import { Cidr } from 'cdk8s-netpol/policy';

/** The public API as a strict consumer uses it: compiled by every tsconfig here, synthesized as CommonJS and as a module. */
export function synthesizeShop(): string {
  const app = new App();
  ClusterProfile.attach(app, {
    name: 'consumer', cni: Cni.calico({ version: '3.31' }), cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_IRSA,
    podCidrs: [Cidr.parse('10.244.0.0/16').toString()],
  });
  const owner: Owner = { team: 'shop', contact: '#shop' };
  const chart = new Chart(app, 'shop');
  const labels = { app: 'db' };
  const database = new ApiObject(chart, 'db', {
    apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'db', ports: [{ name: 'sql', containerPort: 5432 }] }] } } },
  });
  const service = new ApiObject(chart, 'db-service', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'shop' }, spec: { selector: labels, ports: [{ port: 5432, targetPort: 'sql' }] },
  });
  const shop = new DefaultDenyNamespace(chart, 'namespace', { name: 'shop', owner, stage: RolloutStage.ENFORCE, create: true });
  new AllowFromPods(shop, 'web', { from: shop.pods({ app: 'web' }), to: shop.pods({ app: 'api' }), ports: [Port.tcp(8080), Port.tcpRange(9000, 9010)] });
  new AllowToService(shop, 'api-to-db', { from: shop.pods({ app: 'api' }), service: ServiceBackend.of(service) });
  new AllowWithin(shop, 'replicas', { pods: Pods.of(database), ports: [Port.named('sql')] });
  new AllowFromMonitoring(app, 'metrics', { ports: [Port.tcp(9100)] });
  const egress = new Chart(app, 'egress');
  const proxy = new EgressProxy(egress, 'egress', { owner, domains: ['api.example.com'] });
  proxy.allowFrom(shop.pods({ app: 'api' }));
  new MetadataBlock(egress, 'metadata');
  return Yaml.stringify(...app.charts.flatMap((each) => each.toJson() as unknown[]));
}
