import { profileOf } from '../../lib/analysis';
import { ccnp, clusterPolicy, clusterUnder, cnp, np } from './cluster-under';

type Ask = readonly [from: string, to: string, port?: string];

const WEB: Ask = ['shop/web', 'pay/api'];
const SERVED = { version: '1.20', settings: { 'enable-k8s-cluster-network-policy': 'true' } };

function verdict(options: { readonly version?: string; readonly settings?: Readonly<Record<string, string>> }, texts: readonly string[], [from, to, port = '80/TCP']: Ask): string {
  const analysis = clusterUnder('cilium', options, ...texts);
  const { verdict: answer, conditions } = analysis.allows(from, to, port);
  return answer === 'depends' ? `depends: ${[...new Set(conditions.map(({ kind }) => kind))].join()}` : answer;
}

const V = { version: '1.18' };
const DENY_EGRESS_OPEN = ccnp('{endpointSelector: {}, enableDefaultDeny: {egress: false}, egressDeny: [{toCIDR: [169.254.169.254/32]}]}');
const ALL_OPEN = (rules: string): string => ccnp(`{endpointSelector: {}, enableDefaultDeny: {ingress: false, egress: false}, ${rules}}`);
const BASELINE_DENY = clusterPolicy('Baseline', 1, 'egress: [{action: Deny, to: [{namespaces: {}}]}]');

describe('isolation', () => {
  test.each<[string, { version?: string; settings?: Record<string, string> }, string[], Ask, string]>([
    ['any policy with default deny in that direction that selects the pod isolates it', V, [cnp('shop', '{endpointSelector: {}, egress: [{toEntities: [world]}]}')], WEB, 'denied'],
    ['the other direction stays open', V, [cnp('shop', '{endpointSelector: {}, egress: [{toEntities: [world]}]}')], ['pay/api', 'shop/web'], 'allowed'],
    ['enableDefaultDeny defaults to "has rules in that direction", denials too', V, [ccnp('{endpointSelector: {}, egressDeny: [{toCIDR: [169.254.169.254/32]}]}')], WEB, 'denied'],
    ['enableDefaultDeny false isolates nobody', V, [DENY_EGRESS_OPEN], WEB, 'allowed'],
    ['and denies what it denies', V, [DENY_EGRESS_OPEN], ['shop/web', '169.254.169.254'], 'denied'],
    ['below 1.16 enableDefaultDeny is unknown: a deny policy isolates the whole cluster', { version: '1.15' }, [DENY_EGRESS_OPEN], WEB, 'denied'],
    ['without a version nobody knows', {}, [DENY_EGRESS_OPEN], WEB, 'depends: cni'],
    ['enable-non-default-deny-policies=false forces it', { version: '1.18', settings: { 'enable-non-default-deny-policies': 'false' } }, [DENY_EGRESS_OPEN], WEB, 'denied'],
    ['enable-policy=always isolates pods without any policy', { version: '1.18', settings: { 'enable-policy': 'always' } }, [], WEB, 'denied'],
    ['enable-policy=always: what rules at both ends allow passes', { version: '1.18', settings: { 'enable-policy': 'always' } },
      [ccnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}], egress: [{toEndpoints: [{}]}]}')], WEB, 'allowed'],
    ['enable-policy=always overrides enableDefaultDeny', { version: '1.18', settings: { 'enable-policy': 'always' } }, [ALL_OPEN('egress: [{toEntities: [host]}]')], WEB, 'denied'],
    ['enable-policy=never enforces nothing', { version: '1.18', settings: { 'enable-policy': 'never' } }, [ccnp('{endpointSelector: {}, egress: [{}]}')], WEB, 'allowed'],
    ['policy-audit-mode drops nothing', { version: '1.18', settings: { 'policy-audit-mode': 'true' } }, [ccnp('{endpointSelector: {}, egress: [{}]}')], WEB, 'allowed'],
    ['enable-k8s-networkpolicy=false ignores NetworkPolicy', { version: '1.18', settings: { 'enable-k8s-networkpolicy': 'false' } }, [np('shop', '{podSelector: {}, policyTypes: [Egress]}')], WEB, 'allowed'],
    ['a direction in which no policy has rules is never isolated, whatever enableDefaultDeny says', V,
      [cnp('shop', '{endpointSelector: {}, enableDefaultDeny: {egress: true}, ingress: [{fromEntities: [all]}]}')], WEB, 'allowed'],
    ['an empty list of rules is no rule', V, [cnp('shop', '{endpointSelector: {}, egress: []}')], WEB, 'allowed'],
    ['egress: [{}] is default deny and allows nothing', V, [cnp('shop', '{endpointSelector: {}, egress: [{}]}')], WEB, 'denied'],
    ['the same text in a NetworkPolicy allows all', V, [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}')], WEB, 'allowed'],
    ['with enableDefaultDeny false it does nothing', V, [cnp('shop', '{endpointSelector: {}, enableDefaultDeny: {egress: false}, egress: [{}]}')], WEB, 'allowed'],
    ['ingressDeny: [{}] denies nothing but isolates', V, [cnp('pay', '{endpointSelector: {}, ingressDeny: [{}]}')], WEB, 'denied'],
    ['ingressDeny: [{}] beside an allow takes nothing away', V, [cnp('pay', '{endpointSelector: {}, ingressDeny: [{}], ingress: [{fromEntities: [all]}]}')], WEB, 'allowed'],
    ['each spec of specs is a policy', V, [
      '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: both, namespace: shop}, specs: [{endpointSelector: {matchLabels: {app: web}}, egress: [{}]}, {endpointSelector: {matchLabels: {app: db}}, egress: [{toEntities: [all]}]}]}',
    ], WEB, 'denied'],
  ])('%s', (_, options, texts, ask, expected) => expect(verdict(options, texts, ask)).toBe(expected));
});

