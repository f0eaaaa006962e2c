import { Cidr } from 'cdk8s-netpol/policy';
import { parseCni, profileFor } from '../../../src/config/cni-flag';
import { ObservedPeer } from '../../../src/flows/observation';
import { recommend, Recommendation, RecommendInput } from '../../../src/flows/recommend/recommend';
import { InputObject, readInput } from '../../../src/input';
import { connection, DAY, input, NOW, outside, pods } from './records';

const web = pods('shop', 'web');
const api = pods('pay', 'api');
const db = pods('pay', 'db');

async function manifests(yaml: string): Promise<readonly InputObject[]> {
  return (await readInput([{ name: 'input.yaml', bytes: Buffer.from(yaml) }], { stdin: process.stdin })).objects;
}

/** `CONSTRUCT FROM -> TO PORTS`, without DNS. */
function rulesOf({ rules }: Recommendation): string[] {
  return rules.filter(({ opening }) => opening.kind !== 'dns')
    .map(({ construct, from, to, ports }) => `${construct} ${from} -> ${to} ${ports.map(({ protocol, port }) => `${protocol} ${port}`).join(',')}`);
}

function leftOf({ unopened }: Recommendation): string[] {
  return unopened.map(({ from, to, port, why }) => `${why}: ${from} -> ${to} ${port}`);
}

const pay = async (connections: RecommendInput['connections'], more: Parameters<typeof input>[2] = {}) => recommend(input(['pay'], connections, more));

describe('between pods', () => {
  test('the ports of a pair are one rule, and records of both ends are one connection', async () => {
    const found = await pay([connection(web, api, 8080), connection(web, api, 8080, { direction: 'egress' }), connection(web, api, 9090)]);
    expect(rulesOf(found)).toEqual(['AllowFromPods shop/app=web -> pay/app=api TCP 8080,TCP 9090']);
    expect(found.rules.at(-1)?.needs.map(({ port, seen }) => [port, seen.count])).toEqual([[8080, 400], [9090, 400]]);
    expect(found.proof.openedUnseen).toEqual([]);
  });

  test('what leaves for a namespace that was not asked for is told to its owner', async () => {
    const found = await recommend(input(['shop'], [connection(web, api, 8080, { direction: 'egress' })]));
    expect(rulesOf(found)).toEqual(['AllowToPods shop/app=web -> pay/app=api TCP 8080']);
    expect(found.others).toEqual([{ namespace: 'pay', construct: 'AllowFromPods', from: 'shop/app=web', to: 'pay/app=api', ports: [{ protocol: 'TCP', port: 8080 }] }]);
  });

  test('replicas of one workload are AllowWithin', async () => {
    expect(rulesOf(await pay([connection(db, db, 5432)]))).toEqual(['AllowWithin pay/app=db -> pay/app=db TCP 5432']);
  });

  test('a direction in which nothing was seen is said', async () => {
    const { unseen } = await pay([connection(web, api, 8080), connection(api, db, 5432)]);
    expect(unseen).toEqual([{ workload: 'pay/db', directions: ['egress'] }]);
  });
});

