import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { readFlowInventory } from '../../../src/flows/inventory/read-flow-inventory';
import { ObservedPeer } from '../../../src/flows/observation';
import { InputError } from '../../../src/input';

type Part = Readonly<Record<string, unknown>>;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'netpol-inventory-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

function inventoryOf(document: unknown): FlowInventory {
  const file = join(directory, 'inventory.json');
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return readFlowInventory(file);
}

function problemOf(document: unknown): string {
  try {
    inventoryOf(document);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ reason }) => reason).join('\n');
    throw error;
  }
  return 'none';
}

const START = '2026-03-04T05:00:00Z';
const AT_START = Date.UTC(2026, 2, 4, 5);

interface PodParts {
  readonly name?: string;
  readonly metadata?: Part;
  readonly spec?: Part;
  readonly status?: Part;
}

function pod({ name = 'cart-6d4cf56db6-x7k2p', metadata = {}, spec = {}, status = {} }: PodParts = {}): Part {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'store', name, labels: { 'app': 'cart', 'pod-template-hash': '6d4cf56db6' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-6d4cf56db6', controller: true }], ...metadata,
    },
    spec: { nodeName: 'n1', containers: [{ name: 'cart', ports: [{ containerPort: 8080 }] }], ...spec },
    status: { phase: 'Running', startTime: START, hostIP: '192.168.0.1', hostIPs: [{ ip: '192.168.0.1' }], podIP: '10.8.0.4', podIPs: [{ ip: '10.8.0.4' }, { ip: 'fd00::4' }], ...status },
  };
}

function node(spec: Part = {}, status: Part = {}): Part {
  return {
    kind: 'Node', metadata: { name: 'n1' }, spec: { podCIDR: '10.8.0.0/24', podCIDRs: ['10.8.0.0/24', 'fd00::/64'], ...spec },
    status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }, { type: 'Hostname', address: 'n1' }, { type: 'ExternalIP', address: '203.0.113.1' }], ...status },
  };
}

function service(spec: Part): Part {
  return { kind: 'Service', metadata: { namespace: 'store', name: 'cart' }, spec };
}

function slice(fields: Part): Part {
  return { kind: 'EndpointSlice', metadata: { namespace: 'store', name: 'cart-abc' }, addressType: 'IPv4', ports: [{ port: 9090, protocol: 'TCP' }], ...fields };
}

function list(...items: readonly unknown[]): Part {
  return { apiVersion: 'v1', kind: 'List', items };
}

