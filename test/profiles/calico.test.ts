import { allowed, calico, clusterPolicy, document, namespace, networkPolicy, object, pod } from './calico-cluster';

const PODS = namespace('shop', 'team: a') + namespace('pay', 'team: b') + pod('shop/web', 'app: web') + pod('shop/cron', 'app: cron') + pod('pay/api', 'app: api');
const tier = (name: string, spec: string): string => object('Tier', name, spec);
const gnp = (name: string, spec: string): string => object('GlobalNetworkPolicy', name, spec);
const np = (name: string, spec: string): string => object('NetworkPolicy', name, spec);
const ask = (yaml: string, from: string, to: string, port?: string): string => allowed(calico(PODS + yaml), from, to, port);
const toApi = "selector: app == 'api', types: [Ingress]";

describe('tiers', () => {
  test('one sequence by order, ties by name', () => {
    const two = (a: string, b: string): string => tier('a', `order: ${a}`) + tier('b', `order: ${b}`)
      + gnp('a.x', `tier: a, ${toApi}, ingress: [{ action: Deny }]`) + gnp('b.x', `tier: b, ${toApi}, ingress: [{ action: Allow }]`);
    expect(ask(two('5', '6'), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(two('6', '5'), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(two('5', '5'), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('per direction a tier counts only if a policy that is not staged selects the pod', () => {
    const egressOnly = tier('a', 'order: 5') + gnp('a.x', "tier: a, selector: app == 'api', types: [Egress], egress: [{ action: Allow }]");
    expect(ask(egressOnly, 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(tier('a', 'order: 5') + object('StagedGlobalNetworkPolicy', 'a.x', `tier: a, ${toApi}`), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(tier('a', 'order: 5') + gnp('a.x', `tier: a, ${toApi}`), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(tier('a', 'order: 5') + gnp('a.x', `tier: a, ${toApi}`), 'shop/web', 'shop/cron')).toBe('allowed');
  });

  test('no match is the default of the tier', () => {
    const at = (action: string): string => tier('a', `order: 5, defaultAction: ${action}`) + gnp('a.x', `tier: a, ${toApi}, ingress: [{ action: Allow, protocol: UDP }]`);
    expect(ask(at('Deny'), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(at('Pass'), 'shop/web', 'pay/api')).toBe('allowed');
  });

  test('Pass is the next tier, and after the last one the profile of the namespace allows', () => {
    const pass = tier('a', 'order: 5') + gnp('a.x', `tier: a, ${toApi}, ingress: [{ action: Pass }]`);
    expect(ask(pass, 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(pass + np('pay/default.deny', 'selector: all()'), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('tiers without order come after kube-baseline', () => {
    const late = tier('late', '') + gnp('late.x', `tier: late, ${toApi}, ingress: [{ action: Allow }]`);
    const baseline = clusterPolicy('b', 'tier: Baseline, priority: 1, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }]');
    expect(ask(late + baseline, 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(late, 'shop/web', 'pay/api')).toBe('allowed');
  });

  test('a tier that the input does not have may stand anywhere', () => {
    const answer = calico(PODS + gnp('x.x', `tier: x, ${toApi}, ingress: [{ action: Deny, protocol: UDP }]`)).allows('shop/web', 'pay/api', '80/TCP');
    expect(answer).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'unevaluated-field', at: 'GlobalNetworkPolicy x.x' }] });
  });
});

describe('order inside a tier', () => {
  const pair = (one: string, other: string): string => one + other;

  test('NetworkPolicy of Kubernetes has order 1000 in the tier default', () => {
    const allow = networkPolicy('pay/knp', 'podSelector: {}, ingress: [{}]');
    expect(ask(pair(allow, gnp('default.d', `order: 999, ${toApi}, ingress: [{ action: Deny }]`)), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(pair(allow, gnp('default.d', `order: 1001, ${toApi}, ingress: [{ action: Deny }]`)), 'shop/web', 'pay/api')).toBe('allowed');
  });

  test('a policy without order comes last', () => {
    const deny = networkPolicy('pay/deny', 'podSelector: {}');
    expect(ask(gnp('default.a', `${toApi}, ingress: [{ action: Allow }]`) + gnp('default.z', `order: 5000, ${toApi}, ingress: [{ action: Deny }]`), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(deny + gnp('default.a', `${toApi}, ingress: [{ action: Allow }]`), 'shop/web', 'pay/api')).toBe('allowed');
  });

  test('ties compare name/namespace/kind: p-q before p, a global policy before a namespaced one of the same name', () => {
    const allow = 'ingress: [{ action: Allow }]';
    const deny = 'ingress: [{ action: Deny }]';
    expect(ask(gnp('p', `order: 5, ${toApi}, ${deny}`) + gnp('p-q', `order: 5, ${toApi}, ${allow}`), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(gnp('p', `order: 5, ${toApi}, ${allow}`) + np('pay/p', `order: 5, selector: all(), ${deny}`), 'shop/web', 'pay/api')).toBe('allowed');
  });

  test('the first rule that matches decides, Log decides nothing', () => {
    expect(ask(gnp('x', `${toApi}, ingress: [{ action: Log }, { action: Allow }, { action: Deny }]`), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(gnp('x', `${toApi}, ingress: [{ action: Log }]`), 'shop/web', 'pay/api')).toBe('denied');
  });
});

describe('types left out', () => {
  test('an egress-only policy is Egress only, the opposite of NetworkPolicy', () => {
    expect(ask(np('pay/x', 'egress: [{ action: Deny }]'), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(networkPolicy('pay/x', 'podSelector: {}, egress: [{}]'), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('a GlobalNetworkPolicy without types and rules isolates ingress only', () => {
    expect(ask(gnp('x', "selector: app == 'api'"), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(gnp('x', "selector: app == 'api'"), 'pay/api', 'shop/web')).toBe('allowed');
  });
});

describe('ClusterNetworkPolicy', () => {
  const admin = (rule: string): string => clusterPolicy('c', `tier: Admin, priority: 5, subject: { namespaces: {} }, egress: [${rule}]`);

  test('becomes a policy of the tier kube-admin with order = priority: policies of users interleave', () => {
    const deny = clusterPolicy('c', 'tier: Admin, priority: 5, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }]');
    expect(ask(deny + gnp('kube-admin.x', `tier: kube-admin, order: 4, ${toApi}, ingress: [{ action: Allow }]`), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(deny + gnp('kube-admin.x', `tier: kube-admin, order: 6, ${toApi}, ingress: [{ action: Allow }]`), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('a peer it does not support drops an Accept and turns Deny and Pass into Deny-all', () => {
    const nodes = 'to: [{ nodes: {} }]';
    expect(ask(admin(`{ action: Accept, ${nodes} }`) + gnp('d', "selector: app == 'web', types: [Egress]"), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(admin(`{ action: Deny, ${nodes} }`), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(admin(`{ action: Pass, ${nodes} }`), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('one unreadable peer spoils the whole rule, its good peers and ports too', () => {
    expect(ask(admin('{ action: Deny, to: [{ namespaces: { matchLabels: { team: nobody } } }, { nodes: {} }], protocols: [{ udp: { destinationPort: { number: 53 } } }] }'), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('namespaces take NetworkSets of them as well, pods do not', () => {
    const set = object('NetworkSet', 'pay/s', 'nets: [198.51.100.0/24]');
    expect(ask(set + admin('{ action: Deny, to: [{ namespaces: { matchLabels: { team: b } } }] }'), 'shop/web', '198.51.100.7')).toBe('denied');
    expect(ask(set + admin('{ action: Deny, to: [{ pods: { namespaceSelector: { matchLabels: { team: b } }, podSelector: {} } }] }'), 'shop/web', '198.51.100.7')).toBe('allowed');
    expect(ask(object('GlobalNetworkSet', 's', 'nets: [198.51.100.0/24]') + admin('{ action: Deny, to: [{ namespaces: {} }] }'), 'shop/web', '198.51.100.7')).toBe('allowed');
  });

  test('is not served before 3.32, which contributes nothing and is reported', () => {
    const analysis = calico(PODS + admin('{ action: Deny, to: [{ namespaces: {} }] }'), { version: '3.31' });
    expect(allowed(analysis, 'shop/web', 'pay/api')).toBe('allowed');
    expect(analysis.issues.map(({ code }) => code)).toEqual(['api-not-served']);
    expect(allowed(calico(PODS + admin('{ action: Deny, to: [{ namespaces: {} }] }'), { version: '3.31', settings: { cnp: 'on' } }), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('without a version nobody knows whether it is served', () => {
    const answer = calico(PODS + admin('{ action: Deny, to: [{ namespaces: {} }] }'), {}).allows('shop/web', 'pay/api', '80/TCP');
    expect(answer).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'unsupported-api' }] });
  });
});

describe('rules', () => {
  test('AND nets, selector, notNets and notSelector', () => {
    const rule = (source: string): string => gnp('x', `${toApi}, ingress: [{ action: Allow, source: { ${source} } }]`);
    expect(ask(rule("selector: has(app), notSelector: app == 'cron'"), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(rule("selector: has(app), notSelector: app == 'cron'"), 'shop/cron', 'pay/api')).toBe('denied');
    expect(ask(rule('selector: has(app), nets: [10.0.0.0/8]'), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(rule('selector: has(app), nets: [11.0.0.0/8]'), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(rule('selector: has(app), notNets: [10.0.0.0/8]'), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('constrain both ends', () => {
    const rule = "selector: all(), types: [Ingress], ingress: [{ action: Allow, source: { selector: app == 'web' }, destination: { selector: app == 'api' } }]";
    expect(ask(gnp('x', rule), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(gnp('x', rule), 'shop/web', 'shop/cron')).toBe('denied');
    const listed = calico(PODS + gnp('x', rule)).connections().filter(({ source, destination }) => source.kind === 'workload' && destination.kind === 'workload');
    expect(listed).toHaveLength(1);
  });

  test('have source ports: without one in the question they decide', () => {
    const yaml = gnp('x', `${toApi}, ingress: [{ action: Allow, protocol: UDP, source: { ports: [53] } }]`);
    const analysis = calico(PODS + yaml);
    expect(analysis.allows('shop/web', 'pay/api', '5000/UDP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'source-port' }] });
    expect(allowed(analysis, 'shop/web', 'pay/api', { protocol: 'UDP' as never, port: 5000, sourcePort: 53 })).toBe('allowed');
    expect(allowed(analysis, 'shop/web', 'pay/api', { protocol: 'UDP' as never, port: 5000, sourcePort: 54 })).toBe('denied');
    expect(allowed(analysis, 'shop/web', 'pay/api', '5000/TCP')).toBe('denied');
  });

  test('have ICMP type and code', () => {
    const yaml = gnp('x', `${toApi}, ingress: [{ action: Allow, protocol: ICMP, icmp: { type: 8, code: 0 } }]`);
    expect(ask(yaml, 'shop/web', 'pay/api', 'ICMP/8/0')).toBe('allowed');
    expect(ask(yaml, 'shop/web', 'pay/api', 'ICMP/8/1')).toBe('denied');
    expect(ask(yaml, 'shop/web', 'pay/api', 'ICMP')).toBe('depends');
    expect(ask(yaml, 'shop/web', 'pay/api', 'IP/253')).toBe('denied');
  });

  test('an HTTP match is not evaluated: it depends', () => {
    const analysis = calico(PODS + gnp('x', `${toApi}, ingress: [{ action: Allow, http: { methods: [GET] } }]`));
    expect(analysis.allows('shop/web', 'pay/api', '80/TCP')).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'l7' }] });
  });
});

describe('selectors', () => {
  const fromLabel = (selector: string): string => gnp('x', `${toApi}, ingress: [{ action: Allow, source: { selector: "${selector}" } }]`);

  test('also match NetworkSets', () => {
    const yaml = object('GlobalNetworkSet', 's', 'nets: [203.0.113.0/24]', 'net: corp') + fromLabel("net == 'corp'");
    expect(ask(yaml, '203.0.113.7', 'pay/api')).toBe('allowed');
    expect(ask(yaml, '203.0.114.7', 'pay/api')).toBe('denied');
  });

  test('also match pcns. and projectcalico.org labels', () => {
    expect(ask(fromLabel("pcns.team == 'a'"), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(fromLabel("pcns.team == 'b'"), 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(fromLabel("projectcalico.org/namespace == 'shop'"), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(fromLabel("projectcalico.org/serviceaccount == 'default'"), 'shop/web', 'pay/api')).toBe('allowed');
  });

  test('look at parts of values', () => {
    expect(ask(fromLabel("app starts with 'w'"), 'shop/web', 'pay/api')).toBe('allowed');
    expect(ask(fromLabel("app starts with 'w'"), 'shop/cron', 'pay/api')).toBe('denied');
    const listed = calico(PODS + fromLabel("app contains 'e' || app ends with 'zzz'")).connections();
    expect(listed.filter(({ destination }) => destination.kind === 'workload' && destination.name === 'api').map(({ source }) => (source.kind === 'workload' ? source.name : source.kind))).toEqual(['web']);
  });

  test('a lone notSelector in a namespaced policy confines the rule to its own namespace', () => {
    const lone = np('pay/x', 'selector: all(), ingress: [{ action: Allow, source: { notSelector: has(nothing) } }]');
    expect(ask(lone + pod('pay/cron'), 'pay/cron', 'pay/api')).toBe('allowed');
    expect(ask(lone, 'shop/web', 'pay/api')).toBe('denied');
    expect(ask(lone, '8.8.8.8', 'pay/api')).toBe('denied');
    expect(ask(gnp('x', `${toApi}, ingress: [{ action: Allow, source: { notSelector: has(nothing) } }]`), '8.8.8.8', 'pay/api')).toBe('allowed');
  });

  test('namespaceSelector all() excludes GlobalNetworkSets, global() excludes pods and namespaced sets', () => {
    const sets = object('GlobalNetworkSet', 'g', 'nets: [203.0.113.0/24]') + object('NetworkSet', 'shop/n', 'nets: [198.51.100.0/24]');
    const from = (scope: string): string => sets + gnp('x', `${toApi}, ingress: [{ action: Allow, source: { namespaceSelector: ${scope} } }]`);
    expect(['shop/web', '203.0.113.7', '198.51.100.7'].map((source) => ask(from('all()'), source, 'pay/api'))).toEqual(['allowed', 'denied', 'allowed']);
    expect(['shop/web', '203.0.113.7', '198.51.100.7'].map((source) => ask(from('global()'), source, 'pay/api'))).toEqual(['denied', 'allowed', 'denied']);
  });
});

describe('Services', () => {
  const service = document('v1', 'Service', { name: 'api', namespace: 'pay', labels: '' }, 'spec: { selector: { app: api }, clusterIP: 10.96.0.9, ports: [{ port: 8080, targetPort: http }] }');

  test('as source give addresses only, as destination address and port', () => {
    const to = service + gnp('x', "selector: app == 'web', types: [Egress], egress: [{ action: Allow, destination: { services: { name: api, namespace: pay } } }]");
    expect(ask(to, 'shop/web', 'pay/api', '80/TCP')).toBe('allowed');
    expect(ask(to, 'shop/web', 'pay/api', '81/TCP')).toBe('denied');
    expect(ask(to, 'shop/web', 'svc/pay/api', '8080/TCP')).toBe('allowed');
    const from = service + gnp('x', "selector: app == 'web', types: [Ingress], ingress: [{ action: Allow, source: { services: { name: api, namespace: pay } } }]");
    expect(ask(from, 'pay/api', 'shop/web', '9999/TCP')).toBe('allowed');
    expect(ask(from, 'shop/cron', 'shop/web', '9999/TCP')).toBe('denied');
  });
});

test('a Service is not known where the input has no Services at all, and stands for nothing where it has others', () => {
  const rule = gnp('x', "selector: app == 'web', types: [Egress], egress: [{ action: Allow, destination: { services: { name: api, namespace: pay } } }]");
  expect(ask(rule, 'shop/web', 'pay/api')).toBe('depends');
  expect(ask(rule + document('v1', 'Service', { name: 'other', namespace: 'pay', labels: '' }, 'spec: { ports: [{ port: 80 }] }'), 'shop/web', 'pay/api')).toBe('denied');
});

test('host endpoints are not evaluated, and that is told', () => {
  const analysis = calico(PODS + object('HostEndpoint', 'eth0', 'node: a'));
  expect(analysis.inventory.issues.map(({ code }) => code)).toEqual(['unsupported-api']);
});

test('own node to pod is always allowed, another node is not', () => {
  const nodes = document('v1', 'Node', { name: 'a', labels: '' }, 'status: { addresses: [{ type: InternalIP, address: 192.0.2.1 }] }')
    + document('v1', 'Node', { name: 'b', labels: '' }, 'status: { addresses: [{ type: InternalIP, address: 192.0.2.2 }] }');
  const deny = nodes + gnp('x', 'selector: all(), types: [Ingress, Egress], ingress: [{ action: Deny }], egress: [{ action: Deny }]');
  expect(ask(deny, '192.0.2.1', 'pay/api')).toBe('allowed');
  expect(ask(deny, '192.0.2.2', 'pay/api')).toBe('denied');
  expect(ask(deny, 'pay/api', '192.0.2.1')).toBe('denied');
  expect(calico(PODS + deny).explain('192.0.2.1', 'pay/api', '80/TCP').ingress.decidedBy).toEqual([{ effect: 'own-node', certain: true }]);
});

describe('staged policies', () => {
  const staged = object('StagedNetworkPolicy', 'pay/default.x', 'tier: default, order: 5, selector: all(), types: [Ingress]');

  test('drop nothing, and are evaluated as if enforced on request', () => {
    expect(allowed(calico(PODS + staged), 'shop/web', 'pay/api')).toBe('allowed');
    expect(allowed(calico(PODS + staged, { version: '3.32', staged: 'enforced' }), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('on request they stand in for the policy of their name, and a removal takes it away', () => {
    const enforced = np('pay/default.x', 'tier: default, order: 5, selector: all(), ingress: [{ action: Allow }]');
    expect(allowed(calico(PODS + enforced + staged, { staged: 'enforced' }), 'shop/web', 'pay/api')).toBe('denied');
    const removal = networkPolicy('pay/k', 'podSelector: {}') + object('StagedKubernetesNetworkPolicy', 'pay/k', 'stagedAction: Delete');
    expect(allowed(calico(PODS + removal), 'shop/web', 'pay/api')).toBe('denied');
    expect(allowed(calico(PODS + removal, { staged: 'enforced' }), 'shop/web', 'pay/api')).toBe('allowed');
  });
});

test('issues say what became of each staged policy', () => {
  const yaml = PODS + object('StagedNetworkPolicy', 'pay/default.x', 'tier: default, selector: all(), types: [Ingress]')
    + object('StagedKubernetesNetworkPolicy', 'pay/k', 'stagedAction: Delete') + object('StagedNetworkPolicy', 'pay/default.y', 'stagedAction: Ignore, tier: default');
  const issuesOf = (analysis: ReturnType<typeof calico>): unknown[] => analysis.issues.map(({ code, severity, object: named, message }) => [code, severity, named?.name, message.split(': ')[1]]);
  expect(issuesOf(calico(yaml))).toEqual(['default.x', 'k', 'default.y'].map((name) => ['staged-ignored', 'note', name, 'is staged']));
  expect(issuesOf(calico(yaml, { staged: 'enforced' }))).toEqual([
    ['staged-enforced', 'note', 'default.x', 'is staged'], ['staged-enforced', 'note', 'k', 'is a staged removal'],
    ['staged-ignored', 'note', 'default.y', 'is staged with an action that keeps it for the record'],
  ]);
});

describe('versions and installations', () => {
  test('before 3.29 there is the tier default alone', () => {
    const yaml = tier('a', 'order: 5') + gnp('a.x', `tier: a, ${toApi}`);
    expect(allowed(calico(PODS + yaml, { version: '3.28' }), 'shop/web', 'pay/api')).toBe('allowed');
    expect(calico(PODS + yaml, { version: '3.28' }).issues.map(({ code }) => code)).toEqual(['api-not-served']);
    expect(allowed(calico(PODS + gnp('x', toApi), { version: '3.28' }), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('gke-calico serves NetworkPolicy alone', () => {
    const own = calico(PODS + gnp('x', toApi), {}, 'gke-calico');
    expect(allowed(own, 'shop/web', 'pay/api')).toBe('allowed');
    expect(own.issues.map(({ code }) => code)).toEqual(['api-not-served']);
    expect(allowed(calico(PODS + networkPolicy('pay/x', 'podSelector: {}'), {}, 'gke-calico'), 'shop/web', 'pay/api')).toBe('denied');
  });

  test('settings of another CNI are refused', () => {
    expect(() => calico(PODS, { settings: { 'enable-policy': 'always' } })).toThrow('is not a setting of Calico');
  });
});

test('explain names the tier, and the policy that closes it', () => {
  const { ingress } = calico(PODS + tier('guard', 'order: 5') + gnp('guard.x', `tier: guard, ${toApi}, ingress: [{ action: Allow, protocol: UDP }]`)).explain('shop/web', 'pay/api', '80/TCP');
  expect(ingress.layers.map(({ layer, verdict }) => [layer, verdict])).toEqual([['tier guard', 'denied']]);
  expect(ingress.decidedBy).toMatchObject([{ effect: 'ports-do-not-match', kind: 'GlobalNetworkPolicy', name: 'guard.x' }]);
});
