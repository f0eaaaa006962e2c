import { clusterPolicy, clusterUnder, np } from '../profiles/cluster-under';

interface Cell {
  /** The row of the table of situations that flip between CNIs. */
  readonly row: number;
  readonly situation: string;
  readonly documents?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly ask: readonly [from: string, to: string, port?: string];
  readonly antrea: 'allowed' | 'denied' | 'depends';
}

const WEB = ['shop/web', 'pay/api'] as const;
const CLOSED = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
const OPEN = np('pay', '{podSelector: {}, ingress: [{}]}');
const TCP_ONLY = np('pay', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}');
const MANY = Array.from({ length: 30 }, (_, index) => `{port: ${1000 + index}}`).join(', ');
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';
const OPEN_SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {type: LoadBalancer, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';
const REPLICAS = '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: etcd, namespace: pay}, spec: {replicas: 3, template: {metadata: {labels: {app: etcd}}, spec: {containers: [{name: c}]}}}}';
const STS_POD = '{apiVersion: v1, kind: Pod, metadata: {name: sts-0, namespace: pay, labels: {statefulset.kubernetes.io/pod-name: sts-0}}, spec: {containers: [{name: c}]}}';

let count = 0;
const acnp = (rules: string, more = 'priority: 1'): string => `{apiVersion: crd.antrea.io/v1beta1, kind: ClusterNetworkPolicy, metadata: {name: acnp-${count++}}, spec: {${more}, ${rules}}}`;
const API = 'appliedTo: [{podSelector: {matchLabels: {app: api}}}]';
const ALLOW = `${API}, ingress: [{action: Allow}]`;
const DROP = `${API}, ingress: [{action: Drop}]`;
const admin = (action: string): string => clusterPolicy('Admin', 5, `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`);
const baseline = (action: string): string => clusterPolicy('Baseline', 5, `ingress: [{action: ${action}, from: [{namespaces: {}}]}]`);

/** Where a cell is a question mark or depends on something that nobody told, the answer is `depends`. */
const CELLS: readonly Cell[] = [
  { row: 1, situation: 'no policy selects either pod', ask: WEB, antrea: 'allowed' },
  { row: 2, situation: 'NetworkPolicy ingress: [{}]', documents: [OPEN], ask: WEB, antrea: 'allowed' },
  { row: 3, situation: 'own dialect, one empty rule', documents: [CLOSED, acnp(ALLOW)], ask: WEB, antrea: 'allowed' },
  { row: 4, situation: 'own dialect, ports and no peer, from outside', documents: [CLOSED, acnp(`${API}, ingress: [{action: Allow, ports: [{port: 80}]}]`)], ask: ['8.8.8.8', 'pay/api'], antrea: 'allowed' },
  { row: 5, situation: 'NetworkPolicy with egress rules and no types: ingress', documents: [np('pay', '{podSelector: {}, egress: [{}]}')], ask: WEB, antrea: 'denied' },
  { row: 6, situation: 'own dialect with egress rules only: ingress', documents: [acnp(`${API}, egress: [{action: Allow}]`)], ask: WEB, antrea: 'allowed' },
  { row: 7, situation: 'own dialect, an allow that does not match', documents: [acnp(`${API}, ingress: [{action: Allow, ports: [{protocol: UDP}]}]`)], ask: WEB, antrea: 'allowed' },
  { row: 9, situation: 'NetworkPolicy allows, own dialect denies', documents: [OPEN, acnp(DROP)], ask: WEB, antrea: 'denied' },
  { row: 10, situation: 'NetworkPolicy isolates, own dialect allows', documents: [CLOSED, acnp(ALLOW)], ask: WEB, antrea: 'allowed' },
  { row: 11, situation: 'allow first, deny second, one policy', documents: [acnp(`${API}, ingress: [{action: Allow}, {action: Drop}]`)], ask: WEB, antrea: 'allowed' },
  { row: 12, situation: 'two Admin policies of equal priority, at the same place', documents: [admin('Accept'), admin('Deny')], ask: WEB, antrea: 'depends' },
  {
    row: 12, situation: 'the deny at a later place', ask: WEB, antrea: 'allowed',
    documents: [admin('Accept'), clusterPolicy('Admin', 5, 'ingress: [{action: Pass, from: [{namespaces: {matchLabels: {team: c}}}]}, {action: Deny, from: [{namespaces: {}}]}]')],
  },
  { row: 13, situation: 'Admin Accept, NetworkPolicy isolates', documents: [admin('Accept'), CLOSED], ask: WEB, antrea: 'allowed' },
  { row: 14, situation: 'Admin Accept, own dialect denies in a tier above 220', documents: [admin('Accept'), acnp(DROP)], ask: WEB, antrea: 'allowed' },
  { row: 14, situation: 'in a tier below 220', documents: [admin('Accept'), acnp(DROP, 'tier: platform, priority: 1')], ask: WEB, antrea: 'denied' },
  { row: 15, situation: 'Admin Pass, own dialect denies', documents: [admin('Pass'), acnp(DROP)], ask: WEB, antrea: 'allowed' },
  { row: 16, situation: 'own tier selects and does not match, NetworkPolicy allows', documents: [acnp(`${API}, ingress: [{action: Drop, ports: [{protocol: UDP}]}]`, 'tier: emergency, priority: 1'), OPEN], ask: WEB, antrea: 'allowed' },
  { row: 18, situation: 'NetworkPolicy isolates, Baseline Accept', documents: [CLOSED, baseline('Accept')], ask: WEB, antrea: 'denied' },
  { row: 19, situation: 'NetworkPolicy allows, Baseline Deny', documents: [OPEN, baseline('Deny')], ask: WEB, antrea: 'allowed' },
  { row: 20, situation: 'NetworkPolicy isolates ingress only, Baseline Deny for egress', documents: [np('shop', '{podSelector: {}, policyTypes: [Ingress]}'), clusterPolicy('Baseline', 5, 'egress: [{action: Deny, to: [{namespaces: {}}]}]')], ask: WEB, antrea: 'denied' },
  { row: 21, situation: 'own baseline allows, CNP Baseline denies', documents: [acnp(ALLOW, 'tier: baseline, priority: 1'), baseline('Deny')], ask: WEB, antrea: 'allowed' },
  { row: 23, situation: 'Admin Deny where the gate is off', settings: {}, documents: [admin('Deny')], ask: WEB, antrea: 'allowed' },
  { row: 24, situation: 'a peer that is not known: Accept', documents: [np('shop', '{podSelector: {}, policyTypes: [Egress]}'), clusterPolicy('Admin', 5, 'egress: [{action: Accept, to: [{nodes: {}}]}]')], ask: WEB, antrea: 'depends' },
  { row: 24, situation: 'a peer that is not known: Deny', documents: [clusterPolicy('Admin', 5, 'egress: [{action: Deny, to: [{nodes: {}}]}]')], ask: WEB, antrea: 'depends' },
  { row: 25, situation: 'ipBlock that holds a pod', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')], ask: WEB, antrea: 'allowed' },
  { row: 26, situation: 'Admin Deny networks 0.0.0.0/0 to a pod', documents: [clusterPolicy('Admin', 5, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]')], ask: WEB, antrea: 'depends' },
  { row: 27, situation: 'ipBlock that holds another node', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}')], ask: ['192.0.2.2', 'pay/api'], antrea: 'depends' },
  { row: 28, situation: 'except in one rule, allowed in another', documents: [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 8.0.0.0/8, except: [8.8.8.0/24]}}]}, {to: [{ipBlock: {cidr: 8.8.8.8/32}}]}]}')], ask: ['shop/web', '8.8.8.8'], antrea: 'allowed' },
  { row: 29, situation: 'ipBlock of clients, externalTrafficPolicy: Cluster', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 8.8.8.0/24}}]}]}'), OPEN_SERVICE], ask: ['8.8.8.8', 'pay/api', '8080/TCP'], antrea: 'depends' },
  { row: 31, situation: 'own node to pod, ingress default-deny', documents: [CLOSED], ask: ['{host}', 'pay/api'], antrea: 'allowed' },
  { row: 32, situation: 'own node to pod, explicit deny', documents: [acnp(DROP)], ask: ['{host}', 'pay/api'], antrea: 'allowed' },
  { row: 33, situation: 'another node to pod, ingress default-deny', documents: [CLOSED], ask: ['{remote-node}', 'pay/api'], antrea: 'denied' },
  { row: 34, situation: 'pod to its own node, egress default-deny', documents: [np('shop', '{podSelector: {}, policyTypes: [Egress]}')], ask: ['shop/web', '{host}'], antrea: 'denied' },
  { row: 35, situation: 'hostNetwork pod as subject', documents: [np('pay', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')], ask: ['shop/web', 'pay/agent'], antrea: 'depends' },
  { row: 36, situation: 'hostNetwork pod of another node allowed by podSelector', documents: [np('pay', '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}')], ask: ['pay/agent', 'pay/api'], antrea: 'depends' },
  { row: 37, situation: 'subject without ownerReferences', documents: [CLOSED], ask: WEB, antrea: 'denied' },
  { row: 38, situation: 'egress selects the backends, the client dials the ClusterIP', documents: [SERVICE, np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}]}')], ask: ['shop/web', 'svc/pay/api'], antrea: 'allowed' },
  { row: 39, situation: 'own dialect denies egress to a Service, the client dials a pod', documents: [SERVICE, acnp('appliedTo: [{podSelector: {matchLabels: {app: web}}}], egress: [{action: Drop, toServices: [{name: api, namespace: pay}]}]')], ask: ['shop/web', 'pay/api', '8080/TCP'], antrea: 'allowed' },
  { row: 40, situation: 'pod to itself through its own Service, ingress denied', documents: [SERVICE, CLOSED], ask: ['pay/api', 'svc/pay/api'], antrea: 'allowed' },
  { row: 41, situation: 'replica to replica, ingress default-deny', documents: [REPLICAS, CLOSED], ask: ['pay/etcd', 'pay/etcd'], antrea: 'denied' },
  { row: 42, situation: 'ingress named port that another selected pod declares', documents: [np('shop', '{podSelector: {}, ingress: [{ports: [{port: sql}]}]}')], ask: ['pay/api', 'shop/web', '5432/TCP'], antrea: 'depends' },
  { row: 43, situation: 'egress named port with different numbers', documents: [np('pay', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: http}]}]}')], ask: ['pay/api', 'shop/web', '8080/TCP'], antrea: 'depends' },
  { row: 45, situation: 'ICMP, only TCP ports are allowed', documents: [TCP_ONLY], ask: ['shop/web', 'pay/api', 'ICMP'], antrea: 'denied' },
  { row: 46, situation: 'ICMP, deny-all', documents: [CLOSED], ask: ['shop/web', 'pay/api', 'ICMP'], antrea: 'denied' },
  { row: 47, situation: 'ICMP, a rule with a peer and no ports', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')], ask: ['shop/web', 'pay/api', 'ICMP'], antrea: 'depends' },
  { row: 48, situation: 'more than 24 port entries, the last one', documents: [np('pay', `{podSelector: {}, ingress: [{ports: [${MANY}]}]}`)], ask: ['shop/web', 'pay/api', '1029/TCP'], antrea: 'allowed' },
  { row: 49, situation: 'podSelector with io.cilium.k8s.policy.cluster', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]}}]}]}')], ask: WEB, antrea: 'denied' },
  { row: 50, situation: 'default-deny that selects statefulset.kubernetes.io/pod-name', documents: [STS_POD, np('pay', '{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: sts-0}}, policyTypes: [Ingress]}')], ask: ['shop/web', 'pay/sts-0'], antrea: 'denied' },
];

/** Rows about things that do not exist on Antrea (8, 17, 22, 51), about open connections, which no answer speaks of (44), and of the other IP family (30). */
const LEFT_OUT = [8, 17, 22, 30, 44, 51];

const SERVED = { ClusterNetworkPolicy: 'true' };

test.each(CELLS.map((cell) => [`${cell.row}: ${cell.situation}`, cell] as const))('%s', (_, { documents = [], settings = SERVED, ask: [from, to, port = '80/TCP'], antrea }) => {
  expect(clusterUnder('antrea', { version: '2.7', settings }, ...documents).allows(from, to, port).verdict).toBe(antrea);
});

test('every row of the table is asked, or left out with a reason', () => {
  const asked = new Set([...CELLS.map(({ row }) => row), ...LEFT_OUT]);
  expect(Array.from({ length: 51 }, (_, index) => index + 1).filter((row) => !asked.has(row))).toEqual([]);
});