const CART: ObservedPeer = { kind: 'pod', namespace: 'store', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' } };

describe('pods of a cluster', () => {
  it('have their addresses from when they started', () => {
    const inventory = inventoryOf(list(pod(), node()));
    expect(inventory.peerAt('10.8.0.4', AT_START)).toEqual({ ...CART, pod: 'cart-6d4cf56db6-x7k2p', ip: '10.8.0.4' });
    expect(inventory.peerAt('fd00:0::4', AT_START)).toMatchObject({ pod: 'cart-6d4cf56db6-x7k2p' });
    expect(inventory.peerAt('10.8.0.4', AT_START - 1)).toEqual({ kind: 'unknown', ip: '10.8.0.4' });
  });

  it.each([
    [{ kind: 'ReplicaSet', name: 'cart-6d4cf56db6' }, { kind: 'Deployment', name: 'cart' }],
    [{ kind: 'Job', name: 'report-29512345' }, { kind: 'CronJob', name: 'report' }],
    [{ kind: 'StatefulSet', name: 'db' }, { kind: 'StatefulSet', name: 'db' }],
    [{ kind: 'Node', name: 'n1' }, null],
    [{ kind: 'ReplicaSet', name: 'cart-6d4cf56db6', controller: false }, null],
  ])('owned by %j are of %j', (owner, workload) => {
    const inventory = inventoryOf(list(pod({ metadata: { ownerReferences: [{ controller: true, ...owner }] } })));
    expect(inventory.podNamed('store', 'cart-6d4cf56db6-x7k2p')?.workload).toEqual(workload);
  });

  it('of older clusters have one address', () => expect(inventoryOf(list(pod({ status: { podIPs: undefined } }))).peerAt('10.8.0.4', AT_START)).toMatchObject(CART));

  it('that wait for an address are known by their name', () => {
    const inventory = inventoryOf(list(pod({ status: { phase: 'Pending', podIP: undefined, podIPs: undefined, startTime: undefined } })));
    expect(inventory.podNamed('store', 'cart-6d4cf56db6-x7k2p')).toMatchObject({ workload: { name: 'cart' }, from: null });
  });

  it('that are done have given their address back', () => {
    const done = (containerStatuses: unknown): FlowInventory => inventoryOf(list(
      pod({ name: 'done', status: { phase: 'Succeeded', podIPs: [{ ip: '10.8.0.9' }], containerStatuses } }), pod({ name: 'next', status: { startTime: '2026-03-04T07:00:00Z', podIPs: [{ ip: '10.8.0.9' }] } }),
    ));
    const finished = ['2026-03-04T06:00:00Z', '2026-03-04T06:30:00Z'].map((finishedAt) => ({ state: { terminated: { finishedAt } } }));
    const ends = Date.UTC(2026, 2, 4, 6, 30);
    expect([ends - 1, ends, ends + 1_800_000].map((time) => done(finished).podAt('10.8.0.9', time)?.name)).toEqual(['done', undefined, 'next']);
    expect(done(undefined).podAt('10.8.0.9', AT_START)).toBeUndefined();
  });

  it('have an address until the next one has it, where several lists are put together', () => {
    const later = (name: string, startTime: string, more: Part = {}): Part => pod({ name, status: { startTime, ...more } });
    const [first, second, third] = [later('a', '2026-03-04T05:00:00Z'), later('b', '2026-03-04T06:00:00Z'), later('c', '2026-03-04T08:00:00Z')];
    const done = later('b', '2026-03-04T06:00:00Z', { phase: 'Failed', containerStatuses: [{ state: { terminated: { finishedAt: '2026-03-04T07:00:00Z' } } }] });
    for (const items of [[first, second, third, done], [third, done, second, first, first]]) {
      const inventory = inventoryOf(list(...items));
      expect([5, 5.9, 6, 6.9, 7, 8, 20].map((hour) => inventory.podAt('10.8.0.4', Date.UTC(2026, 2, 4) + hour * 3_600_000)?.name)).toEqual(['a', 'a', 'b', 'b', undefined, 'c', 'c']);
    }
  });

  it('that share the network of their node are the node', () => {
    const agent = pod({ name: 'agent-x', spec: { hostNetwork: true, containers: [{ ports: [{ containerPort: 9100, hostPort: 9100 }] }] }, status: { podIPs: [{ ip: '192.168.0.1' }] } });
    for (const inventory of [inventoryOf(list(agent)), inventoryOf(list(agent, node())), inventoryOf(list(node(), agent))]) {
      expect(inventory.peerAt('192.168.0.1', AT_START)).toEqual({ kind: 'entity', entity: 'node', ip: '192.168.0.1', name: 'n1' });
      expect(inventory.podNamed('store', 'agent-x')).toBeUndefined();
      expect(inventory.listens({ kind: 'external', ip: null }, '192.168.0.1', 'TCP', 9100)).toBe(true);
    }
  });
});

it('nodes have addresses, and blocks of addresses for pods', () => {
  const inventory = inventoryOf(list(node(), node({ podCIDRs: undefined, podCIDR: '10.9.0.0/24' }, { addresses: [] })));
  expect(['192.168.0.1', '203.0.113.1'].map((ip) => inventory.nodeAt(ip)?.name)).toEqual(['n1', 'n1']);
  expect(['10.8.0.77', 'fd00::77', '10.9.0.7', '10.10.0.7'].map((ip) => inventory.isPodAddress(ip))).toEqual([true, true, true, false]);
});

it('Services have addresses, unless they are headless', () => {
  const inventory = inventoryOf(list(service({ clusterIPs: ['10.96.0.7', 'fd01::7'] }), service({ clusterIP: '10.96.0.8' }), service({ clusterIPs: ['None'], clusterIP: 'None' }), service({ type: 'ExternalName' })));
  expect(['10.96.0.7', 'fd01::7', '10.96.0.8'].map((ip) => inventory.peerAt(ip, AT_START).kind)).toEqual(['service', 'service', 'service']);
  expect(inventory.peerAt('10.96.0.9', AT_START)).toEqual({ kind: 'external', ip: '10.96.0.9' });
});

describe('who listens', () => {
  const listensAt = (inventory: FlowInventory, peer: ObservedPeer, ip: string | undefined, ...ports: readonly number[]): readonly number[] => ports.filter((port) => inventory.listens(peer, ip, 'TCP', port));

  it('is said by the containers of a workload', () => {
    const containers = [{ ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }] }, { ports: undefined }];
    const initContainers = [{ restartPolicy: 'Always', ports: [{ containerPort: 15_090 }] }, { ports: [{ containerPort: 7 }] }];
    const inventory = inventoryOf(list(pod({ spec: { containers, initContainers } })));
    expect(listensAt(inventory, CART, undefined, 8080, 53, 15_090, 7)).toEqual([8080, 15_090]);
    expect(inventory.listens(CART, undefined, 'UDP', 53)).toBe(true);
  });

  it('is a pod without a workload by its address', () => {
    const inventory = inventoryOf(list(pod({ metadata: { ownerReferences: undefined } })));
    expect(listensAt(inventory, CART, '10.8.0.4', 8080, 8081)).toEqual([8080]);
    expect(listensAt(inventory, CART, '10.8.0.5', 8080)).toEqual([]);
  });

  it('is a node, for the port that a pod has of it', () => {
    const inventory = inventoryOf(list(pod({ spec: { containers: [{ ports: [{ containerPort: 8080, hostPort: 80 }] }] } })));
    expect(listensAt(inventory, { kind: 'external', ip: null }, '192.168.0.1', 80, 8080)).toEqual([80]);
  });

  it('is said by the slices of Services, also for ports that no container names', () => {
    const endpoints = [{ addresses: ['10.8.0.4'], targetRef: { kind: 'Pod', namespace: 'store', name: 'cart-6d4cf56db6-x7k2p' } }, { addresses: ['198.51.100.7'] }];
    const ports = [{ port: 9090 }, { port: null }, {}];
    // whichever comes first
    for (const inventory of [inventoryOf(list(pod(), slice({ endpoints, ports }))), inventoryOf(list(slice({ endpoints, ports }), pod()))]) {
      expect(listensAt(inventory, CART, undefined, 8080, 9090)).toEqual([8080, 9090]);
      expect(listensAt(inventory, { kind: 'external', ip: null }, '198.51.100.7', 9090)).toEqual([9090]);
    }
    expect(inventoryOf(list(slice({ addressType: 'FQDN', endpoints: [{ addresses: ['db.example.com'] }] }))).hasListeners).toBe(false);
  });
});