describe('peers', () => {
  test.each<[string, string, Ask, string]>([
    ['ports without a peer field mean everybody', 'toPorts: [{ports: [{port: "80", protocol: TCP}]}]', ['shop/web', '8.8.8.8'], 'allowed'],
    ['toEndpoints: [] means nobody', 'toEndpoints: [], toPorts: [{ports: [{port: "80"}]}]', WEB, 'denied'],
    ['toEndpoints: [{}] of a namespaced policy means its own namespace', 'toEndpoints: [{}]', ['shop/web', 'shop/db'], 'allowed'],
    ['and no other', 'toEndpoints: [{}]', WEB, 'denied'],
    ['never world', 'toEndpoints: [{}]', ['shop/web', '8.8.8.8'], 'denied'],
    ['never nodes', 'toEndpoints: [{}]', ['shop/web', '{remote-node}'], 'denied'],
    ['the namespace with its source', 'toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": pay}}]', WEB, 'allowed'],
    ['the namespace without its source', 'toEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: pay, app: api}}]', WEB, 'allowed'],
    ['labels of the namespace', 'toEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: b}}]', WEB, 'allowed'],
    ['other labels of the namespace', 'toEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": a}}]', WEB, 'denied'],
    ['the namespace by an expression', 'toEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: NotIn, values: [shop]}]}]', WEB, 'allowed'],
    ['the service account', 'toEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: default, io.kubernetes.pod.namespace: pay}}]', WEB, 'allowed'],
    ['another service account', 'toEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: web, io.kubernetes.pod.namespace: pay}}]', WEB, 'denied'],
    ['the name of the cluster cannot be told', 'toEndpoints: [{matchLabels: {io.cilium.k8s.policy.cluster: eu, io.kubernetes.pod.namespace: pay}}]', WEB, 'depends: unevaluated-field'],
    ['reserved labels are entities', 'toEndpoints: [{matchLabels: {"reserved:host": ""}}]', ['shop/web', '{host}'], 'allowed'],
    ['the own node by its address', 'toEntities: [host]', ['shop/web', '192.0.2.1'], 'allowed'],
    ['another node by its address', 'toEntities: [host]', ['shop/web', '192.0.2.2'], 'denied'],
    ['remote-node is every node but the own', 'toEntities: [remote-node]', ['shop/web', '192.0.2.2'], 'allowed'],
    ['a hostNetwork pod is its node', 'toEntities: [remote-node]', ['shop/web', 'pay/agent'], 'allowed'],
    ['and no pod', 'toEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: pay, app: agent}}]', ['shop/web', 'pay/agent'], 'denied'],
    ['cluster is pods and nodes', 'toEntities: [cluster]', WEB, 'allowed'],
    ['cluster is not the world', 'toEntities: [cluster]', ['shop/web', '8.8.8.8'], 'denied'],
    ['none is nobody', 'toEntities: [none]', WEB, 'denied'],
    ['kube-apiserver', 'toEntities: [kube-apiserver]', ['shop/web', '{kube-apiserver}', '6443/TCP'], 'allowed'],
    ['no CIDR holds a pod', 'toCIDR: [0.0.0.0/0]', WEB, 'denied'],
    ['no CIDR holds a node', 'toCIDR: [192.0.2.2]', ['shop/web', '192.0.2.2'], 'denied'],
    ['a CIDR may hold the API server, which may be outside', 'toCIDR: [0.0.0.0/0, "::/0"]', ['shop/web', '{kube-apiserver}', '6443/TCP'], 'depends: cni'],
    ['an address without a prefix', 'toCIDR: [8.8.8.8]', ['shop/web', '8.8.8.8'], 'allowed'],
    ['a group of CIDRs that is not in the input', 'toCIDRSet: [{cidrGroupRef: vpn}]', ['shop/web', '8.8.8.8'], 'depends: unevaluated-field'],
    ['domain names depend', 'toFQDNs: [{matchPattern: "*.example.com"}]', ['shop/web', '8.8.8.8'], 'depends: fqdn'],
    ['domain names never match in the cluster', 'toFQDNs: [{matchName: api.pay.svc.cluster.local}]', WEB, 'denied'],
    ['Services are not evaluated', 'toServices: [{k8sService: {serviceName: api, namespace: pay}}]', WEB, 'depends: unevaluated-field'],
    ['groups of the cloud are not evaluated', 'toGroups: [{aws: {securityGroupsNames: [x]}}]', ['shop/web', '8.8.8.8'], 'depends: unevaluated-field'],
    ['nodes by labels need a setting', 'toNodes: [{matchLabels: {zone: b}}]', ['shop/web', '192.0.2.2'], 'depends: unevaluated-field'],
    ['the own node is never among nodes by labels', 'toNodes: [{matchLabels: {zone: a}}]', ['shop/web', '192.0.2.1'], 'denied'],
    ['mutual authentication', 'toEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: pay}}], authentication: {mode: required}', WEB, 'depends: unevaluated-field'],
    ['authentication disabled', 'toEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: pay}}], authentication: {mode: disabled}', WEB, 'allowed'],
  ])('%s', (_, rule, ask, expected) => expect(verdict(V, [cnp('shop', `{endpointSelector: {matchLabels: {app: web}}, egress: [{${rule}}]}`)], ask)).toBe(expected));

  test('fromEndpoints: [{}] of a clusterwide policy means all pods', () => {
    const policy = ccnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}');
    expect(verdict(V, [policy], WEB)).toBe('allowed');
    expect(verdict(V, [policy], ['8.8.8.8', 'pay/api'])).toBe('denied');
    expect(verdict(V, [policy], ['{remote-node}', 'pay/api'])).toBe('denied');
  });

  test('the namespace of an endpointSelector is ignored: the policy selects pods of its own', () => {
    const analysis = clusterUnder('cilium', V, cnp('shop', '{endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": pay}}, egress: [{}]}'));
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('denied');
    expect(analysis.inventory.issues.map(({ code }) => code)).toEqual(['no-effect']);
  });

  test('CIDR peers match pods or nodes where policy-cidr-match-mode says so', () => {
    const policy = cnp('shop', '{endpointSelector: {}, egress: [{toCIDR: [10.0.0.0/8, 192.0.2.0/24]}]}');
    expect(verdict({ version: '1.19', settings: { 'policy-cidr-match-mode': 'pods' } }, [policy], WEB)).toBe('allowed');
    expect(verdict({ version: '1.15', settings: { 'policy-cidr-match-mode': 'nodes' } }, [policy], WEB)).toBe('denied');
    expect(verdict({ version: '1.15', settings: { 'policy-cidr-match-mode': 'nodes' } }, [policy], ['shop/web', '192.0.2.2'])).toBe('allowed');
  });

  test('an Admin Deny of 0.0.0.0/0 does not stop pod traffic, and does where CIDRs match pods', () => {
    const policy = clusterPolicy('Admin', 0, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]');
    expect(verdict(SERVED, [policy], WEB)).toBe('allowed');
    expect(verdict({ ...SERVED, settings: { ...SERVED.settings, 'policy-cidr-match-mode': 'pods' } }, [policy], WEB)).toBe('denied');
  });
});

