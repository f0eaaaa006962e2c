import { ApiObject, App, Chart } from 'cdk8s';
import { AllowFromMonitoring, AllowFromPods, AllowToPods, DefaultDenyNamespace, MetadataBlock, Pods, Port, RolloutStage } from '../../../lib';
import { emitted, Emitted, policyNames } from './emitted';

const ports = [Port.tcp(8080)];

function managed(chart: Chart, name: string, stage: RolloutStage, create = false): DefaultDenyNamespace {
  return new DefaultDenyNamespace(chart, name, { name, owner: { team: name, contact: `#${name}` }, stage, create });
}

const wave = ({ metadata }: Emitted): number | undefined => {
  const text = metadata.annotations?.['argocd.argoproj.io/sync-wave'];
  return text === undefined ? undefined : Number(text);
};

/** Two namespaces in one chart, rules before, between and after them. */
function oneChart(stage: RolloutStage): App {
  const app = new App();
  const chart = new Chart(app, 'chart');
  new AllowFromPods(chart, 'early', { namespace: 'pay', from: Pods.all(), to: Pods.withLabels({ app: 'early' }), ports });
  const shop = managed(chart, 'shop', stage, true);
  new AllowToPods(shop, 'between', { from: shop.pods({ app: 'web' }), to: Pods.withLabels({ app: 'late' }), ports });
  const pay = managed(chart, 'pay', stage, true);
  new AllowFromPods(pay, 'late', { from: shop.pods({ app: 'web' }), to: pay.pods({ app: 'api' }), ports });
  return app;
}

test('ENFORCE: in a file the Namespace comes first, then what opens, then what closes, then the opener that is shut', () => {
  const app = oneChart(RolloutStage.ENFORCE);
  expect(emitted(app).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Namespace shop', 'ConfigMap netpol-stage', 'NetworkPolicy allow-dns', 'NetworkPolicy allow-web', 'NetworkPolicy allow-late', 'NetworkPolicy default-deny', 'NetworkPolicy netpol-audit',
    'Namespace pay', 'ConfigMap netpol-stage', 'NetworkPolicy allow-early', 'NetworkPolicy allow-namespace-wide', 'NetworkPolicy allow-dns', 'NetworkPolicy allow-api',
    'NetworkPolicy default-deny', 'NetworkPolicy netpol-audit',
  ]);
});

test('AUDIT: the opener comes before everything that closes', () => {
  expect(policyNames(oneChart(RolloutStage.AUDIT))).toEqual([
    'shop/netpol-audit', 'shop/allow-dns', 'shop/allow-web', 'shop/allow-late', 'shop/default-deny',
    'pay/netpol-audit', 'pay/allow-early', 'pay/allow-namespace-wide', 'pay/allow-dns', 'pay/allow-api', 'pay/default-deny',
  ]);
});

test('OBSERVE: no policy at all, but the owner is on record', () => {
  const objects = emitted(oneChart(RolloutStage.OBSERVE));
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)).toEqual([
    'Namespace /shop', 'ConfigMap shop/netpol-stage', 'Namespace /pay', 'ConfigMap pay/netpol-stage',
  ]);
});

test.each([RolloutStage.AUDIT, RolloutStage.ENFORCE])('%s: the sync waves of a namespace never go down in its file', (stage) => {
  for (const name of ['shop', 'pay']) {
    const waves = emitted(oneChart(stage)).filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === name).map(wave);
    expect(waves).toEqual([...waves].sort((a, b) => a! - b!));
    expect(new Set(waves)).toEqual(new Set(stage === RolloutStage.AUDIT ? [-2, -1, 0] : [-1, 0, 1]));
  }
});

test('rules that are declared after the namespace still come before its default-deny, also those of other charts', () => {
  const app = new App();
  const shop = managed(new Chart(app, 'shop'), 'shop', RolloutStage.ENFORCE);
  new AllowFromMonitoring(app, 'metrics', { ports: [Port.tcp(9090)] });
  new AllowFromPods(new Chart(app, 'later', { namespace: 'later' }), 'web', { from: shop.pods({ app: 'web' }), to: Pods.all(), ports });
  expect(policyNames(app)).toEqual([
    'shop/allow-dns', 'shop/allow-namespace-wide', 'shop/allow-web', 'shop/default-deny', 'shop/netpol-audit', 'later/allow-namespace-wide',
  ]);
});

test('the same objects exist in AUDIT and ENFORCE: going there and back deletes none', () => {
  const names = (stage: RolloutStage): string[] => emitted(oneChart(stage)).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort();
  expect(names(RolloutStage.AUDIT)).toEqual(names(RolloutStage.ENFORCE));
});

test('a dependency of a user is kept: what depends on a rule comes after it', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  const web = new ApiObject(chart, 'web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [{ name: 'web' }] } });
  const shop = managed(chart, 'shop', RolloutStage.ENFORCE);
  web.addDependency(new AllowFromPods(shop, 'rule', { from: Pods.all(), to: Pods.withLabels({ app: 'x' }), ports }));
  web.addDependency(shop);
  const kinds = emitted(app).map(({ metadata }) => metadata.name);
  expect(kinds.indexOf('web')).toBeGreaterThan(kinds.indexOf('allow-x'));
});

test('the files of all charts come out whatever they depend on', () => {
  const app = oneChart(RolloutStage.ENFORCE);
  new MetadataBlock(new Chart(app, 'cluster'), 'metadata');
  expect(app.synthYaml().match(/^kind: NetworkPolicy$/gm)).toHaveLength(11);
});
