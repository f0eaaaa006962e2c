import fc from 'fast-check';
import { API_VERSION, isNetworkPolicy, KIND, readNetworkPolicy, writeNetworkPolicySpec } from '../../../lib/dialects/kubernetes';
import { Policy, policyKey } from '../../../lib/policy';
import { plainCluster } from '../../plain';
import { networkPolicy } from '../../policy/arbitraries';

function manifest(policy: Policy): unknown {
  return { apiVersion: API_VERSION, kind: KIND, metadata: { name: policy.name, namespace: policy.namespace }, spec: writeNetworkPolicySpec(policy) };
}

test('what is written is read as the same policy, without an issue', () => {
  fc.assert(fc.property(networkPolicy, (policy) => {
    const { policy: again, issues } = readNetworkPolicy(JSON.parse(JSON.stringify(manifest(policy))));
    expect(policyKey(again)).toBe(policyKey(policy));
    expect(issues).toEqual([]);
  }));
});

test('equal policies are written alike, and what was read is written as before', () => {
  fc.assert(fc.property(networkPolicy, (policy) => {
    const spec = writeNetworkPolicySpec(policy);
    const { policy: again } = readNetworkPolicy(manifest(policy));
    const sorted = (value: unknown): string => JSON.stringify(writeNetworkPolicySpec(value as never).ingress?.map((each) => JSON.stringify(each)).sort());
    expect(writeNetworkPolicySpec(again).podSelector).toEqual(spec.podSelector);
    expect(writeNetworkPolicySpec(again).policyTypes).toEqual(spec.policyTypes);
    expect(sorted(again)).toBe(sorted(policy));
  }));
});

test('no empty list is ever written: it would mean everybody, or nobody, depending on where it is', () => {
  const lists = (value: unknown): unknown[][] => {
    if (Array.isArray(value)) return [value, ...value.flatMap(lists)];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(lists) : [];
  };
  fc.assert(fc.property(networkPolicy, (policy) => {
    expect(lists(writeNetworkPolicySpec(policy)).filter((list) => list.length === 0)).toEqual([]);
  }));
});

test('an independent evaluator reads the written policy as the model means it', () => {
  const { policy } = readNetworkPolicy({
    apiVersion: API_VERSION, kind: KIND, metadata: { name: 'x', namespace: 'pay' },
    spec: {
      podSelector: {}, policyTypes: ['Ingress'],
      ingress: [{
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: { matchLabels: { app: 'web' } } }],
        ports: [{ port: 8080 }],
      }],
    },
  });
  const cluster = plainCluster([manifest(policy)]).withPods([
    { namespace: 'shop', name: 'web', labels: { app: 'web' } }, { namespace: 'shop', name: 'cron', labels: { app: 'cron' } }, { namespace: 'pay', name: 'api' },
  ]);
  expect(cluster.allowedPairs('8080/TCP')).toEqual(['pay/api -> shop/cron', 'pay/api -> shop/web', 'shop/cron -> shop/web', 'shop/web -> pay/api', 'shop/web -> shop/cron']);
  expect(cluster.allows('shop/web', 'pay/api', '8081/TCP')).toBe(false);
  expect(cluster.allows('shop/web', 'pay/api', '8080/UDP')).toBe(false);
});

test.each([
  [{ apiVersion: API_VERSION, kind: KIND }, true],
  [{ apiVersion: 'projectcalico.org/v3', kind: KIND }, false],
  [{ apiVersion: 'extensions/v1beta1', kind: KIND }, false],
  [{ apiVersion: API_VERSION, kind: 'Ingress' }, false],
  [{}, false],
])('%j is a NetworkPolicy of this dialect: %s', (object, answer) => {
  expect(isNetworkPolicy(object)).toBe(answer);
});
