import { Cidr } from 'cdk8s-netpol/policy';
import { FlowInventory, InventoryFacts } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { FlowSource, Reading } from '../../../src/flows/sources/flow-source';
import { HUBBLE, HUBBLE_EXPORTER, RETINA } from '../../../src/flows/sources/hubble';
import { expectToSurviveDamage } from './mangled';
import { NOW, readAll, testSample } from './samples';

testSample(HUBBLE, 'hubble/observe.ndjson');
testSample(HUBBLE_EXPORTER, 'hubble-exporter/events.ndjson');
testSample(RETINA, 'retina/retina.ndjson');

type Part = Readonly<Record<string, unknown>>;

const TIME = Date.UTC(2026, 2, 4, 5, 6, 7, 123);
const STAMP = '2026-03-04T05:06:07.123987654Z';
const DROP = { event_type: { type: 1 } };
const TRACE = { event_type: { type: 4 } };
const VERDICT = { event_type: { type: 5 } };
const CART = {
  ID: 311, identity: 20_311, cluster_name: 'east', namespace: 'store', labels: ['k8s:app=cart', 'k8s:io.kubernetes.pod.namespace=store'], pod_name: 'cart-6d4cf56db6-x7k2p',
  workloads: [{ name: 'cart', kind: 'Deployment' }],
};
const REDIS = {
  ID: 98, identity: 20_098, cluster_name: 'east', namespace: 'cache', labels: ['k8s:app=redis', 'k8s:io.kubernetes.pod.namespace=cache'], pod_name: 'redis-0',
  workloads: [{ name: 'redis', kind: 'StatefulSet' }],
};

function tcp(source: number | undefined, destination: number, ...flags: readonly string[]): Part {
  return { TCP: { source_port: source, destination_port: destination, flags: Object.fromEntries(flags.map((flag) => [flag, true])) } };
}

/** A connection from `cart` to `redis` that a policy verdict allowed. */
function flowOf(fields: Part = {}): Part {
  return {
    time: STAMP, uuid: 'e1', verdict: 'FORWARDED', IP: { source: '10.8.0.4', destination: '10.8.1.9', ipVersion: 'IPv4' }, l4: tcp(45_000, 6379, 'SYN'), source: CART,
    destination: REDIS, Type: 'L3_L4', ...VERDICT, traffic_direction: 'INGRESS', policy_match_type: 2, is_reply: false, ...fields,
  };
}

function line(fields: Part = {}, around: Part = {}): string {
  return JSON.stringify({ flow: flowOf(fields), node_name: 'east/n1', time: STAMP, ...around });
}

function inventoryOf(facts: Partial<InventoryFacts>): FlowInventory {
  return new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [], ...facts });
}

const REDIS_LISTENS = inventoryOf({ listeners: [{ namespace: 'cache', workload: { kind: 'StatefulSet', name: 'redis' }, protocol: 'TCP', port: 6379 }] });

function read(text: string, inventory?: FlowInventory, source: FlowSource = HUBBLE): Reading {
  return readAll(source, [text], inventory)[0]!;
}

function observe(fields: Part, inventory?: FlowInventory, source?: FlowSource): Observation {
  const { observations, skipped } = read(line(fields), inventory, source);
  expect(skipped).toBeUndefined();
  expect(observations).toHaveLength(1);
  return observations[0]!;
}

function skippedFor(fields: Part, inventory?: FlowInventory, source?: FlowSource): string | undefined {
  return read(line(fields), inventory, source).skipped;
}

it('a flow is read whole', () => {
  expect(read(line({ ingress_allowed_by: [{ name: 'redis-from-cart', namespace: 'cache', kind: 'NetworkPolicy' }] }))).toEqual({
    time: TIME,
    node: 'east/n1',
    observations: [{
      time: TIME,
      src: { kind: 'pod', namespace: 'store', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' }, pod: 'cart-6d4cf56db6-x7k2p', ip: '10.8.0.4' },
      dst: { kind: 'pod', namespace: 'cache', workload: { kind: 'StatefulSet', name: 'redis' }, labels: { app: 'redis' }, pod: 'redis-0', ip: '10.8.1.9' },
      port: 6379,
      protocol: 'TCP',
      direction: 'ingress',
      verdict: 'allowed',
      decidedBy: [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'redis-from-cart' }],
      count: 1,
      evidence: 'policy-verdict',
    }],
  });
});