describe('the own node', () => {
  const CLOSED = cnp('shop', '{endpointSelector: {}, ingress: [{}], egress: [{}]}');
  test.each<[string, Record<string, string>, string, Ask, string]>([
    ['host -> local pod is an implicit allow', {}, CLOSED, ['{host}', 'shop/web'], 'allowed'],
    ['below explicit deny', {}, cnp('shop', '{endpointSelector: {}, ingressDeny: [{fromEntities: [host]}]}'), ['{host}', 'shop/web'], 'denied'],
    ['remote-node has none', {}, CLOSED, ['{remote-node}', 'shop/web'], 'denied'],
    ['a hostNetwork pod of the own node', {}, CLOSED, ['pay/agent', 'shop/db'], 'allowed'],
    ['a hostNetwork pod of another node', {}, CLOSED, ['pay/agent', 'shop/web'], 'denied'],
    ['pod -> own node is not implicit', {}, CLOSED, ['shop/web', '{host}'], 'denied'],
    ['allow-localhost=policy takes it away', { 'allow-localhost': 'policy' }, CLOSED, ['{host}', 'shop/web'], 'denied'],
    ['enable-policy=always keeps it', { 'enable-policy': 'always' }, '', ['{host}', 'shop/web'], 'allowed'],
  ])('%s', (_, settings, policy, ask, expected) => expect(verdict({ version: '1.18', settings }, [policy].filter((text) => text !== ''), ask)).toBe(expected));
});

