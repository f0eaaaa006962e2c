import { lines, missing, namespace, policy } from './check';

const rule = 'require-default-deny';
const DENY = '{ podSelector: {}, policyTypes: [Ingress, Egress] }';

describe('reports', () => {
  test('each direction that is open', () => {
    expect(lines(rule, policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress] }'))).toEqual([
      'warning Namespace shop: the namespace shop has no default deny for egress: no policy closes it for a pod without labels',
    ]);
    expect(lines(rule, policy('shop/a', '{ podSelector: {}, policyTypes: [Egress] }'))).toEqual([expect.stringContaining('no default deny for ingress:') as unknown]);
  });

  test('a namespace in which every policy is for some pods', () => {
    expect(lines(rule, policy('shop/web', '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress, Egress] }'))).toEqual([expect.stringContaining('for ingress and egress') as unknown]);
  });

  test('a namespace without any policy, at its Namespace', () => {
    expect(lines(rule, namespace('shop'))).toHaveLength(1);
  });
});

describe('does not report', () => {
  test('one policy for both directions, or one for each', () => {
    expect(lines(rule, policy('shop/deny', DENY))).toEqual([]);
    expect(lines(rule, policy('shop/in', '{ podSelector: {} }') + policy('shop/out', '{ podSelector: {}, policyTypes: [Egress] }'))).toEqual([]);
  });

  test('a default deny with rules of its own: what they do not open is closed', () => {
    expect(lines(rule, policy('shop/deny', `{ podSelector: {}, policyTypes: [Ingress, Egress], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }] }`))).toEqual([]);
  });

  test('a deny of the whole cluster in a baseline', () => {
    expect(lines(rule, `${namespace('shop')}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: baseline }
spec:
  tier: Baseline
  priority: 10
  subject: { namespaces: {} }
  ingress: [{ name: deny, action: Deny, from: [{ namespaces: {} }] }]
  egress: [{ name: deny, action: Deny, to: [{ namespaces: {} }] }]
`)).toEqual([]);
  });

  test('namespaces of Kubernetes, and those that netpol.yaml exempts', () => {
    expect(lines(rule, namespace('kube-system'))).toEqual([]);
    expect(lines(rule, namespace('legacy'), { settings: { rules: { [rule]: { options: { exempt: ['legacy'] } } } } })).toEqual([]);
  });

  test('a direction that nobody asks for', () => {
    const settings = { rules: { [rule]: { options: { directions: ['ingress'] } } } };
    expect(lines(rule, policy('shop/in', '{ podSelector: {} }'), { settings })).toEqual([]);
  });

  test('a deny in the own API of the CNI', () => {
    expect(lines(rule, 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { selector: all(), types: [Ingress, Egress] }\n', { cni: 'calico' })).toEqual([]);
  });
});

test('is not evaluated where a policy is of an API that the profile may not know', () => {
  const manifests = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{}], egress: [{}] }\n';
  expect(lines(rule, manifests, { profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, manifests, { profileIsAssumed: true })).toEqual([expect.stringMatching(/^shop: .*nobody said which CNI/) as unknown]);
  expect(lines(rule, manifests, { cni: 'cilium' })).toEqual([]);
});
