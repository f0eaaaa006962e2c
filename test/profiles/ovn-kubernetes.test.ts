import { clusterPolicy, clusterUnder, np } from './cluster-under';

type Ask = readonly [from: string, to: string, port?: string];
const WEB: Ask = ['shop/web', 'pay/api'];
const OUTSIDE: Ask = ['shop/web', '8.8.8.8'];

function verdict(texts: readonly string[], [from, to, port = '80/TCP']: Ask, settings: Readonly<Record<string, string>> = {}): string {
  const { verdict: answer, conditions } = clusterUnder('ovn-kubernetes', { settings }, ...texts).allows(from, to, port);
  return answer === 'depends' ? `depends: ${[...new Set(conditions.map(({ kind }) => kind))].join()}` : answer;
}

let count = 0;
const anp = (priority: number, rules: string): string => `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: anp-${count++}}, spec: {priority: ${priority}, subject: {namespaces: {}}, ${rules}}}`;
const banp = (rules: string): string => `{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, metadata: {name: default}, spec: {subject: {namespaces: {}}, ${rules}}}`;
const firewall = (...rules: readonly string[]): string => `{apiVersion: k8s.ovn.org/v1, kind: EgressFirewall, metadata: {name: default, namespace: shop}, spec: {egress: [${rules.map((each) => `{${each}}`).join(', ')}]}}`;

const DENY_PODS = 'egress: [{action: Deny, to: [{namespaces: {}}]}]';
const ALLOW_PODS = 'egress: [{action: Allow, to: [{namespaces: {}}]}]';
const PASS_PODS = 'egress: [{action: Pass, to: [{namespaces: {}}]}]';
const CLOSED = np('shop', '{podSelector: {}, policyTypes: [Egress]}');
const CLOSED_INGRESS = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
const OPEN = np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}');
const DENY_ALL = 'type: Deny, to: {cidrSelector: 0.0.0.0/0}';
const NODE: Ask = ['shop/web', '192.0.2.2'];
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';

