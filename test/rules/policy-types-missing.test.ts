import { lines, policy } from './check';

const rule = 'policy-types-missing';
const said = (spec: string) => lines(rule, policy('shop/a', spec));

describe('reports', () => {
  test('egress rules alone, which close ingress too, as an error', () => {
    expect(said('{ podSelector: {}, egress: [{ to: [{ podSelector: {} }] }] }')).toEqual([
      'error NetworkPolicy shop/a spec: policyTypes is left out, which means Ingress and Egress: ingress is closed too, though the policy has nothing to say about it',
    ]);
  });

  test('a default deny whose empty egress list closes nothing, as an error', () => {
    expect(said('{ podSelector: {}, ingress: [], egress: [] }')).toEqual([
      'error NetworkPolicy shop/a spec: policyTypes is left out, which means Ingress: the empty egress list closes nothing',
    ]);
  });

  test('what means what it says, as a warning', () => {
    for (const spec of ['{ podSelector: {} }', '{ podSelector: {}, policyTypes: [], ingress: [{ from: [{ podSelector: {} }] }] }']) {
      expect(said(spec)).toEqual(['warning NetworkPolicy shop/a spec: policyTypes is left out, which means Ingress']);
    }
    expect(said('{ podSelector: {}, ingress: [{}], egress: [{}] }')).toEqual(['warning NetworkPolicy shop/a spec: policyTypes is left out, which means Ingress and Egress']);
  });
});

describe('does not report', () => {
  test.each(['{ podSelector: {}, policyTypes: [Egress], egress: [{}] }', '{ podSelector: {}, policyTypes: [Ingress, Egress] }', '{ podSelector: {}, policyTypes: [Ingress], ingress: [] }'])('%s', (spec) => {
    expect(said(spec)).toEqual([]);
  });

  test('APIs that have no such field', () => {
    expect(lines(rule, 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, egress: [{}] }\n', { cni: 'cilium' })).toEqual([]);
  });
});
