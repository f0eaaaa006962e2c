import { join } from 'path';
import { ApiObject, App, Chart, Include } from 'cdk8s';
import { AllowFromIngressController, AllowFromPods, ClusterProfile, Cni, DefaultDenyNamespace, IngressController, Pods, Port, RolloutStage } from 'cdk8s-netpol';

/** Policies around manifests that something else renders: the labels and ports are read from them, not written again. */
export function adoptExisting(app: App, stage = RolloutStage.ENFORCE): void {
  ClusterProfile.attach(app, {
    name: 'blogs', cni: Cni.calico({ version: '3.31' }),
  });
  const chart = new Chart(app, 'blog');
  const rendered = new Include(chart, 'rendered', { url: join(__dirname, 'rendered.yaml') });
  const workload = (kind: string): Pods => Pods.of(rendered.apiObjects.find((object) => object.kind === kind) as ApiObject);

  const blog = new DefaultDenyNamespace(chart, 'namespace', { name: 'blog', owner: { team: 'content', contact: '#content' }, stage });
  new AllowFromIngressController(blog, 'www', { from: IngressController.traefik(), to: workload('Deployment'), ports: [Port.named('http')] });
  new AllowFromPods(blog, 'database', { from: workload('Deployment'), to: workload('StatefulSet'), ports: [Port.named('mysql')] });
}

if (require.main === module) {
  const app = new App();
  adoptExisting(app);
  app.synth();
}
