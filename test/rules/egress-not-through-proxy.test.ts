import { Cidr } from '../../lib/policy';
import { deployment, found, lines, missing, namespace, policy } from './check';

const rule = 'egress-not-through-proxy';
const given = { rules: { [rule]: { options: { proxy: ['egress/app=squid'] } } } };
const only = { only: [rule], settings: given };
const WEB = deployment('shop/web', '{ app: web }');
const SQUID = deployment('egress/squid', '{ app: squid }');
const egress = (rules: string, place = 'shop/a') => policy(place, `{ podSelector: {}, policyTypes: [Egress], egress: ${rules} }`);
const TO_PROXY = '{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: egress } }, podSelector: { matchLabels: { app: squid } } }], ports: [{ port: 3128 }] }';

describe('reports, with the connection that shows it', () => {
  test('a rule that opens a site directly, beside the proxy', () => {
    const [finding, ...more] = found(rule, WEB + egress(`[${TO_PROXY}, { to: [{ ipBlock: { cidr: 198.51.100.0/24 } }], ports: [{ port: 443 }] }]`), only);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      path: 'spec.egress[1]', message: 'shop/web may connect to 198.51.100.1, and others of the Internet, by this rule and not through the proxy',
      evidence: { from: 'shop/web', to: '198.51.100.1', port: '443/TCP' },
    });
  });

  test('one address, and a rule without peers', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 198.51.100.7/32 } }] }]'), only)).toEqual([expect.stringContaining('198.51.100.7') as unknown]);
    expect(lines(rule, WEB + egress('[{}]'), only)).toHaveLength(1);
  });

  test('pods that nothing closes, once a namespace', () => {
    expect(lines(rule, WEB + deployment('shop/cart', '{ app: cart }') + SQUID, only)).toEqual([
      'warning Namespace shop: shop/web, shop/cart may connect to the whole Internet and not through the proxy: no policy closes egress',
    ]);
  });

  test('a site by its name', () => {
    const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: api.example.com }], toPorts: [{ ports: [{ port: "443", protocol: TCP }] }] }] }\n---\n';
    expect(lines(rule, WEB + cilium, { ...only, cni: 'cilium' })).toEqual([expect.stringContaining('shop/web may connect to api.example.com by this rule and not through the proxy') as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['the way to the proxy', `[${TO_PROXY}]`],
    ['DNS', '[{ ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }]'],
    ['networks of one\'s own', '[{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: 169.254.20.10/32 } }, { ipBlock: { cidr: "fd00::/8" } }] }]'],
    ['pods', '[{ to: [{ namespaceSelector: {} }] }]'],
  ])('%s', (_, rules) => {
    expect(lines(rule, WEB + egress(rules), only)).toEqual([]);
  });

  test('the proxy itself', () => {
    expect(lines(rule, SQUID + egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]', 'egress/squid'), only)).toEqual([]);
    expect(lines(rule, SQUID, only)).toEqual([]);
    expect(lines(rule, SQUID + deployment('egress/other', '{ app: other }'), only)).toHaveLength(1);
  });

  test('trusted ranges, and what of them is left is reported', () => {
    const partner = WEB + egress('[{ to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }]');
    const trusting = (range: string) => ({ ...only, settings: { ...given, trustedRanges: [Cidr.parse(range)] } });
    expect(lines(rule, partner, trusting('198.51.100.0/24'))).toEqual([]);
    expect(lines(rule, partner, trusting('198.51.100.0/25'))).toEqual([expect.stringContaining('198.51.100.129') as unknown]);
  });

  test('what an admin policy denies all the same', () => {
    expect(lines(rule, `${namespace('shop')}${WEB}${egress('[{}]')}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: inside }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [0.0.0.0/0, "::/0"] }] }] }
`, only)).toEqual([]);
  });

  test('anything where it was not asked for', () => {
    expect(lines(rule, WEB + egress('[{}]'))).toEqual([]);
  });
});

describe('is not evaluated', () => {
  test('without a proxy', () => {
    expect(missing(rule, WEB, { only: [rule] })).toEqual([': the option proxy names no pods: proxy: [egress/app=squid]']);
  });

  test('about pods that the input does not show', () => {
    expect(missing(rule, egress(`[${TO_PROXY}]`), only)).toEqual(['shop: no workload of the namespace is in the input: only the rules of its policies were asked']);
  });

  test('where the proxy is misspelt, most likely', () => {
    expect(missing(rule, WEB + deployment('egress/squid', '{ app: squid-proxy }'), only)).toEqual(['egress: no pod of the namespace is the proxy egress/app=squid']);
  });
});

test('a proxy that cannot be read ends the rule', () => {
  expect(lines(rule, WEB, { only: [rule], settings: { rules: { [rule]: { options: { proxy: ['squid'] } } } } })).toEqual([expect.stringContaining('does not say which pods are the proxy') as unknown]);
});
