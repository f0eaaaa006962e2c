import { lines, missing, policy } from './check';

const rule = 'api-not-served';
const CILIUM = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{}] }\n';

describe('reports', () => {
  test('a policy of the API of another CNI', () => {
    expect(lines(rule, CILIUM, { cni: 'calico' })).toEqual([expect.stringMatching(/^error CiliumNetworkPolicy shop\/a: the profile calico does not serve cilium\.io\/v2 CiliumNetworkPolicy/) as unknown]);
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
