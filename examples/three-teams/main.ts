import { join } from 'path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import {
  AllowFromIpBlock, AllowFromMonitoring, AllowFromPods, AllowToService, AllowWithin, Cloud, ClusterProfile, Cni, DefaultDenyNamespace, MetadataBlock,
  Monitoring, Pods, Port, RolloutStage, ServiceBackend, WorkloadIdentity,
} from 'cdk8s-netpol';

/** Three teams and the monitoring: one chart a namespace, so that each owner reviews one file. */
export function threeTeams(app: App, stage = RolloutStage.ENFORCE): void {
  ClusterProfile.attach(app, {
    name: 'prod-eu', cni: Cni.calico({ version: '3.31' }), cloud: Cloud.AZURE, workloadIdentity: WorkloadIdentity.AKS,
    monitoring: Monitoring.kubePrometheus(), strictOwnership: true,
    // The VPN hands out 10.0.0.0/8, and the pods are inside of it.
    podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.96.0.0/12'], nodeCidrs: ['10.240.0.0/16'],
  });
  const charts = { shop: new Chart(app, 'shop'), pay: new Chart(app, 'pay'), data: new Chart(app, 'data'), monitoring: new Chart(app, 'monitoring') };
  const shop = new DefaultDenyNamespace(charts.shop, 'shop', { name: 'shop', owner: { team: 'web', contact: '#web' }, stage });
  const pay = new DefaultDenyNamespace(charts.pay, 'pay', { name: 'pay', owner: { team: 'payments', contact: '#payments' }, stage });
  const data = new DefaultDenyNamespace(charts.data, 'data', { name: 'data', owner: { team: 'storage', contact: 'storage@example.com' }, stage });
  new DefaultDenyNamespace(charts.monitoring, 'monitoring', { name: 'monitoring', owner: { team: 'sre', contact: '#sre' }, stage });
  // In AUDIT the namespace would be open, also where the hand-written policy below closes it today.
  shop.acceptOpening('the nightly reports are the only client that it let in, and are covered');

  // Every namespace below this app is scraped; Prometheus may leave its own.
  new AllowFromMonitoring(app, 'metrics', { ports: [Port.named('metrics')] });
  new MetadataBlock(charts.monitoring, 'metadata');

  // web calls the payment API; both ends are opened, each in the file of its owner.
  new AllowFromPods(pay, 'web-to-api', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(8080)] });

  // People on the VPN reach the back office: the pods inside of 10.0.0.0/8 do not.
  new AllowFromIpBlock(shop, 'vpn', { cidrs: ['10.0.0.0/8'], to: shop.pods({ app: 'back-office' }), ports: [Port.tcp(8443)] });

  // A replicated database: clients come through its Service, the replicas talk to one another.
  const database = postgres(charts.data);
  new AllowToService(pay, 'database', { from: pay.pods({ app: 'api' }), service: ServiceBackend.of(database.service) });
  new AllowWithin(data, 'replication', { pods: Pods.of(database.workload), ports: [Port.named('pg')] });

  // What was there before stays, and is checked with the rest.
  new Include(charts.shop, 'legacy', { url: join(__dirname, 'legacy-reports.yaml') });
}

function postgres(chart: Chart): { workload: ApiObject; service: ApiObject } {
  const labels = { app: 'postgres' };
  const metadata = { name: 'postgres', namespace: 'data' };
  const ports = [{ name: 'pg', containerPort: 5432 }, { name: 'metrics', containerPort: 9187 }];
  const workload = new ApiObject(chart, 'postgres', {
    apiVersion: 'apps/v1', kind: 'StatefulSet', metadata,
    spec: {
      replicas: 3, serviceName: 'postgres', selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'postgres', image: 'docker.io/library/postgres:18', ports }] } },
    },
  });
  const service = new ApiObject(chart, 'postgres-service', {
    apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ name: 'sql', port: 5432, targetPort: 'pg' }] },
  });
  return { workload, service };
}

if (require.main === module) {
  const app = new App();
  threeTeams(app);
  app.synth();
}
