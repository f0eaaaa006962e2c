import { deployment, found, lines, missing, namespace, policy } from './check';

const rule = 'no-any-external';
const only = { only: [rule] };
const WEB = deployment('shop/web', '{ app: web }', '[{ name: http, containerPort: 8080 }]');
const egress = (rules: string) => policy('shop/a', `{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: ${rules} }`);
const ingress = (rules: string) => policy('shop/a', `{ podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: ${rules} }`);
const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }], ${spec} }\n---\n`;
const cilium = (spec: string) => `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, ${spec} }\n---\n`;

describe('reports, with the connection that shows it', () => {
  test('egress to every address, with the usual exceptions', () => {
    const [finding, ...more] = found(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.169.254/32] } }], ports: [{ port: 443 }] }]'), only);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning', path: 'spec.egress[0]', message: 'shop/web may connect to any IPv4 address of the Internet by this rule',
      evidence: { from: 'shop/web', port: '443/TCP' },
    });
  });

  test('halves that two rules open, each for itself', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/1 } }] }, { to: [{ ipBlock: { cidr: 128.0.0.0/1 } }] }]'), only).map((line) => /spec\.egress\[\d\]/.exec(line)?.[0]))
      .toEqual(['spec.egress[0]', 'spec.egress[1]']);
  });

  test('quarters of one rule, and IPv6', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/2 } }, { ipBlock: { cidr: 64.0.0.0/2 } }, { ipBlock: { cidr: 128.0.0.0/2 } }] }]'), only)).toHaveLength(1);
    expect(lines(rule, WEB + egress('[{ to: [{ ipBlock: { cidr: "2000::/3" } }] }]'), only)).toEqual([expect.stringContaining('any IPv6 address of the Internet') as unknown]);
  });

  test('a rule without peers', () => {
    expect(lines(rule, WEB + egress('[{}]'), only)).toEqual([expect.stringContaining('any address of the Internet') as unknown]);
  });

  test('the world of another API, but not where content decides', () => {
    expect(lines(rule, WEB + cilium('egress: [{ toEntities: [world], toPorts: [{ ports: [{ port: "443", protocol: TCP }] }] }]'), { ...only, cni: 'cilium' })).toHaveLength(1);
    expect(lines(rule, WEB + cilium('egress: [{ toFQDNs: [{ matchName: api.example.com }] }]'), { ...only, cni: 'cilium' })).toEqual([]);
  });

  test('ingress from anywhere to pods that nothing outside leads to', () => {
    const anywhere = ingress('[{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: http }] }]');
    expect(lines(rule, WEB + anywhere, only)).toEqual([
      'warning NetworkPolicy shop/a spec.ingress[0]: any IPv4 address of the Internet may connect to shop/web by this rule, and no Service or route leads there from outside',
    ]);
    expect(lines(rule, WEB + service('type: ClusterIP') + anywhere, only)).toHaveLength(1);
  });

  test('a policy whose pods are not in the input', () => {
    expect(lines(rule, egress('[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]'), only)).toEqual([expect.stringMatching(/a pod .*app=web.* of shop may connect/) as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['a network of a partner', '[{ to: [{ ipBlock: { cidr: 198.51.100.0/24 } }] }]'],
    ['the private ranges', '[{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: 172.16.0.0/12 } }, { ipBlock: { cidr: 192.168.0.0/16 } }] }]'],
    ['pods', '[{ to: [{ namespaceSelector: {} }] }]'],
    ['DNS to whoever answers, as charts write it', '[{ ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }]'],
    ['nothing', '[]'],
  ])('egress to %s', (_, rules) => {
    expect(lines(rule, WEB + egress(rules), only)).toEqual([]);
  });

  test('ingress of pods behind a Service or a route that leads in from outside', () => {
    const anywhere = ingress('[{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: http }] }]');
    expect(lines(rule, WEB + service('type: LoadBalancer') + anywhere, only)).toEqual([]);
    const route = 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: shop }\nspec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }\n---\n';
    expect(lines(rule, WEB + service('type: ClusterIP') + route + anywhere, only)).toEqual([]);
  });

  test('of pods that no policy tells apart, those that a Service of the other traffic policy leads to', () => {
    const cart = deployment('shop/cart', '{ app: cart }', '[{ name: http, containerPort: 8080 }]');
    const anywhere = policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: http }] }] }');
    expect(lines(rule, WEB + cart + service('type: LoadBalancer, externalTrafficPolicy: Local') + anywhere, only)).toEqual([expect.stringContaining('may connect to shop/cart by this rule') as unknown]);
  });

  test('what an admin policy denies all the same', () => {
    expect(lines(rule, `${namespace('shop')}${WEB}${egress('[{}]')}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: inside }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [0.0.0.0/0, "::/0"] }] }] }
`, only)).toEqual([]);
  });

  test('the opener of AUDIT, and policies of kube-system', () => {
    expect(lines(rule, policy('shop/netpol-audit', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }', ', annotations: { cdk8s-netpol/stage: AUDIT }'), only)).toEqual([]);
    expect(lines(rule, policy('kube-system/a', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }'), only)).toEqual([]);
  });

  test('a direction that is not asked about', () => {
    expect(lines(rule, WEB + egress('[{}]'), { ...only, settings: { rules: { [rule]: { options: { directions: ['ingress'] } } } } })).toEqual([]);
  });
});

test('is not evaluated where nobody knows whether the world is meant to see the pods', () => {
  const anywhere = ingress('[{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]');
  expect(lines(rule, anywhere, only)).toEqual([]);
  expect(missing(rule, anywhere, only)).toEqual(['shop: no workload of the namespace is in the input: whether the world is meant to see the pods is not known']);
});

test('is not evaluated where policies of an API that nobody evaluates may deny it', () => {
  const manifests = WEB + egress('[{}]') + cilium('egressDeny: [{ toEntities: [world] }]');
  expect(lines(rule, manifests, { ...only, profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, manifests, { ...only, profileIsAssumed: true })).toHaveLength(1);
});
