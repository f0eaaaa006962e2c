import { lines, policy } from './check';

const rule = 'unknown-field';

describe('reports', () => {
  test.each<[string, string, RegExp]>([
    ['a misspelt list of peers', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ form: [{ podSelector: {} }] }] }', /^error NetworkPolicy shop\/a spec\.ingress\[0\]\.form: unknown field "form"; known here: from, ports$/],
    ['peers of the other direction', '{ podSelector: {}, policyTypes: [Egress], egress: [{ from: [{ podSelector: {} }] }] }', /egress\[0\]\.from: unknown field "from"/],
    ['a protocol beside the ports', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 80 }], protocol: TCP }] }', /unknown field "protocol"/],
    ['policyType', '{ podSelector: {}, policyType: [Ingress] }', /spec\.policyType: unknown field "policyType"/],
  ])('%s', (_, spec, message) => {
    const said = lines(rule, policy('shop/a', spec));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(message);
  });
});

describe('does not report', () => {
  test('what kubectl and the API server write into an object', () => {
    expect(lines(rule, `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: a
  namespace: shop
  uid: 1f0a
  resourceVersion: "12"
  generation: 1
  creationTimestamp: "2026-01-01T00:00:00Z"
  annotations: { kubectl.kubernetes.io/last-applied-configuration: "{}" }
  managedFields: [{ manager: kubectl, operation: Apply, apiVersion: networking.k8s.io/v1, fieldsV1: {} }]
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }], ports: [{ port: 80, endPort: 90, protocol: TCP }] }] }
status: {}
`)).toEqual([]);
  });

  test('fields of objects that are no policies', () => {
    expect(lines(rule, 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\nspec: { ports: [{ port: 80, nonsense: 1 }] }\n')).toEqual([]);
  });
});
