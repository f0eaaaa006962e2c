import { ApiObject, App, Chart } from 'cdk8s';
import {
  AllowFromIpBlock, AllowFromPods, ClusterProfile, Cni, Connectivity, DefaultDenyNamespace, MetadataBlock, Pods, Port, RolloutStage,
} from 'cdk8s-netpol';
import { schemaErrors } from '../../dialects/cilium/published-schema';
import { GENERIC, plainCluster } from '../../plain';
import { describeWithShared } from '../../shared-data';

const OWNER = { team: 'shop', contact: '#shop' };

function shopOn(cni: Cni, stage: RolloutStage, build: (shop: DefaultDenyNamespace, chart: Chart) => void = () => undefined): App {
  const app = new App();
  ClusterProfile.attach(app, { name: 'test', cni, podCidrs: ['10.244.0.0/16'] });
  const chart = new Chart(app, 'shop');
  build(new DefaultDenyNamespace(chart, 'shop', { name: 'shop', owner: OWNER, stage }), chart);
  return app;
}

const objectsOf = (app: App): Array<Record<string, never>> => app.charts.flatMap((chart) => chart.toJson() as Array<Record<string, never>>);
const recordOf = (app: App): Record<string, string> => objectsOf(app).find(({ kind }) => kind === 'ConfigMap')!.data!;

describe('aws: an exception denies what other rules allow', () => {
  const vpn = (shop: DefaultDenyNamespace): void => {
    new AllowFromIpBlock(shop, 'vpn', { cidrs: ['10.0.0.0/8'], to: shop.pods({ app: 'web' }), ports: [Port.tcp(80)] });
    new AllowFromPods(shop, 'peer', { from: Pods.withLabels({ app: 'api' }), to: shop.pods({ app: 'web' }), ports: [Port.tcp(80)] });
  };

  test('blocks are written without exceptions, and mean the same', () => {
    const objects = objectsOf(shopOn(Cni.aws(), RolloutStage.ENFORCE, vpn));
    expect(JSON.stringify(objects)).not.toContain('"except"');
    const cluster = plainCluster(objects).withProfile({ ...GENERIC, ipBlockMatchesPods: true, ipBlockMatchesNodes: true }).withPods([
      { namespace: 'shop', name: 'web', labels: { app: 'web' }, ip: '10.244.0.1' }, { namespace: 'shop', name: 'api', labels: { app: 'api' }, ip: '10.244.0.2' },
      { namespace: 'other', name: 'pod', ip: '10.244.0.3' },
    ]);
    expect(cluster.allows('10.1.2.3', 'shop/web', '80/TCP')).toBe(true);
    expect(cluster.allows('shop/api', 'shop/web', '80/TCP')).toBe(true);
    expect(cluster.allows('other/pod', 'shop/web', '80/TCP')).toBe(false);
  });

  test('the opener and the rollback leave metadata out without an exception, too', () => {
    const audit = shopOn(Cni.aws(), RolloutStage.AUDIT);
    expect(JSON.stringify(objectsOf(audit))).not.toContain('"except"');
    expect(recordOf(shopOn(Cni.aws(), RolloutStage.ENFORCE)).rollback).not.toContain('except');
    const cluster = plainCluster(objectsOf(audit)).withPods([{ namespace: 'shop', name: 'web' }]);
    expect(cluster.allows('shop/web', '169.254.169.254', '80/TCP')).toBe(false);
    expect(cluster.allows('shop/web', '8.8.8.8', '443/TCP')).toBe(true);
  });

  test('more port entries for one peer than the data plane keeps fail the synth, in ours and in foreign policies', () => {
    const many = (count: number) => (shop: DefaultDenyNamespace): void => {
      const ports = Array.from({ length: count }, (_, index) => Port.tcp(1000 + 2 * index));
      new AllowFromPods(shop, 'many', { from: Pods.withLabels({ app: 'api' }), to: shop.pods({ app: 'web' }), ports });
    };
    expect(() => shopOn(Cni.aws(), RolloutStage.ENFORCE, many(24)).synthYaml()).not.toThrow();
    expect(() => shopOn(Cni.aws(), RolloutStage.ENFORCE, many(25)).synthYaml()).toThrow(/the NetworkPolicy "shop\/allow-\w+" has 25 port entries for one peer in (in|e)gress; the data plane of aws keeps 24/);
    expect(() => shopOn(Cni.calico({ version: '3.31' }), RolloutStage.ENFORCE, many(25)).synthYaml()).not.toThrow();
    expect(() => shopOn(Cni.aws(), RolloutStage.ENFORCE, (_, chart) => {
      const ports = Array.from({ length: 25 }, (__, index) => ({ port: 1000 + 2 * index }));
      new ApiObject(chart, 'foreign', {
        apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'foreign', namespace: 'shop' }, ...{ spec: { podSelector: {}, ingress: [{ ports }] } },
      });
    }).synthYaml()).toThrow(/\[shop\/foreign\] the NetworkPolicy "shop\/foreign" has 25 port entries/);
  });

  test('everybody else keeps the exception', () => {
    expect(JSON.stringify(objectsOf(shopOn(Cni.calico({ version: '3.31' }), RolloutStage.ENFORCE, vpn)))).toContain('"except":["10.244.0.0/16"]');
  });
});

