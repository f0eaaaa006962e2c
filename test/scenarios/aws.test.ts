import { clusterUnder, np } from '../profiles/cluster-under';

interface Cell {
  /** The row of the table of situations that flip between CNIs. */
  readonly row: number;
  readonly situation: string;
  readonly documents?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly ask: readonly [from: string, to: string, port?: string];
  readonly aws: 'allowed' | 'denied' | 'depends';
}

let count = 0;
const policy = (kind: string, spec: string, metadata: string): string => `{apiVersion: networking.k8s.aws/v1alpha1, kind: ${kind}, metadata: {name: aws-${count++}${metadata}}, spec: ${spec}}`;
const anp = (namespace: string, spec: string): string => policy('ApplicationNetworkPolicy', spec, `, namespace: ${namespace}`);
const cluster = (tier: string, rules: string): string => policy('ClusterNetworkPolicy', `{tier: ${tier}, priority: 5, subject: {namespaces: {}}, ${rules}}`, '');
const upstream = (rules: string): string => cluster('Admin', rules).replace('networking.k8s.aws/v1alpha1', 'policy.networking.k8s.io/v1alpha2');
const ingress = (...actions: readonly string[]): string => `ingress: [${actions.map((action) => `{action: ${action}, from: [{namespaces: {}}]}`).join(', ')}]`;

const WEB = ['shop/web', 'pay/api'] as const;
const CLOSED = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';
const WIDE_SERVICE = SERVICE.replace('selector: {app: api}', 'selector: {tier: x}').replace('name: api, namespace', 'name: wide, namespace');
const API_TOO = '{apiVersion: v1, kind: Pod, metadata: {name: api2, namespace: pay, labels: {app: api, tier: x}}, spec: {nodeName: n1, containers: [{name: c}]}, status: {podIP: 10.0.1.9}}';
const OPEN_SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {type: LoadBalancer, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';
const REPLICAS = '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: etcd, namespace: pay}, spec: {replicas: 3, template: {metadata: {labels: {app: etcd}}, spec: {containers: [{name: c}]}}}}';
const STS_POD = '{apiVersion: v1, kind: Pod, metadata: {name: sts-0, namespace: pay, labels: {statefulset.kubernetes.io/pod-name: sts-0}}, spec: {containers: [{name: c}]}, status: {podIP: 10.0.1.7}}';
const MANY = Array.from({ length: 30 }, (_, index) => `{port: ${1000 + index}}`).join(', ');
const TO_API = np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}]}');
const CILIUM_LABEL = '{key: io.cilium.k8s.policy.cluster, operator: Exists}';

