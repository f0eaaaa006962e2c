import { deployment, found, lines, namespace, policy } from './check';

const rule = 'require-owner';
const SPEC = '{ podSelector: {}, policyTypes: [Ingress, Egress] }';
const ANY = 'none of cdk8s-netpol/owner, backstage.io/owner, team, owner, app.kubernetes.io/owned-by';

describe('reports', () => {
  test('a Namespace and its policies, once', () => {
    expect(lines(rule, namespace('shop') + policy('shop/a', SPEC) + policy('shop/b', '{ podSelector: { matchLabels: { a: b } } }'))).toEqual([
      `warning Namespace shop: neither the Namespace shop nor 2 of its policies names an owner: ${ANY}`,
    ]);
  });

  test('a Namespace without policies', () => {
    expect(lines(rule, namespace('shop'))).toEqual([`warning Namespace shop: the Namespace shop names no owner: ${ANY}`]);
  });

  test('a policy whose Namespace is not in the input, with what would help', () => {
    expect(lines(rule, policy('shop/a', SPEC))).toEqual([expect.stringContaining('which is not in the input (--inventory)') as unknown]);
  });

  test('a policy of the cluster', () => {
    expect(lines(rule, 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: deny }\nspec: { tier: Admin, priority: 1, subject: { namespaces: {} } }\n')).toEqual([
      `warning ClusterNetworkPolicy deny: the ClusterNetworkPolicy deny names no owner: ${ANY}`,
    ]);
  });
});

describe('does not report', () => {
  test.each([', labels: { team: a }', ', labels: { cdk8s-netpol/owner: a }', ', annotations: { backstage.io/owner: a }', ', labels: { owner: a }'])('a Namespace with %s', (metadata) => {
    expect(lines(rule, namespace('shop', metadata) + policy('shop/a', SPEC))).toEqual([]);
  });

  test('a policy that names its own', () => {
    expect(lines(rule, policy('shop/a', SPEC, ', labels: { team: a }'))).toEqual([]);
    expect(lines(rule, namespace('shop') + policy('shop/a', SPEC, ', labels: { team: a }'))).toEqual([]);
  });

  test('the owner that the constructs have recorded', () => {
    expect(lines(rule, `${policy('shop/a', SPEC)}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: netpol-stage, namespace: shop }\ndata: { owner: team-shop, stage: AUDIT }\n`)).toEqual([]);
  });

  test('workloads alone', () => {
    expect(lines(rule, deployment('shop/web', '{ app: web }'))).toEqual([]);
  });
});

test('the keys that count are those of the settings', () => {
  const manifests = namespace('shop', ', labels: { squad: a, team: b }');
  expect(lines(rule, manifests, { settings: { ownerKeys: ['squad'] } })).toEqual([]);
  expect(lines(rule, manifests, { settings: { ownerKeys: ['crew'] } })).toHaveLength(1);
  expect(found('namespace-without-policy', manifests, { settings: { ownerKeys: ['squad'] } })[0]!.owner).toBe('a');
});
