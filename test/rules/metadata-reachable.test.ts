import { deployment, found, lines, missing, namespace, policy } from './check';

const rule = 'metadata-reachable';
const WEB = deployment('shop/web', '{ app: web }');
const egress = (rules: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: ${rules} }`);

describe('reports, with the connection that shows it', () => {
  test('a rule that opens everything outside', () => {
    const [finding, ...more] = found(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]'));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning', object: { kind: 'NetworkPolicy', namespace: 'shop', name: 'a' }, path: 'spec.egress[0]',
      message: 'shop/web reaches the metadata endpoint 169.254.169.254 (80/TCP) by this rule', evidence: { from: 'shop/web', to: '169.254.169.254', port: '80/TCP' },
    });
  });

  test('the one of two rules that opens it', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }, { to: [{ ipBlock: { cidr: 169.254.0.0/16 } }], ports: [{ port: 80 }] }]'))).toEqual([expect.stringContaining('spec.egress[1]') as unknown]);
  });

  test('halves of the address space, of which one reopens an exception of the other', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }, { to: [{ ipBlock: { cidr: 128.0.0.0/1 } }] }]'))).toEqual([expect.stringContaining('spec.egress[1]') as unknown]);
  });

  test('pods that no policy closes, once a namespace', () => {
    expect(lines(rule, WEB + deployment('shop/cart', '{ app: cart }') + policy('shop/in', '{ podSelector: {}, policyTypes: [Ingress] }'))).toEqual([
      'warning Namespace shop: shop/web, shop/cart reach the metadata endpoint 169.254.169.254 (80/TCP): no policy closes it',
    ]);
  });

  test('a rule of a policy whose pods are not in the input', () => {
    expect(lines(rule, egress('[{}]'))).toEqual(['warning NetworkPolicy shop/a spec.egress[0]: any pod of shop reaches the metadata endpoint 169.254.169.254 (80/TCP) by this rule']);
  });

  test('the endpoints of the cloud that is named', () => {
    const settings = { rules: { [rule]: { options: { cloud: 'aws' } } } };
    const block = '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }]';
    expect(lines(rule, WEB + egress(block))).toEqual([]);
    expect(lines(rule, WEB + egress(block), { settings })).toEqual([expect.stringMatching(/169\.254\.170\.2 \(80\/TCP\), 169\.254\.170\.23 \(80\/TCP\)/) as unknown]);
    const identity = { rules: { [rule]: { options: { cloud: 'aws', identity: 'eks-pod-identity' } } } };
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 169.254.170.23/32 } }] }]'), { settings: identity })).toEqual([]);
  });
});

test('an identity that goes through the endpoint keeps it, whether the cloud is named or not', () => {
  const settings = { rules: { [rule]: { options: { identity: 'gke' } } } };
  expect(lines(rule, WEB + egress('[{}]'), { settings })).toEqual([]);
});

describe('does not report', () => {
  test.each([
    ['an exception', '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }]'],
    ['an exception around it', '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.0.0/16, 10.0.0.0/8] } }] }]'],
    ['other ports', '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }]'],
    ['pods', '[{ to: [{ namespaceSelector: {} }] }]'],
    ['nothing', '[]'],
  ])('%s', (_, rules) => {
    expect(lines(rule, WEB + egress(rules))).toEqual([]);
  });

  test('what an admin policy denies, though a NetworkPolicy opens it', () => {
    expect(lines(rule, `${namespace('shop')}${WEB}${egress('[{}]')}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: metadata }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [169.254.169.254/32] }] }] }
`)).toEqual([]);
  });

  test('system pods', () => {
    expect(lines(rule, deployment('kube-system/csi', '{ app: csi }'))).toEqual([]);
  });
});

test('is not evaluated for pods of which neither a policy nor the input tells', () => {
  expect(lines(rule, namespace('shop'))).toEqual([]);
  expect(missing(rule, namespace('shop'))).toEqual(['shop: no workload of the namespace is in the input']);
});
