import { App } from 'cdk8s';
import { RolloutStage } from 'cdk8s-netpol';
import { adoptExisting } from '../../examples/adopt-existing/main';
import { onlineBoutique } from '../../examples/online-boutique/main';
import { threeTeams } from '../../examples/three-teams/main';
import { type ExtraPod, GENERIC, type PlainCluster, plainCluster, type PlainProfile } from '../plain';

/** The examples say Calico, which matches pods and nodes by their addresses too. */
const CALICO: PlainProfile = { ...GENERIC, name: 'calico', ipBlockMatchesPods: true, ipBlockMatchesNodes: true };

function synthesized(build: (app: App) => void, pods: ExtraPod[]): PlainCluster {
  const app = new App();
  build(app);
  return plainCluster(app.charts).withProfile(CALICO).withPods(pods);
}

const pod = (namespace: string, name: string, labels: Record<string, string> = { app: name }, more: Partial<ExtraPod> = {}): ExtraPod => ({
  namespace, name, labels, ...more,
});

describe('online-boutique', () => {
  const names = [
    'frontend', 'adservice', 'cartservice', 'checkoutservice', 'currencyservice', 'emailservice', 'paymentservice', 'productcatalogservice',
    'recommendationservice', 'shippingservice', 'redis-cart', 'loadgenerator', 'stranger',
  ];
  const others = [
    pod('monitoring', 'prometheus', { 'app.kubernetes.io/name': 'prometheus' }, { ip: '10.244.9.1' }),
    pod('ingress-nginx', 'controller', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }, { ip: '10.244.9.2' }),
    pod('kube-system', 'dns', { 'k8s-app': 'kube-dns' }, { ip: '10.244.9.3' }),
    pod('elsewhere', 'pod', { app: 'frontend' }, { ip: '10.244.9.4' }),
  ];
  const cluster = synthesized((app) => onlineBoutique(app), [...names.map((name, index) => pod('boutique', name, { app: name }, { ip: `10.244.1.${index + 1}` })), ...others]);
  const within = (port: string): string[] => cluster.allowedPairs(port)
    .filter((pair) => pair.split(' -> ').every((end) => end.startsWith('boutique/')))
    .map((pair) => pair.replaceAll('boutique/', ''));

  test('the calls of the demo are allowed on their port, and nothing else is', () => {
    expect(within('8080/TCP')).toEqual(['checkoutservice -> emailservice', 'frontend -> recommendationservice', 'loadgenerator -> frontend']);
    expect(within('9555/TCP')).toEqual(['frontend -> adservice']);
    expect(within('7070/TCP')).toEqual(['checkoutservice -> cartservice', 'frontend -> cartservice']);
    expect(within('5050/TCP')).toEqual(['frontend -> checkoutservice']);
    expect(within('7000/TCP')).toEqual(['checkoutservice -> currencyservice', 'frontend -> currencyservice']);
    expect(within('50051/TCP')).toEqual(['checkoutservice -> paymentservice', 'checkoutservice -> shippingservice', 'frontend -> shippingservice']);
    expect(within('3550/TCP')).toEqual([
      'checkoutservice -> productcatalogservice', 'frontend -> productcatalogservice', 'recommendationservice -> productcatalogservice',
    ]);
    expect(within('6379/TCP')).toEqual(['cartservice -> redis-cart']);
    for (const port of ['22/TCP', '80/TCP', '8081/TCP', '8080/UDP', '53/TCP', '9464/TCP']) expect(within(port)).toEqual([]);
  });

  test('the ingress controller reaches the frontend and nobody else does from outside', () => {
    expect(cluster.allows('ingress-nginx/controller', 'boutique/frontend', '8080/TCP')).toBe(true);
    expect(cluster.allows('ingress-nginx/controller', 'boutique/paymentservice', '50051/TCP')).toBe(false);
    expect(cluster.allows('elsewhere/pod', 'boutique/frontend', '8080/TCP')).toBe(false);
    expect(cluster.allows('198.51.100.7', 'boutique/frontend', '8080/TCP')).toBe(false);
  });

  test('Prometheus reads metrics of all of them, on that port only', () => {
    for (const name of names) expect(cluster.allows('monitoring/prometheus', `boutique/${name}`, '9464/TCP')).toBe(true);
    expect(cluster.allows('monitoring/prometheus', 'boutique/redis-cart', '6379/TCP')).toBe(false);
  });

  test('payment leaves through the proxy only, and the proxy does not lead inside', () => {
    expect(cluster.allows('boutique/paymentservice', 'egress/egress-proxy', '3128/TCP')).toBe(true);
    expect(cluster.allows('boutique/frontend', 'egress/egress-proxy', '3128/TCP')).toBe(false);
    expect(cluster.allows('boutique/paymentservice', '8.8.8.8', '443/TCP')).toBe(false);
    expect(cluster.allows('egress/egress-proxy', '8.8.8.8', '443/TCP')).toBe(true);
    expect(cluster.allows('egress/egress-proxy', '8.8.8.8', '22/TCP')).toBe(false);
    for (const address of ['10.244.1.7', '10.96.0.1', '192.0.2.10', '169.254.169.254', '100.64.0.1', '127.0.0.1', 'fd00:ec2::254', 'fc00::1']) {
      expect(cluster.allows('egress/egress-proxy', address, '80/TCP')).toBe(false);
    }
  });

  test('everybody may ask the DNS, nobody the metadata service', () => {
    for (const name of names) {
      expect(cluster.allows(`boutique/${name}`, 'kube-system/dns', '53/UDP')).toBe(true);
      expect(cluster.allows(`boutique/${name}`, 'kube-system/dns', '53/TCP')).toBe(true);
      expect(cluster.allows(`boutique/${name}`, '169.254.169.254', '80/TCP')).toBe(false);
    }
  });

  test('in AUDIT everything passes but the metadata service', () => {
    const audit = synthesized((app) => onlineBoutique(app, RolloutStage.AUDIT), names.map((name) => pod('boutique', name)));
    expect(audit.allows('boutique/stranger', 'boutique/redis-cart', '6379/TCP')).toBe(true);
    expect(audit.allows('198.51.100.7', 'boutique/redis-cart', '6379/TCP')).toBe(true);
    expect(audit.allows('boutique/stranger', '198.51.100.7', '25/TCP')).toBe(true);
    expect(audit.allows('boutique/stranger', '169.254.169.254', '80/TCP')).toBe(false);
  });
});