describe('verdicts', () => {
  it.each([
    [1, 'allowed'], [4, 'audited'], [5, 'allowed'], ['1', 'allowed'], [0, 'unknown'], [99, 'unknown'], [undefined, 'unknown'], ['VERDICT_UNKNOWN', 'unknown'],
  ])('%j is %s, as a name or as its number', (verdict, meaning) => expect(observe({ verdict }).verdict).toBe(meaning));

  it.each([[3, 'not-policy'], ['ERROR', 'not-policy'], [6, 'translation'], [7, 'translation'], ['TRACED', 'translation']])('%j is none: %s', (verdict, reason) => {
    expect(skippedFor({ verdict })).toBe(reason);
  });

  it('of the socket load balancer are none, whatever they say and however they were masked', () => {
    expect(skippedFor({ event_type: { type: 7 } })).toBe('translation');
    expect(skippedFor({ event_type: undefined, Type: 'SOCK' })).toBe('translation');
  });

  it('that send a connection to the proxy allow it, also where the policy is on trial', () => {
    expect(observe({ verdict: 'REDIRECTED', proxy_port: 15_001 })).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it('of trace events say that traffic passed, and nothing of policy', () => {
    expect(observe({ ...TRACE, policy_match_type: undefined })).toMatchObject({ verdict: 'allowed', decidedBy: null, evidence: 'trace' });
  });

  it('of the proxy speak of the request', () => {
    const l7 = { Type: 'L7', event_type: { type: 129 }, policy_match_type: undefined, l4: tcp(45_000, 6379), l7: { type: 'REQUEST', http: { method: 'GET' } } };
    expect(observe(l7)).toMatchObject({ verdict: 'allowed', evidence: 'l7' });
    expect(skippedFor({ ...l7, verdict: 'DROPPED' })).toBe('not-policy');
  });
});

describe('drops', () => {
  it.each([
    [{ drop_reason_desc: 'POLICY_DENIED' }], [{ drop_reason_desc: 'POLICY_DENY' }], [{ drop_reason: 133 }], [{ drop_reason: 181 }], [{ event_type: { type: 1, sub_type: 133 } }],
  ])('by policy are denials: %j', (fields) => expect(observe({ verdict: 'DROPPED', is_reply: undefined, ...DROP, ...fields })).toMatchObject({ verdict: 'denied', evidence: 'drop' }));

  it.each([
    [{ drop_reason_desc: 'CT_MAP_INSERTION_FAILED' }], [{ drop_reason_desc: 'AUTH_REQUIRED' }], [{ drop_reason: 151 }], [{ event_type: { type: 1, sub_type: 151 } }], [{}],
  ])('for other reasons, or none, are no gaps in policies: %j', (fields) => expect(skippedFor({ verdict: 'DROPPED', is_reply: undefined, ...DROP, ...fields })).toBe('not-policy'));

  it('of a verdict event are by policy, also without a reason', () => expect(observe({ verdict: 'DROPPED' }).verdict).toBe('denied'));

  it('have no is_reply: the flags tell, and else nothing does', () => {
    const dropped = { verdict: 'DROPPED', ...DROP, drop_reason: 133, is_reply: undefined };
    expect(observe({ ...dropped, l4: tcp(45_000, 6379, 'SYN') }).port).toBe(6379);
    expect(skippedFor({ ...dropped, l4: tcp(45_000, 6379, 'ACK') })).toBe('undecided');
    expect(skippedFor({ ...dropped, l4: { UDP: { source_port: 45_000, destination_port: 6379 } } })).toBe('undecided');
  });

  it('name the policy that denies', () => {
    expect(observe({ verdict: 'DROPPED', drop_reason: 181, ingress_denied_by: [{ name: 'no-cart', namespace: 'cache', kind: 'CiliumNetworkPolicy' }] }).decidedBy)
      .toEqual([{ kind: 'CiliumNetworkPolicy', namespace: 'cache', name: 'no-cart' }]);
  });
});

describe('what would be denied', () => {
  const marker = { name: 'netpol-audit', namespace: 'cache', kind: 'CiliumNetworkPolicy' };
  const other = { name: 'allow-all', namespace: 'cache', kind: 'CiliumNetworkPolicy' };

  it('matched nothing but the wildcard of a policy that does not isolate', () => {
    expect(observe({ policy_match_type: 4 })).toMatchObject({ verdict: 'would-deny', decidedBy: null });
    expect(observe({ policy_match_type: 4, event_type: undefined }).verdict).toBe('would-deny');
  });

  it('is not what a policy allows that allows all', () => {
    expect(observe({ policy_match_type: 4, ingress_allowed_by: [other] })).toMatchObject({ verdict: 'allowed', decidedBy: [{ name: 'allow-all' }] });
  });

  it.each([undefined, 0, 1, 2, 3, 5, 6])('is not what matched with type %j', (match) => expect(observe({ policy_match_type: match }).verdict).toBe('allowed'));

  it.each([undefined, 2, 4])('is what the opener of AUDIT alone allows (match type %j)', (match) => {
    expect(observe({ policy_match_type: match, egress_allowed_by: [marker] })).toMatchObject({ verdict: 'would-deny', decidedBy: [{ name: 'netpol-audit' }] });
    expect(observe({ policy_match_type: match, egress_allowed_by: [marker], event_type: undefined }).verdict).toBe('would-deny');
  });

  it('is not what another policy allows beside the opener', () => {
    expect(observe({ policy_match_type: 4, ingress_allowed_by: [marker, other] })).toMatchObject({ verdict: 'allowed', decidedBy: [{ name: 'netpol-audit' }, { name: 'allow-all' }] });
  });

  it('is not what is denied already, or audited', () => {
    expect(observe({ verdict: 'DROPPED', policy_match_type: 4, drop_reason: 133 }).verdict).toBe('denied');
    expect(observe({ verdict: 'AUDIT', policy_match_type: 4 }).verdict).toBe('audited');
  });
});

describe('attribution', () => {
  it('has no namespace for policies of the cluster', () => {
    expect(observe({ egress_allowed_by: [{ name: 'baseline', kind: 'CiliumClusterwideNetworkPolicy' }] }).decidedBy).toEqual([{ kind: 'CiliumClusterwideNetworkPolicy', name: 'baseline' }]);
  });

  it('is in the labels alone in older versions', () => {
    const labels = ['name=old', 'namespace=cache', 'derived-from=CiliumNetworkPolicy'].map((label) => `k8s:io.cilium.k8s.policy.${label}`);
    expect(observe({ ingress_allowed_by: [{ labels, revision: '3' }] }).decidedBy).toEqual([{ kind: 'CiliumNetworkPolicy', namespace: 'cache', name: 'old' }]);
    expect(observe({ ingress_allowed_by: [{ labels: labels.slice(0, 1) }] }).decidedBy).toEqual([{ kind: null, name: 'old' }]);
  });

  it('without a name is none: nothing says that it is not the opener', () => {
    expect(observe({ policy_match_type: 4, ingress_allowed_by: [{ revision: '3' }, null, 7] })).toMatchObject({ verdict: 'would-deny', decidedBy: null });
  });
});

describe('request or reply', () => {
  const trace = { ...TRACE, policy_match_type: undefined };

  it.each([
    ['a flow that says so', { is_reply: true, l4: tcp(6379, 45_000, 'ACK') }],
    ['SYN and ACK, whatever is_reply says', { l4: tcp(6379, 45_000, 'SYN', 'ACK') }],
    ['a response of the proxy, whatever is_reply says', { Type: 'L7', event_type: { type: 129 }, l4: { UDP: { source_port: 53, destination_port: 45_000 } }, l7: { type: 'RESPONSE', dns: {} } }],
    ['an echo reply, whose type is left out', { l4: { ICMPv4: {} } }],
    ['an echo reply of IPv6', { l4: { ICMPv6: { type: 129 } } }],
    ['the acknowledgement of an association', { l4: { SCTP: { source_port: 9487, destination_port: 45_000, chunk_type: 'INIT_ACK' } } }],
  ])('%s is a reply', (_, fields) => expect(skippedFor({ ...trace, ...fields })).toBe('reply'));

  it.each([
    ['is_reply: false', { l4: tcp(45_000, 6379, 'ACK') }],
    ['SYN without ACK', { is_reply: undefined, l4: tcp(45_000, 6379, 'SYN') }],
    ['a verdict', { ...VERDICT, is_reply: undefined, l4: tcp(45_000, 6379, 'ACK') }],
    ['a request of the proxy', { Type: 'L7', event_type: { type: 129 }, is_reply: undefined, l4: tcp(45_000, 6379), l7: { type: 'REQUEST', http: {} } }],
    ['an echo request', { is_reply: undefined, l4: { ICMPv4: { type: 8 } } }],
    ['an INIT of SCTP', { is_reply: undefined, l4: { SCTP: { source_port: 9487, destination_port: 6379, chunk_type: 'INIT' } } }],
    ['a flow that was added up over the ports of clients', { is_reply: undefined, l4: tcp(undefined, 6379) }],
  ])('%s is a request', (_, fields) => expect(read(line({ ...trace, ...fields })).observations).toHaveLength(1));

  it.each([
    ['a trace', { l4: tcp(45_000, 6379, 'ACK') }],
    ['an ICMP message that is no echo', { l4: { ICMPv4: { type: 3 } } }],
    ['a protocol without ports', { l4: { VRRP: { type: 1, vrid: 7 } } }],
    ['a flow to a port of clients, without that of its source', { l4: tcp(undefined, 45_000) }],
  ])('without is_reply, %s is undecided', (_, fields) => expect(skippedFor({ ...trace, is_reply: undefined, ...fields })).toBe('undecided'));

  it('is told by who listens, where the record does not tell', () => {
    expect(observe({ ...trace, is_reply: undefined, l4: tcp(45_000, 6379, 'ACK') }, REDIS_LISTENS).port).toBe(6379);
    expect(skippedFor({ ...trace, is_reply: undefined, source: REDIS, destination: CART, l4: tcp(6379, 45_000, 'ACK') }, REDIS_LISTENS)).toBe('reply');
  });

  it('is told by who listens also where a forgotten connection goes on, which is a new one to the node', () => {
    const goesOn = { source: REDIS, destination: CART, l4: tcp(6379, 45_000, 'ACK', 'PSH') };
    expect(skippedFor(goesOn, REDIS_LISTENS)).toBe('reply');
    expect(observe({ ...goesOn, l4: tcp(6380, 45_000, 'ACK') }, REDIS_LISTENS).port).toBe(45_000);
    expect(observe({ ...goesOn, l4: tcp(6379, 45_000, 'SYN') }, REDIS_LISTENS).port).toBe(45_000);
  });
});

describe('protocols', () => {
  it.each([
    [{ ICMPv4: { type: 8 } }, { protocol: 'ICMP', port: null, icmpType: 8 }],
    [{ ICMPv4: { type: 3, code: 4 } }, { protocol: 'ICMP', port: null, icmpType: 3 }],
    [{ ICMPv6: { type: 128 } }, { protocol: 'ICMPv6', port: null, icmpType: 128 }],
    [{ SCTP: { source_port: 9487, destination_port: 38_412 } }, { protocol: 'SCTP', port: 38_412 }],
    [{ UDP: { source_port: 45_000, destination_port: 53 } }, { protocol: 'UDP', port: 53 }],
    [{ VRRP: { type: 1, vrid: 7 } }, { protocol: 'unknown', port: null }],
    [{ IGMP: { type: 22, group_address: '224.0.0.1' } }, { protocol: 'unknown', port: null }],
  ])('%j', (l4, wanted) => expect(observe({ l4 })).toMatchObject(wanted));

  it.each([
    [undefined], [{}], [{ TCP: {} }], [{ TCP: null }],
    [{ TCP: { source_port: 45_000, destination_port: 0 } }], [{ TCP: { source_port: 45_000, destination_port: 70_000 } }],
    [{ TCP: { source_port: 'x', destination_port: 80 } }], [{ TCP: { destination_port: 80 }, UDP: { destination_port: 80 } }], [{ ICMPv4: { type: 'echo' } }],
  ])('%j says no port', (l4) => expect(read(line({ l4 }))).toMatchObject({ skipped: 'missing-fields', detail: 'has no port' }));

  it.each([['INGRESS', 'ingress'], ['EGRESS', 'egress'], ['TRAFFIC_DIRECTION_UNKNOWN', 'unknown'], [undefined, 'unknown']])('the direction %s is %s', (word, direction) => {
    expect(observe({ traffic_direction: word }).direction).toBe(direction);
  });
});

describe('ends without labels of a pod', () => {
  const end = (destination: Part, more: Part = {}, inventory?: FlowInventory): unknown => observe({ destination, ...more }, inventory).dst;
  const IP = '10.8.1.9';

  it.each([
    [['reserved:remote-node', 'reserved:kube-apiserver'], 'kube-apiserver'],
    [['reserved:kube-apiserver', 'reserved:world'], 'kube-apiserver'],
    [['cidr:10.8.1.9/32', 'reserved:remote-node'], 'remote-node'],
    [['reserved:host'], 'host'],
    [['reserved:health'], 'health'],
    [['reserved:ingress'], 'ingress'],
    [['reserved:invented-later'], 'invented-later'],
  ])('%j are the most specific entity: %s', (labels, entity) => expect(end({ labels })).toEqual({ kind: 'entity', entity, ip: IP }));

  it.each([[1, 'host'], [3, 'unmanaged'], [4, 'health'], [5, 'init'], [6, 'remote-node'], [7, 'kube-apiserver'], [8, 'ingress'], [11, 'encrypted-overlay'], [33_554_433, 'remote-node']])(
    'are known by the number %i where labels were masked: %s', (identity, entity) => expect(end({ identity })).toEqual({ kind: 'entity', entity, ip: IP }),
  );

  it.each([[{ identity: 2 }], [{ identity: 9 }], [{ identity: 10 }], [{ identity: 16_777_300 }], [{ labels: ['reserved:world-ipv4', 'cidr:0.0.0.0/0'] }], [{ labels: ['cidr:10.0.0.0/8'] }]])(
    '%j is outside', (destination) => expect(end(destination)).toEqual({ kind: 'external', ip: IP }),
  );

  it('are in the cluster where their identity is one of pods, and nobody knows whose', () => {
    expect(end({ identity: 20_098 })).toEqual({ kind: 'unknown', ip: IP });
    expect(end({ identity: 104 })).toEqual({ kind: 'unknown', ip: IP });
  });

  it('are looked up by their address and the time', () => {
    const pod = { ip: IP, namespace: 'cache', name: 'redis-0', workload: { kind: 'StatefulSet', name: 'redis' }, labels: { app: 'redis' } };
    const inventory = inventoryOf({ pods: [{ ...pod, from: null, until: TIME }, { ...pod, name: 'redis-1', from: TIME, until: null }], podCidrs: [Cidr.parse('10.8.0.0/16')] });
    expect(end({ identity: 20_098 }, {}, inventory)).toMatchObject({ kind: 'pod', pod: 'redis-1', workload: { name: 'redis' } });
    expect(end({}, { time: '2026-03-04T05:06:07.122Z' }, inventory)).toMatchObject({ pod: 'redis-0' });
    expect(end({}, { IP: { source: '10.8.0.4', destination: '10.8.7.7' } }, inventory)).toEqual({ kind: 'unknown', ip: '10.8.7.7' });
    expect(end({}, { IP: { source: '10.8.0.4', destination: '198.51.100.7' } }, inventory)).toEqual({ kind: 'external', ip: '198.51.100.7' });
  });

  it('are the Service whose address was called, which has the port of the Service', () => {
    const destination_service = { name: 'redis', namespace: 'cache' };
    expect(end({ labels: ['reserved:world'], identity: 2 }, { destination_service })).toEqual({ kind: 'service', namespace: 'cache', name: 'redis' });
    expect(end(REDIS, { destination_service })).toMatchObject({ kind: 'pod' });
  });

  it('are entities also where a pod shares the network of its node', () => {
    expect(end({ ...REDIS, labels: ['reserved:host'], identity: 1 })).toEqual({ kind: 'entity', entity: 'host', ip: IP });
  });

  it('have nothing to be known by without an address', () => {
    expect(read(line({ IP: undefined, destination: { identity: 20_098 } }))).toMatchObject({ skipped: 'missing-fields', detail: 'has no destination' });
    expect(read(line({ IP: undefined, source: {} }))).toMatchObject({ skipped: 'missing-fields', detail: 'has no source' });
    expect(end({ labels: ['reserved:world'] }, { IP: undefined })).toEqual({ kind: 'external', ip: null });
    expect(end({ labels: ['reserved:host'] }, { IP: undefined })).toEqual({ kind: 'entity', entity: 'host' });
  });

  it.each(['10.8.0', '999.1.1.1', 'fe80::1%eth0', 7])('have the address %j for damage', (source) => {
    expect(read(line({ IP: { source, destination: IP } }))).toMatchObject({ skipped: 'malformed', detail: `has the address ${JSON.stringify(source)}` });
  });
});

describe('names', () => {
  const outside = (labels: readonly string[], more: Part = {}): unknown => observe({ destination: { identity: 16_777_300, labels }, ...more }).dst;

  it('are those that the DNS proxy knows', () => {
    expect(outside(['fqdn:other.example.com', 'reserved:world'], { destination_names: ['api.example.com.', 'api.example.com', 'cdn.example.com', ''] }))
      .toEqual({ kind: 'external', ip: '10.8.1.9', names: ['api.example.com', 'cdn.example.com'] });
    expect(observe({ source: { labels: ['reserved:world'] }, source_names: ['client.example.com'] }).src).toEqual({ kind: 'external', ip: '10.8.0.4', names: ['client.example.com'] });
  });

  it('are those of the policy that made the identity, and no patterns', () => {
    expect(outside(['fqdn:*.example.com', 'fqdn:api.example.com.', 'cidr:10.8.1.9/32'])).toEqual({ kind: 'external', ip: '10.8.1.9', names: ['api.example.com'] });
    expect(outside(['fqdn:*.example.com'])).toEqual({ kind: 'external', ip: '10.8.1.9' });
  });

  it('are not guessed from answers', () => {
    expect(outside(['reserved:world'], { l7: { type: 'REQUEST', dns: { query: 'api.example.com.', ips: ['10.8.1.9'] } } })).toEqual({ kind: 'external', ip: '10.8.1.9' });
  });
});

describe('pods', () => {
  const source = (fields: Part, inventory?: FlowInventory): unknown => observe({ source: { ...CART, ...fields } }, inventory).src;

  it.each([
    ['ReplicaSet', 'cart-6d4cf56db6', 'Deployment', 'cart'], ['Job', 'report-29512345', 'CronJob', 'report'], ['Job', 'migrate', 'Job', 'migrate'],
    ['CronJob', 'report', 'CronJob', 'report'], ['DaemonSet', 'agent', 'DaemonSet', 'agent'],
  ])('of the %s %s are of the %s %s', (kind, name, owner, owned) => {
    expect(source({ workloads: [{ kind, name }] })).toMatchObject({ workload: { kind: owner, name: owned } });
  });

  it('have no workload where the record does not say it: their name is not asked', () => {
    expect(source({ workloads: undefined })).toMatchObject({ workload: null });
    expect(source({ workloads: [] })).toMatchObject({ workload: null });
    expect(source({ workloads: [{ name: 'cart' }] })).toMatchObject({ workload: { kind: null, name: 'cart' } });
  });

  it('have the labels of their workload', () => {
    const labels = [
      'k8s:app=cart', 'k8s:empty=', 'k8s:url=http://x=y', 'k8s:pod-template-hash=1', 'k8s:controller-revision-hash=1', 'k8s:job-name=x', 'k8s:batch.kubernetes.io/job-name=x',
      'k8s:statefulset.kubernetes.io/pod-name=x', 'k8s:apps.kubernetes.io/pod-index=0', 'k8s:io.cilium.k8s.policy.cluster=east', 'k8s:io.kubernetes.pod.namespace=store',
      'k8s:io.cilium.k8s.namespace.labels.team=a', 'reserved:unmanaged', 'cidr:10.0.0.0/8', 'fqdn:x.example.com', 'gen:name=x', 'container:id=1', 'plain=yes', '',
    ];
    expect(source({ labels })).toMatchObject({ kind: 'pod', labels: { app: 'cart', empty: '', plain: 'yes', url: 'http://x=y' } });
  });

  it('are in the namespace of their label where the field was masked', () => {
    expect(source({ namespace: undefined, pod_name: undefined })).toEqual({
      kind: 'pod', namespace: 'store', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' }, ip: '10.8.0.4',
    });
  });

  it('of another cluster of the mesh have its name, and are not looked up in this one', () => {
    const pods = [{ namespace: 'store', name: 'cart-6d4cf56db6-x7k2p', workload: { kind: 'StatefulSet', name: 'namesake' }, labels: {}, from: null, until: null }];
    expect(source({ cluster_name: 'west', workloads: undefined }, inventoryOf({ pods }))).toMatchObject({ cluster: 'west', workload: null });
    expect(source({ workloads: undefined }, inventoryOf({ pods }))).toMatchObject({ workload: { name: 'namesake' } });
    expect(source({ cluster_name: undefined, labels: [...CART.labels, 'k8s:io.cilium.k8s.policy.cluster=west'] })).toMatchObject({ cluster: 'west' });
    expect(source({})).not.toHaveProperty('cluster');
  });

  it('are of no cluster where the node does not say its own', () => {
    const [reading] = readAll(HUBBLE, [line({ source: { ...CART, cluster_name: 'default' } }, { node_name: 'n1' })]);
    expect(reading!.observations[0]!.src).not.toHaveProperty('cluster');
  });

  it('are not mixed up by what is remembered of them', () => {
    const outside = { namespace: '', labels: ['reserved:world'] };
    const records = [['a.example.com'], ['b.example.com']].map((destination_names) => line({ destination: outside, destination_names }));
    expect(readAll(HUBBLE, records).map(({ observations }) => observations[0]!.dst)).toEqual(['a.example.com', 'b.example.com'].map((name) => ({ kind: 'external', ip: '10.8.1.9', names: [name] })));
  });
});

describe('fields that a mask left out', () => {
  const masked = { uuid: undefined, Type: undefined };

  it.each([
    ['the kind of event, and is_reply stays', { event_type: undefined, l4: tcp(45_000, 6379, 'ACK') }, undefined],
    ['is_reply, of what opens a connection', { ...TRACE, is_reply: undefined }, undefined],
    ['is_reply, of what goes on', { ...TRACE, is_reply: undefined, l4: tcp(45_000, 6379, 'ACK') }, 'undecided'],
    ['is_reply and the port of the client', { ...TRACE, is_reply: undefined, l4: { TCP: { destination_port: 41_022 } } }, 'undecided'],
    ['the addresses, of pods', { IP: undefined }, undefined],
    ['the ports', { l4: undefined }, 'missing-fields'],
  ])('%s', (_, fields, reason) => expect(skippedFor({ ...masked, ...fields }, undefined, HUBBLE_EXPORTER)).toBe(reason));
});

describe('flows that were added up', () => {
  it.each([
    [{ aggregate: { ingress_flow_count: 3 } }, 3],
    [{ aggregate: { ingress_flow_count: '3', egress_flow_count: 4, unknown_direction_flow_count: 5 } }, 12],
    [{ aggregate: { ingress_flow_count: 0 } }, 1],
    [{ aggregate: { ingress_flow_count: -3 } }, 1],
    [{ extensions: { '@type': 'type.example/Aggregate', 'egress_flow_count': 8 } }, 8],
    [{ extensions: { '@type': 'type.example/Struct', 'value': { ingress_flow_count: 9 } } }, 9],
    [{}, 1],
  ])('%j count %i', (fields, count) => expect(observe(fields, undefined, HUBBLE_EXPORTER).count).toBe(count));
});

describe('what is no flow', () => {
  it('may be a loss, whose number is text', () => {
    const lost = (num_events_lost?: unknown): Reading => read(JSON.stringify({ lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost }, node_name: 'east/n1', time: STAMP }));
    expect(lost('9007199254740991')).toEqual({ observations: [], skipped: 'lost-events', lost: Number.MAX_SAFE_INTEGER, node: 'east/n1', time: TIME });
    expect(lost(7).lost).toBe(7);
    expect(lost().lost).toBe(0);
    expect(lost('many')).toMatchObject({ skipped: 'malformed', detail: 'says that "many" events were lost' });
  });

  it.each(['node_status', 'agent_event', 'debug_event'])('may be %s', (key) => {
    expect(read(JSON.stringify({ [key]: {}, node_name: 'east/n1', time: STAMP }))).toEqual({ observations: [], skipped: 'not-a-flow', node: 'east/n1', time: TIME });
  });

  it.each([2, 3, 6, 130])('may be an event of type %i', (type) => expect(skippedFor({ event_type: { type } })).toBe('not-a-flow'));

  it.each(['', 'level=info msg="x"', '[]', '7', 'null', '{"flow":[]}', line().slice(0, -9)])('may be damaged: %s', (text) => expect(read(text).skipped).toBe('malformed'));
});

it('is of the node that wrote it, and of the time of the flow', () => {
  expect(read(line({ node_name: 'east/n9' }))).toMatchObject({ node: 'east/n1', time: TIME });
  expect(read(line({ node_name: 'east/n9' }, { node_name: undefined }))).toMatchObject({ node: 'east/n9' });
  expect(read(line({ time: undefined }, { time: '2026-03-04T05:06:08Z' }))).toMatchObject({ time: Date.UTC(2026, 2, 4, 5, 6, 8) });
  expect(read(line({ time: 'yesterday' }))).toMatchObject({ skipped: 'missing-fields', detail: 'has no time', node: 'east/n1' });
});

it('is not of a clock that is ahead', () => {
  expect(skippedFor({ time: new Date(NOW + 300_000).toISOString() })).toBeUndefined();
  expect(skippedFor({ time: new Date(NOW + 300_001).toISOString() })).toBe('clock');
});

describe('Retina', () => {
  const packet = (fields: Part): Part => ({ ...TRACE, policy_match_type: undefined, uuid: undefined, ...fields });

  it('says that everything is no reply: flags, the proxy and listeners tell', () => {
    expect(skippedFor(packet({ l4: tcp(45_000, 6379, 'ACK') }), undefined, RETINA)).toBe('undecided');
    expect(observe(packet({ l4: tcp(45_000, 6379, 'SYN') }), undefined, RETINA).port).toBe(6379);
    expect(skippedFor(packet({ l4: tcp(6379, 45_000, 'SYN', 'ACK') }), undefined, RETINA)).toBe('reply');
    expect(observe(packet({ l4: tcp(45_000, 6379, 'ACK') }), REDIS_LISTENS, RETINA).port).toBe(6379);
    expect(skippedFor(packet({ source: REDIS, destination: CART, l4: tcp(6379, 45_000, 'ACK') }), REDIS_LISTENS, RETINA)).toBe('reply');
    expect(skippedFor(packet({ l4: tcp(6379, 6379, 'ACK') }), REDIS_LISTENS, RETINA)).toBeUndefined();
    expect(skippedFor(packet({ source: REDIS, l4: tcp(6379, 6379, 'ACK') }), REDIS_LISTENS, RETINA)).toBe('undecided');
  });

  it('has verdicts of its own', () => {
    expect(skippedFor(packet({ verdict: 15 }), undefined, RETINA)).toBe('retransmission');
    expect(observe(packet({ verdict: 16, Type: 'L7', event_type: { type: 129 }, l4: { UDP: { source_port: 45_000, destination_port: 53 } }, l7: { type: 'REQUEST', dns: {} } }), undefined, RETINA))
      .toMatchObject({ verdict: 'unknown', evidence: 'l7', port: 53 });
  });

  it('counts a packet once: what it says of bytes and of packets before is no number of connections', () => {
    expect(observe(packet({ extensions: { '@type': 'type.googleapis.com/utils.RetinaMetadata', 'bytes': 60, 'previously_observed_packets': 12 } }), undefined, RETINA).count).toBe(1);
  });
});

describe('recognition', () => {
  const sources = [HUBBLE, HUBBLE_EXPORTER, RETINA];
  const recognise = (...lines: readonly string[]): string[] => sources.filter((source) => source.recognises(lines)).map(({ id }) => id);
  const ofRetina = { ...TRACE, policy_match_type: undefined, uuid: undefined };
  const nameless = { namespace: 'store', labels: ['k8s:app=cart'], pod_name: 'cart-1' };

  it.each([
    ['hubble', 'flows with an identifier', [line()]],
    ['hubble', 'flows behind other events and lines of a log', ['level=info', JSON.stringify({ node_status: {}, node_name: 'n', time: STAMP }), line()]],
    ['hubble', 'no flows yet', [JSON.stringify({ lost_events: { num_events_lost: '4' }, node_name: 'n', time: STAMP })]],
    ['hubble-exporter', 'flows without an identifier', [line({ uuid: undefined })]],
    ['hubble-exporter', 'traces of a mask without identities', [line({ ...ofRetina, source: nameless, destination: nameless, Type: undefined })]],
    ['hubble-exporter', 'counters among the extensions', [line({ uuid: undefined, extensions: { egress_flow_count: 4 } })]],
    ['retina', 'extensions that are no counters', [line({ ...ofRetina, extensions: { '@type': 'type.googleapis.com/utils.RetinaMetadata' } })]],
    ['retina', 'numbers for verdicts', [line(ofRetina), line({ ...ofRetina, verdict: 16 })]],
    ['retina', 'identities for identifiers', [line({ ...ofRetina, source: { ...CART, ID: 20_311 }, destination: { ID: 2, identity: 2, labels: ['reserved:world'] } })]],
    ['retina', 'whole records without identities', [line({ ...ofRetina, source: nameless, destination: nameless })]],
  ])('%s by %s', (id, _, lines) => expect(recognise(...lines)).toEqual([id]));

  it.each([[['{"a":1}', 'x', '']], [['{"flow":"x"}']], [['[{"flow":{}}]']]])('none by %j', (lines) => expect(recognise(...lines)).toEqual([]));
});

it.each([HUBBLE, HUBBLE_EXPORTER, RETINA].map((source) => [source.id, source] as const))('%s survives damage', (_, source) => expect(() => expectToSurviveDamage(source, [
  line({ ingress_allowed_by: [{ name: 'a', namespace: 'b', kind: 'c', labels: ['k8s:io.cilium.k8s.policy.name=a'] }], aggregate: { ingress_flow_count: 2 } }),
  line({ verdict: 'DROPPED', ...DROP, drop_reason: 133, drop_reason_desc: 'POLICY_DENIED', destination: { identity: 16_777_300, labels: ['fqdn:a.b', 'reserved:world'] }, destination_names: ['a.b'] }),
  line({ l4: { ICMPv4: { type: 8 } }, destination: { identity: 20_098 }, destination_service: { name: 'a', namespace: 'b' } }),
  JSON.stringify({ lost_events: { num_events_lost: '4' }, node_name: 'n', time: STAMP }),
], REDIS_LISTENS)).not.toThrow());

it.each([
  ['an address', { IP: { source: null, destination: '10.8.1.9' } }, { IP: { destination: '10.8.1.9' } }],
  ['a reason', { ...VERDICT, verdict: 'DROPPED', drop_reason: null }, { ...VERDICT, verdict: 'DROPPED' }],
  ['a fourth layer', { l4: { ...tcp(45_000, 6379, 'SYN'), UDP: null } }, {}],
  ['a port', { l4: { TCP: { source_port: null, destination_port: 6379 } } }, { l4: { TCP: { destination_port: 6379 } } }],
])('null for %s is nothing', (_, fields, without) => {
  expect(read(line(fields))).toEqual(read(line(without)));
});

it('flags are those of TCP, and chunks those of SCTP', () => {
  const trace = { ...TRACE, is_reply: undefined };
  expect(read(line({ ...trace, l4: { UDP: { source_port: 45_000, destination_port: 53, flags: { SYN: true }, chunk_type: 'INIT' } } }))).toMatchObject({ skipped: 'undecided' });
  expect(observe({ ...trace, l4: { SCTP: { source_port: 45_000, destination_port: 3868, chunk_type: 'INIT' } } })).toMatchObject({ port: 3868 });
});
