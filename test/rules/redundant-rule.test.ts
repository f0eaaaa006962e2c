import { deployment, lines, namespace, policy } from './check';

const rule = 'redundant-rule';
const only = { only: [rule] };
const ingress = (rules: string, selector = '{ matchLabels: { app: api } }') => `{ podSelector: ${selector}, policyTypes: [Ingress], ingress: ${rules} }`;
const egress = (rules: string, selector = '{ matchLabels: { app: api } }') => `{ podSelector: ${selector}, policyTypes: [Egress], egress: ${rules} }`;
const WEB = '{ podSelector: { matchLabels: { app: web } } }';
const HTTP = '[{ protocol: TCP, port: 8080 }]';

describe('reports', () => {
  test('a rule that a wider one of the same policy holds, with it', () => {
    expect(lines(rule, policy('pay/api', ingress(`[{ from: [${WEB}], ports: ${HTTP} }, { from: [{ podSelector: {} }] }]`)), only)).toEqual([
      'warning NetworkPolicy pay/api spec.ingress[0]: the rule can be removed: all that it opens, NetworkPolicy pay/api ingress[1] does too, for pods that may come to exist as well',
    ]);
  });

  test('one that a policy for more pods holds', () => {
    const everywhere = policy('pay/dns', egress('[{ to: [{ namespaceSelector: {} }], ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }] }]', '{}'));
    const own = policy('pay/api', egress('[{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }], ports: [{ protocol: UDP, port: 53 }] }]'));
    expect(lines(rule, everywhere + own, only)).toEqual([expect.stringContaining('NetworkPolicy pay/api spec.egress[0]: the rule can be removed: all that it opens, NetworkPolicy pay/dns egress[0] does') as unknown]);
  });

  test('one of which two others hold a part each', () => {
    const both = `[{ from: [${WEB}], ports: [{ protocol: TCP, port: 80, endPort: 90 }] }, { from: [${WEB}], ports: [{ protocol: TCP, port: 80, endPort: 85 }] }, { from: [{ podSelector: {} }], ports: [{ protocol: TCP, port: 86, endPort: 99 }] }]`;
    expect(lines(rule, policy('pay/api', ingress(both)), only)).toEqual([
      expect.stringContaining('spec.ingress[1]') as unknown,
    ]);
    const parts = `[{ from: [${WEB}], ports: [{ protocol: TCP, port: 82, endPort: 90 }] }, { from: [${WEB}], ports: [{ protocol: TCP, port: 80, endPort: 85 }] }, { from: [{ podSelector: {} }], ports: [{ protocol: TCP, port: 86, endPort: 99 }] }]`;
    expect(lines(rule, policy('pay/api', ingress(parts)), only)).toEqual([expect.stringContaining('NetworkPolicy pay/api ingress[1] and NetworkPolicy pay/api ingress[2] do too') as unknown]);
  });

  test('a block inside of another one, past its exceptions', () => {
    const blocks = (wide: string) => policy('pay/api', egress(`[{ to: [{ ipBlock: { cidr: 203.0.113.0/26 } }], ports: ${HTTP} }, { to: [{ ipBlock: ${wide} }] }]`));
    expect(lines(rule, blocks('{ cidr: 203.0.113.0/24, except: [203.0.113.128/25] }'), only)).toHaveLength(1);
    expect(lines(rule, blocks('{ cidr: 203.0.113.0/24, except: [203.0.113.32/32] }'), only)).toEqual([]);
  });

  test('of two equal rules one: without both something would be closed', () => {
    expect(lines(rule, policy('pay/a', ingress(`[{ from: [${WEB}], ports: ${HTTP} }]`)) + policy('pay/b', ingress(`[{ from: [${WEB}], ports: ${HTTP} }]`)), only)).toHaveLength(1);
    const three = policy('pay/a', ingress(`[{ from: [${WEB}] }, { from: [${WEB}] }, { from: [${WEB}] }]`));
    expect(lines(rule, three, only)).toHaveLength(2);
  });

  test('a denial inside of another one (Cilium)', () => {
    const cilium = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: pay }
spec:
  endpointSelector: {}
  ingressDeny:
    - fromEndpoints: [{ matchLabels: { env: test } }]
    - fromEndpoints: [{ matchLabels: { env: test, app: web } }]
`;
    expect(lines(rule, cilium, { ...only, cni: 'cilium' })).toEqual([expect.stringMatching(/ingressDeny\[1\]: the rule can be removed: all that it denies/) as unknown]);
  });
});

describe('does not report', () => {
  const clean = (manifests: string, cni = 'generic') => expect(lines(rule, manifests, { ...only, cni })).toEqual([]);

  test('rules that overlap and hold something of their own each', () => {
    clean(policy('pay/api', ingress(`[{ from: [${WEB}], ports: ${HTTP} }, { from: [{ podSelector: { matchLabels: { app: web, tier: front } } }], ports: [{ protocol: TCP, port: 9090 }] }]`)));
    clean(policy('pay/api', ingress(`[{ from: [${WEB}, { namespaceSelector: { matchLabels: { team: a } } }], ports: ${HTTP} }, { from: [{ podSelector: {} }], ports: ${HTTP} }]`)));
  });

  test('what is held for today\'s pods alone', () => {
    const web = deployment('pay/web', '{ app: web, team: a }') + deployment('pay/api', '{ app: api }');
    clean(web + policy('pay/api', ingress(`[{ from: [${WEB}] }, { from: [{ podSelector: { matchLabels: { team: a } } }] }]`)));
    clean(namespace('shop', ', labels: { team: a }') + policy('pay/api', ingress('[{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } } }] }, { from: [{ namespaceSelector: { matchLabels: { team: a } } }] }]')));
  });

  test('a default deny, and rules of which others are for fewer pods', () => {
    clean(policy('pay/deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }') + policy('pay/api', ingress(`[{ from: [${WEB}] }]`)));
    clean(policy('pay/all', ingress(`[{ from: [${WEB}] }]`, '{}')) + policy('shop/api', ingress(`[{ from: [${WEB}] }]`)));
    clean(policy('pay/some', ingress('[{ from: [{ podSelector: {} }] }]', '{ matchLabels: { app: api, tier: x } }')) + policy('pay/api', ingress(`[{ from: [${WEB}] }]`)));
  });

  test('a port with a name beside its number: pods decide what the name is', () => {
    clean(policy('pay/api', ingress(`[{ from: [${WEB}], ports: [{ protocol: TCP, port: http }] }, { from: [${WEB}], ports: ${HTTP} }]`)) + deployment('pay/api', '{ app: api }', '[{ name: http, containerPort: 8080 }]'));
  });

  test('a block of addresses beside pods, which may have those addresses', () => {
    clean(policy('pay/api', egress(`[{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }, { to: [{ namespaceSelector: {} }] }]`)));
  });

  test('rules that the opener of AUDIT, or a rollback, makes idle for a time', () => {
    const opener = (name: string) => policy(`pay/${name}`, '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }', ', annotations: { cdk8s-netpol/stage: AUDIT }');
    clean(opener('netpol-audit') + policy('pay/api', ingress(`[{ from: [${WEB}] }]`)));
    clean(opener('netpol-rollback') + policy('pay/api', ingress(`[{ from: [${WEB}] }]`)));
  });

  test('a rule about content inside of one without: the proxy looks at it (Cilium)', () => {
    clean(`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: dns, namespace: pay }
spec:
  endpointSelector: {}
  egress:
    - toEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns } }]
      toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }]
    - toEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: kube-system } }]
