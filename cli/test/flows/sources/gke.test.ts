import { Cidr } from 'cdk8s-netpol/policy';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { Reading } from '../../../src/flows/sources/flow-source';
import { GKE } from '../../../src/flows/sources/gke';
import { expectToSurviveDamage } from './mangled';
import { NOW, readAll, testSample } from './samples';

testSample(GKE, 'gke/cloud-logging.ndjson');

const CART = { pod_name: 'cart-6d4cf56db6-x7k2p', workload_kind: 'ReplicaSet', workload_name: 'cart-6d4cf56db6', pod_namespace: 'store', namespace: 'store' };
const REDIS = { pod_name: 'redis-0', workload_kind: 'StatefulSet', workload_name: 'redis', pod_namespace: 'cache', namespace: 'cache' };
const POLICY = { name: 'redis-from-cart', namespace: 'cache', kind: 'NetworkPolicy' };

type Payload = Readonly<Record<string, unknown>>;

function payload({ connection = {}, ...rest }: Payload = {}): Payload {
  return {
    connection: { src_ip: '10.8.0.4', dest_ip: '10.8.1.9', src_port: 45_000, dest_port: 6379, protocol: 'tcp', direction: 'ingress', ...(connection as object) },
    disposition: 'allow',
    policies: [POLICY],
    src: CART,
    dest: REDIS,
    count: 1,
    node_name: 'gke-pool-1',
    timestamp: '2026-03-04T05:06:07.123456789Z',
    ...rest,
  };
}

function line(fields: Payload = {}): string {
  return JSON.stringify(payload(fields));
}

function entry(fields: Payload = {}, around: Payload = {}): string {
  return JSON.stringify({
    insertId: 'x', jsonPayload: payload(fields), logName: 'projects/p/logs/policy-action', receiveTimestamp: '2026-03-04T05:07:00Z', timestamp: '2026-03-04T05:06:08Z',
    resource: { type: 'k8s_node', labels: { cluster_name: 'c', location: 'europe-west1', node_name: 'gke-pool-2' } }, ...around,
  });
}

function read(text: string, inventory?: FlowInventory): Reading {
  return readAll(GKE, [text], inventory)[0]!;
}

function observe(text: string, inventory?: FlowInventory): Observation {
  const { observations, skipped } = read(text, inventory);
  expect(skipped).toBeUndefined();
  expect(observations).toHaveLength(1);
  return observations[0]!;
}

describe('a payload alone', () => {
  it('is read as it lies on the node', () => {
    const time = Date.UTC(2026, 2, 4, 5, 6, 7, 123);
    expect(read(line())).toEqual({
      time,
      node: 'gke-pool-1',
      observations: [{
        time,
        src: { kind: 'pod', namespace: 'store', workload: { kind: 'Deployment', name: 'cart' }, labels: {}, pod: 'cart-6d4cf56db6-x7k2p', ip: '10.8.0.4' },
        dst: { kind: 'pod', namespace: 'cache', workload: { kind: 'StatefulSet', name: 'redis' }, labels: {}, pod: 'redis-0', ip: '10.8.1.9' },
        port: 6379,
        protocol: 'TCP',
        direction: 'ingress',
        verdict: 'allowed',
        decidedBy: [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'redis-from-cart' }],
        count: 1,
      }],
    });
  });
});

describe('an entry of Cloud Logging', () => {
  it('has the time of the payload, and that of the entry where the agent took it out', () => {
    expect(observe(entry()).time).toBe(Date.UTC(2026, 2, 4, 5, 6, 7, 123));
    expect(observe(entry({ timestamp: undefined })).time).toBe(Date.UTC(2026, 2, 4, 5, 6, 8));
  });

  it('has the node of the payload, else that of the resource', () => {
    expect(read(entry()).node).toBe('gke-pool-1');
    expect(read(entry({ node_name: undefined })).node).toBe('gke-pool-2');
  });

  it('is not one of the firewall of the network, which is written alike', () => {
    const logName = 'projects/p/logs/compute.googleapis.com%2Ffirewall';
    expect(read(entry({ disposition: 'DENIED' }, { logName })).skipped).toBe('not-a-flow');
    expect(GKE.recognises([entry({ disposition: 'DENIED' }, { logName }), entry({}, { logName })])).toBe(false);
  });
});