describe('labels', () => {
  test('hashes and job ids are never among them', async () => {
    const report = pods('shop', 'report', { 'batch.kubernetes.io/job-name': 'report-29384760', 'pod-template-hash': '5d9c7f6b4d', 'app': 'report', 'run-id': 'report-29384760' }, 'CronJob');
    const { typescript, rules } = await pay([connection(report, db, 5432)]);
    expect(typescript).toContain("Pods.inNamespaces(Namespaces.named('shop'), { app: 'report' })");
    expect(rules.at(-1)?.notes).toEqual(['shop/report is a CronJob: one run a day or a month leaves few traces']);
  });

  test('the selector of the workload wins, where a manifest tells', async () => {
    const objects = await manifests(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: pay}
spec:
  selector: {matchLabels: {component: backend, app: api}}
  template: {metadata: {labels: {component: backend, app: api, version: v2}}, spec: {containers: [{name: c, image: i}]}}
`);
    expect(rulesOf(await pay([connection(web, api, 8080)], { objects }))).toEqual(['AllowFromPods shop/app=web -> pay/app=api,component=backend TCP 8080']);
  });

  test('as many more as tell one workload from another of the namespace', async () => {
    const server = pods('pay', 'server', { app: 'api', role: 'server' });
    const worker = pods('pay', 'worker', { app: 'api', role: 'worker' });
    const found = await pay([connection(web, server, 8080), connection(worker, db, 5432)]);
    expect(rulesOf(found)).toEqual(['AllowFromPods pay/app=api,role=worker -> pay/app=db TCP 5432', 'AllowFromPods shop/app=web -> pay/app=api,role=server TCP 8080']);
    expect(found.proof.openedUnseen).toEqual([]);
  });

  test('where none tells them apart, that is said and counted', async () => {
    const found = await pay([connection(web, api, 8080), connection(pods('pay', 'api-canary', { app: 'api' }), db, 5432)]);
    expect(found.rules.find(({ id }) => id === 'shop-web-to-api')?.notes).toEqual(['no label tells pay/api from pay/api-canary: the rule opens them too']);
    expect(found.proof.openedUnseen.map(({ from, to, ports }) => [from, to, ports])).toEqual([['pay/api', 'pay/db', 'TCP 5432'], ['shop/web', 'pay/api-canary', 'TCP 8080']]);
  });

  test('pods of which the source records none are reported', async () => {
    expect(leftOf(await pay([connection(web, pods('pay', 'api', {}), 8080)]))).toEqual(['no-labels: shop/web -> pay/api TCP 8080']);
  });
});

describe('what is not opened', () => {
  test('what is denied, also where the other end lets it out', async () => {
    const found = await pay([connection(web, api, 8080, { direction: 'egress' }), connection(web, api, 8080, { verdict: 'denied' })]);
    expect([rulesOf(found), leftOf(found)]).toEqual([[], ['denied: shop/web -> pay/api TCP 8080']]);
  });

  test('what was denied until a rule came is open; what is denied since one went is not', async () => {
    const early = { firstSeen: NOW - 10 * DAY, lastSeen: NOW - 8 * DAY };
    const late = { firstSeen: NOW - 6 * DAY, lastSeen: NOW - DAY };
    const opened = await pay([connection(web, api, 8080, { verdict: 'denied', ...early }), connection(web, api, 8080, late)]);
    const closed = await pay([connection(web, api, 8080, early), connection(web, api, 8080, { verdict: 'denied', ...late })]);
    expect([rulesOf(opened).length, leftOf(opened)]).toEqual([1, []]);
    expect([rulesOf(closed), leftOf(closed)]).toEqual([[], ['denied: shop/web -> pay/api TCP 8080']]);
  });

  test('what is both let through and denied is open, with low confidence', async () => {
    const { rules } = await pay([connection(web, api, 8080), connection(web, api, 8080, { verdict: 'denied', count: 3 })]);
    expect([rules.at(-1)?.confidence.level, rules.at(-1)?.confidence.reason]).toEqual(['low', expect.stringContaining('also denied 3 times')]);
  });

  test.each<[string, ObservedPeer, number, string]>([
    ['instance metadata', outside('169.254.169.254'), 80, 'metadata: pay/api -> 169.254.169.254 TCP 80'],
    ['instance metadata over IPv6', outside('fd00:ec2::254'), 80, 'metadata: pay/api -> fd00:ec2::254 TCP 80'],
    ['another service of the node', outside('169.254.1.1'), 80, 'link-local: pay/api -> 169.254.1.1 TCP 80'],
    ['an address that Calico keeps to itself', { kind: 'entity', entity: 'public' }, 443, 'no-construct: pay/api -> {public} TCP 443'],
    ['a network set', { kind: 'entity', entity: 'networkset', name: 'partners' }, 443, 'no-construct: pay/api -> {networkset} partners TCP 443'],
    ['a node', { kind: 'entity', entity: 'remote-node' }, 9100, 'no-construct: pay/api -> {remote-node} TCP 9100'],
    ['a pod of which nobody knows', { kind: 'unknown', ip: '10.0.0.9' }, 80, 'unknown-peer: pay/api -> 10.0.0.9 TCP 80'],
    ['a Service without its manifest', { kind: 'service', namespace: 'shop', name: 'cart' }, 80, 'unknown-service: pay/api -> svc/shop/cart TCP 80'],
    ['a high port that one client calls', web, 40211, 'ephemeral: pay/api -> shop/web TCP 40211'],
  ])('%s', async (_, dst, port, expected) => {
    const found = await pay([connection(api, dst, port, { direction: 'egress' })], { cniText: 'cilium@1.18' });
    expect([rulesOf(found), leftOf(found)]).toEqual([[], [expected]]);
  });

  test('ICMP, and what has no port', async () => {
    const found = await pay([connection(web, api, null, { protocol: 'ICMP' }), connection(web, api, null, { protocol: 'unknown' })]);
    expect(leftOf(found)).toEqual(['no-construct: shop/web -> pay/api ICMP', 'no-port: shop/web -> pay/api unknown']);
  });

  test('a pod of another cluster', async () => {
    const found = await pay([connection({ ...web, cluster: 'eu' }, { ...api, cluster: 'us' }, 8080)]);
    expect(leftOf(found)).toEqual(['other-cluster: shop/web -> pay/api TCP 8080']);
  });

  test('the own node needs no rule', async () => {
    expect(leftOf(await pay([connection({ kind: 'entity', entity: 'host' }, api, 8080)], { cniText: 'cilium' }))).toEqual(['not-needed: {host} -> pay/api TCP 8080']);
  });

  test('a hundred and one addresses of clients are the Internet, for a person to say', async () => {
    const clients = Array.from({ length: 101 }, (_, index) => connection(outside(`203.0.113.${index}`), api, 8443));
    const found = await pay(clients);
    expect([rulesOf(found), leftOf(found)]).toEqual([[], ['too-many-addresses: 101 addresses -> pay/api TCP 8443']]);
  });
});

describe('a high port', () => {
  test('is opened where a manifest declares it', async () => {
    const objects = await manifests(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: pay}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 50051}]}]}}
`);
    expect(rulesOf(await pay([connection(web, api, 50051)], { objects }))).toEqual(['AllowFromPods shop/app=web -> pay/app=api TCP 50051']);
  });

  test('is opened where many call it', async () => {
    expect(rulesOf(await pay(['a', 'b', 'c'].map((name) => connection(pods('shop', name), api, 50051)))).length).toBe(3);
  });
});

