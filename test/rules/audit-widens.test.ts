import { deployment, lines, missing, policy } from './check';

const rule = 'audit-widens';
const OURS = ', labels: { app.kubernetes.io/managed-by: cdk8s-netpol }';
const OPEN = '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }';
const opener = (spec = OPEN, annotations = 'cdk8s-netpol/stage: AUDIT') => policy('pay/netpol-audit', spec, `${OURS}, annotations: { ${annotations} }`);
const LEDGER = policy('pay/ledger', '{ podSelector: { matchLabels: { app: ledger } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }] }] }');
const found = (manifests: string, cni = 'generic') => lines(rule, manifests, { cni });

describe('reports', () => {
  test('a policy of others that closes what the opener opens', () => {
    expect(found(opener() + LEDGER + deployment('pay/ledger', '{ app: ledger }'))).toEqual([
      expect.stringMatching(/^error NetworkPolicy pay\/ledger: netpol-audit opens ingress that this policy keeps closed: pay\/ledger may accept connections from .* while pay is in AUDIT$/) as unknown,
    ]);
  });

  test('without a pod in the input, and in both directions', () => {
    expect(found(opener() + policy('pay/deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'))).toEqual([expect.stringContaining('opens egress') as unknown, expect.stringContaining('opens ingress') as unknown]);
  });

  test('a policy that keeps nothing but a range closed', () => {
    const block = policy('pay/out', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }] }, { to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }, { ipBlock: { cidr: "::/0" } }] }] }');
    expect(found(opener() + block)).toEqual([expect.stringContaining('may connect to') as unknown]);
  });
});

describe('does not report', () => {
  test('a policy of the constructs, and one that opens everything itself', () => {
    expect(found(opener() + policy('pay/api', '{ podSelector: {}, policyTypes: [Ingress] }', OURS))).toEqual([]);
    expect(found(opener() + policy('pay/all', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }'))).toEqual([]);
  });

  test('an opener that is shut, one of another namespace, and none', () => {
    const shut = '{ podSelector: { matchExpressions: [{ key: a, operator: Exists }, { key: a, operator: DoesNotExist }] }, policyTypes: [Ingress, Egress] }';
    expect(found(opener(shut, 'cdk8s-netpol/stage: ENFORCE') + LEDGER)).toEqual([]);
    expect(found(opener() + LEDGER.replace('namespace: pay', 'namespace: shop'))).toEqual([]);
    expect(found(LEDGER)).toEqual([]);
  });

  test('an opening that somebody has accepted with a reason', () => {
    expect(found(opener(OPEN, 'cdk8s-netpol/stage: AUDIT, cdk8s-netpol/reason: "the old policy had a typo"') + LEDGER)).toEqual([]);
  });

  test('what another policy of others opens anyway', () => {
    expect(found(opener() + LEDGER + policy('pay/others', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{}] }'))).toEqual([]);
  });

  test('a denial that comes before the opener: it stays', () => {
    const deny = 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: pay }\nspec: { order: 1, selector: all(), types: [Ingress], ingress: [{ action: Deny }] }\n---\n';
    expect(found(opener() + deny, 'calico')).toEqual([]);
  });
});

test('is not evaluated where a policy is of an API that nobody knows to be served', () => {
  const cilium = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: pay }\nspec: { endpointSelector: {}, ingress: [{}] }\n---\n';
  expect(missing(rule, opener() + LEDGER + cilium, { profileIsAssumed: true })).toEqual([expect.stringMatching(/^pay: .*--cni/) as unknown]);
});