describe('ends', () => {
  it('may be nodes, which have no ports of pods and no policies', () => {
    const node = { node_name: 'gke-pool-1', workload_kind: 'Node' };
    expect(observe(line({ dest: node, policies: undefined, connection: { dest_ip: '10.128.0.9', dest_port: 22 } }))).toMatchObject({
      dst: { kind: 'entity', entity: 'node', ip: '10.128.0.9', name: 'gke-pool-1' }, verdict: 'allowed', decidedBy: null, port: 22,
    });
    expect(observe(line({ src: node, connection: { src_ip: '10.128.0.9', direction: 'egress' } })).src).toEqual({ kind: 'entity', entity: 'node', ip: '10.128.0.9', name: 'gke-pool-1' });
  });

  it('may be addresses, which the inventory may know', () => {
    const inventory = new FlowInventory({ podCidrs: [Cidr.parse('10.8.0.0/14')], pods: [], nodes: [{ name: 'gke-pool-3', ips: ['10.128.0.3'] }], services: [], listeners: [] });
    const dst = (ip: string): unknown => observe(line({ dest: { instance: ip }, connection: { dest_ip: ip } }), inventory).dst;
    expect(dst('198.51.100.7')).toEqual({ kind: 'external', ip: '198.51.100.7' });
    expect(dst('10.128.0.3')).toEqual({ kind: 'entity', entity: 'node', ip: '10.128.0.3', name: 'gke-pool-3' });
    expect(dst('10.9.9.9')).toEqual({ kind: 'unknown', ip: '10.9.9.9' });
  });

  it('are known by their names where the record has no workload at all', () => {
    const src = { pod_name: 'cart-6d4cf56db6-x7k2p', pod_namespace: 'store' };
    const dest = { pod_name: 'redis-0', pod_namespace: 'cache' };
    expect(observe(line({ src, dest }))).toMatchObject({ src: { workload: { kind: 'Deployment', name: 'cart' } }, dst: { workload: null } });
  });

  it('have no workload where the record has that of the other end only, unless the inventory knows it', () => {
    const src = { pod_name: 'cart-6d4cf56db6-x7k2p', pod_namespace: 'store' };
    const pods = [{ namespace: 'store', name: 'cart-6d4cf56db6-x7k2p', workload: { kind: 'Deployment', name: 'cart' }, labels: {}, from: null, until: null }];
    expect(observe(line({ src })).src).toMatchObject({ workload: null });
    expect(observe(line({ src }), new FlowInventory({ podCidrs: [], pods, nodes: [], services: [], listeners: [] })).src).toMatchObject({ workload: { name: 'cart' } });
  });

  it('keep the workload that is stated of a pod without an owner', () => {
    expect(observe(line({ src: { ...CART, workload_kind: 'Pod', workload_name: 'debug', pod_name: 'debug' } })).src).toMatchObject({ workload: { kind: 'Pod', name: 'debug' } });
  });
});

