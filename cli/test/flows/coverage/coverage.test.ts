import { readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { CoverageReport, coverageOf } from '../../../src/flows/coverage/coverage';
import { asEnforced } from '../../../src/flows/coverage/enforced-objects';
import { Judge } from '../../../src/flows/coverage/judge';
import { ObservedWorkloads } from '../../../src/flows/coverage/observed-workloads';
import { ObservedConnection } from '../../../src/flows/store/flow-store';
import { analysisOf, deployment, objectsOf, policy } from '../manifests';
import { entity, outside, pod, seen } from '../observed';

const DENY = policy('pay/default-deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const FROM_SHOP = policy('pay/allow-api', `
  podSelector: { matchLabels: { app: api } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }, podSelector: { matchLabels: { app: web } } }], ports: [{ port: 8080 }] }]`);
const OPENER = policy('pay/netpol-audit', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }');
const [WEB, API] = [pod('shop/web'), pod('pay/api')];

/** What coverage says, as the command does it. */
function coverage(manifests: string, observed: readonly ObservedConnection[], namespaces: readonly string[] = [], cni = 'generic'): CoverageReport {
  const { objects } = asEnforced(objectsOf(manifests), 'netpol-audit');
  const workloads = new ObservedWorkloads(readInventory(objects, { readers: POLICY_READERS }));
  for (const { src, dst } of observed) for (const peer of [src, dst]) if (peer.kind === 'pod') workloads.end(peer);
  return coverageOf(new Judge(analysisOf([...objects, ...workloads.made], cni), workloads), observed, namespaces);
}

const outcomes = (report: CoverageReport) => report.connections.map(({ outcome }) => outcome);

describe('a recorded connection', () => {
  test('is covered by the rule that lets it through', () => {
    const [found] = coverage(DENY + FROM_SHOP, [seen(WEB, API)], ['pay']).connections;
    expect(found).toMatchObject({ outcome: 'covered', ends: [{ direction: 'ingress', reasons: [{ effect: 'allows', name: 'allow-api', ruleIndex: 0 }] }] });
  });

  test('would be dropped where no rule lets it through', () => {
    const [found] = coverage(DENY + FROM_SHOP, [seen(WEB, API, 9090)], ['pay']).connections;
    expect(found).toMatchObject({ outcome: 'would-drop', ends: [{ direction: 'ingress', reasons: [{ name: 'allow-api' }, { name: 'default-deny' }] }] });
  });

  test('is unprotected where no policy isolates its end, and not covered', () => {
    expect(outcomes(coverage(FROM_SHOP, [seen(pod('shop/web'), pod('pay/other'))], ['pay']))).toEqual(['unprotected']);
  });

  test('is judged at the ends of the namespaces that are asked for, and at both without any', () => {
    const observed = [seen(API, pod('data/postgres'), 5432)];
    expect(outcomes(coverage(DENY, observed, ['pay']))).toEqual(['would-drop']);
    expect(outcomes(coverage(DENY, observed, ['data']))).toEqual(['unprotected']);
    expect(outcomes(coverage(DENY, observed))).toEqual(['would-drop']);
    expect(outcomes(coverage(DENY, observed, ['shop']))).toEqual([]);
  });

  test('was denied already where every record of one of its ends says so', () => {
    const denied = seen(WEB, API, 9090, { verdict: 'denied', direction: 'ingress' });
    expect(outcomes(coverage(DENY, [denied], ['pay']))).toEqual(['denied-today']);
    expect(outcomes(coverage(DENY, [denied, seen(WEB, API, 9090, { direction: 'egress' })], ['pay']))).toEqual(['denied-today']);
    expect(outcomes(coverage(DENY, [denied, seen(WEB, API, 9090, { direction: 'ingress' })], ['pay']))).toEqual(['would-drop']);
    expect(outcomes(coverage(DENY, [denied, seen(WEB, API, 9090)], ['shop']))).toEqual(['unprotected']);
  });

  test('counts once, whichever of its ends recorded it', () => {
    const [found, ...more] = coverage(DENY + FROM_SHOP, [
      seen(WEB, API, 8080, { direction: 'egress', count: 90, sources: ['hubble'] }), seen(WEB, API, 8080, { direction: 'ingress', count: 100, sources: ['retina'] }),
    ]).connections;
    expect(more).toEqual([]);
    expect(found).toMatchObject({ count: 100, sources: ['hubble', 'retina'] });
  });
});

describe('the opener of AUDIT', () => {
  test('is left out: what it alone lets through would be dropped', () => {
    expect(outcomes(coverage(OPENER + DENY + FROM_SHOP, [seen(WEB, API), seen(WEB, API, 9090)], ['pay']))).toEqual(['would-drop', 'covered']);
  });

  test('is named', () => expect(asEnforced(objectsOf(OPENER + DENY), 'netpol-audit').leftOut).toEqual(['NetworkPolicy pay/netpol-audit']));

  test('a ConfigMap of its name stays', () => {
    const record = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: netpol-audit, namespace: pay }\n';
    expect(asEnforced(objectsOf(record), 'netpol-audit').leftOut).toEqual([]);
  });
});

describe('the ends of a record', () => {
  test('are the workloads of the manifests, whose labels count', () => {
    const observed = [seen(pod('shop/web', {}), pod('pay/api', {}))];
    expect(outcomes(coverage(DENY + FROM_SHOP + deployment('shop/web') + deployment('pay/api'), observed, ['pay']))).toEqual(['covered']);
  });

  test('are known by the labels of the record where the manifests do not have them', () => {
    expect(outcomes(coverage(DENY + FROM_SHOP, [seen(pod('shop/web', { app: 'other' }), API)], ['pay']))).toEqual(['would-drop']);
  });

  test('a workload of the same name in another namespace, or of another kind, is another', () => {
    const manifests = DENY + FROM_SHOP + deployment('pay/web') + deployment('shop/web', '[]', 'DaemonSet');
    expect(outcomes(coverage(manifests, [seen(pod('shop/web', { app: 'cron' }), API)], ['pay']))).toEqual(['would-drop']);
  });

  test('a pod without a workload is the one whose labels fit', () => {
    const nameless = { ...pod('shop/web'), workload: null };
    expect(outcomes(coverage(DENY + FROM_SHOP + deployment('shop/web') + deployment('shop/cart'), [seen(nameless, API)], ['pay']))).toEqual(['covered']);
  });

  test('a pod to itself passes only where it is one pod: replicas are policed', () => {
    expect(outcomes(coverage(DENY + deployment('pay/api'), [seen(API, API)], ['pay']))).toEqual(['would-drop']);
  });

  test('an address outside', () => {
    const rule = policy('pay/out', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 443 }] }] }');
    expect(outcomes(coverage(DENY + rule, [seen(API, outside('203.0.113.7'), 443), seen(API, outside('198.51.100.7'), 443)], ['pay']))).toEqual(['would-drop', 'covered']);
  });

  test('all addresses of the Internet fare alike, or nobody knows', () => {
    const some = policy('pay/out', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }] }');
    const all = policy('pay/out', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }');
    const calico = [seen(API, entity('public'), 443)];
    expect([coverage(DENY, calico, ['pay']), coverage(DENY + some, calico, ['pay']), coverage(DENY + all, calico, ['pay'])].flatMap(outcomes)).toEqual(['would-drop', 'undecided', 'covered']);
  });

  test('a Service leads to its pods', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: pay }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n---\n';
    const called = seen(WEB, { kind: 'service', namespace: 'pay', name: 'api' }, 80);
    const manifests = DENY + FROM_SHOP + deployment('pay/api') + deployment('shop/web');
    expect(outcomes(coverage(manifests + service, [called], ['pay']))).toEqual(['covered']);
    expect(coverage(manifests, [called], ['pay']).connections).toMatchObject([{ outcome: 'undecided', why: [expect.stringContaining('is no Service of the input')] }]);
  });
});

describe('is undecided, and says why', () => {
  test.each([
    ['an address that nobody explains', seen({ kind: 'unknown', ip: '10.0.0.9' }, API), 'nobody knows whose address 10.0.0.9 was: give the import an --inventory'],
    ['a record without a port', seen(WEB, API, null), 'the record does not say which port was called'],
    ['an unknown protocol', seen(WEB, API, null, { protocol: 'unknown' }), 'the record does not say which protocol it was'],
    ['a pod of another cluster', seen({ ...WEB, cluster: 'staging' }, API), 'the source is a pod of the cluster staging, of which the input has nothing'],
    ['an entity that policies do not know', seen(entity('constructor'), API), '"constructor" is nothing that policies can be asked about'],
    ['an outside without an address', seen(API, { kind: 'external', ip: null }, 443), 'the record has no address of the destination'],
  ])('%s', (_title, observed, why) => {
    expect(coverage(DENY + FROM_SHOP, [observed], ['pay']).connections).toMatchObject([{ outcome: 'undecided', why: [why] }]);
  });

  test('a named port of a pod whose containers are not in the input', () => {
    const named = policy('pay/named', '{ podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: http }] }] }');
    expect(outcomes(coverage(DENY + named, [seen(WEB, API)], ['pay']))).toEqual(['undecided']);
    expect(outcomes(coverage(DENY + named + deployment('pay/api', '[{ name: http, containerPort: 8080 }]'), [seen(WEB, API)], ['pay']))).toEqual(['covered']);
  });
});

describe('rules for domain names', () => {
  const rule = (names: string, extra = '') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: out, namespace: pay }
spec: { endpointSelector: {}, egress: [{ toFQDNs: ${names}, toPorts: [{ ports: [{ port: "443", protocol: TCP }] }] }]${extra} }
---
`;
  const stripe = (port = 443) => seen(API, outside('54.187.174.169', 'api.stripe.com'), port);
  const ask = (manifests: string, observed: ObservedConnection) => outcomes(coverage(manifests, [observed], ['pay'], 'cilium'));

  test('cover what the record knows by such a name', () => {
    expect(ask(rule('[{ matchName: api.stripe.com }]'), stripe())).toEqual(['covered']);
    expect(ask(rule('[{ matchPattern: "*.stripe.com" }]'), stripe())).toEqual(['covered']);
  });

  test('do not decide about another name, or an address without one', () => {
    expect(ask(rule('[{ matchName: api.stripe.org }]'), stripe())).toEqual(['undecided']);
    expect(ask(rule('[{ matchName: api.stripe.com }]'), seen(API, outside('54.187.174.169'), 443))).toEqual(['undecided']);
  });

  test('do not cover another port', () => expect(ask(rule('[{ matchName: api.stripe.com }]'), stripe(8443))).toEqual(['would-drop']));
});

