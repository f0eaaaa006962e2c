import { deployment, found, lines, missing, namespace, policy } from './check';

const rule = 'no-all-peers';
const only = { only: [rule] };
const WEB = deployment('shop/web', '{ app: web }', '[{ name: http, containerPort: 8080 }]');
const OTHER = deployment('blog/wordpress', '{ app: wordpress }');
const ingress = (rules: string, place = 'shop/a') => policy(place, `{ podSelector: {}, policyTypes: [Ingress], ingress: ${rules} }`);
const egress = (rules: string) => policy('shop/a', `{ podSelector: {}, policyTypes: [Egress], egress: ${rules} }`);
const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }], ${spec} }\n---\n`;

describe('reports, with the connection that shows it', () => {
  test('every pod of every namespace', () => {
    const [finding, ...more] = found(rule, WEB + OTHER + ingress('[{ from: [{ namespaceSelector: {} }], ports: [{ port: http }] }]'), only);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      path: 'spec.ingress[0]', message: 'every pod of the cluster may connect to shop/web by this rule', evidence: { from: 'blog/wordpress', to: 'shop/web', port: '8080/TCP' },
    });
  });

  test('a rule with ports alone, of pods that nothing leads to from outside', () => {
    const [finding] = found(rule, WEB + service('type: ClusterIP') + ingress('[{ ports: [{ port: 8080 }] }]'), only);
    expect(finding).toMatchObject({ message: 'everybody inside and outside of the cluster may connect to shop/web by this rule', evidence: { from: '203.0.113.1', to: 'shop/web', port: '8080/TCP' } });
  });

  test('egress to everybody, and to every pod', () => {
    expect(lines(rule, WEB + egress('[{}]'), only)).toEqual(['warning NetworkPolicy shop/a spec.egress[0]: shop/web may connect to everybody inside and outside of the cluster by this rule']);
    expect(lines(rule, WEB + egress('[{ to: [{ namespaceSelector: {}, podSelector: {} }] }]'), only)).toHaveLength(1);
  });

  test('the same in another API', () => {
    const cilium = (peer: string) => `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { endpointSelector: {}, ingress: [{ ${peer} }] }\n---\n`;
    expect(lines(rule, WEB + cilium('fromEntities: [cluster]'), { ...only, cni: 'cilium' })).toHaveLength(1);
    expect(lines(rule, WEB + cilium('fromEndpoints: [{}]'), { ...only, cni: 'cilium' })).toEqual([]);
    const calico = (ingressRule: string) => `apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { selector: all(), types: [Ingress], ingress: [${ingressRule}] }\n---\n`;
    expect(lines(rule, WEB + calico('{ action: Allow }'), { ...only, cni: 'calico' })).toHaveLength(1);
    expect(lines(rule, WEB + calico('{ action: Allow, protocol: TCP, source: { selector: app == "web" } }'), { ...only, cni: 'calico' })).toEqual([]);
  });
});

describe('does not report', () => {
  test.each([
    ['pods of the own namespace', '[{ from: [{ podSelector: {} }] }]'],
    ['pods by their labels, in any namespace', '[{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }] }]'],
    ['namespaces by their labels', '[{ from: [{ namespaceSelector: { matchLabels: { team: a } } }] }]'],
    ['DNS', '[{ ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }]'],
    ['addresses', '[{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]'],
    ['nobody', '[]'],
  ])('%s', (_, rules) => {
    expect(lines(rule, WEB + ingress(rules), only)).toEqual([]);
  });

  test('egress to DNS in any namespace, as older charts write it', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }]'), only)).toEqual([]);
  });

  test('pods that a Service leads to from outside; those of the cluster only may be too many all the same', () => {
    expect(lines(rule, WEB + service('type: LoadBalancer') + ingress('[{ ports: [{ port: 8080 }] }]'), only)).toEqual([]);
    expect(lines(rule, WEB + service('type: LoadBalancer') + ingress('[{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]'), only)).toHaveLength(1);
  });

  test('what an admin policy denies all the same', () => {
    expect(lines(rule, `${namespace('shop')}${WEB}${ingress('[{ from: [{ namespaceSelector: {} }] }]')}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: closed }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] }
`, only)).toEqual([]);
  });

  test('pods of kube-system, and the opener of AUDIT', () => {
    expect(lines(rule, ingress('[{}]', 'kube-system/dns'), only)).toEqual([]);
    expect(lines(rule, policy('shop/netpol-audit', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{}] }', ', annotations: { cdk8s-netpol/stage: AUDIT }'), only)).toEqual([]);
  });
});

test('is not evaluated where nobody knows whether the world is meant to see the pods', () => {
  expect(lines(rule, ingress('[{ ports: [{ port: 8080 }] }]'), only)).toEqual([]);
  expect(missing(rule, ingress('[{ ports: [{ port: 8080 }] }]'), only)).toEqual(['shop: no workload of the namespace is in the input: whether the world is meant to see the pods is not known']);
  expect(lines(rule, ingress('[{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]'), only)).toHaveLength(1);
});