/** Where a cell is a question mark or depends on something that nobody told, the answer is `depends`. */
const CELLS: readonly Cell[] = [
  { row: 1, situation: 'no policy selects either pod', ask: WEB, aws: 'allowed' },
  { row: 1, situation: 'in strict mode', settings: { enforcingMode: 'strict' }, ask: WEB, aws: 'denied' },
  { row: 2, situation: 'NetworkPolicy ingress: [{}]', documents: [np('pay', '{podSelector: {}, ingress: [{}]}')], ask: WEB, aws: 'allowed' },
  { row: 3, situation: 'own dialect, one empty rule', documents: [anp('pay', '{podSelector: {}, ingress: [{}]}')], ask: WEB, aws: 'depends' },
  { row: 4, situation: 'own dialect, ports and no peer, from outside', documents: [anp('pay', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}')], ask: ['8.8.8.8', 'pay/api'], aws: 'depends' },
  { row: 5, situation: 'NetworkPolicy with egress rules and no types: ingress', documents: [np('pay', '{podSelector: {}, egress: [{}]}')], ask: WEB, aws: 'denied' },
  { row: 6, situation: 'own dialect with egress rules and no types: ingress', documents: [anp('pay', '{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}')], ask: WEB, aws: 'depends' },
  { row: 7, situation: 'NetworkPolicy, an allow that does not match', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}')], ask: WEB, aws: 'denied' },
  { row: 7, situation: 'an Admin Accept that does not match', documents: [cluster('Admin', 'ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: c}}}]}]')], ask: WEB, aws: 'allowed' },
  { row: 10, situation: 'NetworkPolicy isolates, own dialect allows', documents: [CLOSED, anp('pay', '{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]}')], ask: WEB, aws: 'allowed' },
  { row: 11, situation: 'Accept first, Deny second, one policy', documents: [cluster('Admin', ingress('Accept', 'Deny'))], ask: WEB, aws: 'denied' },
  { row: 12, situation: 'two Admin policies of equal priority', documents: [cluster('Admin', ingress('Accept')), cluster('Admin', ingress('Deny'))], ask: WEB, aws: 'denied' },
  { row: 13, situation: 'Admin Accept, NetworkPolicy isolates', documents: [cluster('Admin', ingress('Accept')), CLOSED], ask: WEB, aws: 'allowed' },
  { row: 18, situation: 'NetworkPolicy isolates, Baseline Accept', documents: [CLOSED, cluster('Baseline', ingress('Accept'))], ask: WEB, aws: 'denied' },
  { row: 19, situation: 'NetworkPolicy allows, Baseline Deny', documents: [np('pay', '{podSelector: {}, ingress: [{}]}'), cluster('Baseline', ingress('Deny'))], ask: WEB, aws: 'allowed' },
  { row: 20, situation: 'NetworkPolicy isolates ingress only, Baseline Deny for egress', documents: [np('shop', '{podSelector: {}, policyTypes: [Ingress]}'), cluster('Baseline', 'egress: [{action: Deny, to: [{namespaces: {}}]}]')], ask: WEB, aws: 'allowed' },
  { row: 23, situation: 'Admin Deny of an API that may not be served', documents: [upstream(ingress('Deny'))], ask: WEB, aws: 'depends' },
  { row: 24, situation: 'a peer that is not known: Accept', documents: [CLOSED, cluster('Admin', 'ingress: [{action: Accept, from: [{planets: {}}]}]')], ask: WEB, aws: 'depends' },
  { row: 24, situation: 'a peer that is not known: Deny', documents: [cluster('Admin', 'egress: [{action: Deny, to: [{planets: {}}]}]')], ask: WEB, aws: 'depends' },
  { row: 25, situation: 'ipBlock that holds a pod', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')], ask: WEB, aws: 'allowed' },
  { row: 26, situation: 'Admin Deny networks 0.0.0.0/0 to a pod', documents: [cluster('Admin', 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]')], ask: WEB, aws: 'denied' },
  { row: 27, situation: 'ipBlock that holds another node', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}')], ask: ['192.0.2.2', 'pay/api'], aws: 'allowed' },
  { row: 28, situation: 'except in one rule, allowed in another', documents: [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 8.0.0.0/8, except: [8.8.8.0/24]}}]}, {to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}')], ask: ['shop/web', '8.8.8.8'], aws: 'denied' },
  { row: 29, situation: 'ipBlock of clients, externalTrafficPolicy: Cluster', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 8.8.8.0/24}}]}]}'), OPEN_SERVICE], ask: ['8.8.8.8', 'pay/api', '8080/TCP'], aws: 'depends' },
  { row: 30, situation: 'a packet of the other IP family', documents: [CLOSED], ask: ['2001:db8::1', 'pay/api'], aws: 'allowed' },
  { row: 31, situation: 'own node to pod, ingress default-deny', documents: [CLOSED], ask: ['{host}', 'pay/api'], aws: 'allowed' },
  { row: 32, situation: 'own node to pod, explicit deny', documents: [cluster('Admin', 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}], ingress: [{action: Deny, from: [{namespaces: {}}]}]')], ask: ['{host}', 'pay/api'], aws: 'allowed' },
  { row: 33, situation: 'another node to pod, ingress default-deny', documents: [CLOSED], ask: ['{remote-node}', 'pay/api'], aws: 'denied' },
  { row: 34, situation: 'pod to its own node, egress default-deny', documents: [np('shop', '{podSelector: {}, policyTypes: [Egress]}')], ask: ['shop/web', '{host}'], aws: 'allowed' },
  { row: 35, situation: 'hostNetwork pod as subject', documents: [np('pay', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')], ask: ['shop/web', 'pay/agent'], aws: 'allowed' },
  { row: 36, situation: 'hostNetwork pod of another node allowed by podSelector', documents: [np('pay', '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}')], ask: ['pay/agent', 'pay/api'], aws: 'allowed' },
  { row: 38, situation: 'egress selects the backends, and what the Service selects; the client dials the ClusterIP', documents: [SERVICE, TO_API], ask: ['shop/web', 'svc/pay/api'], aws: 'allowed' },
  { row: 38, situation: 'egress selects the backends, and not what the Service selects; the client dials the ClusterIP', documents: [WIDE_SERVICE, API_TOO, TO_API], ask: ['shop/web', 'svc/pay/wide'], aws: 'denied' },
  { row: 40, situation: 'pod to itself through its own Service, ingress denied', documents: [SERVICE, CLOSED], ask: ['pay/api', 'svc/pay/api'], aws: 'depends' },
  { row: 41, situation: 'replica to replica, ingress default-deny', documents: [REPLICAS, CLOSED], ask: ['pay/etcd', 'pay/etcd'], aws: 'denied' },
  { row: 42, situation: 'ingress named port that another selected pod declares', documents: [np('shop', '{podSelector: {}, ingress: [{ports: [{port: sql}]}]}')], ask: ['pay/api', 'shop/web', '5432/TCP'], aws: 'allowed' },
  { row: 43, situation: 'egress named port with different numbers', documents: [np('pay', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: http}]}]}')], ask: ['pay/api', 'shop/web', '8080/TCP'], aws: 'allowed' },
  { row: 45, situation: 'ICMP, only TCP ports are allowed', documents: [np('pay', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}')], ask: ['shop/web', 'pay/api', 'ICMP'], aws: 'denied' },
  { row: 46, situation: 'ICMP, deny-all', documents: [CLOSED], ask: ['shop/web', 'pay/api', 'ICMP'], aws: 'denied' },
  { row: 47, situation: 'ICMP, a rule with a peer and no ports', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')], ask: ['shop/web', 'pay/api', 'ICMP'], aws: 'allowed' },
  { row: 48, situation: 'more than 24 port entries, the last one', documents: [np('pay', `{podSelector: {}, ingress: [{ports: [${MANY}]}]}`)], ask: ['shop/web', 'pay/api', '1029/TCP'], aws: 'depends' },
  { row: 49, situation: 'podSelector with io.cilium.k8s.policy.cluster', documents: [np('pay', `{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [${CILIUM_LABEL}]}}]}]}`)], ask: WEB, aws: 'denied' },
  { row: 50, situation: 'default-deny that selects statefulset.kubernetes.io/pod-name', documents: [STS_POD, np('pay', '{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: sts-0}}, policyTypes: [Ingress]}')], ask: ['shop/web', 'pay/sts-0'], aws: 'denied' },
];

/** Objects that do not exist on AWS (8, 9, 14 to 17, 21, 22, 39, 51), and open connections, which no answer speaks of (44). */
const LEFT_OUT = [8, 9, 14, 15, 16, 17, 21, 22, 39, 44, 51];

/** The user guide says that pods without an owner are not enforced; the tests of the agent enforce on them, and they are evidence that ran. */
const CONTRADICTION = 37;

test.each(CELLS.map((cell) => [`${cell.row}: ${cell.situation}`, cell] as const))('%s', (_, { documents = [], settings, ask: [from, to, port = '80/TCP'], aws }) => {
  const analysis = clusterUnder('aws', { version: '1.21', ...(settings === undefined ? {} : { settings }) }, ...documents);
  expect(analysis.allows(from, to, port).verdict).toBe(aws);
});

test(`${CONTRADICTION}: a subject without ownerReferences is enforced`, () => {
  expect(clusterUnder('aws', { version: '1.21' }, CLOSED).allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('denied');
});

test('every row of the table is asked, or left out with a reason', () => {
  const asked = new Set([...CELLS.map(({ row }) => row), ...LEFT_OUT, CONTRADICTION]);
  expect(Array.from({ length: 51 }, (_, index) => index + 1).filter((row) => !asked.has(row))).toEqual([]);
});
