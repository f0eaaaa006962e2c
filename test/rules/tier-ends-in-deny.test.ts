import { deployment, found, lines, missing } from './check';

const rule = 'tier-ends-in-deny';
const only = { only: [rule], cni: 'calico' };
const WEB = deployment('shop/web', '{ app: web }');
const tier = (more = '') => `apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: { name: guard }\nspec: { order: 50${more} }\n---\n`;
const global = (name: string, spec: string) => `apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: ${name} }\nspec: { ${spec} }\n---\n`;
const DENY = '{ action: Deny, destination: { nets: [169.254.169.254/32] } }';
const guard = (egress: string, more = '') => global('guard.metadata', `tier: guard, namespaceSelector: all(), types: [Egress], egress: [${egress}]${more}`);

describe('reports', () => {
  test('a denial in a tier of its own, with the connection that shows it', () => {
    expect(lines(rule, WEB + tier() + guard(DENY), only)).toEqual([
      'error GlobalNetworkPolicy guard.metadata spec.egress: tier guard ends in deny, and no rule of it allows or passes anything: egress of shop/web is closed, whatever later tiers and NetworkPolicies say',
    ]);
    expect(found(rule, WEB + tier() + guard(DENY), only)[0]?.evidence).toEqual({ from: 'shop/web', to: '203.0.113.1', port: '443/TCP' });
  });

  test('a policy that only logs', () => {
    expect(lines(rule, WEB + tier() + guard('{ action: Log }'), only)).toHaveLength(1);
  });

  test('the tier that says Deny itself', () => {
    expect(lines(rule, WEB + tier(', defaultAction: Deny') + guard(DENY), only)).toHaveLength(1);
  });

  test('pods that the input does not show', () => {
    const namespaced = 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: guard.a, namespace: shop }\nspec: { tier: guard, types: [Egress], egress: [{ action: Deny, destination: { nets: [10.0.0.0/8] } }] }\n---\n';
    expect(lines(rule, tier() + namespaced, only)).toEqual([expect.stringContaining('egress of any pod of shop is closed') as unknown]);
  });
});

describe('does not report', () => {
  test.each([
    ['a tier that passes', tier(', defaultAction: Pass') + guard(DENY)],
    ['a rule that passes at the end', tier() + guard(`${DENY}, { action: Pass }`)],
    ['an allow-list', tier() + guard('{ action: Deny, destination: { nets: [10.0.0.0/8] } }, { action: Allow, destination: { nets: [192.0.2.0/24] } }')],
    ['a quarantine, which denies everything', tier() + guard('{ action: Deny }')],
    ['a quarantine without rules', tier() + global('guard.stop', 'tier: guard, namespaceSelector: all(), types: [Egress]')],
    ['another policy of the tier that passes', tier() + guard(DENY) + global('guard.rest', 'tier: guard, order: 100, namespaceSelector: all(), types: [Egress], egress: [{ action: Pass }]')],
    ['a denial in the default tier, where pods end anyway', global('default.metadata', `tier: default, namespaceSelector: all(), types: [Egress], egress: [${DENY}]`)],
    ['a tier before it that allows everything', `${tier()}${tier().replace('guard', 'first').replace('50', '10')}${guard(DENY)}${global('first.open', 'tier: first, namespaceSelector: all(), types: [Egress], egress: [{ action: Allow }]')}`],
  ])('%s', (_, manifests) => {
    expect(lines(rule, WEB + manifests, only)).toEqual([]);
  });

  test('the direction in which the policy says nothing', () => {
    expect(lines(rule, WEB + tier() + guard(DENY), only).filter((line) => line.includes('spec.ingress'))).toEqual([]);
  });

  test('policies of the cluster where no tier ends in deny', () => {
    const cnp = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: a }\nspec: { tier: Admin, priority: 1, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [169.254.169.254/32] }] }] }\n';
    expect(lines(rule, WEB + cnp, { ...only, cni: 'generic' })).toEqual([]);
  });
});

test('is not evaluated where the input does not have the tier', () => {
  expect(lines(rule, WEB + guard(DENY), only)).toEqual([]);
  expect(missing(rule, WEB + guard(DENY), only)).toEqual([expect.stringMatching(/^: guard\.metadata: the input has no object of the tier guard: its order is not known, nor what happens at its end$/) as unknown]);
});