describe('no NetworkPolicy reaches nodes or the API server where no address matches them', () => {
  const cilium = Cni.cilium({ version: '1.18' });

  test('on Cilium the opener is a CiliumNetworkPolicy, the same object in AUDIT and ENFORCE, and names them', () => {
    for (const stage of [RolloutStage.AUDIT, RolloutStage.ENFORCE]) {
      const audit = objectsOf(shopOn(cilium, stage)).find(({ metadata }) => (metadata as unknown as { name: string }).name === 'netpol-audit')!;
      expect(audit.kind).toBe('CiliumNetworkPolicy');
    }
    const inventory = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, ...{ spec: { containers: [{ name: 'c' }] } } }];
    const [audit, enforce] = [RolloutStage.AUDIT, RolloutStage.ENFORCE].map((stage) => Connectivity.fromApp(shopOn(cilium, stage), { inventory }));
    for (const end of ['{host}', '{remote-node}', '{kube-apiserver}']) {
      audit!.assertAllowed('shop/web', end, Port.tcp(6443));
      enforce!.assertDenied('shop/web', end, Port.tcp(6443));
    }
    audit!.assertAllowed('{remote-node}', 'shop/web', Port.tcp(8080));
    audit!.assertDenied('shop/web', '169.254.169.254', Port.tcp(80));
  });

  describeWithShared('schemas', 'published schema', () => {
    test.each([RolloutStage.AUDIT, RolloutStage.ENFORCE])('the opener in %s is what the published definition allows', (stage) => {
      const written = objectsOf(shopOn(cilium, stage)).filter(({ kind }) => kind === ('CiliumNetworkPolicy' as never));
      expect(written).toHaveLength(1);
      expect(schemaErrors('CiliumNetworkPolicy', written[0])).toEqual([]);
    });
  });

  test('the rollback on Cilium is of that kind, too, and reopens them', () => {
    const app = shopOn(cilium, RolloutStage.ENFORCE);
    const record = recordOf(app);
    expect(record).not.toHaveProperty('rollback-limits');
    expect(record['rollback-check']).toBe('kubectl get ciliumnetworkpolicy netpol-rollback --namespace shop');
    const [, json] = /^printf '%s' '(.*)' \| kubectl create -f -$/s.exec(record.rollback!) ?? [];
    const inventory = [
      JSON.parse(json!) as unknown, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, ...{ spec: { containers: [{ name: 'c' }] } } },
    ];
    Connectivity.fromApp(app, { inventory }).assertAllowed('shop/web', '{kube-apiserver}', Port.tcp(6443));
  });

  test('a CiliumNetworkPolicy of others that isolates is opened by it: an error until somebody accepts it', () => {
    expect(() => shopOn(cilium, RolloutStage.AUDIT, (_, chart) => {
      new ApiObject(chart, 'foreign', {
        apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'foreign', namespace: 'shop' },
        ...{ spec: { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] } },
      });
    }).synthYaml()).toThrow(/"shop\/foreign" closes ingress of pods that netpol-audit would open/);
  });

  test('GKE Dataplane V2 serves no such kind: AUDIT is refused there', () => {
    expect(() => shopOn(Cni.gkeDataplaneV2(), RolloutStage.AUDIT).synthYaml())
      .toThrow(/stage AUDIT opens the namespace with a NetworkPolicy.*pods would be cut off them/);
    const record = recordOf(shopOn(Cni.gkeDataplaneV2(), RolloutStage.ENFORCE));
    expect(record['rollback-limits']).toMatch(/^on gke-dpv2 no NetworkPolicy reaches nodes or the API server/);
    expect(record['rollback-in-git']).toContain('RolloutStage.OBSERVE');
  });
});