describe('three-teams', () => {
  const cluster = synthesized((app) => threeTeams(app), [
    pod('shop', 'web', { app: 'web' }, { ip: '10.244.1.1', ports: [{ name: 'metrics', containerPort: 9100 }] }),
    pod('shop', 'back-office', { app: 'back-office' }, { ip: '10.244.1.2' }),
    pod('pay', 'api', { app: 'api' }, { ip: '10.244.2.1' }),
    pod('pay', 'stranger', { app: 'stranger' }, { ip: '10.244.2.2' }),
    pod('monitoring', 'prometheus', { 'app.kubernetes.io/name': 'prometheus' }, { ip: '10.244.3.1' }),
    pod('reports', 'nightly', { job: 'nightly' }, { ip: '10.244.4.1' }),
  ]);

  test('web calls the payment API; both ends are open', () => {
    expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
    expect(cluster.allows('shop/back-office', 'pay/api', '8080/TCP')).toBe(false);
    expect(cluster.allows('pay/api', 'shop/web', '8080/TCP')).toBe(false);
  });

  test('people on the VPN reach the back office, the pods inside of 10.0.0.0/8 do not', () => {
    expect(cluster.allows('10.1.2.3', 'shop/back-office', '8443/TCP')).toBe(true);
    expect(cluster.allows('10.1.2.3', 'shop/back-office', '8080/TCP')).toBe(false);
    expect(cluster.allows('reports/nightly', 'shop/back-office', '8443/TCP')).toBe(false);
    expect(cluster.allows('10.240.0.9', 'shop/back-office', '8443/TCP')).toBe(false);
    expect(cluster.allows('10.1.2.3', 'shop/web', '8443/TCP')).toBe(false);
  });

  test('the database takes the payment API and its own replicas', () => {
    expect(cluster.allows('pay/api', 'data/postgres', '5432/TCP')).toBe(true);
    expect(cluster.allows('data/postgres', 'data/postgres', '5432/TCP')).toBe(true);
    expect(cluster.allows('pay/stranger', 'data/postgres', '5432/TCP')).toBe(false);
    expect(cluster.allows('shop/web', 'data/postgres', '5432/TCP')).toBe(false);
    expect(cluster.allows('data/postgres', 'data/postgres', '22/TCP')).toBe(false);
  });

  test('Prometheus leaves its namespace for the metrics ports of the others, and for nothing else', () => {
    expect(cluster.allows('monitoring/prometheus', 'data/postgres', '9187/TCP')).toBe(true);
    expect(cluster.allows('monitoring/prometheus', 'shop/web', '9100/TCP')).toBe(true);
    expect(cluster.allows('monitoring/prometheus', 'data/postgres', '5432/TCP')).toBe(false);
    expect(cluster.allows('monitoring/prometheus', '198.51.100.7', '443/TCP')).toBe(false);
  });

  test('the hand-written policy still holds', () => {
    expect(cluster.allows('reports/nightly', 'shop/web', '8080/TCP')).toBe(true);
    expect(cluster.allows('reports/nightly', 'pay/api', '8080/TCP')).toBe(false);
  });
});

describe('adopt-existing', () => {
  const cluster = synthesized((app) => adoptExisting(app), [
    pod('traefik', 'traefik', { 'app.kubernetes.io/name': 'traefik' }), pod('blog', 'stranger'), pod('elsewhere', 'pod'),
  ]);

  test('the ingress controller reaches the blog, the blog its database, nobody anything else', () => {
    expect(cluster.allows('traefik/traefik', 'blog/blog', '8080/TCP')).toBe(true);
    expect(cluster.allows('blog/blog', 'blog/blog-db', '3306/TCP')).toBe(true);
    expect(cluster.allowedPairs('8080/TCP').filter((pair) => pair.includes('blog/'))).toEqual(['traefik/traefik -> blog/blog']);
    expect(cluster.allowedPairs('3306/TCP').filter((pair) => pair.includes('blog/'))).toEqual(['blog/blog -> blog/blog-db']);
    expect(cluster.allows('blog/blog', '198.51.100.7', '443/TCP')).toBe(false);
  });
});

test('no example has anything to be warned of when it synthesizes', () => {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    for (const build of [onlineBoutique, threeTeams, adoptExisting]) {
      const app = new App();
      build(app);
      app.synthYaml();
    }
    expect(write).not.toHaveBeenCalled();
  } finally {
    write.mockRestore();
  }
});
