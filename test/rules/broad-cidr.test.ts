import { Cidr } from '../../lib/policy';
import { deployment, found, lines, namespace, policy } from './check';

const rule = 'broad-cidr';
const only = { only: [rule] };
const WEB = deployment('shop/web', '{ app: web }', '[{ name: http, containerPort: 8080 }]');
const egress = (blocks: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: ${blocks}, ports: [{ port: 443 }] }] }`);
const trusting = (...ranges: string[]) => ({ ...only, settings: { trustedRanges: ranges.map((range) => Cidr.parse(range)) } });

describe('reports, with the connection that shows it', () => {
  test('all private networks of a kind', () => {
    const [finding, ...more] = found(rule, WEB + egress('[{ ipBlock: { cidr: 10.0.0.0/8 } }]'), only);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ path: 'spec.egress[0]', message: 'shop/web may connect to all of 10.0.0.0/8 by this rule', evidence: { from: 'shop/web', to: '10.0.0.1', port: '443/TCP' } });
  });

  test('ingress, by the name of a port', () => {
    expect(lines(rule, WEB + policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 52.0.0.0/10 } }], ports: [{ port: http }] }] }'), only))
      .toEqual(['warning NetworkPolicy shop/a spec.ingress[0]: all of 52.0.0.0/10 may connect to shop/web by this rule']);
  });

  test('what is left of it without exceptions and trusted ranges', () => {
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: 10.0.0.0/8, except: [10.0.0.0/9] } }]'), only)).toEqual([expect.stringContaining('all of 10.128.0.0/9') as unknown]);
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: 10.0.0.0/8 } }]'), trusting('10.128.0.0/9'))).toEqual([expect.stringContaining('all of 10.0.0.0/9') as unknown]);
  });

  test('blocks that touch as the one that they are', () => {
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: 10.0.0.0/16 } }, { ipBlock: { cidr: 10.1.0.0/16 } }]'), only)).toEqual([expect.stringContaining('all of 10.0.0.0/15') as unknown]);
  });

  test('IPv6, and limits of one\'s own', () => {
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: "2001:db8::/32" } }]'), only)).toHaveLength(1);
    const strict = { ...only, settings: { rules: { [rule]: { options: { ipv4Prefix: 24 } } } } };
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: 10.1.0.0/16 } }]'), strict)).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each(['10.1.0.0/16', '192.0.2.0/24', '35.191.0.0/16', '130.211.0.0/22', '2001:db8::/48', '203.0.113.7/32'])('%s', (cidr) => {
    expect(lines(rule, WEB + egress(`[{ ipBlock: { cidr: "${cidr}" } }]`), only)).toEqual([]);
  });

  test('what is trusted as a whole', () => {
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: 10.0.0.0/8 } }]'), trusting('10.0.0.0/8'))).toEqual([]);
  });

  test('all addresses, which other rules are about, and pods', () => {
    expect(lines(rule, WEB + egress('[{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.0.0/16] } }]'), only)).toEqual([]);
    expect(lines(rule, WEB + policy('shop/a', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }'), only)).toEqual([]);
    expect(lines(rule, WEB + egress('[{ namespaceSelector: {} }]'), only)).toEqual([]);
  });

  test('what an admin policy denies all the same', () => {
    expect(lines(rule, `${namespace('shop')}${WEB}${egress('[{ ipBlock: { cidr: 10.0.0.0/8 } }]')}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: inside }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [10.0.0.0/8] }] }] }
`, only)).toEqual([]);
  });
});
