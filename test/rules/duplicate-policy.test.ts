import { lines, policy } from './check';

const rule = 'duplicate-policy';
const only = { only: [rule] };
const WEB = '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: TCP, port: 80 }, { protocol: TCP, port: 443 }] }] }';

describe('reports', () => {
  test('two of one meaning, in whatever words', () => {
    const other = '{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [web] }] }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 443 }, { port: 80 }] }] }';
    expect(lines(rule, policy('shop/a', WEB) + policy('shop/b', other), only)).toEqual(['warning NetworkPolicy shop/b: NetworkPolicy shop/b says what NetworkPolicy shop/a says already']);
  });

  test('two default denies, one with policyTypes left out', () => {
    expect(lines(rule, policy('shop/deny', '{ podSelector: {}, policyTypes: [Ingress] }') + policy('shop/default-deny', '{ podSelector: {} }'), only)).toHaveLength(1);
  });

  test('the one that is checked, where the other is context', () => {
    const isChecked = (origin?: { readonly file?: string }) => origin?.file !== '1';
    expect(lines(rule, policy('shop/a', WEB) + policy('shop/b', WEB), { ...only, isChecked })).toEqual(['warning NetworkPolicy shop/a: NetworkPolicy shop/a says what NetworkPolicy shop/b says already']);
  });
});

describe('does not report', () => {
  const clean = (manifests: string, cni = 'generic') => expect(lines(rule, manifests, { ...only, cni })).toEqual([]);

  test('the same in two namespaces, for other pods, or in the other direction', () => {
    clean(policy('shop/a', WEB) + policy('pay/a', WEB));
    clean(policy('shop/a', WEB) + policy('shop/b', WEB.replace('app: web', 'app: cart')));
    clean(policy('shop/a', '{ podSelector: {}, policyTypes: [Ingress] }') + policy('shop/b', '{ podSelector: {}, policyTypes: [Egress] }') + policy('shop/c', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'));
  });

  test('a preview and what it previews, and previews of one meaning', () => {
    const staged = (name: string) => `apiVersion: projectcalico.org/v3\nkind: StagedNetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { selector: all(), types: [Ingress] }\n---\n`;
    const calico = 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: a, namespace: shop }\nspec: { selector: all(), types: [Ingress] }\n---\n';
    clean(staged('a') + staged('b') + calico, 'calico');
  });

  test('the opener and the rollback of one namespace', () => {
    const opener = (name: string) => policy(`shop/${name}`, '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }', ', annotations: { cdk8s-netpol/stage: AUDIT }');
    clean(opener('netpol-audit') + opener('netpol-rollback'));
  });

  test('policies that differ in their order', () => {
    const ordered = (name: string, order: number) => `apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { order: ${order}, selector: all(), types: [Ingress], ingress: [{ action: Deny }] }\n---\n`;
    clean(ordered('a', 1) + ordered('b', 2), 'calico');
  });
});