describe('outside', () => {
  test('an address that nobody knows is one of its own, in a policy that says when it ends', async () => {
    const found = await pay([connection(api, outside('203.0.113.7'), 443, { direction: 'egress' }), connection(api, outside('203.0.113.9'), 443, { direction: 'egress' })]);
    expect(rulesOf(found)).toEqual(['AllowToIpBlock pay/app=api -> 203.0.113.7/32, 203.0.113.9/32 TCP 443']);
    expect(found.yaml).toContain('name: allow-api-until-2026-10-30');
  });

  test('a known range is opened as a whole, and what was not seen of it is counted', async () => {
    const ranges = [{ cidr: Cidr.parse('203.0.113.0/24'), name: 'partner' }];
    const found = await pay([connection(api, outside('203.0.113.7'), 443, { direction: 'egress' })], { ranges });
    expect(rulesOf(found)).toEqual(['AllowToIpBlock pay/app=api -> 203.0.113.0/24 TCP 443']);
    expect(found.proof.openedUnseen).toMatchObject([{ count: 255, unit: 'addresses' }]);
  });

  test('a domain, where the CNI knows domains', async () => {
    const stripe = [connection(api, outside('54.187.174.169', 'api.stripe.com.'), 443, { direction: 'egress' })];
    expect(rulesOf(await pay(stripe, { cniText: 'cilium@1.18' }))).toEqual(['AllowToFqdn pay/app=api -> api.stripe.com TCP 443']);
    expect(rulesOf(await pay(stripe))).toEqual(['AllowToIpBlock pay/app=api -> 54.187.174.169/32 TCP 443']);
  });
});

