import { deployment, lines, missing, namespace, policy } from './check';

const rule = 'namespace-without-policy';

describe('reports', () => {
  test('a Namespace of which no policy speaks', () => {
    expect(lines(rule, namespace('shop') + policy('pay/a', '{ podSelector: {} }'))).toEqual(['warning Namespace shop: the namespace shop has no policy: nothing in it is closed']);
  });

  test('a namespace that only its workloads name, with their number', () => {
    expect(lines(rule, deployment('shop/web', '{ app: web }') + deployment('shop/cart', '{ app: cart }'))).toEqual([
      'warning Namespace shop: the namespace shop has no policy for its 2 workloads: nothing in it is closed',
    ]);
  });

  test('a namespace whose only policy has no effect in the cluster', () => {
    const manifests = `${namespace('shop')}apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{}] }\n`;
    expect(lines(rule, manifests, { cni: 'calico' })).toHaveLength(1);
    expect(lines(rule, manifests, { cni: 'cilium' })).toEqual([]);
    expect(lines(rule, manifests, { profileIsAssumed: true })).toEqual([]);
    expect(missing(rule, manifests, { profileIsAssumed: true })).toHaveLength(1);
  });
});

describe('does not report', () => {
  test('a namespace with a policy, declared or not', () => {
    expect(lines(rule, namespace('shop') + policy('shop/a', '{ podSelector: { matchLabels: { app: web } } }') + deployment('shop/cart', '{ app: cart }'))).toEqual([]);
  });

  test('a namespace that a policy of the cluster speaks about by its labels', () => {
    const cluster = (label: string) => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: deny }
spec: { tier: Admin, priority: 10, subject: { namespaces: { matchLabels: { team: ${label} } } }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }
`;
    expect(lines(rule, namespace('shop', ', labels: { team: a }') + cluster('a'))).toEqual([]);
    expect(lines(rule, namespace('shop', ', labels: { team: a }') + cluster('b'))).toHaveLength(1);
  });

  test('a namespace that is context', () => {
    expect(lines(rule, namespace('shop'), { isChecked: () => false })).toEqual([]);
  });

  test('namespaces of Kubernetes', () => {
    expect(lines(rule, namespace('kube-system') + deployment('kube-system/coredns', '{ k8s-app: kube-dns }'))).toEqual([]);
  });
});
