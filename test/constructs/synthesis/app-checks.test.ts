import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import {
  AllowFromPods, AllowToIpBlock, Cloud, ClusterProfile, Cni, DefaultDenyNamespace, MetadataBlock, Pods, Port, RolloutStage,
} from '../../../lib';
import { APP_CHECKS } from '../../../lib/constructs/synthesis/checks';
import { messageOf } from '../../cluster/message-of';
import { emitted, policyNames } from './emitted';

const ports = [Port.tcp(8080)];

function managed(chart: Chart, name: string): DefaultDenyNamespace {
  return new DefaultDenyNamespace(chart, 'namespace', { name, owner: { team: name, contact: `#${name}` }, stage: RolloutStage.ENFORCE });
}

/** Counts how often the app is checked; every check runs as often. */
function counted<T>(action: (runs: () => number) => T): T {
  const checks = APP_CHECKS as Array<(typeof APP_CHECKS)[number]>;
  let runs = 0;
  checks.push(() => {
    runs++;
  });
  try {
    return action(() => runs);
  } finally {
    checks.pop();
  }
}

/** Writes the app to a folder that is gone afterwards. */
function synth(build: (outdir: string) => App): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'netpol-synth-'));
  try {
    const app = build(outdir);
    app.synth();
    return app.charts.map((chart) => readFileSync(join(outdir, `${chart.node.id}.k8s.yaml`), 'utf8'));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

test('the app is checked once in a synth, however many charts it has, and again in the next', () => {
  counted((runs) => {
    const files = synth((outdir) => {
      const app = new App({ outdir });
      for (const name of ['a', 'b', 'c', 'd']) managed(new Chart(app, name), name);
      app.synthYaml();
      expect(runs()).toBe(1);
      return app;
    });
    expect(runs()).toBe(2);
    expect(files.map((file) => file.match(/^kind: NetworkPolicy$/gm)?.length)).toEqual([3, 3, 3, 3]);
  });
});

test('Testing.synth checks again, so that what was declared since the last synth counts', () => {
  counted((runs) => {
    const app = new App();
    const chart = new Chart(app, 'shop');
    managed(chart, 'shop');
    app.synthYaml();
    expect(runs()).toBe(1);
    Testing.synth(chart);
    expect(runs()).toBeGreaterThan(1);
    new ApiObject(chart, 'again', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    new ApiObject(chart, 'twice', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    expect(() => Testing.synth(chart)).toThrow('there are two objects Namespace "x"');
    expect(() => app.synthYaml()).toThrow('there are two objects Namespace "x"');
  });
});

test('a rule that is declared between two synths is in the second', () => {
  const app = new App();
  const shop = managed(new Chart(app, 'shop'), 'shop');
  new AllowFromPods(shop, 'web', { from: Pods.all(), to: Pods.withLabels({ app: 'web' }), ports });
  const before = app.synthYaml();
  new AllowFromPods(shop, 'more', { from: Pods.all(), to: Pods.withLabels({ app: 'web' }), ports: [Port.tcp(9999)] });
  const after = app.synthYaml();
  expect(before).not.toContain('9999');
  expect(after).toContain('9999');
});

test('a mistake that was put right is not reported again', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  managed(chart, 'shop');
  new ApiObject(chart, 'deny', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'default-deny', namespace: 'shop' }, spec: { podSelector: {} } });
  expect(() => app.synthYaml()).toThrow('there are two objects NetworkPolicy "default-deny" in the namespace "shop"');
  expect(() => app.synthYaml()).toThrow('there are two objects');
  expect(chart.node.tryRemoveChild('deny')).toBe(true);
  expect(app.synthYaml()).toContain('default-deny');
});

test('a chart without an App is checked too', () => {
  const chart = Testing.chart();
  managed(chart, 'shop');
  new ApiObject(chart, 'deny', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'default-deny', namespace: 'shop' }, spec: { podSelector: {} } });
  expect(() => Testing.synth(chart)).toThrow('there are two objects NetworkPolicy "default-deny"');
});

