import { parseAllDocuments } from 'yaml';
import { profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { BUILT_IN_RULES, checkRules } from '../../lib/rules';
import { deployment, lines, missing, policy } from './check';

const rule = 'deny-isolates';
const only = { only: [rule], cni: 'cilium' };
const WEB = deployment('shop/web', '{ app: web }');
const cnp = (spec: string, name = 'a') => `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { endpointSelector: {}, ${spec} }\n---\n`;
const ccnp = (spec: string) => cnp(spec).replace('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy').replace(', namespace: shop', '');
const DENY = 'egressDeny: [{ toCIDR: [169.254.169.254/32] }]';
const OPEN = 'enableDefaultDeny: { ingress: false, egress: false }';

describe('reports', () => {
  test('a block of metadata that takes everything', () => {
    expect(lines(rule, WEB + ccnp(DENY), only)).toEqual([
      'warning CiliumClusterwideNetworkPolicy a spec: it denies some egress and allows none, and isolates what it selects: all egress of shop/web is dropped, for no policy allows any',
    ]);
  });

  test('ingress of a namespace, also without its pods', () => {
    expect(lines(rule, cnp('ingressDeny: [{ fromEntities: [world] }]'), only)).toEqual([expect.stringContaining('all ingress of any pod of shop is dropped') as unknown]);
  });

  test('two denials, each of them', () => {
    expect(lines(rule, WEB + cnp(DENY) + cnp('egressDeny: [{ toEntities: [remote-node] }]', 'b'), only)).toHaveLength(2);
  });

  test('one that says it does not isolate, to a cluster that does not know that yet', () => {
    const objects = parseAllDocuments(WEB + cnp(`${OPEN}, ${DENY}`)).map((document): { object: unknown } => ({ object: document.toJS() })).filter(({ object }) => object !== null);
    const findings = (version: string) => checkRules({
      objects, inventory: readInventory(objects, { readers: POLICY_READERS }), profile: profileOf('cilium', { version }), rules: BUILT_IN_RULES, only: [rule],
    }).findings.map(({ message }) => message);
    expect(findings('1.15')).toEqual([expect.stringContaining('although it says that it does not isolate') as unknown]);
    expect(findings('1.18')).toEqual([]);
  });
});

describe('does not report', () => {
  test.each([
    ['one that does not isolate', cnp(`${OPEN}, ${DENY}`)],
    ['one that allows the rest, as the examples of Cilium have it', cnp('ingress: [{ fromEntities: [all] }], ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: other } }] }]')],
    ['one beside an allow of another policy', cnp(DENY) + policy('shop/b', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }] }] }')],
    ['one beside a default deny', cnp(DENY) + policy('shop/b', '{ podSelector: {}, policyTypes: [Egress] }')],
    ['a default deny, which lists nobody', cnp('ingress: [{}], egress: [{}]')],
    ['one that denies everything', cnp('egressDeny: [{ toEntities: [all] }]')],
    ['allow rules', cnp('egress: [{ toEntities: [world] }]')],
  ])('%s', (_, manifests) => {
    expect(lines(rule, WEB + manifests, only)).toEqual([]);
  });

  test('denials of tiers, which isolate nobody', () => {
    const cluster = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: { name: a }\nspec: { tier: Admin, priority: 1, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [169.254.169.254/32] }] }] }\n';
    expect(lines(rule, WEB + cluster, { ...only, cni: 'generic' })).toEqual([]);
  });
});

test('is not evaluated where no namespace is in the input', () => {
  expect(missing(rule, ccnp(DENY), only)).toEqual([': a: no namespace that it selects pods of is in the input']);
});
