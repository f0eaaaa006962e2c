import { lines, policy } from './check';

const rule = 'no-all-ports';
const from = (ports: string, peers = '[{ podSelector: {} }]') => policy('shop/a', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: ${peers}${ports} }] }`);

describe('reports', () => {
  test('a rule without ports', () => {
    expect(lines(rule, from(''))).toEqual(['warning NetworkPolicy shop/a spec.ingress[0]: the rule opens every port of every protocol of the pods that the policy selects']);
    expect(lines(rule, from(', ports: []'))).toHaveLength(1);
  });

  test('a protocol without a port', () => {
    expect(lines(rule, from(', ports: [{ protocol: TCP }]'))).toEqual([expect.stringContaining('every TCP port') as unknown]);
    expect(lines(rule, from(', ports: [{ port: 1, endPort: 65535, protocol: UDP }]'))).toEqual([expect.stringContaining('every UDP port') as unknown]);
  });

  test('the second of two rules, at its own place', () => {
    expect(lines(rule, policy('shop/a', '{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: 53 }] }, { to: [{ podSelector: {} }] }] }'))).toEqual([
      expect.stringContaining('spec.egress[1]: the rule opens every port of every protocol of its peers') as unknown,
    ]);
  });

  test('a rule of another API, where it stands in its document', () => {
    expect(lines(rule, 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }] }\n', { cni: 'cilium' }))
      .toEqual([expect.stringContaining('spec.ingress[0]') as unknown]);
  });
});

describe('does not report', () => {
  test.each([', ports: [{ port: 80 }]', ', ports: [{ port: http }]', ', ports: [{ port: 30000, endPort: 32767 }]'])('%s', (ports) => {
    expect(lines(rule, from(ports))).toEqual([]);
  });

  test('a direction that is closed', () => {
    expect(lines(rule, policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: [] }'))).toEqual([]);
  });

  test('a deny', () => {
    expect(lines(rule, 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: deny }\nspec: { tier: Admin, priority: 1, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }\n')).toEqual([]);
  });

  test('the opener of AUDIT, which its stage speaks for; one of that name without a stage is a policy like others', () => {
    const opener = (metadata: string) => policy('shop/netpol-audit', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{}] }', metadata);
    expect(lines(rule, opener(', annotations: { cdk8s-netpol/stage: AUDIT }'))).toEqual([]);
    expect(lines(rule, opener(''))).toHaveLength(1);
  });

  test('a staged policy, which drops and opens nothing', () => {
    expect(lines(rule, 'apiVersion: projectcalico.org/v3\nkind: StagedNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { selector: all(), types: [Ingress], ingress: [{ action: Allow }] }\n', { cni: 'calico' })).toEqual([]);
  });
});
