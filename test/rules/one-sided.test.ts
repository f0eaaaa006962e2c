import { deployment, found, lines, missing, policy } from './check';

const rule = 'one-sided';
const only = { only: [rule] };
const WEB = deployment('shop/web', '{ app: web }');
const DB = deployment('pay/db', '{ app: db }', '[{ name: sql, containerPort: 5432 }, { name: metrics, containerPort: 9187 }]');
const IN = (name: string) => `namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } }`;
const out = (ports: string, to = `{ ${IN('pay')}, podSelector: { matchLabels: { app: db } } }`) => policy('shop/web', `{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [${to}], ports: ${ports} }] }`);
const CLOSED = policy('pay/deny', '{ podSelector: {}, policyTypes: [Ingress] }');
const into = (ports: string, from = `{ ${IN('shop')}, podSelector: { matchLabels: { app: web } } }`) => policy('pay/db', `{ podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress], ingress: [{ from: [${from}], ports: ${ports} }] }`);

describe('reports', () => {
  test('egress that the other end denies, with the connection that shows it', () => {
    expect(lines(rule, WEB + DB + CLOSED + out('[{ port: 5432 }]'), only)).toEqual([
      'warning NetworkPolicy shop/web spec.egress[0]: 5432/TCP from shop/web to pay/db is allowed by this rule, and ingress of pay/db denies it',
    ]);
    expect(found(rule, WEB + DB + CLOSED + out('[{ port: 5432 }]'), only)[0]?.evidence).toEqual({ from: 'shop/web', to: 'pay/db', port: '5432/TCP' });
  });

  test('ingress that the source may not send', () => {
    const deny = policy('shop/deny', '{ podSelector: {}, policyTypes: [Egress] }');
    expect(lines(rule, WEB + DB + deny + into('[{ port: sql }]'), only)).toEqual([
      'warning NetworkPolicy pay/db spec.ingress[0]: 5432/TCP from shop/web to pay/db is allowed by this rule, and egress of shop/web denies it',
    ]);
  });

  test('the one port of two that the other end leaves out', () => {
    expect(lines(rule, WEB + DB + into('[{ port: 5432 }]') + out('[{ port: 5432 }, { port: 9187 }]'), only)).toEqual([expect.stringContaining('9187/TCP from shop/web') as unknown]);
  });

  test('the other end that lets in somebody else', () => {
    expect(lines(rule, WEB + DB + into('[{ port: 5432 }]', '{ podSelector: { matchLabels: { app: web } } }') + out('[{ port: 5432 }]'), only)).toHaveLength(1);
  });

  test.each(['calico', 'cilium', 'antrea', 'aws'])('the same (%s)', (cni) => {
    expect(lines(rule, WEB + DB + CLOSED + out('[{ port: 5432 }]'), { ...only, cni })).toHaveLength(1);
  });
});

describe('does not report', () => {
  test.each([
    ['both ends', into('[{ port: 5432 }]') + out('[{ port: 5432 }]')],
    ['an open end', out('[{ port: 5432 }]')],
    ['a frame: every pod of a namespace', CLOSED + out('[{ port: 5432 }]', `{ ${IN('pay')} }`)],
    ['a frame: every pod of the cluster', CLOSED + out('[{ port: 5432 }]', '{ namespaceSelector: {} }')],
    ['all ports', CLOSED + policy('shop/web', `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ${IN('pay')}, podSelector: { matchLabels: { app: db } } }] }] }`)],
    ['a frame: a range of ports', CLOSED + out('[{ port: 1024, endPort: 65535 }]')],
    ['a port on which nobody listens', CLOSED + out('[{ port: 3306 }]')],
    ['addresses', CLOSED + out('[{ port: 5432 }]', '{ ipBlock: { cidr: 10.0.0.0/8 } }')],
    ['pods that are not in the input', CLOSED + out('[{ port: 5432 }]', `{ ${IN('data')}, podSelector: { matchLabels: { app: db } } }`)],
    ['pods or addresses, of which one may be meant', CLOSED + out('[{ port: 5432 }]', `{ ${IN('pay')}, podSelector: { matchLabels: { app: db } } }, { ipBlock: { cidr: 10.0.0.0/8 } }`)],
  ])('%s', (_, manifests) => {
    expect(lines(rule, WEB + DB + manifests, only)).toEqual([]);
  });

  test('a rule for several, of whom some get through', () => {
    const cart = deployment('shop/cart', '{ app: cart, part-of: shop }');
    const both = into('[{ port: 5432 }]', `{ ${IN('shop')}, podSelector: { matchExpressions: [{ key: app, operator: In, values: [web, cart] }] } }`);
    expect(lines(rule, WEB + cart + DB + both + policy('shop/cart', '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Egress] }'), only)).toEqual([]);
  });

  test('a pod and itself', () => {
    const alone = DB.replace('spec:\n', 'spec:\n  replicas: 1\n');
    const self = policy('pay/db', '{ podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress, Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: db } } }], ports: [{ port: 5432 }] }] }');
    expect(lines(rule, alone + self, only)).toEqual([]);
    expect(lines(rule, DB + self, only)).toHaveLength(1);
  });

  test('what depends on something that is not known', () => {
    const perhaps = into('[{ port: 5432 }]', '{ ipBlock: { cidr: 10.0.0.0/8 } }');
    expect(lines(rule, WEB + DB + perhaps + out('[{ port: 5432 }]'), only)).toEqual([]);
    expect(lines(rule, WEB + DB + perhaps + out('[{ port: 5432 }]'), { ...only, cni: 'cilium' })).toHaveLength(1);
  });
});

test('is not evaluated where policies of the other end cannot be judged', () => {
  const manifests = `${WEB}${DB}${CLOSED}${out('[{ port: 5432 }]')}apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: pay }\nspec: { endpointSelector: {}, ingress: [{ fromEntities: [all] }] }\n`;
  expect(lines(rule, manifests, { ...only, profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, manifests, { ...only, profileIsAssumed: true })).toEqual([expect.stringMatching(/^shop: shop\/web: cilium.io\/v2 CiliumNetworkPolicy is not evaluated/) as unknown]);
});
