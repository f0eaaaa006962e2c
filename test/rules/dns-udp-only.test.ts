import { deployment, lines, policy } from './check';

const rule = 'dns-udp-only';
const KUBE_DNS = '[{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }]';
const egress = (rules: string, name = 'a') => policy(`shop/${name}`, `{ podSelector: {}, policyTypes: [Egress], egress: ${rules} }`);
const UDP = `{ to: ${KUBE_DNS}, ports: [{ port: 53, protocol: UDP }] }`;

describe('reports', () => {
  test('UDP alone, at the ports of the rule', () => {
    const said = ['warning NetworkPolicy shop/a spec.egress[1].ports: the rule opens DNS over UDP, and nothing opens TCP 53 to the same peers'];
    expect(lines(rule, egress(`[{ ports: [{ port: 443 }] }, ${UDP}]`))).toEqual(said);
    expect(lines(rule, deployment('shop/web', '{ app: web }') + egress(`[{ ports: [{ port: 443 }] }, ${UDP}]`))).toEqual(said);
  });

  test('towards anybody, and towards an address', () => {
    expect(lines(rule, egress('[{ ports: [{ port: 53, protocol: UDP }] }]'))).toHaveLength(1);
    expect(lines(rule, egress('[{ to: [{ ipBlock: { cidr: 169.254.20.10/32 } }], ports: [{ port: 53, protocol: UDP }] }]'))).toHaveLength(1);
  });

  test('TCP 53 towards others', () => {
    expect(lines(rule, egress(`[${UDP}, { to: [{ podSelector: {} }], ports: [{ port: 53 }] }]`))).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each([
    ['both in one rule', `[{ to: ${KUBE_DNS}, ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }]`],
    ['TCP in a rule of its own', `[${UDP}, { to: ${KUBE_DNS}, ports: [{ port: 53 }] }]`],
    ['TCP by a rule without ports', `[${UDP}, { to: [{ namespaceSelector: {} }] }]`],
    ['another service over UDP', `[{ to: ${KUBE_DNS}, ports: [{ port: 123, protocol: UDP }] }]`],
  ])('%s', (_, rules) => {
    expect(lines(rule, egress(rules))).toEqual([]);
  });

  test('TCP that another policy opens', () => {
    expect(lines(rule, egress(`[${UDP}]`) + egress(`[{ to: ${KUBE_DNS}, ports: [{ port: 53, protocol: TCP }] }]`, 'tcp'))).toEqual([]);
  });

  test('the ingress of the DNS server', () => {
    expect(lines(rule, policy('shop/dns', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ports: [{ port: 53, protocol: UDP }] }] }'))).toEqual([]);
  });
});