it('what a list does not tell may stand beside its items', () => {
  const inventory = inventoryOf({ ...list(pod()), metadata: { resourceVersion: '' }, podCIDRs: ['10.8.0.0/14'], nodes: [{ name: 'n1', ips: ['10.8.0.1'] }] });
  expect(['10.8.0.4', '10.9.0.4', '10.8.0.1'].map((ip) => inventory.peerAt(ip, AT_START).kind)).toEqual(['pod', 'unknown', 'entity']);
  expect(problemOf({ ...list(), extra: 1 })).toContain('extra is unknown here');
});

it('a list of one kind need not repeat it', () => {
  const { kind, ...nameless } = pod() as Part & { readonly kind: string };
  expect(inventoryOf({ kind: `${kind}List`, apiVersion: 'v1', items: [nameless] }).peerAt('10.8.0.4', AT_START)).toMatchObject(CART);
});

describe('damage has a place', () => {
  it.each([
    [list(pod(), { kind: 'Deployment' }), 'items[1] is a Deployment, of which nothing is needed. Instead: kubectl get pods,nodes,services,endpointslices -A -o json'],
    [list({ metadata: {} }), 'items[0] is of no kind. Instead: kubectl get pods,nodes,services,endpointslices -A -o json'],
    [list({ kind: 'toString' }), 'items[0] is a toString, of which nothing is needed. Instead: kubectl get pods,nodes,services,endpointslices -A -o json'],
    [list(7), 'items[0] is no object'],
    [{ kind: 'List', items: {} }, 'items is no list'],
    [list(pod({ metadata: { namespace: undefined } })), 'items[0].metadata.namespace is missing. Instead: text'],
    [list(pod({ status: { podIPs: [{ ip: '10.8.0' }] } })), 'items[0].status.podIPs[0].ip "10.8.0" is no address'],
    [list(pod({ status: { startTime: 'today' } })), 'items[0].status.startTime "today" is no time. Instead: RFC 3339, such as 2026-09-01T10:00:00Z'],
    [list(pod({ spec: { containers: [{ ports: [{ containerPort: 0 }] }] } })), 'items[0].spec.containers[0].ports[0].containerPort is no port. Instead: 1 to 65535'],
    [list(pod({ spec: { containers: [{ ports: [{ containerPort: 1, protocol: 'QUIC' }] }] } })), 'items[0].spec.containers[0].ports[0].protocol "QUIC" is unknown. Instead: TCP, UDP, SCTP'],
    [list(node({ podCIDRs: ['10.8.0.7/24'] })), 'items[0].spec.podCIDRs[0] '],
    [list(node({}, { addresses: [{ type: 'InternalIP', address: 'n1' }] })), 'items[0].status.addresses[0].address "n1" is no address'],
    [list(service({ clusterIPs: ['x'] })), 'items[0].spec.clusterIPs[0] "x" is no address'],
    [list(slice({ endpoints: [{ addresses: ['x'] }] })), 'items[0].endpoints[0].addresses[0] "x" is no address'],
    [{ pods: [{ ip: 'x', namespace: 'a', name: 'b' }] }, 'pods[0].ip "x" is no address'],
    [{ nodes: [{ name: 'n', ips: ['x'] }] }, 'nodes[0].ips[0] "x" is no address'],
    [{ podCIDR: [] }, 'podCIDR is unknown here. Instead: podCIDRs, pods, nodes, services, listeners, or what kubectl get pods,nodes -A -o json prints'],
    [{ listeners: [{ port: 80 }] }, 'listeners[0] says not where it listens. Instead: ip, or namespace and workload'],
    [[], 'the document is no object'],
    ['{', 'is no JSON: '],
  ])('%#', (document, problem) => expect(problemOf(document)).toContain(problem));

  it('is also a file that is not there', () => expect(() => readFlowInventory(join(directory, 'missing.json'))).toThrow(InputError));
});

