import { lines, missing, namespace, policy } from './check';

const rule = 'api-not-served';
const CILIUM = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{}] }\n';

describe('reports', () => {
  test('a policy of the API of another CNI', () => {
    expect(lines(rule, CILIUM, { cni: 'calico' })).toEqual([expect.stringMatching(/^error CiliumNetworkPolicy shop\/a: the profile calico does not serve cilium\.io\/v2 CiliumNetworkPolicy/) as unknown]);
  });

  test('an API version that no cluster serves any more', () => {
    expect(lines(rule, 'apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { podSelector: {} }\n')).toEqual([
      'error NetworkPolicy shop/a apiVersion: extensions/v1beta1 is not served since Kubernetes 1.16: the policy is refused',
    ]);
  });
});

describe('what cannot be read', () => {
  const OTHER = 'apiVersion: crd.antrea.io/v1beta1\nkind: L7NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: {}\n';

  test('is told, and keeps others from judging the namespace', () => {
    const manifests = `${namespace('shop')}${OTHER}`;
    expect(missing(rule, manifests)).toEqual(['shop: crd.antrea.io/v1beta1 L7NetworkPolicy cannot be read']);
    for (const other of ['namespace-without-policy', 'require-default-deny']) {
      expect(lines(other, manifests)).toEqual([]);
      expect(missing(other, manifests)).toEqual(['shop: crd.antrea.io/v1beta1 L7NetworkPolicy cannot be evaluated: what it polices is not known']);
    }
  });

  test('a mesh policy stands in for no network policy', () => {
    const mesh = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: a, namespace: shop }\nspec: {}\n';
    expect(lines('namespace-without-policy', namespace('shop') + mesh)).toHaveLength(1);
    expect(missing(rule, mesh)).toEqual(['shop: security.istio.io/v1 AuthorizationPolicy cannot be read']);
  });
});

describe('does not report', () => {
  test('what the CNI serves', () => {
    expect(lines(rule, CILIUM, { cni: 'cilium' })).toEqual([]);
    expect(lines(rule, policy('shop/a', '{ podSelector: {} }'), { cni: 'calico' })).toEqual([]);
  });
});

test('is not evaluated where nobody said which CNI it is', () => {
  expect(lines(rule, CILIUM, { profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, CILIUM, { profileIsAssumed: true })).toEqual(['shop: the profile generic does not evaluate CiliumNetworkPolicy, and nobody said which CNI the cluster has: --cni']);
});