`, 'cilium');
  });

  test('a policy that alone closes a direction by having a rule in it (Cilium)', () => {
    clean(`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: closes, namespace: pay }
spec: { endpointSelector: { matchLabels: { app: api } }, ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }] }
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: opens, namespace: pay }
spec: { endpointSelector: {}, enableDefaultDeny: { ingress: false }, ingress: [{ fromEndpoints: [{}] }] }
`, 'cilium');
  });

  test('policies of an API that the profile does not evaluate', () => {
    clean(`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: pay }
spec: { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }, { fromEndpoints: [{ matchLabels: { app: web } }] }] }
`);
  });

  test('what kube-prometheus and ingress-nginx ship', () => {
    const prometheus = policy('monitoring/prometheus-k8s', `{ podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }, policyTypes: [Egress, Ingress], egress: [{}], ingress: [
      { from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }], ports: [{ port: 9090, protocol: TCP }, { port: 8080, protocol: TCP }] },
      { from: [{ podSelector: { matchLabels: { app.kubernetes.io/name: grafana } } }], ports: [{ port: 9090, protocol: TCP }] }] }`);
    const nginx = policy('ingress-nginx/ingress-nginx-admission', '{ podSelector: { matchLabels: { app.kubernetes.io/name: ingress-nginx } }, policyTypes: [Ingress, Egress], egress: [{}] }');
    clean(prometheus + nginx);
  });
});
