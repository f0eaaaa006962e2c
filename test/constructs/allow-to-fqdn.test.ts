import { App, Chart } from 'cdk8s';
import {
  AllowFromPods, AllowToFqdn, AllowToFqdnProps, ClusterProfile, Cni, Connectivity, DefaultDenyNamespace, Dns, EgressProxy, Pods, Port, RolloutStage, Verdict,
} from '../../lib';
import { messageOf } from '../cluster/message-of';

const OWNER = { team: 'payments', contact: '#payments' };
const CILIUM = Cni.cilium({ version: '1.18' });

interface PayApp {
  readonly app: App;
  readonly pay: DefaultDenyNamespace;
}

function payOn(cni: Cni, dns?: Dns): PayApp {
  const app = new App();
  ClusterProfile.attach(app, { name: 'prod', cni, dns });
  return { app, pay: new DefaultDenyNamespace(new Chart(app, 'pay'), 'pay', { name: 'pay', owner: OWNER, stage: RolloutStage.ENFORCE }) };
}

const stripe = (pay: DefaultDenyNamespace, more: Partial<AllowToFqdnProps> = {}): AllowToFqdn => new AllowToFqdn(pay, 'stripe', {
  domains: ['api.stripe.com'], from: pay.pods({ app: 'api' }), ports: [Port.tcp(443)], ...more,
});
const proxyIn = (app: App, id = 'egress'): EgressProxy => new EgressProxy(new Chart(app, `${id}-chart`), id, { owner: OWNER, domains: ['github.com'] });

interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly egress?: ReadonlyArray<Record<string, unknown>> };
  readonly data?: Record<string, string>;
}

const emitted = (app: App, kind: string, name?: string): Emitted[] => app.charts
  .flatMap((chart) => chart.toJson() as Emitted[])
  .filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));

const POD = (namespace: string, app: string): unknown => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: app, namespace, labels: { app } }, spec: { containers: [{ name: 'c' }] },
});