describe('by their constructs', () => {
  const dns = pods('kube-system', 'coredns', { 'k8s-app': 'kube-dns' });

  test('DNS is in every namespace, seen or not, and no rule of its own', async () => {
    const found = await pay([connection(api, dns, 53, { protocol: 'UDP', direction: 'egress' })]);
    expect(found.rules.map(({ construct, to, seen }) => [construct, to, seen?.count])).toEqual([['DefaultDenyNamespace', '{dns}', 400]]);
    expect(found.proof.openedUnseen).toMatchObject([{ from: 'pay/api', to: 'kube-system/coredns', ports: 'TCP 53' }]);
  });

  test('a cache on the node is part of DNS', async () => {
    const found = await pay([connection(api, outside('169.254.20.10'), 53, { protocol: 'UDP', direction: 'egress' })]);
    expect([rulesOf(found), leftOf(found)]).toEqual([[], []]);
    expect(found.typescript).toContain('dns: Dns.coreDns({ nodeLocalCache: true })');
  });

  test('scrapes are AllowFromMonitoring, wherever the scraper is', async () => {
    const scraper = (namespace: string) => pods(namespace, 'prometheus-k8s', { 'app.kubernetes.io/name': 'prometheus' }, 'StatefulSet');
    const found = await pay([connection(scraper('monitoring'), api, 9090), connection(scraper('metrics'), db, 9187)]);
    expect(rulesOf(found).every((rule) => rule.startsWith('AllowFromMonitoring '))).toBe(true);
    expect(found.typescript).toContain('from: Monitoring.kubePrometheus()');
    expect(found.typescript).toContain("from: Monitoring.kubePrometheus({ namespace: 'metrics' })");
  });

  test('an ingress controller', async () => {
    const controller = pods('ingress-nginx', 'controller', { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' });
    const found = await pay([connection(controller, api, 8080)]);
    expect(found.typescript).toContain('from: IngressController.ingressNginx()');
  });

  test.each<[string, ObservedPeer, ObservedPeer, number, string, string]>([
    ['the API server, called', api, { kind: 'entity', entity: 'kube-apiserver' }, 6443, 'egress', 'AllowToApiServer'],
    ['the API server, calling', { kind: 'entity', entity: 'kube-apiserver' }, api, 9443, 'ingress', 'AllowFromApiServer'],
    ['other nodes', { kind: 'entity', entity: 'remote-node' }, api, 8080, 'ingress', 'AllowFromIngressController'],
    ['the ingress of Cilium', { kind: 'entity', entity: 'ingress' }, api, 8080, 'ingress', 'AllowFromIngressController'],
  ])('%s, on Cilium', async (_, src, dst, port, direction, construct) => {
    const found = await pay([connection(src, dst, port, { direction: direction as 'ingress' })], { cniText: 'cilium@1.18' });
    expect([rulesOf(found).map((rule) => rule.split(' ')[0]), leftOf(found)]).toEqual([[construct], []]);
  });

  test('the API server at its address, elsewhere', async () => {
    const found = await pay([connection(api, { kind: 'entity', entity: 'kube-apiserver', ip: '192.0.2.10' }, 6443, { direction: 'egress' })]);
    expect(found.typescript).toContain("apiServer: { addresses: ['192.0.2.10/32'], port: 6443 }");
    expect(rulesOf(found)).toEqual(['AllowToApiServer pay/app=api -> {kube-apiserver} TCP 6443']);
  });

  test.each(['cilium@1.18', 'calico@3.31', 'generic', 'aws', 'antrea', 'gke-dpv2'])('a client in the range of the nodes, on %s', async (cniText) => {
    const nodeCidrs = ['192.0.2.0/24'];
    const profile = profileFor(parseCni(cniText), { nodeCidrs: nodeCidrs.map((each) => Cidr.parse(each)) });
    const found = await pay([connection(outside('192.0.2.5'), api, 8080), connection({ kind: 'entity', entity: 'node' }, db, 5432)], { cniText, nodeCidrs, profile });
    expect(rulesOf(found)).toEqual(['AllowFromIngressController {nodes} -> pay/app=api TCP 8080', 'AllowFromIngressController {nodes} -> pay/app=db TCP 5432']);
  });

  test.each(['cilium@1.18', 'calico@3.31', 'generic', 'aws', 'antrea', 'gke-dpv2', 'ovn-kubernetes'])('private addresses and IPv6, on %s', async (cniText) => {
    const found = await pay(['10.1.2.3', '2001:db8::7'].map((ip) => connection(api, outside(ip), 443, { direction: 'egress' })), { cniText });
    expect(rulesOf(found)).toEqual(['AllowToIpBlock pay/app=api -> 10.1.2.3/32, 2001:db8::7/128 TCP 443']);
  });

  test('a Service is the pods behind it, on their own port', async () => {
    const objects = await manifests(`
apiVersion: v1
kind: Service
metadata: {name: api, namespace: pay}
spec: {selector: {app: api}, clusterIP: 10.96.0.20, ports: [{port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: pay}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}}
`);
    const expected = ['AllowFromPods shop/app=web -> pay/app=api TCP 8080'];
    expect(rulesOf(await recommend(input(['pay'], [connection(web, { kind: 'service', namespace: 'pay', name: 'api' }, 80)], { objects })))).toEqual(expected);
    expect(rulesOf(await recommend(input(['pay', 'shop'], [connection(web, outside('10.96.0.20'), 80, { direction: 'egress' })], { objects })))).toEqual(expected);
  });
});

test('confidence: high for what is seen all the time, low for what was seen once, never high with gaps', async () => {
  const hour = 3_600_000;
  const whole = Array.from({ length: 14 * 24 }, (_, index) => ({ hour: NOW - (index + 1) * hour, node: 'n', source: 'hubble', events: 100, lost: 0, sampled: 1, silentMinutes: 0, longestSilence: 0 }));
  const level = async (seen: object, coverage = whole) => (await pay([connection(web, api, 8080, seen)], { coverage })).rules.at(-1)?.confidence.level;
  expect(await level({})).toBe('high');
  expect(await level({ verdict: 'unknown' })).toBe('medium');
  expect(await level({}, whole.map((each) => ({ ...each, lost: 50 })))).toBe('medium');
  expect(await level({}, whole.slice(0, 100))).toBe('medium');
  expect(await level({ hours: 1, firstSeen: NOW - DAY, lastSeen: NOW - DAY })).toBe('low');
});
