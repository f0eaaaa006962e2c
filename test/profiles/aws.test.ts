import { Analysis, profileOf, readInventory } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';

type Json = Readonly<Record<string, unknown>>;

interface PodFacts {
  readonly ip: string;
  readonly labels?: Json;
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly ports?: readonly Json[];
}

const node = (name: string, address: string, labels: Json = {}): Json => ({
  apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status: { addresses: [{ type: 'InternalIP', address }] },
});

const NODES = [node('n1', '10.9.0.1'), node('n2', '10.9.0.2')];

function pod(id: string, { ip, labels = {}, node: nodeName = 'n1', hostNetwork = false, ports = [] }: PodFacts): Json {
  const [namespace, name] = id.split('/');
  const status = { podIP: ip, podIPs: [{ ip }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec: { nodeName, hostNetwork, containers: [{ name: 'c', ports }] }, status };
}

let made = 0;
const np = (spec: Json, namespace = 'shop'): Json => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: `np-${made++}`, namespace }, spec });
const application = (spec: Json): Json => ({
  apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ApplicationNetworkPolicy', metadata: { name: `anp-${made++}`, namespace: 'shop' }, spec,
});
const cluster = (spec: Json): Json => ({
  apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ClusterNetworkPolicy', metadata: { name: `cnp-${made++}` }, spec: { subject: { namespaces: {} }, ...spec },
});
const service = (name: string, spec: Json): Json => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec });

function aws(objects: readonly Json[], settings: Readonly<Record<string, string>> = {}, version: string | undefined = '1.21'): Analysis {
  const inventory = readInventory([...NODES, ...objects].map((object) => ({ object })), { readers: POLICY_READERS });
  return new Analysis(inventory, profileOf('aws', { ...(version === undefined ? {} : { version }), settings }));
}

const WEB = pod('shop/web', { ip: '10.1.0.1', labels: { app: 'web' } });
const API = pod('shop/api', { ip: '10.1.0.2', labels: { app: 'api' } });
const verdict = (analysis: Analysis, from: string, to: string, port: string): string => analysis.allows(from, to, port).verdict;
const block = (cidr: string, ...except: readonly string[]): Json => ({ ipBlock: except.length === 0 ? { cidr } : { cidr, except } });
const tcp = (port: number): Json => ({ protocol: 'TCP', port });
const isolateIngress = (...ingress: readonly Json[]): Json => np({ podSelector: {}, policyTypes: ['Ingress'], ingress });
const isolateEgress = (...egress: readonly Json[]): Json => np({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress });

test('more than 24 port entries for one address are cut: which of them hold is open', () => {
  const some = (count: number): readonly Json[] => Array.from({ length: count }, (_, index) => tcp(8000 + index));
  expect(verdict(aws([API, isolateIngress({ from: [block('192.0.2.0/24')], ports: some(24) })]), '192.0.2.9', 'shop/api', '8003/TCP')).toBe('allowed');
  const crowded = aws([API, isolateIngress({ from: [block('192.0.2.0/24')], ports: some(25) })]).allows('192.0.2.9', 'shop/api', '8003/TCP');
  expect(crowded).toMatchObject({ verdict: 'depends', conditions: [{ kind: 'cni', why: expect.stringContaining('25 port entries') as unknown }] });
  const spread = aws([API, isolateIngress({ from: [block('192.0.2.0/24')], ports: some(20) }), isolateIngress({ from: [block('192.0.0.0/16')], ports: some(19) })]);
  expect(verdict(spread, '192.0.2.9', 'shop/api', '8003/TCP')).toBe('depends');
  expect(verdict(spread, '192.0.3.9', 'shop/api', '8003/TCP')).toBe('allowed');
  expect(verdict(spread, '192.0.2.9', 'shop/api', '9000/TCP')).toBe('denied');
});

test('a port by its name towards a pod in the network of its node is the number of that pod, and opens the node', () => {
  const agent = pod('shop/agent', { ip: '10.9.0.2', labels: { app: 'agent' }, node: 'n2', hostNetwork: true, ports: [{ name: 'dns', containerPort: 5353, protocol: 'TCP' }] });
  const analysis = aws([WEB, agent, isolateEgress({ to: [{ podSelector: { matchLabels: { app: 'agent' } } }], ports: [{ protocol: 'TCP', port: 'dns' }] })]);
  expect(verdict(analysis, 'shop/web', 'shop/agent', '5353/TCP')).toBe('allowed');
  expect(verdict(analysis, 'shop/web', '10.9.0.2', '5353/TCP')).toBe('allowed');
  expect(verdict(analysis, 'shop/web', 'shop/agent', '53/TCP')).toBe('denied');
});