describe('the record and the engine', () => {
  test('disagree about a would-be drop that the policies allow', () => {
    const { disagreements } = coverage(DENY + FROM_SHOP, [seen(WEB, API, 8080, { direction: 'ingress', verdict: 'would-deny' })], ['pay']);
    expect(disagreements).toMatchObject([{ direction: 'ingress', recorded: 'would-deny', judged: 'covered' }]);
  });

  test('disagree about what a policy allowed and these would drop, and about what was denied and would pass', () => {
    const byPolicy = seen(WEB, API, 9090, { direction: 'ingress', decidedBy: [{ kind: 'NetworkPolicy', namespace: 'pay', name: 'old' }] });
    const denied = seen(WEB, API, 8080, { direction: 'ingress', verdict: 'denied' });
    expect(coverage(DENY + FROM_SHOP, [byPolicy, denied], ['pay']).disagreements).toMatchObject([
      { recorded: 'allowed', judged: 'would-drop' }, { recorded: 'denied', judged: 'covered' },
    ]);
  });

  test('agree where the record says what the engine says, and where it knows nothing of policy', () => {
    const agreeing = [
      seen(WEB, API, 9090, { direction: 'ingress', verdict: 'would-deny' }), seen(WEB, API, 8080, { direction: 'ingress' }),
      seen(WEB, API, 9091, { direction: 'ingress', verdict: 'unknown' }), seen(WEB, API, 9092, { direction: 'ingress', verdict: 'audited' }),
    ];
    expect(coverage(DENY + FROM_SHOP, agreeing, ['pay']).disagreements).toEqual([]);
  });
});

test('every rule has its last use, and an unused one has none', () => {
  const two = FROM_SHOP.replace('ports: [{ port: 8080 }] }]', 'ports: [{ port: 8080 }] }, { ports: [{ port: 9999 }] }]');
  expect(coverage(DENY + two, [seen(WEB, API), seen(WEB, API, 9090)], ['pay']).rules).toEqual([
    { kind: 'NetworkPolicy', namespace: 'pay', policy: 'allow-api', direction: 'ingress', index: 0, connections: 1, count: 100, lastUsed: Date.UTC(2026, 8, 14, 12) },
    { kind: 'NetworkPolicy', namespace: 'pay', policy: 'allow-api', direction: 'ingress', index: 1, connections: 0, count: 0, lastUsed: null },
  ]);
});
