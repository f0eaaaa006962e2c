import { lines, policy } from './check';

const rule = 'shadowed-rule';
const only = { only: [rule], cni: 'calico' };

const global = (name: string, order: number | undefined, rules: string, more = '') => `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: ${name} }
spec: { ${order === undefined ? '' : `order: ${order}, `}selector: all(), types: [Ingress], ingress: ${rules}${more} }
---
`;
const cluster = (name: string, priority: number, rules: string, tier = 'Admin') => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec: { tier: ${tier}, priority: ${priority}, subject: { namespaces: {} }, ingress: ${rules} }
---
`;
const from = (action: string, labels: string, more = '') => `{ action: ${action}, from: [{ namespaces: { matchLabels: ${labels} } }]${more} }`;

describe('reports', () => {
  test('a denial behind a wider permission, with it', () => {
    expect(lines(rule, global('a', 10, '[{ action: Allow }, { action: Deny, source: { nets: [203.0.113.0/24] } }]'), only)).toEqual([
      expect.stringMatching(/^warning GlobalNetworkPolicy a spec\.ingress\[1\]: the rule never decides: all that it speaks about, GlobalNetworkPolicy a ingress\[0\] allows before it$/) as unknown,
    ]);
  });

  test('a rule of a policy that comes later', () => {
    expect(lines(rule, global('b', 20, '[{ action: Allow, protocol: TCP, destination: { ports: [80] } }]') + global('a', 10, '[{ action: Deny, protocol: TCP }]'), only))
      .toEqual([expect.stringMatching(/GlobalNetworkPolicy b .*GlobalNetworkPolicy a ingress\[0\] denies before it$/) as unknown]);
  });

  test('a rule of the cluster behind one of a lower priority number', () => {
    const manifests = cluster('late', 20, `[${from('Accept', '{ team: a, env: prod }')}]`) + cluster('early', 10, `[${from('Deny', '{ team: a }')}]`);
    expect(lines(rule, manifests, { only: [rule], cni: 'generic' })).toHaveLength(1);
  });

  test('the same twice, as it would itself', () => {
    expect(lines(rule, global('a', 10, '[{ action: Deny, source: { nets: [203.0.113.0/24] } }, { action: Deny, source: { nets: [203.0.113.0/25] } }]'), only))
      .toEqual([expect.stringMatching(/denies before it, as it would itself$/) as unknown]);
  });
});

describe('does not report', () => {
  const clean = (manifests: string, cni = 'calico') => expect(lines(rule, manifests, { only: [rule], cni })).toEqual([]);

  test('a wider rule behind a narrower one, or one before it that only logs', () => {
    clean(global('a', 10, '[{ action: Deny, source: { nets: [203.0.113.0/24] } }, { action: Allow }]'));
    clean(global('a', 10, '[{ action: Log }, { action: Deny }]'));
  });

  test('a rule before one that speaks about other ports, pods or a direction', () => {
    clean(global('a', 10, '[{ action: Allow, protocol: TCP, destination: { ports: [80] } }, { action: Deny, protocol: TCP }]'));
    clean(global('a', 10, '[{ action: Allow, protocol: UDP }, { action: Deny, protocol: TCP }]'));
    clean(global('a', 10, '[{ action: Allow, source: { selector: app == "web" } }, { action: Deny, source: { selector: has(app) } }]'));
    clean(global('a', 10, '[{ action: Allow }]', ', egress: [{ action: Deny }]').replace('types: [Ingress]', 'types: [Ingress, Egress]'));
  });

  test('policies of one order in an API that does not say which comes first', () => {
    clean(cluster('a', 10, `[${from('Deny', '{ team: a }')}]`) + cluster('b', 10, `[${from('Accept', '{ team: a }')}]`), 'generic');
  });

  test('the tiers Admin and Baseline of one cluster, between which NetworkPolicies decide', () => {
    clean(cluster('a', 10, `[${from('Pass', '{ team: a }')}]`) + cluster('b', 10, `[${from('Deny', '{ team: a }')}]`, 'Baseline'), 'generic');
  });

  test('an earlier policy for other pods', () => {
    clean(global('a', 10, '[{ action: Allow }]').replace('all()', 'app == "web"') + global('b', 20, '[{ action: Deny }]'));
  });

  test('NetworkPolicies, which have no order', () => {
    clean(policy('pay/api', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{}, { from: [{ podSelector: {} }] }] }'), 'generic');
  });

  test('the policies of the Calico guides: exceptions, then a denial of all else', () => {
    clean(`apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: deny-app-policy }
spec:
  namespaceSelector: has(projectcalico.org/name) && projectcalico.org/name not in {"kube-system", "calico-system"}
  types: [Ingress, Egress]
  egress:
    - { action: Allow, protocol: UDP, destination: { selector: k8s-app == "kube-dns", ports: [53] } }
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: allow-tcp-6379, namespace: production }
spec:
  selector: color == "red"
  types: [Ingress]
  ingress:
    - { action: Allow, protocol: TCP, source: { selector: color == "blue" }, destination: { ports: [6379] } }
    - { action: Deny, protocol: TCP, source: { selector: color == "blue" } }
`);
  });
});
