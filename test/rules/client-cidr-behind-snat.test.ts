import { deployment, found, lines, missing, policy } from './check';

const rule = 'client-cidr-behind-snat';
const only = { only: [rule] };
const WEB = deployment('shop/web', '{ app: web }', '[{ name: https, containerPort: 8443 }]');
const service = (spec = 'type: LoadBalancer', ports = '[{ port: 443, targetPort: https }]') =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: web }, ports: ${ports}, ${spec} }\n---\n`;
const ingress = (rules: string, name = 'a') => policy(`shop/${name}`, `{ podSelector: {}, policyTypes: [Ingress], ingress: ${rules} }`);
const from = (cidr: string, ports = '[{ port: 8443 }]') => `[{ from: [{ ipBlock: { cidr: ${cidr} } }], ports: ${ports} }]`;

describe('reports, with the connection that shows it', () => {
  test('a list of clients behind a load balancer', () => {
    const [finding, ...more] = found(rule, WEB + service() + ingress(from('198.51.100.0/24')), only);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning', path: 'spec.ingress[0]', evidence: { from: '198.51.100.1', to: 'shop/web', port: '8443/TCP' },
      message: 'clients such as 198.51.100.1 may come to shop/web as a node: the Service shop/web (LoadBalancer) has externalTrafficPolicy: Cluster, and no rule lets nodes in on 8443/TCP',
    });
  });

  test('behind a NodePort, and by one address', () => {
    expect(lines(rule, WEB + service('type: NodePort, externalTrafficPolicy: Cluster') + ingress(from('198.51.100.7/32')), only)).toHaveLength(1);
  });

  test('private clients, where the addresses of nodes are known', () => {
    expect(lines(rule, WEB + service() + ingress(from('10.50.0.0/16')), { ...only, nodeCidrs: ['10.0.0.0/24'] })).toHaveLength(1);
    expect(lines(rule, WEB + service() + ingress(from('10.50.0.0/16')), { ...only, nodeCidrs: ['10.0.0.0/24'], cni: 'aws' })).toHaveLength(1);
  });

  test.each(['calico', 'cilium', 'aws'])('under %s', (cni) => {
    expect(lines(rule, WEB + service() + ingress(from('198.51.100.0/24')), { ...only, cni })).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each([
    ['a Service that keeps the address of the client', 'type: LoadBalancer, externalTrafficPolicy: Local'],
    ['a Service within the cluster', 'type: ClusterIP'],
  ])('%s', (_, spec) => {
    expect(lines(rule, WEB + service(spec) + ingress(from('198.51.100.0/24')), only)).toEqual([]);
  });

  test('pods that are open to the world, or whose nodes are let in beside', () => {
    expect(lines(rule, WEB + service() + ingress(from('0.0.0.0/0')), only)).toEqual([]);
    expect(lines(rule, WEB + service() + ingress(from('198.51.100.0/24')) + ingress('[{ ports: [{ port: 8443 }] }]', 'b'), only)).toEqual([]);
    expect(lines(rule, WEB + service() + ingress(from('198.51.100.0/24')) + ingress(from('10.0.0.0/8'), 'nodes'), only)).toEqual([]);
    expect(lines(rule, WEB + service() + ingress(from('198.51.100.0/24')) + ingress(from('10.0.0.0/24'), 'nodes'), { ...only, nodeCidrs: ['10.0.0.0/24'], cni: 'aws' })).toEqual([]);
  });

  test('other ports than those of the Service, and other pods', () => {
    expect(lines(rule, WEB + service() + ingress(from('198.51.100.0/24', '[{ port: 9090 }]')), only)).toEqual([]);
    expect(lines(rule, deployment('shop/cart', '{ app: cart }') + service() + ingress(from('198.51.100.0/24')), only)).toEqual([]);
  });

  test('egress, and peers that are pods', () => {
    expect(lines(rule, WEB + service() + policy('shop/a', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }] }'), only)).toEqual([]);
    expect(lines(rule, WEB + service() + ingress('[{ from: [{ podSelector: {} }] }]'), only)).toEqual([]);
  });
});

test('is not evaluated where a private block may be that of the nodes', () => {
  expect(lines(rule, WEB + service() + ingress(from('10.0.0.0/16')), only)).toEqual([]);
  expect(missing(rule, WEB + service() + ingress(from('10.0.0.0/16')), only)).toEqual([
    'shop: where the nodes have their addresses is not known: a private block may be theirs, or that of clients',
  ]);
});
