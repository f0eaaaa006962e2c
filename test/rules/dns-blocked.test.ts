import { deployment, lines, missing, policy } from './check';

const rule = 'dns-blocked';
const WEB = deployment('shop/web', '{ app: web }');
const egress = (rules: string, selector = '{ matchLabels: { app: web } }') => policy('shop/a', `{ podSelector: ${selector}, policyTypes: [Egress], egress: ${rules} }`);
const CART = '{ to: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 8080 }] }';
const DENY = policy('shop/default-deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const DNS = '{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ port: 53, protocol: UDP }] }';

describe('reports', () => {
  test('pods that may talk to others and not ask for their names', () => {
    expect(lines(rule, WEB + egress(`[${CART}]`))).toEqual(['warning NetworkPolicy shop/a spec.egress: shop/web may connect to others, and not to DNS: no egress rule opens port 53']);
  });

  test('TCP 53 alone, with which no resolver begins', () => {
    expect(lines(rule, WEB + egress(`[${CART}, { ports: [{ port: 53 }] }]`))).toHaveLength(1);
  });

  test('every port of the own namespace, where no DNS is', () => {
    expect(lines(rule, WEB + egress('[{ to: [{ podSelector: {} }] }]'))).toHaveLength(1);
  });

  test('a namespace that is closed as a whole', () => {
    expect(lines(rule, WEB + DENY)).toEqual(['warning NetworkPolicy shop/default-deny: egress of the whole namespace shop is closed, and no policy opens DNS: shop/web cannot ask for names']);
  });

  test('a policy whose pods are not in the input', () => {
    expect(lines(rule, egress(`[${CART}]`))).toEqual([expect.stringContaining('may connect to others, and not to DNS') as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['DNS by selector', `[${CART}, ${DNS}]`],
    ['port 53 towards anybody', `[${CART}, { ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]`],
    ['port 53 towards the cache of the node', `[${CART}, { to: [{ ipBlock: { cidr: 169.254.20.10/32 } }], ports: [{ port: 53, protocol: UDP }] }]`],
    ['the port of DNS on OpenShift', `[${CART}, { to: [{ namespaceSelector: {} }], ports: [{ port: 5353, protocol: UDP }] }]`],
    ['a name of a UDP port', `[${CART}, { ports: [{ port: dns, protocol: UDP }] }]`],
    ['all ports of every namespace', `[${CART}, { to: [{ namespaceSelector: {} }] }]`],
    ['everything', '[{}]'],
    ['addresses alone, which need no name', '[{ to: [{ ipBlock: { cidr: 10.0.0.5/32 } }], ports: [{ port: 5432 }] }]'],
    ['a database that connects to nobody', '[]'],
  ])('%s', (_, rules) => {
    expect(lines(rule, WEB + egress(rules))).toEqual([]);
  });

  test('DNS that another policy opens', () => {
    expect(lines(rule, WEB + egress(`[${CART}]`) + policy('shop/dns', `{ podSelector: {}, policyTypes: [Egress], egress: [${DNS}] }`))).toEqual([]);
  });

  test('a closed namespace in which those who talk have DNS, and a database has not', () => {
    expect(lines(rule, WEB + deployment('shop/db', '{ app: db }') + DENY + egress(`[${CART}, ${DNS}]`))).toEqual([]);
  });

  test('a namespace with a DNS server of its own', () => {
    const server = deployment('shop/dns', '{ app: dns }', '[{ containerPort: 53, protocol: UDP }]');
    expect(lines(rule, WEB + server + egress('[{ to: [{ podSelector: {} }] }]'))).toEqual([]);
  });

  test('ingress policies', () => {
    expect(lines(rule, WEB + policy('shop/in', '{ podSelector: {}, policyTypes: [Ingress] }'))).toEqual([]);
  });

  test('a proxy for names in the API of the CNI', () => {
    const cilium = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: a, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: web } }
  egress:
    - toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns } }]
      toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }]
    - toFQDNs: [{ matchName: api.example.com }]
      toPorts: [{ ports: [{ port: "443", protocol: TCP }] }]
`;
    expect(lines(rule, WEB + cilium, { cni: 'cilium' })).toEqual([]);
  });
});

test('a closed namespace without workloads is not evaluated', () => {
  expect(lines(rule, DENY)).toEqual([]);
  expect(missing(rule, DENY)).toEqual([expect.stringMatching(/^shop: no workload of the namespace is in the input/) as unknown]);
});