it('its own form has pods over time, nodes, Services and listeners', () => {
  const inventory = inventoryOf({
    podCIDRs: ['10.8.0.0/16'],
    pods: [{ ip: '10.8.0.4', namespace: 'store', name: 'a', workload: { kind: 'Job', name: 'report-29512345' }, labels: { 'app': 'report', 'job-name': 'x' }, from: null, until: START }],
    nodes: [{ name: 'n1', ips: ['192.168.0.1'] }],
    services: [{ ip: '10.96.0.7', namespace: 'store', name: 'cart' }],
    listeners: [{ ip: '10.8.0.4', port: 80 }, { namespace: 'store', workload: { kind: 'ReplicaSet', name: 'cart-6d4cf56db6' }, port: 8080, protocol: 'TCP' }],
  });
  expect(inventory.peerAt('10.8.0.4', AT_START - 1)).toMatchObject({ workload: { kind: 'CronJob', name: 'report' }, labels: { app: 'report' } });
  expect(['10.8.0.4', '192.168.0.1', '10.96.0.7', '198.51.100.7'].map((ip) => inventory.peerAt(ip, AT_START).kind)).toEqual(['unknown', 'entity', 'service', 'external']);
  expect(inventory.listens(CART, undefined, 'TCP', 8080)).toBe(true);
  expect(inventory.listens(CART, undefined, 'UDP', 8080)).toBe(false);
  expect(inventory.listens({ kind: 'external', ip: null }, '10.8.0.4', 'UDP', 80)).toBe(true);
});
