import { ApiObject, App, Chart } from 'cdk8s';
import { ClusterProfile, ClusterProfileProps, Cni, DefaultDenyNamespace, RolloutStage } from '../../../lib';

/** An app with two owned namespaces, to make mistakes in. */
export interface SampleApp {
  readonly app: App;
  readonly chart: Chart;
  readonly shop: DefaultDenyNamespace;
  readonly pay: DefaultDenyNamespace;
}

export const OWNER = { team: 'payments', contact: '#payments' };

export function sampleApp(profile: Partial<ClusterProfileProps> = {}, stage = RolloutStage.ENFORCE): SampleApp {
  const app = new App();
  ClusterProfile.attach(app, { name: 'test', cni: Cni.calico(), podCidrs: ['10.244.0.0/16'], ...profile });
  const chart = new Chart(app, 'chart');
  const managed = (name: string): DefaultDenyNamespace => new DefaultDenyNamespace(chart, name, { name, owner: OWNER, stage });
  return { app, chart, shop: managed('shop'), pay: managed('pay') };
}

/** A hand-written NetworkPolicy, in `pay` where nothing else is said. */
export function foreignPolicy(chart: Chart, id: string, spec: unknown, namespace = 'pay'): ApiObject {
  return new ApiObject(chart, id, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: id, namespace }, spec });
}

/** A hand-written Deployment in `pay`. */
export function deployment(chart: Chart, name: string, ports: readonly unknown[] = []): ApiObject {
  const labels = { app: name };
  return new ApiObject(chart, `deployment-${name}`, {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'pay' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name, ports }] } } },
  });
}

/** Plain JavaScript gives whatever it likes. */
export const anything = (value: unknown): never => value as never;
