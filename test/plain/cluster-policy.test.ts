import { manifests } from './manifests';
import { GENERIC, plainCluster, type PlainProfile } from './index';

/** ClusterNetworkPolicy v1alpha2 and the v1alpha1 policies before it: order, peers, ports, what is left open. */

const PODS = manifests(`
apiVersion: v1
kind: Node
metadata: { name: node-1, labels: { zone: a } }
status: { addresses: [{ type: InternalIP, address: 192.0.2.1 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { nodeName: node-2, containers: [{ name: web }] }
status: { podIP: 10.244.0.7 }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay, labels: { app: api } }
spec: { nodeName: node-2, containers: [{ name: api, ports: [{ name: http, containerPort: 8080 }] }] }
status: { podIP: 10.244.0.8 }
`);

const NETWORKS: PlainProfile = { ...GENERIC, cnpNetworksMatchPods: true, cnpNetworksMatchNodes: true };
const EVERYBODY = '[{ namespaces: {} }]';
const EXTERNAL = '203.0.113.9';

let count = 0;
function policy(tier: string, priority: number, rules: string): unknown[] {
  count += 1;
  return manifests(`
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: policy-${count} }
spec: { tier: ${tier}, priority: ${priority}, subject: { namespaces: {} }, ${rules} }
`);
}
const ingress = (action: string, extra = ''): string => `ingress: [{ action: ${action}, from: ${EVERYBODY} ${extra} }]`;
const egress = (action: string, peer: string, extra = ''): string => `egress: [{ action: ${action}, to: [${peer}] ${extra} }]`;
const networkPolicy = (rules: string): unknown[] => manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: pay, namespace: pay }
spec: { podSelector: {}, ${rules} }
`);
const webReachesApi = (policies: unknown[], port = '8080/TCP', profile = GENERIC) =>
  plainCluster([...PODS, ...policies], profile).answer('shop/web', 'pay/api', port).verdict;

describe('order', () => {
  test.each([
    ['Admin Accept over a NetworkPolicy that isolates', [policy('Admin', 1, ingress('Accept')), networkPolicy('ingress: []')], 'allowed'],
    ['Admin Deny over a NetworkPolicy that allows', [policy('Admin', 1, ingress('Deny')), networkPolicy('ingress: [{}]')], 'denied'],
    ['Admin Pass leaves it to the NetworkPolicy', [policy('Admin', 1, ingress('Pass')), policy('Admin', 2, ingress('Deny')), networkPolicy('ingress: [{}]')], 'allowed'],
    ['a NetworkPolicy without a match is final: Baseline Accept does not reopen', [networkPolicy('ingress: []'), policy('Baseline', 1, ingress('Accept'))], 'denied'],
    ['a NetworkPolicy that allows is final: Baseline Deny does not close', [networkPolicy('ingress: [{}]'), policy('Baseline', 1, ingress('Deny'))], 'allowed'],
    ['a NetworkPolicy for egress leaves ingress to Baseline', [networkPolicy('policyTypes: [Egress]'), policy('Baseline', 1, ingress('Deny'))], 'denied'],
    ['Baseline decides for pods without NetworkPolicy', [policy('Baseline', 1, ingress('Deny'))], 'denied'],
    ['Baseline Pass is the default of Kubernetes', [policy('Baseline', 1, ingress('Pass')), policy('Baseline', 2, ingress('Deny'))], 'allowed'],
    ['the lower priority number comes first', [policy('Admin', 9, ingress('Accept')), policy('Admin', 10, ingress('Deny'))], 'allowed'],
    ['the first matching rule of a policy decides', [policy('Admin', 1, `ingress: [{ action: Accept, from: ${EVERYBODY} }, { action: Deny, from: ${EVERYBODY} }]`)], 'allowed'],
    ['rules do not isolate: what none matches goes on', [policy('Admin', 1, ingress('Accept', ', protocols: [{ tcp: { destinationPort: { number: 1 } } }]'))], 'allowed'],
    ['egress of the source counts as well as ingress of the destination', [policy('Admin', 1, egress('Deny', '{ namespaces: {} }')), policy('Admin', 2, ingress('Accept'))], 'denied'],
  ])('%s', (_, policies, verdict) => {
    expect(webReachesApi(policies.flat())).toBe(verdict);
  });

  test('two policies of equal priority that disagree leave it open', () => {
    const policies = [policy('Admin', 5, ingress('Accept')), policy('Admin', 5, ingress('Deny'))].flat();
    const { verdict, conditions } = plainCluster([...PODS, ...policies]).answer('shop/web', 'pay/api', '8080/TCP');
    expect(verdict).toBe('depends');
    expect(conditions.map(({ kind }) => kind)).toEqual(['priority-tie']);
  });

  test('two policies of equal priority that agree, or whose disagreement does not matter, do not', () => {
    expect(webReachesApi([policy('Admin', 5, ingress('Deny')), policy('Admin', 5, ingress('Deny'))].flat())).toBe('denied');
    expect(webReachesApi([policy('Admin', 5, ingress('Accept')), policy('Admin', 5, ingress('Pass'))].flat())).toBe('allowed');
  });

  test('an API that is not served contributes nothing', () => {
    expect(webReachesApi(policy('Admin', 1, ingress('Deny')), '8080/TCP', { ...GENERIC, cnp: false })).toBe('allowed');
  });

  test('a pod always reaches itself', () => {
    expect(plainCluster([...PODS, ...policy('Admin', 1, ingress('Deny'))]).allows('pay/api', 'pay/api', '8080/TCP')).toBe(true);
  });
});

describe('subjects and pod peers', () => {
  const subject = (text: string) => webReachesApi(manifests(`
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: subject }
spec: { tier: Admin, priority: 1, subject: ${text}, ingress: [{ action: Deny, from: [{ pods: { podSelector: { matchLabels: { app: web } } } }] }] }
`));

  test.each([
    ['{ namespaces: { matchLabels: { kubernetes.io/metadata.name: pay } } }', 'denied'],
    ['{ namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }', 'allowed'],
    ['{ pods: { podSelector: { matchLabels: { app: api } } } }', 'denied'],
    ['{ pods: { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: {} } }', 'allowed'],
  ])('%s', (text, verdict) => {
    expect(subject(text)).toBe(verdict);
  });

  test('hostNetwork pods are neither, whatever NetworkPolicy does with them', () => {
    const cluster = plainCluster([...PODS, ...policy('Admin', 1, ingress('Deny'))], GENERIC)
      .withPods([{ namespace: 'sys', name: 'agent', hostNetwork: true, node: 'node-1' }]);
    expect(cluster.allows('shop/web', 'sys/agent', '80/TCP')).toBe(true);
    expect(cluster.allows('sys/agent', 'pay/api', '80/TCP')).toBe(true);
  });
});

describe('egress peers outside the pods', () => {
  test('networks match external addresses of their family', () => {
    const cluster = plainCluster([...PODS, ...policy('Admin', 1, egress('Deny', '{ networks: [203.0.113.0/24, "2001:db8::/32"] }'))]);
    expect(cluster.allows('pay/api', EXTERNAL, '443/TCP')).toBe(false);
    expect(cluster.allows('pay/api', '198.51.100.1', '443/TCP')).toBe(true);
    expect(cluster.allows('pay/api', '2001:db8::1', '443/TCP')).toBe(false);
    expect(cluster.allows('pay/api', EXTERNAL, 'ICMP')).toBe(false);
  });

  test('networks match the addresses of pods as specified, and not on every CNI', () => {
    const policies = policy('Admin', 1, egress('Deny', '{ networks: [0.0.0.0/0] }'));
    expect(webReachesApi(policies, '8080/TCP', NETWORKS)).toBe('denied');
    expect(webReachesApi(policies, '8080/TCP', { ...GENERIC, cnpNetworksMatchPods: false })).toBe('allowed');
    expect(webReachesApi(policies)).toBe('depends');
  });

  test('nodes match the addresses of the nodes that they select', () => {
    const cluster = plainCluster([...PODS, ...policy('Admin', 1, egress('Deny', '{ nodes: { matchLabels: { zone: a } } }'))]);
    expect(cluster.allows('pay/api', '192.0.2.1', '10250/TCP')).toBe(false);
    expect(cluster.allows('pay/api', EXTERNAL, '10250/TCP')).toBe(true);
    expect(cluster.answer('pay/api', 'node/node-2', '10250/TCP').conditions.map(({ kind }) => kind)).toEqual(['node-placement']);
  });

  test('domainNames are open for external addresses, and for pods only in the domain of the cluster', () => {
    const accept = (name: string) => [
      ...policy('Admin', 1, egress('Accept', `{ domainNames: ["${name}"] }`)), ...policy('Admin', 2, egress('Deny', '{ networks: [0.0.0.0/0] }')),
    ];
    const cluster = (name: string) => plainCluster([...PODS, ...accept(name)], NETWORKS);
    expect(cluster('*.example.com').answer('pay/api', EXTERNAL, '443/TCP').conditions)
      .toEqual([{ kind: 'fqdn', about: `is ${EXTERNAL} behind *.example.com?` }]);
    expect(cluster('*.example.com').allows('pay/api', 'shop/web', '443/TCP')).toBe(false);
    expect(cluster('*.shop.pod.cluster.local').answer('pay/api', 'shop/web', '443/TCP').verdict).toBe('depends');
  });

  test.each([['Accept', 'allowed'], ['Deny', 'denied'], ['Pass', 'denied']])('a peer of an unknown kind fails closed: %s', (action, verdict) => {
    expect(webReachesApi(policy('Admin', 1, egress(action, '{ planets: {} }')))).toBe(verdict);
  });

  test('an unknown peer spoils an Accept rule with its known peers', () => {
    const rules = 'egress: [{ action: Accept, to: [{ namespaces: {} }, { planets: {} }] }, { action: Deny, to: [{ namespaces: {} }] }]';
    expect(webReachesApi(policy('Admin', 1, rules))).toBe('denied');
  });
});

describe('protocols', () => {
  const deny = (protocols: string, port: string) => webReachesApi(policy('Admin', 1, ingress('Deny', `, protocols: [${protocols}]`)), port);

  test.each([
    ['{ tcp: { destinationPort: { number: 8080 } } }', '8080/TCP', 'denied'],
    ['{ tcp: { destinationPort: { number: 8080 } } }', '8080/UDP', 'allowed'],
    ['{ udp: { destinationPort: { range: { start: 1, end: 53 } } } }', '53/UDP', 'denied'],
    ['{ udp: { destinationPort: { range: { start: 1, end: 53 } } } }', '54/UDP', 'allowed'],
    ['{ sctp: { destinationPort: { number: 9003 } } }', '9003/SCTP', 'denied'],
    ['{ destinationNamedPort: http }', '8080/TCP', 'denied'],
    ['{ destinationNamedPort: http }', '8080/UDP', 'allowed'],
    ['{ destinationNamedPort: http }', '80/TCP', 'allowed'],
    ['{ tcp: { destinationPort: { number: 8080 } } }', 'ICMP', 'allowed'],
  ])('%s for %s', (protocols, port, verdict) => {
    expect(deny(protocols, port)).toBe(verdict);
  });

  test('without protocols a rule matches everything', () => {
    expect(webReachesApi(policy('Admin', 1, ingress('Deny')), 'ICMP')).toBe('denied');
  });

  test('`tcp: {}` is refused', () => {
    expect(() => deny('{ tcp: {} }', '8080/TCP')).toThrow('a destinationPort needs either number or range');
  });
});

describe('AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1', () => {
  const admin = (rules: string) => manifests(`
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: admin }
spec: { priority: 1, subject: { namespaces: {} }, ${rules} }
`);
  const baseline = (rules: string, name = 'default') => manifests(`
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: { name: ${name} }
spec: { subject: { namespaces: {} }, ${rules} }
`);

  test.each([
    ['{ portNumber: { protocol: UDP, port: 53 } }', '53/UDP', 'denied'],
    ['{ portNumber: { protocol: UDP, port: 53 } }', '53/TCP', 'allowed'],
    ['{ portRange: { start: 8000, end: 9000 } }', '8080/TCP', 'denied'],
    ['{ namedPort: http }', '8080/TCP', 'denied'],
  ])('ports: %s for %s', (port, asked, verdict) => {
    expect(webReachesApi(admin(ingress('Deny', `, ports: [${port}]`)), asked)).toBe(verdict);
  });

  test('come before and after NetworkPolicy', () => {
    expect(webReachesApi([...admin(ingress('Allow')), ...networkPolicy('ingress: []'), ...baseline(ingress('Deny'))])).toBe('allowed');
    expect(webReachesApi([...admin(ingress('Pass')), ...baseline(ingress('Deny'))])).toBe('denied');
    expect(webReachesApi([...networkPolicy('ingress: [{}]'), ...baseline(ingress('Deny'))])).toBe('allowed');
  });

  test.each([
    ['action Pass in a baseline policy', baseline(ingress('Pass')), "action 'Pass' is not one of Allow, Deny"],
    ['action Accept', admin(ingress('Accept')), "action 'Accept' is not one of Allow, Deny, Pass"],
    ['another name than default', baseline(ingress('Deny'), 'other'), "must have the name 'default'"],
  ])('%s is refused', (_, policies, message) => {
    expect(() => webReachesApi(policies)).toThrow(message);
  });

  test('that disagree with a ClusterNetworkPolicy of the same tier leave it open', () => {
    expect(webReachesApi([...admin(ingress('Deny')), ...policy('Admin', 0, ingress('Accept'))])).toBe('depends');
  });
});
