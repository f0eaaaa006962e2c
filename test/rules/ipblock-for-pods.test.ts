import { lines, missing, policy } from './check';

const rule = 'ipblock-for-pods';
const only = { only: [rule], cni: 'cilium' };
const NODE = 'apiVersion: v1\nkind: Node\nmetadata: { name: a }\nspec: { podCIDRs: [10.244.0.0/24, "fd00:244::/64"] }\nstatus: { addresses: [{ type: InternalIP, address: 192.0.2.7 }] }\n---\n';
const pod = (address: string, hostNetwork = false) => `apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: shop }\nspec: { hostNetwork: ${hostNetwork}, containers: [{ name: a, image: a }] }\nstatus: { podIP: ${address} }\n---\n`;
const from = (cidr: string, except = '') => policy('pay/api', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: ${cidr}${except} } }] }] }`);

describe('reports', () => {
  test('a block inside of the range of pods', () => {
    expect(lines(rule, NODE + from('10.244.0.64/26'), only)).toEqual([
      'warning NetworkPolicy pay/api spec.ingress[0]: 10.244.0.64/26 lies among the addresses of pods, which blocks never match under the profile cilium: it opens nothing',
    ]);
  });

  test.each(['10.244.0.0/24', '"fd00:244::5/128"'])('%s', (cidr) => {
    expect(lines(rule, NODE + from(cidr), only)).toHaveLength(1);
  });

  test('the address of a pod that runs', () => {
    expect(lines(rule, pod('10.9.8.7') + from('10.9.8.7/32'), only)).toHaveLength(1);
  });

  test('a deny that denies nothing', () => {
    const deny = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: pay }\nspec: { endpointSelector: {}, ingressDeny: [{ fromCIDR: [10.244.0.9/32] }], ingress: [{ fromEntities: [all] }] }\n';
    expect(lines(rule, NODE + deny, only)).toEqual([expect.stringContaining('it denies nothing') as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['a block that holds the pods and much else', '10.0.0.0/8', ''],
    ['everything outside of the metadata endpoint', '0.0.0.0/0', ', except: [169.254.169.254/32]'],
    ['a client outside of the cluster', '203.0.113.0/24', ''],
    ['a node', '192.0.2.7/32', ''],
  ])('%s', (_, cidr, except) => {
    expect(lines(rule, NODE + from(cidr, except), only)).toEqual([]);
  });

  test.each(['calico', 'aws', 'antrea', 'generic'])('what matches, or may match, pods (%s)', (cni) => {
    expect(lines(rule, NODE + from('10.244.0.64/26'), { only: [rule], cni })).toEqual([]);
  });

  test('the address of a pod in the network of its node', () => {
    expect(lines(rule, NODE + pod('192.0.2.7', true) + from('192.0.2.7/32'), only)).toEqual([]);
  });
});

test('is not evaluated where nobody tells the addresses of pods', () => {
  expect(lines(rule, from('10.244.0.64/26'), only)).toEqual([]);
  expect(missing(rule, from('10.244.0.64/26'), only)).toEqual([expect.stringContaining('which addresses pods have is not known') as unknown]);
  expect(missing(rule, policy('pay/api', '{ podSelector: {}, policyTypes: [Ingress] }'), only)).toEqual([]);
});
