import { deployment, found, lines, policy } from './check';

const rule = 'service-port-not-target-port';
const only = { only: [rule] };
const PODS = deployment('pay/api', '{ app: api }', '[{ name: http, containerPort: 8080 }]') + deployment('shop/web', '{ app: web }');
const service = (ports: string, more = '') => `apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: pay }\nspec: { selector: { app: api }, ports: ${ports}${more} }\n---\n`;
const HTTP = service('[{ port: 80, targetPort: http }]');
const ingress = (ports: string, from = '[{ namespaceSelector: {} }]', name = 'pay/api') => policy(name, `{ podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [{ from: ${from}, ports: ${ports} }] }`);
const egress = (ports: string) => policy('shop/web', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: api } } }], ports: ${ports} }] }`);

describe('reports', () => {
  test('the port of the Service at ingress, with the connection that shows it', () => {
    expect(lines(rule, PODS + HTTP + ingress('[{ port: 80 }]'), only)).toEqual([
      'warning NetworkPolicy pay/api spec.ingress[0].ports: 80/TCP is the port of the Service pay/api, which leads to 8080 of pay/api: nobody listens on 80 there, and 8080 stays closed',
    ]);
    expect(found(rule, PODS + HTTP + ingress('[{ port: 80 }]'), only)[0]?.evidence).toEqual({ from: 'shop/web', to: 'pay/api', port: '8080/TCP' });
  });

  test.each(['generic', 'cilium', 'calico', 'aws'])('the same at egress (%s)', (cni) => {
    expect(lines(rule, PODS + HTTP + egress('[{ port: 80 }]'), { ...only, cni })).toHaveLength(1);
  });

  test('443 in front of 9443, clients from anywhere', () => {
    const webhook = service('[{ port: 443, targetPort: 9443 }]');
    expect(lines(rule, PODS + webhook + policy('pay/a', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 443 }] }] }'), only)).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each(['[{ port: 8080 }]', '[{ port: http }]', '[{ port: 80 }, { port: 8080 }]', '[{ port: 80, endPort: 9000 }]', '[{ port: 9090 }]', '[{ port: 80, protocol: UDP }]'])('%s', (ports) => {
    expect(lines(rule, PODS + HTTP + ingress(ports) + egress(ports), only)).toEqual([]);
  });

  test('a target that another policy opens', () => {
    expect(lines(rule, PODS + HTTP + ingress('[{ port: 80 }]') + ingress('[{ port: 8080 }]', '[{ namespaceSelector: {} }]', 'pay/more'), only)).toEqual([]);
  });

  test('a Service without another target port', () => {
    expect(lines(rule, PODS + service('[{ port: 8080 }]') + ingress('[{ port: 8080 }]'), only)).toEqual([]);
  });

  test('a pod that listens on both', () => {
    const both = deployment('pay/api', '{ app: api }', '[{ containerPort: 80 }, { name: http, containerPort: 8080 }]');
    expect(lines(rule, both + HTTP + ingress('[{ port: 80 }]'), only)).toEqual([]);
  });

  test('another Service that leads to that port', () => {
    const other = HTTP.replace('name: api', 'name: plain').replace('targetPort: http', 'targetPort: 80');
    expect(lines(rule, PODS + HTTP + other + ingress('[{ port: 80 }]'), only)).toEqual([]);
  });

  test('a headless Service, whose name is the pods', () => {
    expect(lines(rule, PODS + service('[{ port: 80, targetPort: http }]', ', clusterIP: None') + ingress('[{ port: 80 }]'), only)).toEqual([]);
  });

  test('egress to port 80 of the Internet', () => {
    expect(lines(rule, PODS + HTTP + policy('shop/out', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 80 }] }] }'), only)).toEqual([]);
  });
});