test('every message names the construct, and all of them are reported at once', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  managed(chart, 'shop');
  for (const [id, name] of [['one', 'default-deny'], ['two', 'allow-dns']] as const) {
    new ApiObject(chart, id, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec: { podSelector: {} } });
  }
  const message = messageOf(() => app.synthYaml());
  expect(message.match(/\[shop\/(one|two)\] there are two objects NetworkPolicy/g)).toHaveLength(2);
});

describe('the escape hatch', () => {
  const patched = (path: string, value: unknown): App => {
    const app = new App();
    const chart = new Chart(app, 'shop');
    const shop = managed(chart, 'shop');
    new MetadataBlock(chart, 'metadata');
    new AllowToIpBlock(shop, 'site', { cidrs: ['198.51.100.0/24'], ports: [Port.tcp(80)], from: Pods.withLabels({ app: 'web' }) });
    const object = shop.node.findAll().find((each) => ApiObject.isApiObject(each) && each.name === 'allow-web');
    ApiObject.of(object!).addJsonPatch(JsonPatch.replace(path, value));
    return app;
  };

  test('a patched policy is what its JSON says, and is checked as that', () => {
    expect(() => patched('/spec/egress/0/to', []).synthYaml()).toThrow('opens the instance metadata endpoint 169.254.169.254/32 on 80/TCP');
    expect(() => patched('/spec/egress/0/ports/0/port', 0).synthYaml()).toThrow('[spec.egress[0].ports[0].port] 0 is not a port number');
    expect(patched('/spec/egress/0/ports/0/port', 443).synthYaml()).toContain('port: 443');
  });
});

describe('several clusters in one app', () => {
  const build = () => {
    const app = new App();
    const clusters = (['prod', 'test'] as const).map((name) => {
      const chart = new Chart(app, name);
      ClusterProfile.attach(chart, { name, cni: Cni.calico(), cloud: name === 'prod' ? Cloud.DIGITALOCEAN : Cloud.NONE, strictOwnership: name === 'prod' });
      return chart;
    });
    return { app, prod: clusters[0]!, test: clusters[1]! };
  };

  test('each has its own namespaces, owners, rules and policies', () => {
    const { app, prod, test: other } = build();
    const [a, b] = [managed(prod, 'shop'), managed(other, 'shop')];
    new AllowFromPods(a, 'web', { from: Pods.all(), to: a.pods({ app: 'web' }), ports });
    expect(policyNames(app)).toEqual(['shop/allow-dns', 'shop/allow-web', 'shop/allow-namespace-wide', 'shop/default-deny', 'shop/netpol-audit', 'shop/allow-dns', 'shop/default-deny', 'shop/netpol-audit']);
    expect(b.owner.team).toBe('shop');
  });

  test('metadata of one is not promised in the other; its cloud decides the endpoints', () => {
    const { app, prod, test: other } = build();
    new MetadataBlock(prod, 'metadata');
    for (const chart of [prod, other]) {
      new AllowToIpBlock(managed(chart, 'shop'), 'world', { cidrs: ['0.0.0.0/0'], from: Pods.withLabels({ app: 'web' }), ports: [Port.tcp(80)] });
    }
    const [first, second] = emitted(app).filter(({ metadata }) => metadata.name === 'allow-web').map(({ spec }) => JSON.stringify(spec?.egress));
    expect(first).toContain('"cidr":"0.0.0.0/0","except":["169.254.169.254/32"]');
    expect(second).not.toContain('except');
  });

  test('strict ownership of one does not hold in the other', () => {
    const { app, prod, test: other } = build();
    for (const chart of [prod, other]) new AllowFromPods(chart, 'rule', { namespace: 'orphan', from: Pods.all(), ports });
    const message = messageOf(() => app.synthYaml());
    expect(message).toContain('[prod/rule/allow-namespace-wide] the policy "allow-namespace-wide" is in the namespace "orphan", which nobody owns');
    expect(message).not.toContain('[test/');
  });
});
