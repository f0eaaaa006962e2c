import { manifests } from './manifests';
import { GENERIC, plainCluster } from './index';

/** The situations that evaluators of network policies are known to get wrong, one test each. */

const WEB_AND_API = manifests(`
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: shop } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { nodeName: node-1, containers: [{ name: web }] }
status: { podIP: 10.244.0.7 }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: pay, labels: { app: api } }
spec: { nodeName: node-2, containers: [{ name: api, ports: [{ name: http, containerPort: 8080 }] }] }
status: { podIP: 10.244.0.8 }
`);

/** The two pods, `pay` closed for ingress, and one policy for `api` with the given spec beside its podSelector. */
function withApiPolicy(spec: string, profile = GENERIC) {
  return plainCluster([...WEB_AND_API, ...manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: pay }
spec: { podSelector: { matchLabels: { app: api } }, ${spec} }
`)], profile);
}

const EXTERNAL = '203.0.113.9';

test('without any policy everything is allowed', () => {
  const cluster = plainCluster(WEB_AND_API);
  expect(cluster.allowedPairs('8080/TCP')).toEqual(['pay/api -> shop/web', 'shop/web -> pay/api']);
  expect(cluster.allows(EXTERNAL, 'pay/api', '8080/TCP')).toBe(true);
});

describe('selectors', () => {
  const fromSelector = (selector: string): boolean =>
    withApiPolicy(`ingress: [{ from: [{ namespaceSelector: {}, podSelector: ${selector} }] }]`).allows('shop/web', 'pay/api', '8080/TCP');

  test('NotIn matches a pod without the label', () => {
    expect(fromSelector('{ matchExpressions: [{ key: tier, operator: NotIn, values: [db] }] }')).toBe(true);
    expect(fromSelector('{ matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }')).toBe(false);
  });

  test('DoesNotExist matches a pod without the label, Exists and In do not', () => {
    expect(fromSelector('{ matchExpressions: [{ key: tier, operator: DoesNotExist }] }')).toBe(true);
    expect(fromSelector('{ matchExpressions: [{ key: tier, operator: Exists }] }')).toBe(false);
    expect(fromSelector('{ matchExpressions: [{ key: tier, operator: In, values: [db] }] }')).toBe(false);
  });

  test('matchLabels with an empty value does not match an absent label', () => {
    expect(fromSelector('{ matchLabels: { tier: "" } }')).toBe(false);
  });

  test('all requirements of a selector must hold', () => {
    expect(fromSelector('{ matchLabels: { app: web }, matchExpressions: [{ key: app, operator: In, values: [web, api] }] }')).toBe(true);
    expect(fromSelector('{ matchLabels: { app: web }, matchExpressions: [{ key: app, operator: In, values: [api] }] }')).toBe(false);
  });

  test.each([
    ['{ matchExpressions: [{ key: app, operator: Is, values: [web] }] }', "unknown operator 'Is' for key 'app'"],
    ['{ matchExpressions: [{ key: app, operator: In, values: [] }] }', "operator 'In' for key 'app' needs values"],
    ['{ matchExpressions: [{ key: app, operator: Exists, values: [web] }] }', "operator 'Exists' for key 'app' takes no values"],
    ['{ matchLabel: { app: web } }', "unknown field 'matchLabel'"],
  ])('%s is refused', (selector, message) => {
    expect(() => fromSelector(selector)).toThrow(message);
  });
});

describe('empty and absent', () => {
  test.each(['ingress: []', 'ingress: null', 'policyTypes: [Ingress]'])('%s denies all ingress', (spec) => {
    const cluster = withApiPolicy(spec);
    expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
    expect(cluster.allows(EXTERNAL, 'pay/api', '8080/TCP')).toBe(false);
  });

  test.each(['[{}]', '[{ from: [] }]', '[{ from: null }]', '[null]', '[{ ports: [] }]'])('ingress: %s allows everybody on all ports', (rules) => {
    const cluster = withApiPolicy(`ingress: ${rules}`);
    expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
    expect(cluster.allows(EXTERNAL, 'pay/api', '53/UDP')).toBe(true);
  });

  test('an empty peer is refused', () => {
    expect(() => withApiPolicy('ingress: [{ from: [{}] }]').allows('shop/web', 'pay/api', '8080/TCP'))
      .toThrow('NetworkPolicy pay/api ingress[0]: a peer is empty');
  });

  test('an empty podSelector selects all pods of the namespace of the policy, and of no other', () => {
    const cluster = plainCluster([...WEB_AND_API, ...manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: pay }
spec: { podSelector: {} }
`)]);
    expect(cluster.allowedPairs('8080/TCP')).toEqual(['pay/api -> shop/web']);
  });

  test('a podSelector peer alone means the namespace of the policy', () => {
    expect(withApiPolicy('ingress: [{ from: [{ podSelector: {} }] }]').allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
    expect(withApiPolicy('ingress: [{ from: [{ podSelector: {} }] }]')
      .withPods([{ namespace: 'pay', name: 'job' }]).allows('pay/job', 'pay/api', '8080/TCP')).toBe(true);
  });

  test('namespaceSelector and podSelector in one peer are ANDed, in two peers ORed', () => {
    const both = '{ namespaceSelector: { matchLabels: { team: shop } }, podSelector: { matchLabels: { app: api } } }';
    const either = '{ namespaceSelector: { matchLabels: { team: shop } } }, { podSelector: { matchLabels: { app: api } } }';
    expect(withApiPolicy(`ingress: [{ from: [${both}] }]`).allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
    expect(withApiPolicy(`ingress: [{ from: [${either}] }]`).allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
  });

  test('an unknown field is refused, not ignored', () => {
    expect(() => withApiPolicy('ingress: [{ form: [] }]').allows('shop/web', 'pay/api', '8080/TCP')).toThrow("unknown field 'form'");
  });
});

describe('policyTypes default', () => {
  test('to Ingress and Egress when there are egress rules: ingress is then denied', () => {
    const cluster = withApiPolicy('egress: [{}]');
    expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
    expect(cluster.allows('pay/api', 'shop/web', '8080/TCP')).toBe(true);
  });

  test.each(['egress: []', 'egress: null', 'policyTypes: [], egress: []', 'ingress: []'])('to Ingress only for %s', (spec) => {
    const cluster = withApiPolicy(spec);
    expect(cluster.allows('pay/api', 'shop/web', '8080/TCP')).toBe(true);
    expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
  });

  test('is not used when they are written: rules of the other direction do nothing', () => {
    const cluster = withApiPolicy('policyTypes: [Egress], ingress: []');
    expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
    expect(cluster.allows('pay/api', 'shop/web', '8080/TCP')).toBe(false);
  });
});

describe('ports', () => {
  const onPort = (ports: string, port: string): boolean =>
    withApiPolicy(`ingress: [{ ports: ${ports} }]`).allows('shop/web', 'pay/api', port);

  test('a protocol without a port means all ports of that protocol only', () => {
    expect(onPort('[{ protocol: UDP }]', '53/UDP')).toBe(true);
    expect(onPort('[{ protocol: UDP }]', '53/TCP')).toBe(false);
  });

  test('the protocol defaults to TCP', () => {
    expect(onPort('[{ port: 8080 }]', '8080/TCP')).toBe(true);
    expect(onPort('[{ port: 8080 }]', '8080/UDP')).toBe(false);
    expect(onPort('[{}]', '1/TCP')).toBe(true);
    expect(onPort('[{}]', '1/SCTP')).toBe(false);
  });

  test('endPort is inclusive', () => {
    expect([7999, 8000, 8010, 8011].map((port) => onPort('[{ port: 8000, endPort: 8010 }]', `${port}/TCP`)))
      .toEqual([false, true, true, false]);
    expect(() => onPort('[{ port: http, endPort: 8010 }]', '8080/TCP')).toThrow("endPort 8010 does not fit port 'http'");
    expect(() => onPort('[{ port: 9000, endPort: 8010 }]', '8080/TCP')).toThrow("endPort 8010 does not fit port '9000'");
  });

  test('SCTP is a protocol like the others', () => {
    expect(onPort('[{ protocol: SCTP, port: 9003 }]', '9003/SCTP')).toBe(true);
    expect(onPort('[{ protocol: SCTP, port: 9003 }]', '9003/TCP')).toBe(false);
  });
});

describe('named ports', () => {
  const egressTo = (port: string) => plainCluster([...WEB_AND_API, ...manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ ports: [${port}] }] }
`)]);

  test('are resolved at the destination pod, by name and protocol', () => {
    expect(egressTo('{ port: http }').allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
    expect(egressTo('{ port: http }').allows('shop/web', 'pay/api', '80/TCP')).toBe(false);
    expect(egressTo('{ port: http, protocol: UDP }').allows('shop/web', 'pay/api', '8080/UDP')).toBe(false);
  });

  test('may stand for a different number on each pod, and for several on one', () => {
    const cluster = egressTo('{ port: http }').withPods([
      { namespace: 'pay', name: 'other', ports: [{ name: 'http', containerPort: 80 }, { name: 'http', containerPort: 81 }] },
    ]);
    expect(cluster.allows('shop/web', 'pay/other', '80/TCP')).toBe(true);
    expect(cluster.allows('shop/web', 'pay/other', '81/TCP')).toBe(true);
    expect(cluster.allows('shop/web', 'pay/other', '8080/TCP')).toBe(false);
  });

  test('match no address', () => {
    expect(egressTo('{ port: http }').allows('shop/web', EXTERNAL, '8080/TCP')).toBe(false);
  });

  test.each([['Always', true], ['Never', false]])('of an init container with restartPolicy %s count: %s', (restartPolicy, counts) => {
    const cluster = egressTo('{ port: metrics }').withObjects(manifests(`
apiVersion: v1
kind: Pod
metadata: { name: sidecar, namespace: pay }
spec:
  initContainers: [{ name: proxy, restartPolicy: ${restartPolicy}, ports: [{ name: metrics, containerPort: 9090 }] }]
  containers: [{ name: main }]
`));
    expect(cluster.allows('shop/web', 'pay/sidecar', '9090/TCP')).toBe(counts);
  });
});

describe('ipBlock', () => {
  const fromBlock = (block: string, profile = GENERIC) => withApiPolicy(`ingress: [{ from: [{ ipBlock: ${block} }] }]`, profile);

  test('matches external addresses, without the exceptions', () => {
    const cluster = fromBlock('{ cidr: 203.0.113.0/24, except: [203.0.113.128/25] }');
    expect(cluster.allows('203.0.113.9', 'pay/api', '8080/TCP')).toBe(true);
    expect(cluster.allows('203.0.113.200', 'pay/api', '8080/TCP')).toBe(false);
    expect(cluster.allows('198.51.100.1', 'pay/api', '8080/TCP')).toBe(false);
  });

  test('against the address of a pod depends on the CNI', () => {
    const block = '{ cidr: 10.244.0.0/16 }';
    expect(fromBlock(block).answer('shop/web', 'pay/api', '8080/TCP'))
      .toEqual({ verdict: 'depends', conditions: [{ kind: 'cni', about: 'does ipBlock match the address of a pod?' }] });
    expect(fromBlock(block, { ...GENERIC, ipBlockMatchesPods: true }).allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
    expect(fromBlock(block, { ...GENERIC, ipBlockMatchesPods: false }).allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
    expect(() => fromBlock(block).allows('shop/web', 'pay/api', '8080/TCP'))
      .toThrow('whether shop/web may reach pay/api on 8080/TCP depends:\n  cni: does ipBlock match the address of a pod?');
  });

  test('that does not hold the address of the pod settles it for every CNI', () => {
    expect(fromBlock('{ cidr: 192.0.2.0/24 }').allows('shop/web', 'pay/api', '8080/TCP')).toBe(false);
  });

  test('against a pod whose address is not known yet depends on that address', () => {
    const unplaced = fromBlock('{ cidr: 10.244.0.0/16 }', { ...GENERIC, ipBlockMatchesPods: true })
      .withPods([{ namespace: 'shop', name: 'new' }]);
    expect(unplaced.answer('shop/new', 'pay/api', '8080/TCP'))
      .toEqual({ verdict: 'depends', conditions: [{ kind: 'address', about: 'which IPv4 address has pod shop/new?' }] });
    const placed = (podCidrs: string[]) => unplaced.withProfile({ ...GENERIC, ipBlockMatchesPods: true, podCidrs });
    expect(placed(['10.244.0.0/20']).allows('shop/new', 'pay/api', '8080/TCP')).toBe(true);
    expect(placed(['10.0.0.0/16']).allows('shop/new', 'pay/api', '8080/TCP')).toBe(false);
    expect(placed(['10.0.0.0/8']).answer('shop/new', 'pay/api', '8080/TCP').verdict).toBe('depends');
  });

  test('except outside of cidr changes nothing', () => {
    expect(fromBlock('{ cidr: 203.0.113.0/24, except: [198.51.100.0/24] }').allows(EXTERNAL, 'pay/api', '8080/TCP')).toBe(true);
  });

  test('except of one rule does not cut what another rule allows', () => {
    const cluster = withApiPolicy('ingress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.8/29] } }, { ipBlock: { cidr: 203.0.113.9/32 } }] }]');
    expect(cluster.allows(EXTERNAL, 'pay/api', '8080/TCP')).toBe(true);
  });

  test('of IPv4 says nothing about IPv6', () => {
    expect(fromBlock('{ cidr: 0.0.0.0/0 }').allows('2001:db8::1', 'pay/api', '8080/TCP')).toBe(false);
    expect(fromBlock('{ cidr: "fd00::/8" }').allows('253.0.0.1', 'pay/api', '8080/TCP')).toBe(false);
    expect(fromBlock('{ cidr: "fd00::/8" }').allows('fd12::1', 'pay/api', '8080/TCP')).toBe(true);
  });

  test('looks at all addresses of a dual-stack pod', () => {
    const dualStack = (block: string) => fromBlock(block, { ...GENERIC, ipBlockMatchesPods: true })
      .withPods([{ namespace: 'shop', name: 'six', ips: ['10.244.0.9', 'fd00::9'] }]);
    expect(dualStack('{ cidr: "fd00::/8" }').answer('shop/six', 'pay/api', '8080/TCP').verdict).toBe('denied');
    const between = dualStack('{ cidr: "fd00::/8" }').withPods([{ namespace: 'pay', name: 'both', labels: { app: 'api' }, ips: ['10.244.0.10', 'fd00::10'] }]);
    expect(between.answer('shop/six', 'pay/both', '8080/TCP'))
      .toEqual({ verdict: 'depends', conditions: [{ kind: 'ip-family', about: 'which IP family does the connection use?' }] });
  });
});

describe('nodes and the host network', () => {
  const denied = (profile = GENERIC) => withApiPolicy('ingress: []', profile).withPods([
    { namespace: 'kube-system', name: 'proxy-1', hostNetwork: true, node: 'node-1', ip: '192.0.2.1' },
    { namespace: 'kube-system', name: 'proxy-2', hostNetwork: true, node: 'node-2', ip: '192.0.2.2' },
    { namespace: 'kube-system', name: 'proxy-x', hostNetwork: true },
  ]);

  test('the own node of a pod always reaches it, another node does not', () => {
    expect(denied().allows('node/node-2', 'pay/api', '8080/TCP')).toBe(true);
    expect(denied().allows('node/node-1', 'pay/api', '8080/TCP')).toBe(false);
    expect(denied().allows('192.0.2.2', 'pay/api', '8080/TCP')).toBe(true);
  });

  test('a pod always reaches its own node', () => {
    const cluster = withApiPolicy('policyTypes: [Egress]');
    expect(cluster.allows('pay/api', 'node/node-2', '10250/TCP')).toBe(true);
    expect(cluster.allows('pay/api', 'node/node-1', '10250/TCP')).toBe(false);
  });

  test('a hostNetwork pod is its node, or on some CNIs a pod like others', () => {
    expect(denied().allows('kube-system/proxy-1', 'pay/api', '8080/TCP')).toBe(false);
    expect(denied().answer('kube-system/proxy-2', 'pay/api', '8080/TCP').conditions)
      .toEqual([{ kind: 'cni', about: 'does NetworkPolicy select hostNetwork pods like others?' }]);
    const asNodes = denied({ ...GENERIC, hostNetworkPodsAreOrdinary: false });
    expect(asNodes.allows('kube-system/proxy-2', 'pay/api', '8080/TCP')).toBe(true);
  });

  test('where a hostNetwork pod runs is a question when nobody says', () => {
    expect(denied({ ...GENERIC, hostNetworkPodsAreOrdinary: false }).answer('kube-system/proxy-x', 'pay/api', '8080/TCP')).toEqual({
      verdict: 'depends',
      conditions: [{ kind: 'node-placement', about: 'is the node of pod kube-system/proxy-x the node of pod pay/api?' }],
    });
  });

  test('a hostNetwork pod is not a subject and not a podSelector peer, unless the CNI says so', () => {
    const cluster = (hostNetworkPodsAreOrdinary: boolean | undefined) => withApiPolicy(
      'ingress: [{ from: [{ namespaceSelector: {} }] }]', { ...GENERIC, hostNetworkPodsAreOrdinary })
      .withPods([{ namespace: 'pay', name: 'host', labels: { app: 'api' }, hostNetwork: true, node: 'node-1', ip: '192.0.2.1' }]);
    expect(cluster(false).allows('pay/host', 'pay/api', '8080/TCP')).toBe(false);
    expect(cluster(true).allows('pay/host', 'pay/api', '8080/TCP')).toBe(true);
    expect(cluster(undefined).answer('pay/host', 'pay/api', '8080/TCP').verdict).toBe('depends');
    expect(cluster(false).allows(EXTERNAL, 'pay/host', '8080/TCP')).toBe(true);
    expect(cluster(true).allows(EXTERNAL, 'pay/host', '8080/TCP')).toBe(false);
  });
});

describe('pods and workloads', () => {
  const workload = (kind: string, spec: string) => manifests(`
apiVersion: apps/v1
kind: ${kind}
metadata: { name: db, namespace: pay, labels: { app: misleading } }
spec: ${spec}
`);
  const template = '{ metadata: { labels: { app: api } }, spec: { containers: [{ name: db, ports: [{ name: http, containerPort: 5432 }] }] } }';

  test('a pod always reaches itself', () => {
    const cluster = withApiPolicy('policyTypes: [Ingress, Egress]');
    expect(cluster.allows('pay/api', 'pay/api', '8080/TCP')).toBe(true);
    expect(cluster.allows('pay/api', '10.244.0.8', '8080/TCP')).toBe(true);
  });

  test.each([['replicas: 3,', false], ['', false], ['replicas: 1,', true]])('replicas of one workload are policed (%s)', (replicas, allowed) => {
    const cluster = withApiPolicy('ingress: []').withObjects(workload('StatefulSet', `{ ${replicas} template: ${template} }`));
    expect(cluster.allows('pay/db', 'pay/db', '5432/TCP')).toBe(allowed);
  });

  test.each([
    ['Deployment', `{ template: ${template} }`],
    ['DaemonSet', `{ template: ${template} }`],
    ['Job', `{ template: ${template} }`],
    ['CronJob', `{ jobTemplate: { spec: { template: ${template} } } }`],
    ['ReplicationController', `{ template: ${template} }`],
    ['Rollout', `{ replicas: 2, template: ${template} }`],
  ])('the labels and ports of a %s are those of its pod template', (kind, spec) => {
    const cluster = withApiPolicy('ingress: [{ ports: [{ port: http }] }]').withObjects(workload(kind, spec));
    expect(cluster.allows('shop/web', 'pay/db', '5432/TCP')).toBe(true);
    expect(cluster.allows('shop/web', 'pay/db', '80/TCP')).toBe(false);
    expect(cluster.allows('shop/web', `pay/db[${kind}]`, '5432/TCP')).toBe(true);
  });

  test('the pods of a StatefulSet carry the labels that its controller adds', () => {
    const cluster = plainCluster([...WEB_AND_API, ...workload('StatefulSet', `{ template: ${template} }`), ...manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: first, namespace: pay }
spec: { podSelector: { matchLabels: { statefulset.kubernetes.io/pod-name: db-0 } } }
`)]);
    expect(cluster.allows('shop/web', 'pay/db-0', '5432/TCP')).toBe(false);
    expect(cluster.allows('shop/web', 'pay/db-1', '5432/TCP')).toBe(true);
    expect(cluster.answer('shop/web', 'pay/db', '5432/TCP').conditions).toEqual([{ kind: 'pods-differ', about: 'which pods of shop/web and pay/db are meant?' }]);
  });

  test.each(['Succeeded', 'Failed'])('a completed pod (%s) is gone, and its address another one\'s', (phase) => {
    const cluster = withApiPolicy('ingress: []').withObjects(manifests(`
apiVersion: v1
kind: Pod
metadata: { name: done, namespace: pay, labels: { app: api } }
status: { phase: ${phase}, podIP: 10.244.0.7 }
`));
    expect(() => cluster.allows('shop/web', 'pay/done', '80/TCP')).toThrow("'pay/done' is not in the cluster, which has pay/api, shop/web");
    expect(cluster.allows('10.244.0.7', 'pay/api', '80/TCP')).toBe(false);
  });

  test('kubernetes.io/metadata.name is there even when no Namespace object says so', () => {
    const peer = (name: string) => `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }`;
    expect(withApiPolicy(`ingress: [{ from: [${peer('shop')}] }]`).allows('shop/web', 'pay/api', '80/TCP')).toBe(true);
    expect(withApiPolicy(`ingress: [{ from: [${peer('unseen')}] }]`).withPods([{ namespace: 'unseen', name: 'pod' }])
      .allows('unseen/pod', 'pay/api', '80/TCP')).toBe(true);
  });

  test('objects without a namespace are in default', () => {
    const cluster = plainCluster(manifests(`
{ apiVersion: v1, kind: Pod, metadata: { name: a } }
---
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny }, spec: {} }
`));
    expect(cluster.allows(EXTERNAL, 'default/a', '80/TCP')).toBe(false);
  });

  test('lists are read, also typed ones whose items have no kind', () => {
    const cluster = plainCluster(manifests(`
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: PodList, items: [{ metadata: { name: a, namespace: x } }] }
- { apiVersion: v1, kind: Pod, metadata: { name: b, namespace: x } }
`));
    expect(cluster.allowedPairs('80/TCP')).toEqual(['x/a -> x/b', 'x/b -> x/a']);
  });

  test('an end that is not there is an error, not a denial', () => {
    expect(() => plainCluster(WEB_AND_API).allows('shop/wep', 'pay/api', '80/TCP')).toThrow("'shop/wep' is not in the cluster, which has pay/api, shop/web");
    expect(() => plainCluster(WEB_AND_API).allows('web', 'pay/api', '80/TCP')).toThrow("'web' is not of the form namespace/name");
    expect(() => plainCluster(WEB_AND_API).allows('shop/web', 'pay/api', '80')).toThrow("port '80' is not in the form 8080/TCP");
  });
});

