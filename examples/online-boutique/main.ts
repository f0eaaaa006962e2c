import { App, Chart } from 'cdk8s';
import {
  AllowFromIngressController, AllowFromMonitoring, AllowFromPods, Cloud, ClusterProfile, Cni, DefaultDenyNamespace, EgressProxy, IngressController,
  MetadataBlock, Monitoring, Port, RolloutStage, WorkloadIdentity,
} from 'cdk8s-netpol';

/** The services of the demo, and the port on which each of them listens. */
const PORTS = {
  frontend: 8080, adservice: 9555, cartservice: 7070, checkoutservice: 5050, currencyservice: 7000, emailservice: 8080, paymentservice: 50051,
  productcatalogservice: 3550, recommendationservice: 8080, shippingservice: 50051, 'redis-cart': 6379,
};
type Service = keyof typeof PORTS;

/** Who calls whom. What is not here is shut. */
const CALLS: Record<string, Service[]> = {
  loadgenerator: ['frontend'],
  frontend: [
    'adservice', 'cartservice', 'checkoutservice', 'currencyservice', 'productcatalogservice', 'recommendationservice', 'shippingservice',
  ],
  checkoutservice: ['cartservice', 'currencyservice', 'emailservice', 'paymentservice', 'productcatalogservice', 'shippingservice'],
  recommendationservice: ['productcatalogservice'],
  cartservice: ['redis-cart'],
};

/** The demo shop behind a default-deny, and the one way out for payments. */
export function onlineBoutique(app: App, stage = RolloutStage.ENFORCE): void {
  ClusterProfile.attach(app, {
    name: 'demo', cni: Cni.calico({ version: '3.31' }), cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_IRSA,
    monitoring: Monitoring.kubePrometheus(), ingressController: IngressController.ingressNginx(),
    podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.96.0.0/12'], nodeCidrs: ['192.0.2.0/24'],
  });

  const boutique = new DefaultDenyNamespace(new Chart(app, 'boutique'), 'boutique', {
    name: 'boutique', owner: { team: 'shop', contact: '#shop' }, stage,
  });
  for (const [client, servers] of Object.entries(CALLS)) {
    for (const server of servers) {
      new AllowFromPods(boutique, `${client}-to-${server}`, {
        from: boutique.pods({ app: client }), to: boutique.pods({ app: server }), ports: [Port.tcp(PORTS[server])],
      });
    }
  }
  new AllowFromIngressController(boutique, 'www', { to: boutique.pods({ app: 'frontend' }), ports: [Port.tcp(PORTS.frontend)] });
  new AllowFromMonitoring(boutique, 'metrics', { ports: [Port.tcp(9464)] });

  const egress = new Chart(app, 'egress');
  const proxy = new EgressProxy(egress, 'egress', { owner: { team: 'platform', contact: '#net' }, domains: ['api.stripe.com'] });
  proxy.allowFrom(boutique.pods({ app: 'paymentservice' }));
  new MetadataBlock(egress, 'metadata');
}

if (require.main === module) {
  const app = new App();
  onlineBoutique(app);
  app.synth();
}
