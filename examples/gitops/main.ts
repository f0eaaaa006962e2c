import { App, Chart } from 'cdk8s';
import { AllowFromPods, Cloud, ClusterProfile, Cni, DefaultDenyNamespace, MetadataBlock, Port, RolloutStage, WorkloadIdentity } from 'cdk8s-netpol';

/** Where each namespace stands. A commit that moves one changes its line here, and nothing else. */
export const STAGES = { shop: RolloutStage.ENFORCE, pay: RolloutStage.AUDIT };

/**
 * Two namespaces and what holds for the cluster, a file each: what Argo CD, Flux or kubectl brings to the cluster. With a stage,
 * both namespaces are in it.
 */
export function gitops(app: App, stage?: RolloutStage): void {
  const stages = stage === undefined ? STAGES : { shop: stage, pay: stage };
  ClusterProfile.attach(app, {
    name: 'prod', cni: Cni.calico({ version: '3.31' }), cloud: Cloud.AWS, workloadIdentity: WorkloadIdentity.EKS_IRSA, strictOwnership: true,
  });
  const charts = { shop: new Chart(app, 'shop'), pay: new Chart(app, 'pay'), cluster: new Chart(app, 'cluster') };
  const shop = new DefaultDenyNamespace(charts.shop, 'shop', { name: 'shop', owner: { team: 'web', contact: '#web' }, stage: stages.shop });
  const pay = new DefaultDenyNamespace(charts.pay, 'pay', { name: 'pay', owner: { team: 'payments', contact: '#payments' }, stage: stages.pay });
  new AllowFromPods(pay, 'web-to-api', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(8080)] });
  new MetadataBlock(charts.cluster, 'metadata');
}

if (require.main === module) {
  const app = new App();
  gitops(app);
  app.synth();
}