describe('labels are the identity labels', () => {
  const POD = '{apiVersion: v1, kind: Pod, metadata: {name: sts-0, namespace: shop, labels: {app: sts, statefulset.kubernetes.io/pod-name: sts-0, apps.kubernetes.io/pod-index: "0", pod-template-hash: abc, kubernetes.io/x: y, app.kubernetes.io/name: sts}}, spec: {containers: [{name: c}]}}';
  test.each(['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'pod-template-hash', 'kubernetes.io/x'])('subjects selected by %s apply to nobody', (key) => {
    expect(verdict(V, [POD, cnp('shop', `{endpointSelector: {matchExpressions: [{key: ${key}, operator: Exists}]}, egress: [{}]}`)], ['shop/sts-0', 'pay/api'])).toBe('allowed');
    expect(verdict(V, [POD, np('shop', `{podSelector: {matchExpressions: [{key: ${key}, operator: Exists}]}, policyTypes: [Egress]}`)], ['shop/sts-0', 'pay/api'])).toBe('allowed');
  });

  test('app.kubernetes.io labels are among them', () => {
    expect(verdict(V, [POD, cnp('shop', '{endpointSelector: {matchLabels: {app.kubernetes.io/name: sts}}, egress: [{}]}')], ['shop/sts-0', 'pay/api'])).toBe('denied');
  });

  test('io.cilium.k8s.policy.cluster counts in a plain NetworkPolicy too', () => {
    const rule = '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]}}]}]}';
    expect(verdict(V, [np('shop', rule)], WEB)).toBe('allowed');
  });
});

