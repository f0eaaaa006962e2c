import { deployment, found, lines, missing, policy } from './check';

const rule = 'ipblock-covers-pods';
const only = { only: [rule], podCidrs: ['10.244.0.0/16'], cni: 'calico' };
const WEB = deployment('shop/web', '{ app: web }', '[{ name: http, containerPort: 8080 }]');
const egress = (to: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: ${to}, ports: [{ port: 443 }] }] }`);
const block = (cidr: string, except = '') => `[{ ipBlock: { cidr: ${cidr}${except} } }]`;
const pod = (place: string, ip: string) => {
  const [space, name] = place.split('/');
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name!}, namespace: ${space!}, labels: { app: ${name!} } }\nspec: { containers: [{ name: a, image: a }] }\nstatus: { podIP: ${ip} }\n---\n`;
};

describe('reports', () => {
  test('the Internet as everything', () => {
    expect(lines(rule, WEB + egress(block('0.0.0.0/0')), only)).toEqual([
      'warning NetworkPolicy shop/a spec.egress[0]: shop/web may connect to pods at 10.244.0.0/16 by this block',
    ]);
  });

  test('ingress from a network that holds pods', () => {
    const ingress = policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: http }] }] }');
    expect(lines(rule, WEB + ingress, only)).toEqual([expect.stringContaining('pods at 10.244.0.0/16 may connect to shop/web by this block') as unknown]);
  });

  test('what exceptions leave of them', () => {
    expect(lines(rule, WEB + egress(block('0.0.0.0/0', ', except: [10.244.0.0/17]')), only)).toEqual([expect.stringContaining('pods at 10.244.128.0/17') as unknown]);
  });

  test('the addresses of pods that run, with the connection that shows it', () => {
    const [finding] = found(rule, pod('shop/web', '10.1.0.5') + pod('blog/db', '10.1.0.9') + egress(block('10.1.0.0/28')), { only: [rule], cni: 'calico' });
    expect(finding).toMatchObject({ evidence: { from: 'shop/web', to: 'blog/db', port: '443/TCP' } });
  });

  test('the ranges of the nodes of the input', () => {
    const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nspec: { podCIDR: 10.244.3.0/24 }\n---\n';
    expect(lines(rule, node + WEB + egress(block('10.244.0.0/16')), { only: [rule], cni: 'aws' })).toEqual([expect.stringContaining('pods at 10.244.3.0/24') as unknown]);
  });

  test('as a possibility where nobody says whether blocks are compared with pods', () => {
    expect(lines(rule, WEB + egress(block('0.0.0.0/0')), { ...only, cni: 'generic' })).toEqual([expect.stringContaining('may, where the CNI compares blocks with pods, connect to pods at 10.244.0.0/16') as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['a block without them', block('0.0.0.0/0', ', except: [10.244.0.0/16]')],
    ['all private networks left out', block('0.0.0.0/0', ', except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]')],
    ['another network', block('192.0.2.0/24')],
    ['pods by their labels', '[{ podSelector: {} }]'],
    ['every pod, beside the Internet, as it is meant then', '[{ namespaceSelector: {} }, { ipBlock: { cidr: 0.0.0.0/0 } }]'],
  ])('%s', (_, to) => {
    expect(lines(rule, WEB + egress(to), only)).toEqual([]);
  });

  test('a CNI that never compares blocks with pods', () => {
    expect(lines(rule, WEB + egress(block('0.0.0.0/0')), { ...only, cni: 'cilium' })).toEqual([]);
  });

  test('pods that another rule opens to everybody anyway', () => {
    expect(lines(rule, WEB + egress(block('0.0.0.0/0')) + policy('shop/b', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }] }] }'), only)).toEqual([]);
  });
});

test('is not evaluated where nobody knows the addresses of pods', () => {
  const unknown = { only: [rule], cni: 'calico' };
  expect(lines(rule, WEB + egress(block('10.0.0.0/8')), unknown)).toEqual([]);
  expect(missing(rule, WEB + egress(block('10.0.0.0/8')), unknown)).toEqual(['shop: where pods have their addresses is not known: podCidrs of the cluster, or its Nodes in the input']);
  expect(missing(rule, WEB + egress(block('198.51.100.0/24')), unknown)).toEqual([]);
});
