import { deployment, lines, policy } from './check';

const rule = 'dialect-limit';
const only = { only: [rule], cni: 'aws' };
const FTP = deployment('shop/ftp', '{ app: ftp }') + deployment('shop/web', '{ app: web }');
const list = (count: number, first = 30000, step = 2) => `[${Array.from({ length: count }, (_, index) => `{ port: ${first + step * index} }`).join(', ')}]`;
const ingress = (ports: string, name = 'shop/ftp', from = '[{ podSelector: { matchLabels: { app: web } } }]') => policy(name, `{ podSelector: { matchLabels: { app: ftp } }, policyTypes: [Ingress], ingress: [{ from: ${from}, ports: ${ports} }] }`);
const application = (ports: string) => ingress(ports).replace('networking.k8s.io/v1', 'networking.k8s.aws/v1alpha1').replace('kind: NetworkPolicy', 'kind: ApplicationNetworkPolicy');

describe('reports', () => {
  test('one rule with more ports than one address can have', () => {
    expect(lines(rule, FTP + ingress(list(25)), only)).toEqual([
      'error NetworkPolicy shop/ftp spec.ingress[0].ports: 25 port entries for one address at ingress of shop/ftp: the data plane keeps 24 and cuts the rest',
    ]);
  });

  test('neighbours that were written one by one', () => {
    expect(lines(rule, FTP + ingress(list(25, 30000, 1)), only)).toHaveLength(1);
  });

  test('rules of two policies that meet at one address', () => {
    expect(lines(rule, FTP + ingress(list(13)) + ingress(list(13, 40000), 'shop/more'), only)).toEqual([
      'error NetworkPolicy shop/more spec.ingress[0].ports: 26 port entries for one address at ingress of shop/ftp, together with NetworkPolicy shop/ftp: the data plane keeps 24 and cuts the rest',
    ]);
  });

  test('pods and peers that the input does not show', () => {
    expect(lines(rule, ingress(list(25)), only)).toEqual([expect.stringContaining('at ingress of a pod app=ftp of shop') as unknown]);
    expect(lines(rule, ingress(list(25), 'shop/ftp', '[{ ipBlock: { cidr: 10.0.0.0/8 } }]'), only)).toHaveLength(1);
  });

  test('what the reader of an API of its own counted, once', () => {
    expect(lines(rule, FTP + application(list(25)), only)).toEqual([expect.stringMatching(/^error ApplicationNetworkPolicy shop\/ftp spec\.ingress\[0\]\.ports: 25 port entries/) as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['as many as there is room for', ingress(list(24))],
    ['a range', ingress('[{ port: 30000, endPort: 31000 }]')],
    ['the same ports of two policies', ingress(list(20)) + ingress(list(20), 'shop/more')],
    ['many ports at two addresses', ingress(list(13)) + ingress(list(13, 40000), 'shop/more', '[{ podSelector: { matchLabels: { app: cart } } }]')],
    ['many ports of two pods', ingress(list(13)) + ingress(list(13, 40000), 'shop/more').replace('{ app: ftp }', '{ app: web }')],
  ])('%s', (_, manifests) => {
    expect(lines(rule, FTP + manifests, only)).toEqual([]);
  });

  test.each(['generic', 'cilium', 'calico'])('where nobody counts (%s)', (cni) => {
    expect(lines(rule, FTP + ingress(list(25)), { ...only, cni })).toEqual([]);
  });

  test('a policy of an API that the cluster does not serve', () => {
    expect(lines(rule, FTP + application(list(25)), { ...only, cni: 'cilium' })).toEqual([]);
  });
});