describe('layers', () => {
  const CLOSED = np('pay', '{podSelector: {}, policyTypes: [Ingress]}');
  test.each<[string, string[], string]>([
    ['an Admin Accept beats egressDeny', [clusterPolicy('Admin', 5, 'egress: [{action: Accept, to: [{namespaces: {}}]}]'), cnp('shop', '{endpointSelector: {}, egressDeny: [{toEntities: [all]}]}')], 'allowed'],
    ['Admin Pass goes on to policies, where deny wins', [clusterPolicy('Admin', 5, 'egress: [{action: Pass, to: [{namespaces: {}}]}]'), cnp('shop', '{endpointSelector: {}, egressDeny: [{toEntities: [all]}]}')], 'denied'],
    ['allows of non-default-deny policies are final and skip Baseline', [BASELINE_DENY, ALL_OPEN('egress: [{toEntities: [all]}]')], 'allowed'],
    ['Baseline denies where no policy speaks', [BASELINE_DENY], 'denied'],
    ['the miss of isolated pods: a Baseline Accept may reach them', [clusterPolicy('Baseline', 1, 'ingress: [{action: Accept, from: [{namespaces: {}}]}]'), CLOSED], 'depends: cni'],
    ['the miss of isolated pods stays a denial without one', [clusterPolicy('Baseline', 1, 'ingress: [{action: Accept, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}]}]'), CLOSED], 'denied'],
    ['and under a Baseline Deny', [clusterPolicy('Baseline', 1, 'ingress: [{action: Deny, from: [{namespaces: {}}]}]'), CLOSED], 'denied'],
    ['isolation of the other direction does not undo a denial', [np('shop', '{podSelector: {}, policyTypes: [Ingress]}'), ALL_OPEN('egressDeny: [{toEntities: [cluster]}]')], 'denied'],
    ['deny wins over a NetworkPolicy', [np('shop', '{podSelector: {}, policyTypes: [Egress], egress: [{}]}'), cnp('shop', '{endpointSelector: {}, egressDeny: [{toEntities: [cluster]}]}')], 'denied'],
    ['allows add up with NetworkPolicy', [np('shop', '{podSelector: {}, policyTypes: [Egress]}'), cnp('shop', '{endpointSelector: {}, egress: [{toEntities: [cluster]}]}')], 'allowed'],
    ['equal priority: Deny wins', [clusterPolicy('Admin', 5, 'egress: [{action: Accept, to: [{namespaces: {}}]}]'), clusterPolicy('Admin', 5, 'egress: [{action: Deny, to: [{namespaces: {}}]}]')], 'denied'],
    ['equal priority: rules in other places of their policies depend', [
      clusterPolicy('Admin', 5, 'egress: [{action: Accept, to: [{namespaces: {}}]}]'),
      clusterPolicy('Admin', 5, 'egress: [{action: Accept, to: [{networks: [8.8.8.8/32]}]}, {action: Deny, to: [{namespaces: {}}]}]'),
    ], 'depends: priority-tie'],
  ])('%s', (_, texts, expected) => expect(verdict(SERVED, texts, WEB)).toBe(expected));

  test.each<[string, { version?: string; settings?: Record<string, string> }]>([
    ['below 1.20', { version: '1.19' }],
    ['by default', { version: '1.20' }],
    ['without a version', {}],
  ])('a ClusterNetworkPolicy contributes nothing %s, and is reported', (_, options) => {
    const analysis = clusterUnder('cilium', options, BASELINE_DENY);
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP').verdict).toBe('allowed');
    expect(analysis.issues.map(({ code }) => code)).toEqual(['api-not-served']);
  });

  test('a policy with a nodeSelector has no effect without the host firewall, and is reported', () => {
    const analysis = clusterUnder('cilium', V, ccnp('{nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}'));
    expect(analysis.issues.map(({ message }) => message)).toEqual([expect.stringContaining('the host firewall')]);
  });
});