describe('on Cilium', () => {
  test('a domain is a rule of a CiliumNetworkPolicy, beside the NetworkPolicy of the same pods', () => {
    const { app, pay } = payOn(CILIUM);
    stripe(pay);
    const [policy, ...more] = emitted(app, 'CiliumNetworkPolicy', 'allow-api');
    expect(more).toEqual([]);
    expect(policy!.spec.egress).toContainEqual({ toFQDNs: [{ matchName: 'api.stripe.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] });
  });

  test('it brings the rule along by which Cilium reads DNS answers: pods, addresses and the node of the cache', () => {
    const { app, pay } = payOn(CILIUM, Dns.coreDns({ nodeLocalCache: true }));
    stripe(pay);
    const egress = emitted(app, 'CiliumNetworkPolicy', 'allow-api')[0]!.spec.egress!;
    const readingDns = egress.filter((rule) => JSON.stringify(rule).includes('"dns":[{"matchPattern":"*"}]'));
    expect(readingDns.map((rule) => Object.keys(rule).filter((key) => key !== 'toPorts')).flat().sort()).toEqual(['toCIDR', 'toEndpoints', 'toEndpoints', 'toEntities']);
  });

  test('other addresses stay closed, and what the name resolves to decides', () => {
    const { app, pay } = payOn(CILIUM);
    stripe(pay);
    const connectivity = Connectivity.fromApp(app, { inventory: [POD('pay', 'api'), POD('pay', 'web')] });
    expect(connectivity.verdict('pay/api', '203.0.113.9', Port.tcp(443))).toBe(Verdict.DEPENDS);
    expect(connectivity.explain('pay/api', '203.0.113.9', Port.tcp(443))).toContain('what api.stripe.com resolves to decides');
    connectivity.assertDenied('pay/api', '203.0.113.9', Port.tcp(80));
    connectivity.assertDenied('pay/web', '203.0.113.9', Port.tcp(443));
  });

  test('any depth needs 1.19: older versions would read it as one label', () => {
    const deep = { domains: ['**.example.com'] };
    expect(() => stripe(payOn(Cni.cilium({ version: '1.19' })).pay, deep)).not.toThrow();
    expect(messageOf(() => stripe(payOn(CILIUM).pay, deep))).toBe('[pay/pay/stripe: domains[0]] "**.example.com" is a pattern for any number of labels in front of a name, '
      + 'which cilium knows since 1.19. Instead: the names themselves, or through: an EgressProxy, which knows every pattern');
    expect(messageOf(() => stripe(payOn(Cni.cilium()).pay, deep))).toContain('since 1.19, and the ClusterProfile says no version');
  });

  test('through sends the pods to a proxy all the same, which knows every pattern', () => {
    const { app, pay } = payOn(CILIUM);
    stripe(pay, { domains: ['**.example.com'], through: proxyIn(app) });
    expect(emitted(app, 'CiliumNetworkPolicy', 'allow-api')).toEqual([]);
    expect(emitted(app, 'ConfigMap', 'egress-proxy')[0]!.data!['allowed-patterns.txt']).toContain('example\\.com');
  });
});

describe('on Antrea', () => {
  const ANTREA = Cni.antrea({ version: '2.7' });

  test('a domain is a rule of a NetworkPolicy of Antrea, which isolates nobody: the native default-deny does', () => {
    const { app, pay } = payOn(ANTREA);
    stripe(pay, { domains: ['api.stripe.com', '**.example.com'] });
    new AllowFromPods(pay, 'clients', { from: Pods.withLabels({ app: 'web' }), to: pay.pods({ app: 'api' }), ports: [Port.tcp(8080)] });
    const own = emitted(app, 'NetworkPolicy', 'allow-api').filter((object) => (object as unknown as { apiVersion: string }).apiVersion === 'crd.antrea.io/v1beta1');
    expect(own.map(({ spec }) => spec.egress)).toEqual([[
      { action: 'Allow', to: [{ fqdn: '*.example.com' }, { fqdn: 'api.stripe.com' }], ports: [{ protocol: 'TCP', port: 443 }] },
    ]]);
    const connectivity = Connectivity.fromApp(app, { inventory: [POD('pay', 'api')] });
    expect(connectivity.verdict('pay/api', '203.0.113.9', Port.tcp(443))).toBe(Verdict.DEPENDS);
    connectivity.assertDenied('pay/api', '203.0.113.9', Port.tcp(80));
  });

  test('one label cannot be said: its wildcard takes any number', () => {
    expect(messageOf(() => stripe(payOn(ANTREA).pay, { domains: ['*.example.com'] }))).toContain('cannot be said on antrea: it has no pattern for one label in front of a name');
  });
});

describe('on GKE Dataplane V2', () => {
  const SERVING = Cni.gkeDataplaneV2({ settings: { 'enable-fqdn-network-policy': 'true' } });

  test('a domain is a match of an FQDNNetworkPolicy; one label is a pattern, any depth has none', () => {
    const { app, pay } = payOn(SERVING);
    stripe(pay, { domains: ['api.stripe.com', '*.example.com'] });
    expect(emitted(app, 'FQDNNetworkPolicy', 'allow-api')[0]!.spec.egress).toEqual([
      { matches: [{ pattern: '*.example.com' }, { name: 'api.stripe.com' }], ports: [{ protocol: 'TCP', port: 443 }] },
    ]);
    expect(messageOf(() => stripe(payOn(SERVING).pay, { domains: ['**.example.com'] }))).toContain('cannot be said on gke-dpv2: it has no pattern for any number of labels');
  });

  test('where it was not turned on, synth says what is missing', () => {
    const { app, pay } = payOn(Cni.gkeDataplaneV2());
    stripe(pay);
    expect(() => app.synthYaml()).toThrow(/no policy of gke-dpv2 allows domain names/);
  });
});

describe('on EKS Auto Mode', () => {
  const AUTO = Cni.aws({ settings: { autoMode: 'true' } });
  const dns = Dns.eksAutoMode({ clusterIp: '10.100.0.10' });

  test('a domain is a peer of an ApplicationNetworkPolicy', () => {
    const { app, pay } = payOn(AUTO, dns);
    stripe(pay, { domains: ['api.stripe.com', '**.example.com'] });
    expect(emitted(app, 'ApplicationNetworkPolicy', 'allow-api')[0]!.spec.egress).toEqual([
      { to: [{ domainNames: ['**.example.com', 'api.stripe.com'].map((name) => name.replace('**.', '*.')) }], ports: [{ protocol: 'TCP', port: 443 }] },
    ]);
  });

  test('one label cannot be said: its wildcard takes any number', () => {
    expect(messageOf(() => stripe(payOn(AUTO, dns).pay, { domains: ['*.example.com'] })))
      .toContain('"*.example.com" cannot be said on aws: it has no pattern for one label in front of a name');
  });

  test('without Auto Mode nothing evaluates domain names', () => {
    const { app, pay } = payOn(Cni.aws({ version: '1.21' }));
    stripe(pay);
    expect(() => app.synthYaml()).toThrow(/no policy of aws allows domain names in the cluster "prod", and this app has no EgressProxy for it/);
  });
});

describe.each([['Calico', Cni.calico({ version: '3.31' })], ['any CNI', Cni.generic()]])('on %s, which knows no domain names', (_, cni) => {
  test.each(['before', 'after'])('the connection goes through the proxy of the app, built %s', (when) => {
    const { app, pay } = payOn(cni);
    if (when === 'before') proxyIn(app);
    stripe(pay);
    if (when === 'after') proxyIn(app);
    expect(emitted(app, 'ConfigMap', 'egress-proxy')[0]!.data!['allowed-domains.txt']).toBe('api.stripe.com\ngithub.com\n');
    const connectivity = Connectivity.fromApp(app, { inventory: [POD('pay', 'api'), POD('pay', 'web')] });
    connectivity.assertAllowed('pay/api', 'egress/egress-proxy', Port.tcp(3128));
    connectivity.assertDenied('pay/web', 'egress/egress-proxy', Port.tcp(3128));
    connectivity.assertDenied('pay/api', '203.0.113.9', Port.tcp(443));
  });

  test('the pods of the proxy restart when a domain joins its list', () => {
    const hashOf = (build: (pay: DefaultDenyNamespace) => void): unknown => {
      const { app, pay } = payOn(cni);
      proxyIn(app);
      build(pay);
      const deployment = emitted(app, 'Deployment')[0] as unknown as { spec: { template: { metadata: { annotations: Record<string, string> } } } };
      return deployment.spec.template.metadata.annotations['cdk8s-netpol/config'];
    };
    expect(hashOf((pay) => void stripe(pay))).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOf((pay) => void stripe(pay))).not.toBe(hashOf(() => undefined));
  });

  test('no proxy, or several, fail the synth', () => {
    const none = payOn(cni);
    stripe(none.pay);
    expect(() => none.app.synthYaml()).toThrow(/allows domain names in the cluster "prod", and this app has no EgressProxy for it\. Instead: new EgressProxy/);
    const two = payOn(cni);
    stripe(two.pay);
    proxyIn(two.app, 'one');
    proxyIn(two.app, 'two');
    expect(() => two.app.synthYaml()).toThrow(/this app has 2 proxies for it \(one-chart\/one, two-chart\/two\)\. Instead: through: the one of them/);
  });

  test('bad input', () => {
    const { app, pay } = payOn(cni);
    const existing = new EgressProxy(new Chart(app, 'old'), 'old', { existing: { host: 'proxy.example.com', port: 3128, cidrs: ['192.0.2.1/32'] } });
    expect(messageOf(() => stripe(pay, { ports: [Port.tcp(5432)] }))).toContain('5432/TCP" is a port to which no proxy of this library leads');
    expect(messageOf(() => new AllowToFqdn(pay, 'b', { domains: [], ports: [Port.tcp(443)] }))).toContain('[pay/pay/b: domains] [] are no domains');
    expect(messageOf(() => new AllowToFqdn(pay, 'c', { domains: ['https://a.example.com'], ports: [Port.tcp(443)] }))).toContain('is a URL, not a domain');
    expect(messageOf(() => new AllowToFqdn(pay, 'd', { domains: ['a.example.com'], ports: [Port.tcp(443)], policyName: 'x' }))).toContain('would name a policy that is not written');
    expect(messageOf(() => new AllowToFqdn(pay, 'e', { domains: ['a.example.com'], ports: [Port.tcp(443)], through: existing })))
      .toContain('is a proxy that exists already, whose allowlist is managed where it is');
    expect(messageOf(() => new AllowToFqdn(pay, 'f', { domains: ['a.example.com'], ports: [Port.tcp(443)], through: {} as never }))).toContain('is no EgressProxy');
  });
});
