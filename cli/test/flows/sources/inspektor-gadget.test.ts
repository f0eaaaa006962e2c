import { Cidr } from 'cdk8s-netpol/policy';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { Reading } from '../../../src/flows/sources/flow-source';
import { INSPEKTOR_GADGET } from '../../../src/flows/sources/inspektor-gadget';
import { expectToSurviveDamage } from './mangled';
import { NOW, readAll, testSample } from './samples';

testSample(INSPEKTOR_GADGET, 'inspektor-gadget/trace_tcp.ndjson');

const POD = { kind: 'pod', name: 'cart-6d4cf56db6-x7k2p', namespace: 'store', labels: 'app=cart' };
const RAW = { kind: 'raw', name: '', namespace: '', labels: '' };
const K8S = {
  containerName: 'cart', hostnetwork: false, namespace: 'store', node: 'worker-1', podName: 'cart-6d4cf56db6-x7k2p', podLabels: 'app=cart,pod-template-hash=6d4cf56db6',
  owner: { kind: 'Deployment', name: 'cart' },
};

function event({ k8s = {}, src = {}, dst = {}, ...rest }: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    timestamp: '2026-03-04T05:06:07.123456789Z',
    k8s: { ...K8S, ...(k8s as object) },
    src: { addr: '10.1.0.4', port: 45_000, proto: 'TCP', version: 4, k8s: POD, ...(src as object) },
    dst: { addr: '10.1.0.9', port: 6379, proto: 'TCP', version: 4, k8s: { kind: 'pod', name: 'redis-0', namespace: 'store', labels: 'app=redis' }, ...(dst as object) },
    type: 'connect',
    error: '',
    fd: 3,
    accept_fd: -1,
    ...rest,
  });
}

function read(line: string, inventory?: FlowInventory): Reading {
  return readAll(INSPEKTOR_GADGET, [line], inventory)[0]!;
}

function observe(line: string, inventory?: FlowInventory): Observation {
  const { observations, skipped } = read(line, inventory);
  expect(skipped).toBeUndefined();
  expect(observations).toHaveLength(1);
  return observations[0]!;
}