describe('ports', () => {
  const egress = (ports: string): string => cnp('shop', `{endpointSelector: {matchLabels: {app: web}}, egress: [{toEntities: [cluster], ${ports}}]}`);
  test.each<[string, string, Ask, string]>([
    ['ANY is every protocol with ports', 'toPorts: [{ports: [{port: "53", protocol: ANY}]}]', ['shop/web', 'pay/api', '53/UDP'], 'allowed'],
    ['no protocol is ANY', 'toPorts: [{ports: [{port: "53"}]}]', ['shop/web', 'pay/api', '53/SCTP'], 'allowed'],
    ['ANY is not ICMP', 'toPorts: [{ports: [{port: "0", protocol: ANY}]}]', ['shop/web', 'pay/api', 'ICMP'], 'denied'],
    ['0 is every port', 'toPorts: [{ports: [{port: "0", protocol: TCP}]}]', ['shop/web', 'pay/api', '9/TCP'], 'allowed'],
    ['a rule without ports is every protocol', 'toPorts: []', ['shop/web', 'pay/api', 'ICMP'], 'allowed'],
    ['types of ICMP by name', 'icmps: [{fields: [{type: EchoRequest, family: IPv6}]}]', ['shop/web', 'pay/api', 'ICMPv6/128'], 'allowed'],
    ['other types', 'icmps: [{fields: [{type: 8}]}]', ['shop/web', 'pay/api', 'ICMP/13/0'], 'denied'],
    ['a name with one number in the cluster, at a pod that has it', 'toPorts: [{ports: [{port: sql}]}]', ['shop/web', 'shop/db', '5432/TCP'], 'allowed'],
    ['at a pod that does not have it', 'toPorts: [{ports: [{port: sql}]}]', ['shop/web', 'pay/api', '5432/TCP'], 'depends: cni'],
    ['a name with two numbers: old versions skip the rule', 'toPorts: [{ports: [{port: http}]}]', ['shop/web', 'shop/db', '9090/TCP'], 'depends: cni'],
    ['another number', 'toPorts: [{ports: [{port: sql}]}]', ['shop/web', 'shop/db', '5433/TCP'], 'denied'],
    ['an element without ports matches nothing', 'toPorts: [{ports: []}]', WEB, 'denied'],
    ['HTTP rules depend', 'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]', WEB, 'depends: l7'],
    ['an HTTP rule without conditions lets all pass', 'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]', WEB, 'allowed'],
    ['DNS rules for every name let all pass', 'toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]', ['shop/web', 'pay/api', '53/UDP'], 'allowed'],
    ['DNS rules for some names depend', 'toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchName: example.com}]}}]', ['shop/web', 'pay/api', '53/UDP'], 'depends: l7'],
    ['server names depend', 'toPorts: [{ports: [{port: "80", protocol: TCP}], serverNames: [example.com]}]', WEB, 'depends: l7'],
  ])('%s', (_, ports, ask, expected) => expect(verdict(V, [egress(ports)], ask)).toBe(expected));

  test('a plain rule for the same port makes the content irrelevant', () => {
    const http = 'toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]';
    expect(verdict(V, [egress(http), egress('toPorts: [{ports: [{port: "80", protocol: TCP}]}]')], WEB)).toBe('allowed');
  });

  test.each([['1.17', 'depends: l7'], ['1.18', 'allowed'], [undefined, 'depends: l7']])('L7 rules under enableDefaultDeny: false on %s', (version, expected) => {
    const policy = cnp('shop', '{endpointSelector: {}, enableDefaultDeny: {egress: false}, egress: [{toEntities: [cluster], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: GET}]}}]}]}');
    const answer = verdict(version === undefined ? { settings: { 'enable-non-default-deny-policies': 'true' } } : { version }, [policy], WEB);
    expect(answer.replace('cni,', '')).toBe(expected);
  });
});

test.each([
  [{ settings: { 'enable-polcy': 'never' } }, '"enable-polcy" is not a setting of Cilium that this library knows'],
  [{ settings: { 'enable-policy': 'sometimes' } }, '"sometimes" is not a value of the setting enable-policy'],
  [{ version: '1.14', settings: { 'policy-cidr-match-mode': 'nodes' } }, '"policy-cidr-match-mode=nodes" is a setting of Cilium 1.15 and later'],
])('the profile refuses %j', (options, message) => {
  expect(() => profileOf('cilium', options)).toThrow(message);
});