test('the node IP is always allowed, over an Admin Deny too, in both directions', () => {
  const analysis = aws([API, cluster({ tier: 'Admin', priority: 0, egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }] }), isolateIngress()]);
  expect(verdict(analysis, '10.9.0.1', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, 'shop/api', '10.9.0.1', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, '10.9.0.2', 'shop/api', '80/TCP')).toBe('denied');
  expect(verdict(analysis, 'shop/api', '10.9.0.2', '80/TCP')).toBe('denied');
});

describe('matches before DNAT: a ClusterIP is added only if the peer selector matches the own selector of the Service', () => {
  const BACKEND = pod('shop/api', { ip: '10.1.0.2', labels: { app: 'api', tier: 'x' }, ports: [{ name: 'http', containerPort: 8080 }] });
  const dial = (spec: Json, rule: Json): string => verdict(aws([WEB, BACKEND, service('s', spec), isolateEgress(rule)]), 'shop/web', 'svc/shop/s', '80/TCP');
  const wide = { clusterIP: '172.20.0.9', selector: { tier: 'x' }, ports: [{ port: 80, targetPort: 8080 }] };
  const toApi = [{ podSelector: { matchLabels: { app: 'api' } } }];

  test('the selector decides, not the pods behind the Service', () => {
    expect(dial(wide, { to: toApi })).toBe('denied');
    expect(dial({ ...wide, selector: { app: 'api' } }, { to: toApi })).toBe('allowed');
    expect(dial({ ...wide, selector: { app: 'api' } }, { to: [{ namespaceSelector: { matchLabels: { team: 'other' } }, podSelector: {} }] })).toBe('denied');
  });

  test('a block meets the address of the Service, not that of the pod', () => {
    expect(dial(wide, { to: [block('172.20.0.0/16')] })).toBe('allowed');
    expect(dial(wide, { to: [block('10.1.0.0/16')] })).toBe('denied');
  });

  test('the port of the rule is the target, the port of the Service follows', () => {
    const own = { ...wide, selector: { app: 'api' } };
    expect(dial(own, { to: toApi, ports: [tcp(8080)] })).toBe('allowed');
    expect(dial(own, { to: toApi, ports: [tcp(80)] })).toBe('denied');
    expect(dial(own, { to: toApi, ports: [{ protocol: 'TCP', port: 'http' }] })).toBe('allowed');
    expect(dial({ ...own, ports: [{ port: 80, targetPort: 'http' }] }, { to: toApi, ports: [tcp(8080)] })).toBe('allowed');
    expect(dial({ ...own, ports: [{ port: 80, targetPort: 'http' }] }, { to: toApi, ports: [{ protocol: 'TCP', port: 'http' }] })).toBe('allowed');
  });

  test('a headless Service is the pods themselves', () => {
    expect(dial({ ...wide, clusterIP: 'None' }, { to: toApi, ports: [tcp(80)] })).toBe('allowed');
  });
});

test('no policy on Fargate and Windows: always allowed, and a finding', () => {
  const nodes = [node('f', '10.9.0.3', { 'eks.amazonaws.com/compute-type': 'fargate' }), node('w', '10.9.0.4', { 'kubernetes.io/os': 'windows' })];
  const pods = [pod('shop/a', { ip: '10.1.0.5', node: 'f' }), pod('shop/b', { ip: '10.1.0.6', node: 'w' }), API];
  const analysis = aws([...nodes, ...pods, isolateIngress()]);
  expect(verdict(analysis, '192.0.2.9', 'shop/a', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, '192.0.2.9', 'shop/b', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, '192.0.2.9', 'shop/api', '80/TCP')).toBe('denied');
  expect(analysis.issues.map(({ code, object }) => `${code} ${object?.name}`)).toEqual(['workload-not-enforced a', 'workload-not-enforced b']);
  expect(verdict(aws([...nodes, ...pods], { enforcingMode: 'strict' }), '192.0.2.9', 'shop/a', '80/TCP')).toBe('allowed');
});

