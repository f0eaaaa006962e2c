import { ccnp, clusterPolicy, clusterUnder, np } from '../profiles/cluster-under';

interface Cell {
  readonly row: number;
  readonly situation: string;
  readonly documents?: readonly string[];
  readonly version?: string;
  readonly ask: readonly [from: string, to: string, port?: string];
  readonly dpv2: 'allowed' | 'denied' | 'depends';
}

const WEB = ['shop/web', 'pay/api'] as const;
const SERVING = '1.36.0-gke.4447000';
const CLOSED = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
const ADMIN = (rules: string): string => clusterPolicy('Admin', 5, rules);
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: pay}, spec: {clusterIP: 10.96.0.9, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}';
const DENY_ALL = ccnp('{endpointSelector: {}, ingressDeny: [{fromEntities: [all]}]}');
const ALLOW_ALL = ccnp('{endpointSelector: {}, ingress: [{fromEntities: [all]}]}');
const REPLICAS = '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: etcd, namespace: pay}, spec: {replicas: 3, template: {metadata: {labels: {app: etcd}}, spec: {containers: [{name: c}]}}}}';

/** Cells that GKE documents; everywhere else nobody says which of Cilium's answers it keeps. */
const CELLS: readonly Cell[] = [
  { row: 1, situation: 'no policy selects either pod', ask: WEB, dpv2: 'allowed' },
  { row: 2, situation: 'NetworkPolicy ingress: [{}]', documents: [np('pay', '{podSelector: {}, ingress: [{}]}')], ask: WEB, dpv2: 'allowed' },
  { row: 3, situation: 'own dialect, one empty rule', documents: [ccnp('{endpointSelector: {}, ingress: [{}]}')], ask: WEB, dpv2: 'depends' },
  { row: 4, situation: 'own dialect, ports and no peer, from outside', documents: [CLOSED, ccnp('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]}')], ask: ['8.8.8.8', 'pay/api'], dpv2: 'depends' },
  { row: 5, situation: 'NetworkPolicy with egress rules and no types: ingress', documents: [np('pay', '{podSelector: {}, egress: [{}]}')], ask: WEB, dpv2: 'denied' },
  { row: 7, situation: 'NetworkPolicy, an allow that does not match', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}')], ask: WEB, dpv2: 'denied' },
  { row: 7, situation: 'an Admin Accept that does not match', documents: [ADMIN('ingress: [{action: Accept, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}]}]')], ask: WEB, dpv2: 'allowed' },
  { row: 9, situation: 'NetworkPolicy allows, own dialect denies', documents: [np('pay', '{podSelector: {}, ingress: [{}]}'), DENY_ALL], ask: WEB, dpv2: 'denied' },
  { row: 10, situation: 'NetworkPolicy isolates, own dialect allows', documents: [CLOSED, ALLOW_ALL], ask: WEB, dpv2: 'depends' },
  { row: 11, situation: 'allow first, deny second, Admin', documents: [ADMIN('ingress: [{action: Accept, from: [{namespaces: {}}]}, {action: Deny, from: [{namespaces: {}}]}]')], ask: WEB, dpv2: 'allowed' },
  { row: 12, situation: 'two Admin policies of equal priority', documents: [ADMIN('ingress: [{action: Accept, from: [{namespaces: {}}]}]'), ADMIN('ingress: [{action: Deny, from: [{namespaces: {}}]}]')], ask: WEB, dpv2: 'depends' },
  { row: 13, situation: 'Admin Accept, NetworkPolicy isolates', documents: [ADMIN('ingress: [{action: Accept, from: [{namespaces: {}}]}]'), CLOSED], ask: WEB, dpv2: 'allowed' },
  { row: 18, situation: 'NetworkPolicy isolates, Baseline Accept', documents: [CLOSED, clusterPolicy('Baseline', 5, 'ingress: [{action: Accept, from: [{namespaces: {}}]}]')], ask: WEB, dpv2: 'depends' },
  { row: 19, situation: 'NetworkPolicy allows, Baseline Deny', documents: [np('pay', '{podSelector: {}, ingress: [{}]}'), clusterPolicy('Baseline', 5, 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')], ask: WEB, dpv2: 'allowed' },
  { row: 20, situation: 'NetworkPolicy isolates ingress only, Baseline Deny for egress', documents: [np('shop', '{podSelector: {}, policyTypes: [Ingress]}'), clusterPolicy('Baseline', 5, 'egress: [{action: Deny, to: [{namespaces: {}}]}]')], ask: WEB, dpv2: 'depends' },
  { row: 23, situation: 'Admin Deny where ClusterNetworkPolicy is not served', version: '1.35.0-gke.1', documents: [ADMIN('ingress: [{action: Deny, from: [{namespaces: {}}]}]')], ask: WEB, dpv2: 'allowed' },
  { row: 25, situation: 'ipBlock that holds a pod', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}')], ask: WEB, dpv2: 'depends' },
  { row: 26, situation: 'Admin Deny networks 0.0.0.0/0 to a pod', documents: [ADMIN('egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]')], ask: WEB, dpv2: 'depends' },
  { row: 27, situation: 'ipBlock that holds another node', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}]}]}')], ask: ['192.0.2.2', 'pay/api'], dpv2: 'depends' },
  { row: 31, situation: 'own node to pod, ingress default-deny', documents: [CLOSED], ask: ['{host}', 'pay/api'], dpv2: 'depends' },
  { row: 34, situation: 'pod to its own node, egress default-deny', documents: [np('shop', '{podSelector: {}, policyTypes: [Egress]}')], ask: ['shop/web', '{host}'], dpv2: 'depends' },
  { row: 35, situation: 'hostNetwork pod as subject', documents: [np('pay', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')], ask: ['shop/web', 'pay/agent'], dpv2: 'depends' },
  { row: 36, situation: 'hostNetwork pod of another node allowed by podSelector', documents: [np('pay', '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: agent}}}]}]}')], ask: ['pay/agent', 'pay/api'], dpv2: 'depends' },
  { row: 38, situation: 'egress selects the backends, the client dials the ClusterIP', documents: [SERVICE, np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}]}')], ask: ['shop/web', 'svc/pay/api'], dpv2: 'allowed' },
  { row: 40, situation: 'pod to itself through its own Service, ingress denied', documents: [SERVICE, CLOSED], ask: ['pay/api', 'svc/pay/api'], dpv2: 'depends' },
  { row: 41, situation: 'replica to replica, ingress default-deny', documents: [REPLICAS, CLOSED], ask: ['pay/etcd', 'pay/etcd'], dpv2: 'denied' },
  { row: 43, situation: 'egress named port with different numbers', documents: [np('pay', '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: http}]}]}')], ask: ['pay/api', 'shop/web', '8080/TCP'], dpv2: 'depends' },
  { row: 45, situation: 'ICMP, only TCP ports are allowed', documents: [np('pay', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}')], ask: ['shop/web', 'pay/api', 'ICMP'], dpv2: 'depends' },
  { row: 47, situation: 'ICMP, a rule with a peer and no ports', documents: [np('pay', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')], ask: ['shop/web', 'pay/api', 'ICMP'], dpv2: 'depends' },
];

test.each(CELLS.map((cell) => [`${cell.row}: ${cell.situation}`, cell] as const))('%s', (_, { documents = [], version = SERVING, ask: [from, to, port = '80/TCP'], dpv2 }) => {
  const settings = { 'enable-cilium-clusterwide-network-policy': 'true' };
  expect(clusterUnder('gke-dpv2', { version, settings }, ...documents).allows(from, to, port).verdict).toBe(dpv2);
});

test('a version that is not told leaves open whether ClusterNetworkPolicy is served', () => {
  const analysis = clusterUnder('gke-dpv2', {}, ADMIN('egress: [{action: Deny, to: [{namespaces: {}}]}]'));
  const { verdict, conditions } = analysis.allows('shop/web', 'pay/api', '80/TCP');
  expect([verdict, conditions.map(({ kind }) => kind)]).toEqual(['depends', ['unsupported-api']]);
});

test('CiliumClusterwideNetworkPolicy is served where the flag says so, CiliumNetworkPolicy never', () => {
  const namespaced = '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: x, namespace: shop}, spec: {endpointSelector: {}, egressDeny: [{toEntities: [all]}]}}';
  const off = clusterUnder('gke-dpv2', { version: SERVING }, DENY_ALL, namespaced);
  expect(off.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
  expect(off.issues.map(({ code }) => code)).toEqual(['api-not-served', 'api-not-served']);
});

test('the list says of what depends that it may be reached', () => {
  const analysis = clusterUnder('gke-dpv2', { version: SERVING, settings: { 'enable-cilium-clusterwide-network-policy': 'true' } }, ccnp('{endpointSelector: {}, ingress: [{}]}'));
  const rows = analysis.connections().filter(({ source, destination }) => source.kind === 'workload' && source.name === 'web' && destination.kind === 'workload' && destination.name === 'api');
  expect(rows.map(({ conditions }) => [...new Set(conditions.map(({ kind }) => kind))])).toEqual([['cni']]);
});