const CART = { kind: 'pod', namespace: 'store', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' }, pod: 'cart-6d4cf56db6-x7k2p', ip: '10.1.0.4' };

describe('trace_tcp', () => {
  it('has the traced pod with its owner, and the peer without one', () => {
    expect(read(event())).toEqual({
      time: Date.UTC(2026, 2, 4, 5, 6, 7, 123),
      node: 'worker-1',
      observations: [{
        time: Date.UTC(2026, 2, 4, 5, 6, 7, 123),
        src: CART,
        dst: { kind: 'pod', namespace: 'store', workload: null, labels: { app: 'redis' }, pod: 'redis-0', ip: '10.1.0.9' },
        port: 6379,
        protocol: 'TCP',
        direction: 'egress',
        verdict: 'unknown',
        decidedBy: null,
        count: 1,
      }],
    });
  });

  it('turns an accept around: the caller is dst, and the port is that of src', () => {
    const { src, dst, port, direction } = observe(event({ type: 'accept', src: { port: 8080 }, dst: { port: 51_000 }, accept_fd: 7 }));
    expect({ src: (src as { pod: string }).pod, dst, port, direction }).toEqual({ src: 'redis-0', dst: CART, port: 8080, direction: 'ingress' });
  });

  it('says which node was watching, also where it skips', () => {
    expect(read(event({ type: 'close' }))).toEqual({ observations: [], skipped: 'not-a-connection', time: Date.UTC(2026, 2, 4, 5, 6, 7, 123), node: 'worker-1' });
  });

  it('folds a ReplicaSet by the hash of its pods, which may look like a part of the name', () => {
    const k8s = { owner: { kind: 'ReplicaSet', name: 'cart-blue-55555' }, podLabels: 'app=cart,pod-template-hash=55555', podName: 'cart-blue-55555-abcde' };
    expect(observe(event({ k8s })).src).toMatchObject({ workload: { kind: 'Deployment', name: 'cart-blue' } });
  });

  it('has no workload for a pod without an owner, unless the inventory knows it', () => {
    const bare = event({ k8s: { owner: { kind: '', name: '' } } });
    const pods = [{ namespace: 'store', name: 'cart-6d4cf56db6-x7k2p', workload: { kind: 'Rollout', name: 'cart' }, labels: {}, from: null, until: null }];
    expect(observe(bare).src).toMatchObject({ workload: null });
    expect(observe(bare, new FlowInventory({ podCidrs: [], pods, nodes: [], services: [], listeners: [] })).src).toMatchObject({ workload: { kind: 'Rollout', name: 'cart' } });
  });

  it('reads the first releases, which know of no owner and of nobody else', () => {
    const line = JSON.stringify({
      comm: 'wget', dst: { addr: '198.51.100.7', port: 80, proto: 6, version: 4 }, k8s: { containerName: 'cart', hostnetwork: false, namespace: 'store', node: 'worker-1', podName: 'cart-6d4cf56db6-x7k2p' },
      src: { addr: '10.1.0.4', port: 41_464, proto: 6, version: 4 }, timestamp: '2026-03-04T00:06:07.123456789-05:00', timestamp_raw: 1, type: 'connect', type_raw: 0,
    });
    expect(INSPEKTOR_GADGET.recognises([line])).toBe(true);
    expect(observe(line)).toMatchObject({
      time: Date.UTC(2026, 2, 4, 5, 6, 7, 123), src: { workload: { kind: 'Deployment', name: 'cart' } }, dst: { kind: 'external', ip: '198.51.100.7' }, port: 80, protocol: 'TCP',
    });
  });

  it('takes the labels of the address where the runtime tells none', () => {
    const labels = (src: object): unknown => (observe(event({ k8s: { podLabels: '' }, src })).src as { labels: object }).labels;
    expect(labels({})).toEqual({ app: 'cart' });
    expect(labels({ k8s: { ...POD, name: 'other' } })).toEqual({});
  });

  it('keeps labels without a value, and drops those that controllers add', () => {
    const podLabels = 'app=cart,canary=,job-name=x,batch.kubernetes.io/job-name=x,controller-uid=7,pod-template-generation=3,apps.kubernetes.io/pod-index=0';
    expect((observe(event({ k8s: { podLabels } })).src as { labels: object }).labels).toEqual({ app: 'cart', canary: '' });
  });

  it('leaves a Service a Service, on the port of the Service', () => {
    const dst = { addr: '10.96.0.10', port: 80, k8s: { kind: 'svc', name: 'checkout', namespace: 'store', labels: 'app=checkout' } };
    expect(observe(event({ dst }))).toMatchObject({ dst: { kind: 'service', namespace: 'store', name: 'checkout', labels: { app: 'checkout' } }, port: 80 });
  });

  it('takes a process in the network of the node as the host, on either side', () => {
    const k8s = { hostnetwork: true };
    expect(observe(event({ k8s, src: { addr: '192.168.1.4', k8s: RAW } })).src).toEqual({ kind: 'entity', entity: 'host', ip: '192.168.1.4' });
    expect(observe(event({ k8s, type: 'accept', src: { addr: '192.168.1.4', port: 10_250, k8s: RAW } }))).toMatchObject({
      src: { pod: 'redis-0' }, dst: { kind: 'entity', entity: 'host', ip: '192.168.1.4' }, port: 10_250,
    });
  });

  it('asks the inventory whose an address is that Kubernetes did not tell', () => {
    const inventory = new FlowInventory({
      podCidrs: [Cidr.parse('10.1.0.0/16')],
      pods: [{ ip: '10.1.0.77', namespace: 'store', name: 'old', workload: null, labels: {}, from: null, until: null }],
      nodes: [{ name: 'worker-2', ips: ['192.168.1.5'] }],
      services: [{ ip: '10.96.0.1', namespace: 'default', name: 'kubernetes' }],
      listeners: [],
    });
    const dst = (addr: string, k8s: object = RAW): unknown => observe(event({ dst: { addr, k8s } }), inventory).dst;
    expect(dst('192.168.1.5')).toEqual({ kind: 'entity', entity: 'node', ip: '192.168.1.5', name: 'worker-2' });
    expect(dst('10.96.0.1')).toEqual({ kind: 'service', namespace: 'default', name: 'kubernetes' });
    expect(dst('10.1.0.77')).toMatchObject({ kind: 'pod', pod: 'old' });
    expect(dst('10.1.0.88')).toEqual({ kind: 'unknown', ip: '10.1.0.88' });
    // of the address of a pod in the network of its node it leaves the kind empty
    expect(dst('192.168.1.5', { kind: '', name: '', namespace: '', labels: '' })).toMatchObject({ entity: 'node' });
    expect(dst('198.51.100.7')).toEqual({ kind: 'external', ip: '198.51.100.7' });
  });

  it('reads IPv4 of an IPv6 socket as IPv4', () => {
    expect(observe(event({ dst: { addr: '::ffff:198.51.100.7', version: 6, k8s: RAW } })).dst).toEqual({ kind: 'external', ip: '198.51.100.7' });
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'], ['::1', '::1'], ['::ffff:127.0.0.1', '::ffff:127.0.0.1'], ['10.1.0.4', '10.1.0.4'], ['10.1.0.4', '::ffff:10.1.0.4'],
    ['10.1.0.4', '127.0.0.1'], ['127.0.0.1', '10.1.0.9'],
  ])('%s to %s does not leave the pod', (from, to) => {
    expect(read(event({ src: { addr: from }, dst: { addr: to } })).skipped).toBe('loopback');
  });

  it('keeps what went wrong, which is not a verdict', () => {
    expect(observe(event({ error: 'ECONNREFUSED' }))).toMatchObject({ error: 'ECONNREFUSED', verdict: 'unknown' });
    expect(observe(event())).not.toHaveProperty('error');
  });

  it('reads a time with an offset', () => {
    expect(observe(event({ timestamp: '2026-03-04T06:06:07.5+01:00' })).time).toBe(Date.UTC(2026, 2, 4, 5, 6, 7, 500));
  });

  it.each([
    ['clock', { timestamp: new Date(NOW + 301_000).toISOString() }],
    ['malformed', { timestamp: 'yesterday' }],
    ['malformed', { type: 'normal', operation: 'connect' }],
    ['malformed', { type: 'constructor' }],
    ['not-a-flow', { type: undefined }],
    ['missing-fields', { src: { addr: '' } }],
    ['missing-fields', { dst: { addr: '10.1.0' } }],
    ['missing-fields', { dst: { port: 0 } }],
    ['missing-fields', { dst: { port: 70_000 } }],
    ['missing-fields', { type: 'accept', src: { port: '80a' } }],
  ])('skips as %s what has %j', (reason, fields) => expect(read(event(fields)).skipped).toBe(reason));

  it('accepts a clock that is five minutes ahead', () => {
    expect(observe(event({ timestamp: new Date(NOW + 300_000).toISOString() })).time).toBe(NOW + 300_000);
  });
});

describe('the network policy advisor', () => {
  const legacy = (fields: object = {}): string => JSON.stringify({
    type: 'connect', remote_kind: 'pod', port: 6379, local_pod_namespace: 'store', local_pod_name: 'cart-6d4cf56db6-x7k2p', local_pod_owner: 'cart',
    local_pod_labels: { 'app': 'cart', 'pod-template-hash': '6d4cf56db6' }, remote_pod_namespace: 'store', remote_pod_name: 'redis-0', remote_pod_labels: { app: 'redis' }, debug: '', ...fields,
  });

  it('knows no time', () => {
    expect(read(legacy())).toEqual({
      observations: [{
        time: null,
        src: { kind: 'pod', namespace: 'store', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' }, pod: 'cart-6d4cf56db6-x7k2p' },
        dst: { kind: 'pod', namespace: 'store', workload: null, labels: { app: 'redis' }, pod: 'redis-0' },
        port: 6379, protocol: 'TCP', direction: 'egress', verdict: 'unknown', decidedBy: null, count: 1,
      }],
    });
  });

  it('turns an accept around', () => {
    expect(observe(legacy({ type: 'accept', port: 8080 }))).toMatchObject({ src: { pod: 'redis-0' }, dst: { pod: 'cart-6d4cf56db6-x7k2p' }, port: 8080, direction: 'ingress' });
  });

  it('knows the name of an owner, and not of which kind it is', () => {
    expect(observe(legacy({ local_pod_owner: 'cart-db', local_pod_name: 'cart-db-0' })).src).toMatchObject({ workload: { kind: null, name: 'cart-db' } });
    expect(observe(legacy({ local_pod_owner: undefined, local_pod_name: 'cart-db-0' })).src).toMatchObject({ workload: null });
  });

  it('has an address for what is neither pod nor Service', () => {
    expect(observe(legacy({ remote_kind: 'other', remote_other: '198.51.100.7' })).dst).toEqual({ kind: 'external', ip: '198.51.100.7' });
    expect(read(legacy({ remote_kind: 'other', remote_other: '127.0.0.1' })).skipped).toBe('loopback');
  });

  it.each([
    ['not-a-flow', { type: 'ready' }], ['missing-fields', { port: 0 }], ['missing-fields', { remote_pod_name: '' }], ['missing-fields', { remote_kind: 'other' }],
    ['missing-fields', { remote_kind: 'node' }], ['missing-fields', { local_pod_namespace: '' }],
  ])('skips as %s what has %j', (reason, fields) => expect(read(legacy(fields)).skipped).toBe(reason));

  it('survives damage', () => expect(() => expectToSurviveDamage(INSPEKTOR_GADGET, [
    legacy(), legacy({ remote_kind: 'svc', remote_svc_namespace: 'a', remote_svc_name: 'b', remote_svc_label_selector: { app: 'b' } }), legacy({ remote_kind: 'other', remote_other: '198.51.100.7' }),
  ])).not.toThrow());
});

it('survives damage', () => expect(() => expectToSurviveDamage(INSPEKTOR_GADGET, [
  event(), event({ type: 'accept' }), event({ k8s: { hostnetwork: true } }), event({ dst: { k8s: RAW } }), event({ dst: { k8s: { kind: 'svc', name: 'a', namespace: 'b', labels: '' } } }),
])).not.toThrow());

it('is recognised behind lines of a log, and by lines that are no connections', () => {
  expect(INSPEKTOR_GADGET.recognises(['WARN[0000] something', '{"a":1}', event({ type: 'close' })])).toBe(true);
  expect(INSPEKTOR_GADGET.recognises(['WARN[0000] something', '{"type":"connect"}', '{"type":"connect","src":{},"dst":{}}', 'null', '[]', ''])).toBe(false);
});
