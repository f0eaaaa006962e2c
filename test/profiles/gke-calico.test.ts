import { clusterPolicy, clusterUnder, np } from './cluster-under';

type Ask = readonly [from: string, to: string, port?: string];
const WEB: Ask = ['shop/web', 'pay/api'];
const CLOSED = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
const CLOSED_EGRESS = np('shop', '{podSelector: {}, policyTypes: [Egress]}');
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';

function verdict(texts: readonly string[], [from, to, port = '80/TCP']: Ask): string {
  const { verdict: answer, conditions } = clusterUnder('gke-calico', { version: '1.33' }, ...texts).allows(from, to, port);
  return answer === 'depends' ? `depends: ${[...new Set(conditions.map(({ kind }) => kind))].join()}` : answer;
}

const calico = (kind: string, name: string, spec: string, namespace = ''): string => `{apiVersion: projectcalico.org/v3, kind: ${kind}, metadata: {name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`}}, spec: ${spec}}`;
const ALL = 'selector: all(), types: [Ingress], ingress: [{action: Deny}]';

describe('NetworkPolicy, as Calico evaluates it', () => {
  test.each<[string, readonly string[], Ask, string]>([
    ['no policy', [], WEB, 'allowed'],
    ['isolation', [CLOSED], WEB, 'denied'],
    ['the other direction stays open', [CLOSED], ['pay/api', 'shop/web'], 'allowed'],
    ['policies add up', [CLOSED, np('pay', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}')], WEB, 'allowed'],
    ['a block holds the addresses of pods', [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')], WEB, 'allowed'],
    ['whether it holds those of nodes nobody says', [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}')], ['192.0.2.2', 'pay/api'], 'depends: cni'],
    ['names of ports are looked up at the destination', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')], ['pay/api', 'shop/db', '9090/TCP'], 'allowed'],
    ['and are no other number', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')], ['pay/api', 'shop/db', '8080/TCP'], 'denied'],
    ['isolation stops ICMP', [CLOSED], ['shop/web', 'pay/api', 'ICMP'], 'denied'],
    ['a rule without ports lets it through', [np('pay', '{podSelector: {}, ingress: [{}]}')], ['shop/web', 'pay/api', 'ICMP'], 'allowed'],
    ['the own node reaches a closed pod', [CLOSED], ['192.0.2.1', 'pay/api'], 'allowed'],
    ['another node does not', [CLOSED], ['192.0.2.2', 'pay/api'], 'denied'],
    ['a closed pod does not reach its own node', [CLOSED_EGRESS], ['shop/web', '192.0.2.1'], 'denied'],
    ['pods in the network of their node are no subject', [np('pay', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')], ['shop/web', 'pay/agent'], 'allowed'],
    ['a Service is resolved before egress is asked', [SERVICE, np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}')], ['shop/web', 'svc/pay/api'], 'allowed'],
  ])('%s', (_, texts, ask, expected) => expect(verdict(texts, ask)).toBe(expected));
});

describe('nothing else is served: what it says has no effect, and is reported', () => {
  test.each<[string, string]>([
    ['GlobalNetworkPolicy', calico('GlobalNetworkPolicy', 'x', `{${ALL}}`)],
    ['NetworkPolicy of Calico', calico('NetworkPolicy', 'x', `{${ALL}}`, 'pay')],
    ['a policy of a tier of its own', calico('GlobalNetworkPolicy', 'security.x', `{tier: security, ${ALL}}`)],
    ['StagedNetworkPolicy', calico('StagedNetworkPolicy', 'x', `{${ALL}}`, 'pay')],
    ['ClusterNetworkPolicy', clusterPolicy('Admin', 1, 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')],
    ['AdminNetworkPolicy', '{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: x}, spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}}'],
    ['FQDNNetworkPolicy', '{apiVersion: networking.gke.io/v1alpha1, kind: FQDNNetworkPolicy, metadata: {name: x, namespace: shop}, spec: {podSelector: {}, egress: [{matches: [{name: a.com}]}]}}'],
    ['CiliumClusterwideNetworkPolicy', '{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: x}, spec: {endpointSelector: {}, ingressDeny: [{fromEntities: [all]}]}}'],
  ])('%s', (_, text) => {
    const analysis = clusterUnder('gke-calico', { version: '1.33' }, text);
    expect([analysis.allows('shop/web', 'pay/api', '80/TCP').verdict, analysis.issues.map(({ code }) => code)]).toEqual(['allowed', ['api-not-served']]);
  });

  test('a staged copy of a NetworkPolicy is left out, and cannot be asked for', () => {
    const staged = calico('StagedKubernetesNetworkPolicy', 'x', '{podSelector: {}, policyTypes: [Ingress]}', 'pay');
    const analysis = clusterUnder('gke-calico', {}, staged);
    expect([analysis.allows('shop/web', 'pay/api', '80/TCP').verdict, analysis.issues.map(({ code }) => code)]).toEqual(['allowed', ['staged-ignored']]);
  });

  test('a Tier moves nothing: NetworkPolicy stays where it is', () => {
    const tier = calico('Tier', 'default', '{order: 1, defaultAction: Pass}');
    expect(verdict([tier, CLOSED], WEB)).toBe('denied');
  });

  test('settings of the open source Calico are not those of GKE', () => {
    expect(() => clusterUnder('gke-calico', { settings: { 'enable-fqdn-network-policy': 'true' } })).toThrow('is not a setting of GKE with Calico network policy');
  });
});