describe('ICMP', () => {
  test.each([
    ['ingress: []', ['does NetworkPolicy stop ICMP?']],
    ['ingress: [{ ports: [{ protocol: TCP }] }]', ['does NetworkPolicy stop ICMP?']],
    ['ingress: [{}]', ['does NetworkPolicy stop ICMP?', 'does a NetworkPolicy rule without ports let ICMP through?']],
  ])('under %s is not defined by NetworkPolicy', (spec, questions) => {
    const { verdict, conditions } = withApiPolicy(spec).answer('shop/web', 'pay/api', 'ICMP');
    expect(verdict).toBe('depends');
    expect(conditions.map(({ about }) => about)).toEqual(questions);
  });

  test('a rule with ports never lets it through where the CNI polices it', () => {
    const profile = { ...GENERIC, networkPolicyIsolatesIcmp: true, rulesWithoutPortsAllowIcmp: true };
    expect(withApiPolicy('ingress: [{ ports: [{ protocol: TCP }] }]', profile).allows('shop/web', 'pay/api', 'ICMP')).toBe(false);
    expect(withApiPolicy('ingress: [{}]', profile).allows('shop/web', 'pay/api', 'ICMP')).toBe(true);
  });

  test('without policies is allowed', () => {
    expect(plainCluster(WEB_AND_API).allows('shop/web', 'pay/api', 'ICMP')).toBe(true);
  });
});

test('egress of the source and ingress of the destination must both allow', () => {
  const policy = (namespace: string, spec: string) => manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: ${namespace} }
spec: { podSelector: {}, ${spec} }
`);
  const egress = policy('shop', 'policyTypes: [Egress], egress: [{ ports: [{ port: 8080 }, { port: 81 }] }]');
  const ingress = policy('pay', 'ingress: [{ ports: [{ port: 8080 }, { port: 82 }] }]');
  const cluster = plainCluster([...WEB_AND_API, ...egress, ...ingress]);
  expect([8080, 81, 82].map((port) => cluster.allows('shop/web', 'pay/api', `${port}/TCP`))).toEqual([true, false, false]);
});

test('policies of one pod add up', () => {
  const cluster = withApiPolicy('ingress: [{ ports: [{ port: 81 }] }]').withObjects(manifests(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: second, namespace: pay }
spec: { podSelector: {}, ingress: [{ ports: [{ port: 82 }] }] }
`));
  expect([81, 82, 83].map((port) => cluster.allows('shop/web', 'pay/api', `${port}/TCP`))).toEqual([true, true, false]);
});
