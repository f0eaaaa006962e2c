import { deployment, found, lines, missing, namespace } from './check';

const rule = 'priority-tie';
const only = { only: [rule] };
const PODS = namespace('shop', ', labels: { team: shop }') + namespace('pay', ', labels: { team: pay }') + deployment('shop/web', '{ app: web }') + deployment('pay/api', '{ app: api }');
const cnp = (name: string, priority: number, action: string, from: string, protocols = '', subject = '{ namespaces: {} }') => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec: { tier: Admin, priority: ${priority}, subject: ${subject}, ingress: [{ action: ${action}, from: [{ namespaces: ${from} }]${protocols} }] }
---
`;
const SHOP = '{ matchLabels: { team: shop } }';
const PAY = '{ namespaces: { matchLabels: { team: pay } } }';

describe('reports', () => {
  test('an accept and a deny of one priority, with the connection about which they disagree', () => {
    const manifests = PODS + cnp('open', 10, 'Accept', SHOP) + cnp('close', 10, 'Deny', '{}', '', PAY);
    expect(lines(rule, manifests, only)).toEqual([
      'error ClusterNetworkPolicy close spec.priority: ClusterNetworkPolicy close, ClusterNetworkPolicy open: policies of priority 10 disagree, and the API does not say which holds; it decides about shop/web to pay/api (all)',
    ]);
    expect(found(rule, manifests, only)[0]?.evidence).toEqual({ from: 'shop/web', to: 'pay/api', port: '80/TCP' });
  });

  test('on the ports that both are about', () => {
    const port = ', protocols: [{ tcp: { destinationPort: { number: 8080 } } }]';
    expect(lines(rule, PODS + cnp('open', 10, 'Accept', SHOP, port) + cnp('close', 10, 'Deny', '{}', '', PAY), only)).toEqual([expect.stringContaining('shop/web to pay/api (TCP 8080)') as unknown]);
  });

  test('a pass and a deny, where they lead to different ends', () => {
    expect(lines(rule, PODS + cnp('leave', 10, 'Pass', SHOP) + cnp('close', 10, 'Deny', '{}', '', PAY), only)).toHaveLength(1);
  });
});

test('two APIs of which nobody says which comes first', () => {
  const older = 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: { name: older }\nspec: { priority: 3, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }\n---\n';
  expect(lines(rule, PODS + cnp('open', 10, 'Accept', SHOP) + older, only)).toEqual([expect.stringContaining('policies of two APIs disagree, and nobody says which comes first') as unknown]);
});

test('rules at one place of two policies, where the CNI compares places', () => {
  const own = (name: string, action: string) => `apiVersion: crd.antrea.io/v1beta1\nkind: ClusterNetworkPolicy\nmetadata: { name: ${name} }\nspec: { priority: 5, appliedTo: [{ namespaceSelector: {} }], ingress: [{ action: ${action}, from: [{ namespaceSelector: {} }] }] }\n---\n`;
  expect(lines(rule, PODS + own('open', 'Allow') + own('close', 'Drop'), { ...only, cni: 'antrea' })).toHaveLength(1);
});

describe('does not report', () => {
  test.each([
    ['priorities of their own', cnp('open', 10, 'Accept', SHOP) + cnp('close', 11, 'Deny', '{}', '', PAY)],
    ['two that say the same', cnp('open', 10, 'Accept', SHOP) + cnp('more', 10, 'Accept', '{}')],
    ['two about different pods', cnp('open', 10, 'Accept', SHOP, '', '{ namespaces: { matchLabels: { team: shop } } }') + cnp('close', 10, 'Deny', '{}', '', PAY)],
    ['two about different peers', cnp('open', 10, 'Accept', SHOP, '', PAY) + cnp('close', 10, 'Deny', '{ matchLabels: { team: pay } }', '', PAY)],
    ['two about different ports', cnp('open', 10, 'Accept', SHOP, ', protocols: [{ tcp: { destinationPort: { number: 80 } } }]') + cnp('close', 10, 'Deny', '{}', ', protocols: [{ tcp: { destinationPort: { number: 81 } } }]', PAY)],
    ['a tie that an earlier policy decides', cnp('first', 1, 'Deny', '{}') + cnp('open', 10, 'Accept', SHOP) + cnp('close', 10, 'Deny', '{}', '', PAY)],
  ])('%s', (_, manifests) => {
    expect(lines(rule, PODS + manifests, only)).toEqual([]);
  });

  test('where the CNI sorts by name', () => {
    expect(lines(rule, PODS + cnp('open', 10, 'Accept', SHOP) + cnp('close', 10, 'Deny', '{}', '', PAY), { ...only, cni: 'calico' })).toEqual([]);
  });
});

test('is not evaluated without workloads', () => {
  const manifests = cnp('open', 10, 'Accept', SHOP) + cnp('close', 10, 'Deny', '{}', '', PAY);
  expect(lines(rule, manifests, only)).toEqual([]);
  expect(missing(rule, manifests, only)).toEqual([expect.stringContaining('the input has no workloads: whether ClusterNetworkPolicy close, ClusterNetworkPolicy open') as unknown]);
  expect(missing(rule, cnp('open', 10, 'Accept', SHOP) + cnp('close', 11, 'Deny', '{}'), only)).toEqual([]);
});