describe('verdicts', () => {
  it('are those of every policy that allows', () => {
    const policies = [POLICY, { name: 'cluster', kind: 'CiliumClusterwideNetworkPolicy' }, { name: 'names', namespace: 'cache', kind: 'FQDNNetworkPolicy' }, { namespace: 'nameless' }, null];
    expect(observe(line({ policies })).decidedBy).toEqual([
      { kind: 'NetworkPolicy', namespace: 'cache', name: 'redis-from-cart' },
      { kind: 'CiliumClusterwideNetworkPolicy', name: 'cluster' },
      { kind: 'FQDNNetworkPolicy', namespace: 'cache', name: 'names' },
    ]);
  });

  it('would be a denial where the opener of AUDIT alone allows', () => {
    const marker = { ...POLICY, name: 'netpol-audit' };
    expect(observe(line({ policies: [marker] })).verdict).toBe('would-deny');
    expect(observe(line({ policies: [marker, POLICY] })).verdict).toBe('allowed');
    expect(observe(line({ policies: [] })).verdict).toBe('allowed');
    expect(observe(line({ policies: [marker], disposition: 'deny' })).verdict).toBe('denied');
  });

  it('count the denials of five seconds', () => {
    expect(observe(line({ disposition: 'deny', policies: undefined, count: 37 }))).toMatchObject({ verdict: 'denied', decidedBy: null, count: 37 });
    expect(observe(line({ count: 0 })).count).toBe(1);
    expect(observe(line({ count: undefined })).count).toBe(1);
  });

  it('are not of an answer: the inventory knows who listens', () => {
    const inventory = new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [{ ip: '10.8.0.4', protocol: 'TCP', port: 5432 }] });
    const answer = { src_port: 5432, dest_port: 45_000 };
    expect(read(line({ disposition: 'deny', connection: answer }), inventory).skipped).toBe('reply');
    expect(read(line({ disposition: 'deny', connection: { ...answer, protocol: 'udp' } }), inventory).skipped).toBeUndefined();
    expect(read(line({ disposition: 'deny', connection: answer })).skipped).toBeUndefined();
  });
});

describe('protocols', () => {
  it.each([['udp', 'UDP', 6379], ['sctp', 'SCTP', 6379], ['icmp', 'ICMP', null], ['icmpv6', 'ICMPv6', null], ['unknown', 'unknown', null]])('%s is %s', (name, protocol, port) => {
    expect(observe(line({ connection: { protocol: name } }))).toMatchObject({ protocol, port });
  });

  it('without ports leave them out', () => {
    expect(observe(line({ connection: { protocol: 'icmp', src_port: undefined, dest_port: undefined } }))).toMatchObject({ protocol: 'ICMP', port: null });
  });
});

it.each([
  ['missing-fields', { timestamp: undefined }],
  ['missing-fields', { timestamp: 'yesterday' }],
  ['missing-fields', { connection: { dest_port: undefined } }],
  ['missing-fields', { connection: { dest_port: 0 } }],
  ['missing-fields', { connection: { dest_ip: undefined } }],
  ['missing-fields', { connection: { src_ip: '10.8.0' } }],
  ['missing-fields', { connection: { protocol: '' } }],
  ['malformed', { disposition: 'maybe' }],
  ['malformed', { disposition: null }],
  ['not-a-flow', { disposition: undefined }],
  ['clock', { timestamp: new Date(NOW + 301_000).toISOString() }],
])('skips as %s what has %j', (reason, fields) => expect(read(line(fields)).skipped).toBe(reason));

it('says when and where also of what it skips', () => {
  expect(read(line({ connection: { dest_port: 0 } }))).toMatchObject({ skipped: 'missing-fields', time: Date.UTC(2026, 2, 4, 5, 6, 7, 123), node: 'gke-pool-1' });
});

it('does not know a direction that is none', () => expect(observe(line({ connection: { direction: 'sideways' } })).direction).toBe('unknown'));

it('survives damage', () => expect(() => expectToSurviveDamage(GKE, [
  line(), entry(), line({ dest: { instance: '198.51.100.7' }, connection: { dest_ip: '198.51.100.7' } }), line({ src: { node_name: 'n', workload_kind: 'Node' } }),
])).not.toThrow());

it('is recognised behind other lines, in either form', () => {
  expect(GKE.recognises(['I0101 starting', '{"a":1}', line()])).toBe(true);
  expect(GKE.recognises(['', entry({ disposition: 'deny' })])).toBe(true);
  expect(GKE.recognises(['[', '  {', JSON.stringify({ jsonPayload: { message: 'x' } }), '{"connection":{},"disposition":"ALLOWED"}'])).toBe(false);
});