test('a template that asks for such nodes runs on them, whichever they are', () => {
  const asking = (name: string, spec: Json) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'a', image: 'a' }], ...spec } } },
  });
  const analysis = aws([
    asking('a', { nodeSelector: { 'kubernetes.io/os': 'windows', 'pool': 'b' } }), asking('b', { os: { name: 'windows' } }),
    asking('c', { nodeSelector: { 'kubernetes.io/os': 'linux' } }), asking('d', {}), isolateIngress(),
  ]);
  expect(['a', 'b', 'c', 'd'].map((name) => verdict(analysis, '192.0.2.9', `shop/${name}`, '80/TCP'))).toEqual(['allowed', 'allowed', 'denied', 'denied']);
  expect(analysis.issues.map(({ code, object }) => `${code} ${object?.name}`)).toEqual(['workload-not-enforced a', 'workload-not-enforced b']);
});

test('one IP family: packets of the other pass, in strict mode too, and the list says so', () => {
  const v4 = aws([API, isolateIngress({ from: [block('2001:db8::/32')] })], { enforcingMode: 'strict' });
  expect(verdict(v4, '2001:db8::1', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(v4, '2001:dead::1', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(v4, '192.0.2.1', 'shop/api', '80/TCP')).toBe('denied');
  expect(v4.connections().map(({ source, destination, ports }) => [source, destination, ports])).toEqual([
    [{ kind: 'workload', namespace: 'shop', name: 'api', workload: 'Pod' }, { kind: 'external', cidrs: ['0.0.0.0/0', '::/0'] }, 'all'],
    [{ kind: 'external', cidrs: ['::/0'] }, { kind: 'workload', namespace: 'shop', name: 'api', workload: 'Pod' }, 'all'],
  ]);
  const v6 = aws([pod('shop/api', { ip: 'fd00::2', labels: {} }), isolateIngress()], { ipFamily: 'IPv6' });
  expect(verdict(v6, '192.0.2.1', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(v6, '2001:db8::1', 'shop/api', '80/TCP')).toBe('denied');
});

test('pods without owner references are enforced', () => {
  expect(verdict(aws([API, isolateIngress()]), '192.0.2.1', 'shop/api', '80/TCP')).toBe('denied');
});

describe('except is a deny entry of its own', () => {
  test('it cuts addresses that another rule of the same pod allows', () => {
    const analysis = aws([API, isolateIngress({ from: [block('10.0.0.0/8', '10.2.0.0/16')] }), isolateIngress({ from: [block('0.0.0.0/0')] })]);
    expect(verdict(analysis, '10.2.0.9', 'shop/api', '80/TCP')).toBe('denied');
    expect(verdict(analysis, '10.3.0.9', 'shop/api', '80/TCP')).toBe('allowed');
    expect(verdict(analysis, '192.0.2.9', 'shop/api', '80/TCP')).toBe('allowed');
  });

  test('a longer or equal prefix that a rule names wins over it, and the address of a pod is the longest', () => {
    const open = isolateIngress({ from: [block('10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16')] });
    const analysis = aws([WEB, API, open, isolateIngress({ from: [block('10.2.0.0/16'), { podSelector: { matchLabels: { app: 'web' } } }] })]);
    expect(verdict(analysis, '10.2.0.9', 'shop/api', '80/TCP')).toBe('allowed');
    expect(verdict(analysis, 'shop/web', 'shop/api', '80/TCP')).toBe('allowed');
    expect(verdict(analysis, '10.1.0.200', 'shop/api', '80/TCP')).toBe('denied');
  });

  test('the policies of another pod have their own entries', () => {
    const other = np({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress: [{ from: [block('10.0.0.0/8', '10.2.0.0/16')] }] });
    expect(verdict(aws([WEB, API, other, isolateIngress({ from: [block('0.0.0.0/0')] })]), '10.2.0.9', 'shop/api', '80/TCP')).toBe('allowed');
  });
});

test('named ports for ingress are pooled over all selected pods: a pod without a port of that name is opened on the number too', () => {
  const named = pod('shop/web', { ip: '10.1.0.1', labels: { app: 'web' }, ports: [{ name: 'http', containerPort: 8080 }] });
  const rule = { ports: [{ protocol: 'TCP', port: 'http' }] };
  expect(verdict(aws([named, API, isolateIngress(rule)]), '192.0.2.1', 'shop/api', '8080/TCP')).toBe('allowed');
  expect(verdict(aws([API, isolateIngress(rule)]), '192.0.2.1', 'shop/api', '8080/TCP')).toBe('denied');
  const apart = np({ podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'], ingress: [rule] });
  expect(verdict(aws([named, API, apart]), '192.0.2.1', 'shop/api', '8080/TCP')).toBe('denied');
});

test('named ports for egress count per destination pod, and towards addresses and everybody not at all', () => {
  const named = pod('shop/api', { ip: '10.1.0.2', labels: { app: 'api' }, ports: [{ name: 'http', containerPort: 8080 }] });
  const ports = [{ protocol: 'TCP', port: 'http' }];
  expect(verdict(aws([WEB, named, isolateEgress({ to: [{ podSelector: {} }], ports })]), 'shop/web', 'shop/api', '8080/TCP')).toBe('allowed');
  expect(verdict(aws([WEB, named, isolateEgress({ to: [block('0.0.0.0/0')], ports })]), 'shop/web', 'shop/api', '8080/TCP')).toBe('denied');
  expect(verdict(aws([WEB, named, isolateEgress({ ports })]), 'shop/web', 'shop/api', '8080/TCP')).toBe('denied');
});

test('hostNetwork pods match as peers by selector, which opens their whole node', () => {
  const agent = pod('shop/agent', { ip: '10.9.0.2', node: 'n2', hostNetwork: true, labels: { app: 'agent' } });
  const other = pod('shop/other', { ip: '10.9.0.2', node: 'n2', hostNetwork: true, labels: { app: 'other' } });
  const analysis = aws([API, agent, other, isolateIngress({ from: [{ podSelector: { matchLabels: { app: 'agent' } } }] })]);
  expect(verdict(analysis, 'shop/agent', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, 'shop/other', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, '10.9.0.2', 'shop/api', '80/TCP')).toBe('allowed');
  expect(verdict(analysis, '192.0.2.1', 'shop/agent', '80/TCP')).toBe('allowed');
});

test('a hostNetwork pod of which the node is not known may open any node', () => {
  const spec = { hostNetwork: true, containers: [{ name: 'c' }] };
  const agents = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'shop' }, spec: { template: { metadata: { labels: { app: 'agent' } }, spec } } };
  const analysis = aws([API, agents, isolateIngress({ from: [{ podSelector: { matchLabels: { app: 'agent' } } }] })]);
  expect(verdict(analysis, '10.9.0.2', 'shop/api', '80/TCP')).toBe('depends');
  expect(verdict(analysis, '192.0.2.1', 'shop/api', '80/TCP')).toBe('denied');
});

describe('layers', () => {
  test('inside a bucket Deny wins over Accept, Accept over Pass, regardless of the order of rules', () => {
    const rule = (action: string): Json => ({ action, from: [{ namespaces: {} }] });
    const bucket = (...actions: readonly string[]): Analysis => aws([WEB, API, isolateIngress(), cluster({ tier: 'Admin', priority: 5, ingress: actions.map(rule) })]);
    expect(verdict(bucket('Accept', 'Deny'), 'shop/web', 'shop/api', '80/TCP')).toBe('denied');
    expect(verdict(bucket('Pass', 'Accept'), 'shop/web', 'shop/api', '80/TCP')).toBe('allowed');
    expect(verdict(bucket('Pass'), 'shop/web', 'shop/api', '80/TCP')).toBe('denied');
  });

  test('a pod selected in either direction gets allow-all in the direction that is not isolated, and Baseline is not reached', () => {
    const baseline = cluster({ tier: 'Baseline', priority: 5, egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }] });
    expect(verdict(aws([API, baseline]), 'shop/api', '192.0.2.1', '80/TCP')).toBe('denied');
    expect(verdict(aws([API, baseline, isolateIngress()]), 'shop/api', '192.0.2.1', '80/TCP')).toBe('allowed');
  });

  test('strict mode denies pods without any policy, also where only a cluster policy speaks about them', () => {
    const accept = cluster({ tier: 'Baseline', priority: 5, egress: [{ action: 'Accept', to: [{ networks: ['192.0.2.0/24'] }] }] });
    const strict = aws([API, accept], { enforcingMode: 'strict' });
    expect(verdict(strict, 'shop/api', '192.0.2.1', '80/TCP')).toBe('allowed');
    expect(verdict(strict, 'shop/api', '198.51.100.1', '80/TCP')).toBe('denied');
    expect(verdict(strict, 'shop/api', '198.51.100.1', 'ICMP')).toBe('denied');
    expect(verdict(aws([API, isolateIngress()], { enforcingMode: 'strict' }), 'shop/api', '198.51.100.1', '80/TCP')).toBe('allowed');
  });

  test('whether the own node reaches a pod in strict mode that no policy selects is open', () => {
    expect(verdict(aws([API], { enforcingMode: 'strict' }), '10.9.0.1', 'shop/api', '80/TCP')).toBe('depends');
    expect(verdict(aws([API], { enforcingMode: 'strict' }), '10.9.0.2', 'shop/api', '80/TCP')).toBe('denied');
  });

  test('NetworkPolicy and ApplicationNetworkPolicy add up', () => {
    const allow = application({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [block('192.0.2.0/24')] }] });
    expect(verdict(aws([API, isolateIngress(), allow]), '192.0.2.1', 'shop/api', '80/TCP')).toBe('allowed');
    expect(verdict(aws([API, isolateIngress()]), '192.0.2.1', 'shop/api', '80/TCP')).toBe('denied');
  });

  test('an API of which the version is not known to serve it decides nothing for certain; one that is older contributes nothing', () => {
    const deny = cluster({ tier: 'Admin', priority: 5, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] });
    const inventory = readInventory([WEB, API, deny].map((object) => ({ object })), { readers: POLICY_READERS });
    expect(new Analysis(inventory, profileOf('aws')).allows('shop/web', 'shop/api', '80/TCP').verdict).toBe('depends');
    const old = aws([WEB, API, deny], {}, '1.20');
    expect(verdict(old, 'shop/web', 'shop/api', '80/TCP')).toBe('allowed');
    expect(old.issues.map(({ code }) => code)).toEqual(['api-not-served']);
    expect(verdict(aws([WEB, API, deny]), 'shop/web', 'shop/api', '80/TCP')).toBe('denied');
  });

  test('the ClusterNetworkPolicy of policy.networking.k8s.io decides nothing for certain', () => {
    const upstream = { ...cluster({ tier: 'Admin', priority: 5, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] }), apiVersion: 'policy.networking.k8s.io/v1alpha2' };
    expect(verdict(aws([WEB, API, upstream]), 'shop/web', 'shop/api', '80/TCP')).toBe('depends');
    expect(verdict(aws([WEB, API, upstream], { cnp: 'off' }), 'shop/web', 'shop/api', '80/TCP')).toBe('allowed');
  });

  test('domain names are evaluated in EKS Auto Mode alone', () => {
    const allow = application({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ domainNames: ['*.example.com'] }], ports: [tcp(443)] }] });
    expect(verdict(aws([API, allow], { autoMode: 'true' }), 'shop/api', '192.0.2.1', '443/TCP')).toBe('depends');
    expect(verdict(aws([API, allow], { autoMode: 'true' }), 'shop/api', '192.0.2.1', '80/TCP')).toBe('denied');
    expect(verdict(aws([API, allow]), 'shop/api', '192.0.2.1', '443/TCP')).toBe('denied');
  });

  test('without the agent nothing is enforced, and every policy is reported', () => {
    const off = aws([API, isolateIngress()], { 'enable-network-policy': 'false' });
    expect(verdict(off, '192.0.2.1', 'shop/api', '80/TCP')).toBe('allowed');
    expect(off.issues.map(({ code }) => code)).toEqual(['api-not-served']);
  });

  test('isolation stops ICMP, a rule without ports lets it through, one with ports does not', () => {
    expect(verdict(aws([API, isolateIngress()]), '192.0.2.1', 'shop/api', 'ICMP')).toBe('denied');
    expect(verdict(aws([API, isolateIngress({ from: [block('0.0.0.0/0')] })]), '192.0.2.1', 'shop/api', 'ICMP')).toBe('allowed');
    expect(verdict(aws([API, isolateIngress({ from: [block('0.0.0.0/0')], ports: [tcp(80)] })]), '192.0.2.1', 'shop/api', 'ICMP')).toBe('denied');
  });
});