describe('the record of a namespace says what its stage means on the CNI', () => {
  test.each([
    [Cni.calico({ version: '3.31' }), 'open connections stay: what no rule allows is cut at the next restart of the client, so restart one of each workload'],
    [Cni.cilium({ version: '1.18' }), 'open connections that no rule allows are cut at once'],
    [Cni.aws(), 'whether open connections are cut is not known for this CNI: restart one of each workload'],
  ])('ENFORCE on %s', (cni, text) => {
    expect(recordOf(shopOn(cni, RolloutStage.ENFORCE))['established-connections']).toBe(text);
  });

  test('AUDIT with a native opener: the CNI does not show what would be dropped', () => {
    expect(recordOf(shopOn(Cni.aws(), RolloutStage.AUDIT))['audit-evidence'])
      .toBe('the CNI does not show what would be dropped: compare recorded flows with the policies before ENFORCE');
  });

  test('a namespace that is exempt from the MetadataBlock says why', () => {
    const app = shopOn(Cni.aws(), RolloutStage.ENFORCE, (_, chart) => {
      new MetadataBlock(chart, 'metadata', { exemptions: [{ namespace: 'shop', reason: 'reads its instance id' }] });
    });
    expect(recordOf(app)['metadata-exemption']).toBe('reads its instance id');
    expect(recordOf(shopOn(Cni.aws(), RolloutStage.ENFORCE))).not.toHaveProperty('metadata-exemption');
  });
});

