import { deployment, lines, missing, namespace, policy } from './check';

const rule = 'named-port-missing';
const API = deployment('pay/api', '{ app: api }', '[{ name: http, containerPort: 8080 }, { name: dns, containerPort: 53, protocol: UDP }]');
const ingress = (ports: string, selector = '{ matchLabels: { app: api } }') => policy('pay/a', `{ podSelector: ${selector}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: ${ports} }] }`);

describe('reports', () => {
  test('a misspelt name', () => {
    expect(lines(rule, API + ingress('[{ port: htp }]'))).toEqual([
      'error NetworkPolicy pay/a spec.ingress[0].ports: no pod that the rule leads to has a TCP port named "htp": they have http (8080/TCP), dns (53/UDP) (did you mean "http"?)',
    ]);
  });

  test('the right name of the wrong protocol', () => {
    expect(lines(rule, API + ingress('[{ port: dns }]'))).toEqual([expect.stringContaining('no pod that the rule leads to has a TCP port named "dns": it is a UDP port there (53)') as unknown]);
  });

  test('the name of a Service port', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: pay }\nspec: { selector: { app: api }, ports: [{ name: web, port: 80, targetPort: http }] }\n---\n';
    expect(lines(rule, API + service + ingress('[{ port: web }]'))).toHaveLength(1);
  });

  test('at egress the name at the other end', () => {
    const egress = policy('shop/a', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: pay } } }], ports: [{ port: grpc }] }] }');
    expect(lines(rule, API + egress)).toHaveLength(1);
    expect(lines(rule, API + egress.replace('grpc', 'http'))).toEqual([]);
  });

  test('pods without any named port', () => {
    expect(lines(rule, deployment('pay/api', '{ app: api }', '[{ containerPort: 8080 }]') + ingress('[{ port: http }]'))).toEqual([expect.stringContaining('none of their ports has a name') as unknown]);
  });
});

describe('does not report', () => {
  test.each(['[{ port: http }]', '[{ port: dns, protocol: UDP }]', '[{ port: 9999 }]', '[{ port: http }, { port: 80 }]'])('%s', (ports) => {
    expect(lines(rule, API + ingress(ports))).toEqual([]);
  });

  test('a name that some of the pods have', () => {
    expect(lines(rule, API + deployment('pay/db', '{ app: db }', '[{ name: sql, containerPort: 5432 }]') + ingress('[{ port: sql }]', '{}'))).toEqual([]);
  });

  test('a port of an init container that stays', () => {
    const sidecar = `apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay, labels: { app: api } }
spec: { initContainers: [{ name: proxy, image: a, restartPolicy: Always, ports: [{ name: proxy, containerPort: 4143 }] }], containers: [{ name: a, image: a }] }
---
`;
    expect(lines(rule, sidecar + ingress('[{ port: proxy }]'))).toEqual([]);
  });

  test('the port of a sidecar that is injected', () => {
    expect(lines(rule, API + ingress('[{ port: http-envoy-prom }]'))).toEqual([]);
  });

  test('towards addresses, which have no names', () => {
    expect(lines(rule, API + policy('pay/a', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ports: [{ port: nope }] }] }'))).toEqual([]);
  });
});

test('is not evaluated where the pods are not in the input', () => {
  const manifests = namespace('pay') + ingress('[{ port: http }]');
  expect(lines(rule, manifests)).toEqual([]);
  expect(missing(rule, manifests)).toEqual(['pay: pay/a: no workload at the destination of its named ports is in the input']);
});