describe('the order of the policies', () => {
  test.each<[string, readonly string[], Ask, string]>([
    ['an Allow of an AdminNetworkPolicy opens what a NetworkPolicy closes', [anp(10, ALLOW_PODS), CLOSED], WEB, 'allowed'],
    ['a Deny closes what it opens', [anp(10, DENY_PODS), OPEN], WEB, 'denied'],
    ['Pass leaves it to NetworkPolicy', [anp(5, PASS_PODS), anp(10, DENY_PODS), CLOSED], WEB, 'denied'],
    ['Pass leaves it to the baseline where no NetworkPolicy selects the pod', [anp(5, PASS_PODS), banp(DENY_PODS)], WEB, 'denied'],
    ['NetworkPolicy is final for the pods that it selects', [OPEN, banp(DENY_PODS)], WEB, 'allowed'],
    ['and a baseline Allow opens nothing that it closes', [CLOSED, banp(ALLOW_PODS)], WEB, 'denied'],
    ['in the other direction the baseline is asked', [CLOSED_INGRESS, banp('egress: [{action: Deny, to: [{namespaces: {}}]}]')], ['pay/api', 'shop/web'], 'denied'],
    ['the lower priority is asked first', [anp(10, DENY_PODS), anp(5, ALLOW_PODS)], WEB, 'allowed'],
    ['equal priorities: nobody knows', [anp(10, DENY_PODS), anp(10, ALLOW_PODS)], WEB, 'depends: priority-tie'],
    ['a priority above 99 is not taken as it is written', [anp(100, DENY_PODS)], WEB, 'depends: unevaluated-field'],
    ['networks hold the addresses of pods', [anp(10, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]')], WEB, 'denied'],
    ['and those of nodes', [anp(10, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]')], NODE, 'denied'],
    ['pods in the network of their node are no subject', [anp(10, DENY_PODS)], ['pay/agent', 'shop/web'], 'allowed'],
    ['nodes by their labels', [anp(10, 'egress: [{action: Deny, to: [{nodes: {matchLabels: {zone: b}}}]}]')], NODE, 'denied'],
  ])('%s', (_, texts, ask, expected) => expect(verdict(texts, ask)).toBe(expected));

  test('ClusterNetworkPolicy is not served', () => {
    const analysis = clusterUnder('ovn-kubernetes', {}, clusterPolicy('Admin', 1, DENY_PODS));
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(analysis.issues.map(({ code }) => code)).toEqual(['api-not-served']);
    expect(verdict([clusterPolicy('Admin', 1, DENY_PODS)], WEB, { cnp: 'on' })).toBe('denied');
  });

  test('AdminNetworkPolicy can be off', () => {
    expect(verdict([anp(10, DENY_PODS)], WEB, { 'enable-admin-network-policy': 'false' })).toBe('allowed');
  });
});

describe('NetworkPolicy', () => {
  test.each<[string, readonly string[], Ask, string]>([
    ['a block holds the addresses of pods', [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')], WEB, 'allowed'],
    ['what a block leaves out is denied, although another rule allows it',
      [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}, {to: [{namespaceSelector: {}}]}]}')], WEB, 'denied'],
    ['by another policy too', [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}'), OPEN], WEB, 'denied'],
    ['on the ports of its rule alone', [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 443}]}]}'), OPEN], WEB, 'allowed'],
    ['an Allow of an AdminNetworkPolicy comes before it',
      [anp(10, ALLOW_PODS), np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}')], WEB, 'allowed'],
    ['the name of a port opens its number', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')], ['pay/api', 'shop/web', '8080/TCP'], 'allowed'],
    ['and perhaps every port of its protocol', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')], ['pay/api', 'shop/web', '22/TCP'], 'depends: unevaluated-field'],
    ['of no other protocol', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')], ['pay/api', 'shop/web', '22/UDP'], 'denied'],
    ['beside a number it may open nothing', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}, {port: 443}]}]}')], ['pay/api', 'shop/web', '8080/TCP'], 'depends: unevaluated-field'],
    ['where the number stays open', [np('shop', '{podSelector: {}, ingress: [{ports: [{port: http}, {port: 443}]}]}')], ['pay/api', 'shop/web', '443/TCP'], 'allowed'],
    ['isolation stops ICMP', [CLOSED], ['shop/web', 'pay/api', 'ICMP'], 'denied'],
    ['a rule without ports lets it through', [OPEN], ['shop/web', 'pay/api', 'ICMP'], 'allowed'],
    ['the own node reaches a closed pod', [CLOSED_INGRESS], ['{host}', 'pay/api'], 'allowed'],
    ['whether a closed pod reaches its own node nobody says', [CLOSED], ['shop/web', '{host}'], 'depends: cni'],
    ['a Service is resolved before egress is asked', [SERVICE, np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}]}')], ['shop/web', 'svc/pay/api'], 'allowed'],
    ['replica to replica is policed', [
      '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: etcd, namespace: pay}, spec: {replicas: 3, template: {metadata: {labels: {app: etcd}}, spec: {containers: [{name: c}]}}}}', CLOSED_INGRESS,
    ], ['pay/etcd', 'pay/etcd'], 'denied'],
    ['pods in the network of their node: nobody says', [np('pay', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')], ['shop/web', 'pay/agent'], 'depends: cni'],
  ])('%s', (_, texts, ask, expected) => expect(verdict(texts, ask)).toBe(expected));
});

describe('EgressFirewall', () => {
  test.each<[string, readonly string[], Ask, string]>([
    ['denies addresses outside of the cluster', [firewall(DENY_ALL)], OUTSIDE, 'denied'],
    ['never pods', [firewall(DENY_ALL)], WEB, 'allowed'],
    ['nor the pods behind a Service', [SERVICE, firewall(DENY_ALL)], ['shop/web', 'svc/pay/api'], 'allowed'],
    ['nodes too: the API server with them', [firewall(DENY_ALL)], NODE, 'denied'],
    ['never ingress', [firewall(DENY_ALL)], ['8.8.8.8', 'shop/web'], 'allowed'],
    ['no other namespace', [firewall(DENY_ALL)], ['pay/api', '8.8.8.8'], 'allowed'],
    ['the other family stays open', [firewall(DENY_ALL)], ['shop/web', '2001:db8::1'], 'allowed'],
    ['the first rule that matches decides', [firewall('type: Allow, to: {cidrSelector: 8.8.8.0/24}', DENY_ALL)], OUTSIDE, 'allowed'],
    ['in the other order the Allow is never reached', [firewall(DENY_ALL, 'type: Allow, to: {cidrSelector: 8.8.8.0/24}')], OUTSIDE, 'denied'],
    ['ports narrow a rule', [firewall('type: Allow, to: {cidrSelector: 8.8.8.0/24}, ports: [{protocol: TCP, port: 443}]', DENY_ALL)], OUTSIDE, 'denied'],
    ['what no rule matches is allowed', [firewall('type: Deny, to: {cidrSelector: 9.0.0.0/8}')], OUTSIDE, 'allowed'],
    ['its Allow opens nothing that a NetworkPolicy closes', [firewall('type: Allow, to: {cidrSelector: 8.8.8.0/24}'), CLOSED], OUTSIDE, 'denied'],
    ['its Deny holds beside a NetworkPolicy that allows', [firewall(DENY_ALL), OPEN], OUTSIDE, 'denied'],
    ['and beside an AdminNetworkPolicy that allows', [firewall(DENY_ALL), anp(1, 'egress: [{action: Allow, to: [{networks: [0.0.0.0/0]}]}]')], OUTSIDE, 'denied'],
    ['what a name resolves to decides', [firewall('type: Allow, to: {dnsName: dns.example.com}', DENY_ALL)], OUTSIDE, 'depends: fqdn'],
    ['of a Deny too', [firewall('type: Deny, to: {dnsName: dns.example.com}')], OUTSIDE, 'depends: fqdn'],
    ['nodes by their labels', [firewall('type: Allow, to: {nodeSelector: {matchLabels: {zone: b}}}', DENY_ALL)], NODE, 'allowed'],
    ['and no others', [firewall('type: Allow, to: {nodeSelector: {matchLabels: {zone: a}}}', DENY_ALL)], NODE, 'denied'],
  ])('%s', (_, texts, ask, expected) => expect(verdict(texts, ask)).toBe(expected));

  test('can be off, and elsewhere has no effect: both are reported', () => {
    for (const [id, settings] of [['ovn-kubernetes', { 'enable-egress-firewall': 'false' }], ['generic', {}]] as const) {
      const analysis = clusterUnder(id, { settings }, firewall(DENY_ALL));
      expect([analysis.allows(...OUTSIDE as readonly [string, string], '80/TCP').verdict, analysis.issues.map(({ code }) => code)]).toEqual(['allowed', ['api-not-served']]);
    }
  });

  test('an EgressNetworkPolicy of the older OpenShift SDN is reported', () => {
    const { inventory } = clusterUnder('ovn-kubernetes', {}, '{apiVersion: network.openshift.io/v1, kind: EgressNetworkPolicy, metadata: {name: x, namespace: shop}, spec: {egress: []}}');
    expect(inventory.issues.map(({ code }) => code)).toEqual(['unsupported-api']);
  });
});