describe('MetadataBlock as a check, and policies in other APIs', () => {
  const withPolicy = (cni: Cni, apiVersion: string, kind: string, spec: unknown): (() => string) => () => shopOn(cni, RolloutStage.ENFORCE, (_, chart) => {
    new MetadataBlock(chart, 'metadata', { stage: RolloutStage.OBSERVE });
    new ApiObject(chart, 'foreign', { apiVersion, kind, metadata: { name: 'foreign' }, ...{ spec } });
  }).synthYaml();
  const accept = (network: string, tier = 'Admin'): unknown => ({
    tier, priority: 10, subject: { namespaces: {} }, egress: [{ action: 'Accept', to: [{ networks: [network] }] }],
  });
  const CNP = ['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'] as const;

  test('an Admin Accept outranks every NetworkPolicy', () => {
    expect(withPolicy(Cni.generic(), ...CNP, accept('0.0.0.0/0'))).toThrow(/shop\/foreign\] the ClusterNetworkPolicy "foreign" opens .* 169\.254\.169\.254\/32/);
    expect(withPolicy(Cni.generic(), ...CNP, accept('10.0.0.0/8'))).not.toThrow();
  });

  test('a Baseline Accept opens nothing to pods that a NetworkPolicy isolates', () => {
    expect(withPolicy(Cni.generic(), ...CNP, accept('0.0.0.0/0', 'Baseline'))).not.toThrow();
  });

  const CILIUM = [Cni.cilium({ version: '1.18' }), 'cilium.io/v2', 'CiliumClusterwideNetworkPolicy'] as const;
  const toPort80 = { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] };

  test.each<[string, unknown]>([
    ['the entity world', { toEntities: ['world'], ...toPort80 }], ['every entity', { toEntities: ['all'] }], ['a CIDR', { toCIDR: ['169.254.0.0/16'] }],
    ['ports and nobody named', toPort80],
  ])('Cilium opens it by %s', (_, egress) => {
    expect(withPolicy(...CILIUM, { endpointSelector: {}, egress: [egress] })).toThrow(/the CiliumClusterwideNetworkPolicy "foreign" opens .* 169\.254\.169\.254\/32/);
  });

  test.each<[string, unknown]>([
    ['the cluster', { toEntities: ['cluster', 'host', 'kube-apiserver'] }], ['pods', { toEndpoints: [{}] }], ['a domain', { toFQDNs: [{ matchName: 'api.stripe.com' }] }],
    ['the world on another port', { toEntities: ['world'], toPorts: [{ ports: [{ port: '25', protocol: 'TCP' }] }] }],
    ['a CIDR with an exception', { toCIDRSet: [{ cidr: '169.254.0.0/16', except: ['169.254.169.0/24', '169.254.170.0/24', '169.254.0.0/24', '169.254.42.0/24'] }] }],
  ])('Cilium does not open it by %s', (_, egress) => {
    expect(withPolicy(...CILIUM, { endpointSelector: {}, egress: [egress] })).not.toThrow();
  });

  test('Calico opens it by a rule, and by a set that holds it; not by pods', () => {
    const calico = (kind: string, spec: unknown): (() => string) => withPolicy(Cni.calico({ version: '3.31' }), 'projectcalico.org/v3', kind, spec);
    const allow = (destination: unknown): unknown => ({ tier: 'default', selector: 'all()', types: ['Egress'], egress: [{ action: 'Allow', destination }] });
    expect(calico('GlobalNetworkPolicy', allow({ nets: ['169.254.0.0/16'] }))).toThrow(/the GlobalNetworkPolicy "foreign" opens .* 169\.254\.169\.254\/32/);
    expect(calico('GlobalNetworkPolicy', allow({ selector: 'app == "db"' }))).not.toThrow();
    expect(calico('GlobalNetworkSet', { nets: ['169.254.169.254/32'] })).toThrow(/the GlobalNetworkSet "foreign" holds the instance metadata endpoint 169\.254\.169\.254\/32/);
    expect(calico('GlobalNetworkSet', { nets: ['203.0.113.0/24'] })).not.toThrow();
  });

  test('Antrea opens it by a rule, and by a group that holds it; not by pods, nor in the tier baseline', () => {
    const antrea = (kind: string, spec: unknown): (() => string) => withPolicy(Cni.antrea(), 'crd.antrea.io/v1beta1', kind, spec);
    const allow = (to: unknown, tier = 'application'): unknown => ({ tier, priority: 1, appliedTo: [{ podSelector: {} }], egress: [{ action: 'Allow', to: [to] }] });
    expect(antrea('ClusterNetworkPolicy', allow({ ipBlock: { cidr: '169.254.0.0/16' } }))).toThrow(/the ClusterNetworkPolicy "foreign" opens .* 169\.254\.169\.254\/32/);
    expect(antrea('ClusterNetworkPolicy', allow({ ipBlock: { cidr: '169.254.0.0/16' } }, 'baseline'))).not.toThrow();
    expect(antrea('ClusterNetworkPolicy', allow({ namespaces: { match: 'Self' } }))).not.toThrow();
    expect(antrea('ClusterNetworkPolicy', allow({ group: 'g' }))).not.toThrow();
    expect(antrea('ClusterGroup', { ipBlocks: [{ cidr: '169.254.169.254/32' }] })).toThrow(/the ClusterGroup "foreign" holds the instance metadata endpoint 169\.254\.169\.254\/32/);
    expect(antrea('ClusterGroup', { ipBlocks: [{ cidr: '203.0.113.0/24' }] })).not.toThrow();
    expect(antrea('ClusterGroup', { podSelector: {} })).not.toThrow();
  });

  test('what cannot be read is nothing that the promise can rest on', () => {
    expect(withPolicy(Cni.generic(), 'networking.k8s.io/v1', 'FutureNetworkPolicy', { egress: [] }))
      .toThrow(/promises that metadata stays closed, and this FutureNetworkPolicy cannot be read/);
  });

  test('an EgressFirewall of OVN-Kubernetes opens nothing, whatever it allows', () => {
    const firewall = (...egress: readonly unknown[]): (() => string) => () => shopOn(Cni.ovnKubernetes(), RolloutStage.ENFORCE, (_, chart) => {
      new MetadataBlock(chart, 'metadata');
      new ApiObject(chart, 'firewall', { apiVersion: 'k8s.ovn.org/v1', kind: 'EgressFirewall', metadata: { name: 'default' }, ...{ spec: { egress } } });
    }).synthYaml();
    expect(firewall({ type: 'Allow', to: { cidrSelector: '0.0.0.0/0' } })).not.toThrow();
    expect(firewall({ type: 'Allow', to: { cidr: '0.0.0.0/0' } })).toThrow(/this EgressFirewall cannot be read, and the API server would refuse it: \[spec\.egress\[0\]\.to\]/);
  });

  test('an API that the CNI does not serve contributes nothing', () => {
    expect(withPolicy(Cni.cilium({ version: '1.18' }), ...CNP, accept('0.0.0.0/0'))).not.toThrow();
  });
});

describe('pods in the network of their node', () => {
  test('are no end of a rule between pods: no policy selects them', () => {
    const app = new App();
    const chart = new Chart(app, 'shop');
    const agent = new ApiObject(chart, 'agent', {
      apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'shop' },
      ...{ spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec: { hostNetwork: true, containers: [{ name: 'agent' }] } } } },
    });
    expect(() => Pods.of(agent)).toThrow(/\[shop\/agent\] "DaemonSet agent" runs in the network of its node, where no policy selects it/);
  });
});
