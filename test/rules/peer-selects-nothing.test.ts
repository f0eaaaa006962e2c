import { deployment, lines, missing, namespace, policy } from './check';

const rule = 'peer-selects-nothing';
const only = { only: [rule] };
const PODS = deployment('shop/web', '{ app: web }') + deployment('pay/api', '{ app: api }');
const from = (peer: string) => policy('pay/api', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [${peer}] }] }`);
const IN_SHOP = 'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }';

describe('reports', () => {
  test('a misspelt value in another namespace, with the nearest workload', () => {
    expect(lines(rule, PODS + from(`{ ${IN_SHOP}, podSelector: { matchLabels: { app: wbe } } }`), only)).toEqual([
      'warning NetworkPolicy pay/api spec.ingress[0]: app=wbe matches none of the 1 workload of shop, so that this peer opens nothing; nearest is Deployment web, which has app=web',
    ]);
  });

  test('pods of another namespace without the namespace', () => {
    expect(lines(rule, PODS + from('{ podSelector: { matchLabels: { app: web } } }'), only)).toEqual([expect.stringContaining('matches none of the 1 workload of pay') as unknown]);
  });

  test('a deny that denies nobody', () => {
    const deny = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: a, namespace: pay }
spec: { endpointSelector: {}, ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: legcay } }] }] }
`;
    expect(lines(rule, PODS + deny, { ...only, cni: 'cilium' })).toEqual([expect.stringMatching(/spec\.ingressDeny\[0\]: .* denies nobody/) as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['pods that are there', `{ ${IN_SHOP}, podSelector: { matchLabels: { app: web } } }`],
    ['every pod of a namespace', `{ ${IN_SHOP} }`],
    ['a label to opt in, as charts of Bitnami have it', '{ podSelector: { matchLabels: { redis-client: "true" } } }'],
    ['the same by its key', '{ podSelector: { matchExpressions: [{ key: access, operator: Exists }] } }'],
    ['scrapers in whatever namespace, as kube-prometheus names them', '{ namespaceSelector: {}, podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }'],
    ['a namespace by a label', '{ namespaceSelector: { matchLabels: { team: shop } }, podSelector: { matchLabels: { app: cart } } }'],
    ['everybody but those that are there', '{ podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [api] }] } }'],
    ['addresses', '{ ipBlock: { cidr: 10.0.0.0/8 } }'],
  ])('%s', (_, peer) => {
    expect(lines(rule, PODS + from(peer), only)).toEqual([]);
  });

  test('cluster DNS, of which the input has only neighbours', () => {
    const agent = deployment('kube-system/agent', '{ app: agent }');
    const dns = '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }';
    expect(lines(rule, PODS + agent + from(dns), only)).toEqual([]);
  });

  test('pods in the network of their node, which are there', () => {
    expect(lines(rule, PODS + deployment('shop/agent', '{ app: agent }', '[]', ', hostNetwork: true') + from(`{ ${IN_SHOP}, podSelector: { matchLabels: { app: agent } } }`), only)).toEqual([]);
  });
});

describe('is not evaluated', () => {
  test('where the input has no workload of the namespace', () => {
    const manifests = namespace('ingress-nginx') + PODS
      + from('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }, podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } } }');
    expect(lines(rule, manifests, only)).toEqual([]);
    expect(missing(rule, manifests, only)).toEqual(['pay: pay/api: no workload of ingress-nginx, where it names pods, is in the input']);
  });

  test('where an operator makes the pods', () => {
    const manifests = `${PODS}apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: shop }\n---\n${from(`{ ${IN_SHOP}, podSelector: { matchLabels: { prometheus: k8s } } }`)}`;
    expect(lines(rule, manifests, only)).toEqual([]);
    expect(missing(rule, manifests, only)).toEqual(['pay: pay/api may name pods that an operator makes for Prometheus k8s']);
  });
});
