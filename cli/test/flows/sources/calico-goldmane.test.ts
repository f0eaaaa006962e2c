import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { Observation, ObservedPeer } from '../../../src/flows/observation';
import { CALICO_GOLDMANE } from '../../../src/flows/sources/calico-goldmane';
import { Reading } from '../../../src/flows/sources/flow-source';
import { beginnings, expectSound, mangled } from './mangled';
import { NOW, readAll, testSample } from './samples';

testSample(CALICO_GOLDMANE, 'calico-goldmane/emitter.ndjson');

const START = Date.UTC(2026, 8, 14, 6, 30) / 1000;
const PROFILE = { kind: 9, name: 'kns.billing', action: 1 };

/** A flow between two Deployments that no policy has a say in. */
function flowOf(key: Readonly<Record<string, unknown>> = {}, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    Key: {
      source_name: 'cart-5bd7c9f84c-*', source_namespace: 'checkout', source_type: 1,
      dest_name: 'invoice-84fd6b95bc-*', dest_namespace: 'billing', dest_type: 1, dest_port: 7443,
      proto: 'tcp', reporter: 2, action: 1, policies: { enforced_policies: [PROFILE] },
      ...key,
    },
    start_time: START, end_time: START + 300, source_labels: ['app=cart'], dest_labels: ['app=invoice'],
    packets_in: 8, packets_out: 6, num_connections_started: 2,
    ...more,
  };
}

function read(record: unknown): Reading {
  return readAll(CALICO_GOLDMANE, [JSON.stringify(record)])[0]!;
}

function observed(record: unknown): Observation {
  const { observations, skipped, detail } = read(record);
  if (observations.length !== 1) throw new Error(`${skipped}: ${detail}`);
  return observations[0]!;
}

function policies(enforced: readonly unknown[], pending: readonly unknown[] = []): Record<string, unknown> {
  return { policies: { enforced_policies: enforced, pending_policies: pending } };
}

function source(key: Readonly<Record<string, unknown>>, more?: Readonly<Record<string, unknown>>): ObservedPeer {
  return observed(flowOf(key, more)).src;
}

describe('the window of a flow', () => {
  it('is given in milliseconds, and in the reading', () => {
    const reading = read(flowOf());
    expect(reading.time).toBe(START * 1000);
    expect(reading.observations[0]).toMatchObject({ time: START * 1000, until: (START + 300) * 1000 });
  });

  it.each([['nothing', undefined], ['zero', 0], ['null', null]])('is missing where the start is %s', (_, start) => {
    expect(read(flowOf({}, { start_time: start }))).toMatchObject({ observations: [], skipped: 'missing-fields', detail: 'has no time of its start' });
  });

  it('is malformed where the start is no time', () => expect(read(flowOf({}, { start_time: 'soon' })).skipped).toBe('malformed'));

  it('has no end that is before its start, or that no date can have', () => {
    for (const end of [START - 15, 9e15]) expect(observed(flowOf({}, { end_time: end })).until).toBeUndefined();
  });

  it('is of a wrong clock five minutes after the import, and not before', () => {
    const now = NOW / 1000;
    expect(read(flowOf({}, { start_time: now + 301 }))).toMatchObject({ observations: [], skipped: 'clock', time: (now + 301) * 1000 });
    expect(read(flowOf({}, { start_time: now + 300, end_time: now + 600 })).skipped).toBeUndefined();
  });
});

describe('who it is', () => {
  it.each([
    ['cart-5bd7c9f84c-*', { kind: 'Deployment', name: 'cart' }],
    ['nightly-29412000-*', { kind: 'CronJob', name: 'nightly' }],
    ['ledger-*', { kind: null, name: 'ledger' }],
    ['fluent-bit-*', { kind: null, name: 'fluent-bit' }],
    ['queue-db-*', { kind: null, name: 'queue-db' }],
    ['cache-v2-*', { kind: null, name: 'cache-v2' }],
    ['main-postgres-*', { kind: null, name: 'main-postgres' }],
    ['migrate-0-*', { kind: null, name: 'migrate-0' }],
    ['cart-5bd7c9f84c-x2lqp', { kind: 'Deployment', name: 'cart' }],
    ['toolbox', null],
    ['*', null],
  ])('%s belongs to %j', (name, workload) => expect(source({ source_name: name })).toMatchObject({ kind: 'pod', workload }));

  it('is a Deployment by the label of its ReplicaSet, whatever the hash looks like', () => {
    expect(source({ source_name: 'front-abcde-*' }, { source_labels: ['pod-template-hash=abcde', 'app=front'] })).toMatchObject({ workload: { kind: 'Deployment', name: 'front' }, labels: { app: 'front' } });
  });

  it('is one pod only where the name is that of one', () => {
    expect(source({ source_name: 'toolbox' })).toMatchObject({ pod: 'toolbox' });
    expect(source({ source_name: 'ledger-*' })).not.toHaveProperty('pod');
  });

  it.each([['a dash', '-'], ['nothing', undefined], ['empty', '']])('a host is in no namespace, which is %s', (_, namespace) => {
    expect(source({ source_type: 2, source_name: 'worker-3', source_namespace: namespace })).toEqual({ kind: 'entity', entity: 'host', name: 'worker-3' });
  });

  it('a network set may be global', () => {
    expect(source({ source_type: 3, source_name: 'corporate', source_namespace: '-' })).toEqual({ kind: 'entity', entity: 'networkset', name: 'corporate' });
    expect(source({ source_type: 3, source_name: 'corporate', source_namespace: 'billing' })).toMatchObject({ namespace: 'billing' });
  });

  it('a network is public or private, and its dash is no namespace', () => {
    expect(source({ source_type: 4, source_name: 'pub', source_namespace: '-' })).toEqual({ kind: 'entity', entity: 'public' });
    expect(source({ source_type: 4, source_name: 'pvt', source_namespace: '-' })).toEqual({ kind: 'entity', entity: 'private' });
  });

  it('addresses that newer versions add do not make one of many', () => {
    expect(source({ source_type: 4, source_name: 'pub' }, { source_ips: ['198.51.100.7'] })).toEqual({ kind: 'entity', entity: 'public' });
  });

  it('a pod that is called as a network is still a pod', () => {
    expect(source({ source_name: 'pub' })).toMatchObject({ kind: 'pod', namespace: 'checkout', pod: 'pub' });
  });

  it('without a type, the namespace tells', () => {
    expect(source({ source_type: undefined })).toMatchObject({ kind: 'pod', namespace: 'checkout' });
    expect(source({ source_type: undefined, source_name: 'pvt', source_namespace: '-' })).toEqual({ kind: 'entity', entity: 'private' });
  });

  it.each([
    ['a type that is unknown', { source_type: 9 }, 'malformed'],
    ['no name', { source_name: '' }, 'missing-fields'],
    ['a dash for a name', { dest_name: '-' }, 'missing-fields'],
    ['a pod in no namespace', { source_namespace: '-' }, 'missing-fields'],
  ])('%s', (_, key, reason) => expect(read(flowOf(key))).toMatchObject({ observations: [], skipped: reason, time: START * 1000 }));
});

describe('labels', () => {
  it('are those of the workload, in any order, and a value may be empty or have an equals sign', () => {
    const labels = ['zone=', 'app=cart', 'pod-template-hash=5bd7c9f84c', 'expr=a=b', 'projectcalico.org/namespace=checkout', 'projectcalico.org/orchestrator=k8s', 'broken', '=x'];
    expect(source({}, { source_labels: labels })).toMatchObject({ labels: { app: 'cart', expr: 'a=b', zone: '' } });
    expect(Object.keys((source({}, { source_labels: labels }) as { labels: object }).labels)).toEqual(['app', 'expr', 'zone']);
  });

  it.each([['null', null], ['missing', undefined], ['a number', 7]])('are none where they are %s', (_, labels) => expect(source({}, { source_labels: labels })).toMatchObject({ labels: {} }));
});

describe('what is called', () => {
  it.each([
    ['tcp', 'TCP', 7443], ['UDP', 'UDP', 7443], ['sctp', 'SCTP', 7443], ['6', 'TCP', 7443], [17, 'UDP', 7443],
    ['icmp', 'ICMP', null], ['icmp6', 'ICMPv6', null], ['58', 'ICMPv6', null], ['ipip', 'unknown', null], ['47', 'unknown', null],
  ])('%s is %s', (proto, protocol, port) => expect(observed(flowOf({ proto }))).toMatchObject({ protocol, port }));

  it('the port of ICMP is its type and code', () => {
    expect(observed(flowOf({ proto: 'icmp', dest_port: 8 * 256 + 0 }))).toMatchObject({ port: null, icmpType: 8 });
    expect(observed(flowOf({ proto: 'icmp', dest_port: 3 * 256 + 13 }))).toMatchObject({ icmpType: 3 });
    expect(observed(flowOf({ proto: 'icmp', dest_port: undefined }))).not.toHaveProperty('icmpType');
  });

  it.each([[undefined, 'missing-fields'], [0, 'missing-fields'], [65_536, 'malformed'], [-1, 'malformed'], [80.5, 'malformed'], ['http', 'malformed']])('the port %j is %s', (port, reason) => {
    expect(read(flowOf({ dest_port: port })).skipped).toBe(reason);
  });

  it('a flow without a protocol is none', () => expect(read(flowOf({ proto: '' })).skipped).toBe('missing-fields'));

  it('a Service is named beside the pod, unless it is a dash', () => {
    const service = { dest_service_name: 'invoice', dest_service_namespace: 'billing', dest_service_port_name: 'https', dest_service_port: 443 };
    expect(observed(flowOf(service))).toMatchObject({ port: 7443, service: { namespace: 'billing', name: 'invoice', port: 443 } });
    expect(observed(flowOf({ ...service, dest_service_port: 0 })).service).toEqual({ namespace: 'billing', name: 'invoice' });
    expect(observed(flowOf({ dest_service_name: '-', dest_service_namespace: '-', dest_service_port_name: '-' }))).not.toHaveProperty('service');
  });
});

describe('direction and number', () => {
  it.each([[1, 'egress'], [2, 'ingress'], ['Src', 'egress'], ['Dst', 'ingress'], [0, 'unknown'], [undefined, 'unknown']])('reporter %j is %s', (reporter, direction) => {
    expect(observed(flowOf({ reporter })).direction).toBe(direction);
  });

  it.each([[5, 5], ['12', 12], [0, 1], [undefined, 1]])('%j connections started count as %i', (started, count) => {
    expect(observed(flowOf({}, { num_connections_started: started })).count).toBe(count);
  });

  it('a number of connections that is none is malformed', () => expect(read(flowOf({}, { num_connections_started: -2 })).skipped).toBe('malformed'));
});

describe('verdict', () => {
  const staged = { kind: 5, namespace: 'billing', name: 'closed', tier: 'default' };
  const endOfTier = (trigger?: unknown) => ({ kind: 10, tier: 'default', action: 2, rule_index: -1, ...(trigger === undefined ? {} : { trigger }) });

  it.each([[3, 'not-final'], ['Pass', 'not-final'], [0, 'missing-fields'], [undefined, 'missing-fields'], [8, 'malformed'], ['Reject', 'malformed']])('action %j is %s', (action, reason) => {
    expect(read(flowOf({ action })).skipped).toBe(reason);
  });

  it('is that of the last policy by its index, whatever the order of the list', () => {
    const pass = { kind: 2, name: 'platform.first', tier: 'platform', action: 3 };
    const deny = { kind: 2, name: 'platform.second', tier: 'platform', action: 2, policy_index: 2 };
    const allow = { kind: 6, namespace: 'billing', name: 'from-cart', tier: 'default', action: 1, policy_index: 1 };
    expect(observed(flowOf({ action: 2, ...policies([deny, pass, allow]) }))).toMatchObject({ verdict: 'denied', decidedBy: [{ kind: 'GlobalNetworkPolicy', name: 'platform.second', tier: 'platform' }] });
    expect(observed(flowOf(policies([{ ...allow, policy_index: 4 }, pass]))).decidedBy).toEqual([{ kind: 'NetworkPolicy', namespace: 'billing', name: 'from-cart', tier: 'default' }]);
  });

  it('is not that of a policy that did the opposite', () => {
    const allow = { kind: 6, namespace: 'billing', name: 'from-cart', tier: 'default', action: 1 };
    expect(observed(flowOf({ action: 2, ...policies([allow]) }))).toMatchObject({ verdict: 'denied', decidedBy: null });
  });

  it('of a profile, or of the end of a tier that nothing triggered, has no policy', () => {
    expect(observed(flowOf()).decidedBy).toBeNull();
    expect(observed(flowOf({ action: 2, ...policies([endOfTier()]) }))).toMatchObject({ verdict: 'denied', decidedBy: null });
    expect(observed(flowOf({ policies: undefined }))).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it('is not that of a staged policy, nor of the end of a tier that one would have brought about', () => {
    const deny = { ...staged, action: 2 };
    expect(observed(flowOf(policies([deny, { ...PROFILE, policy_index: 1 }])))).toMatchObject({ verdict: 'allowed', decidedBy: null });
    expect(observed(flowOf(policies([endOfTier(staged), { ...PROFILE, policy_index: 1 }])))).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it('would be a denial where the pending trace ends with one', () => {
    expect(observed(flowOf(policies([PROFILE], [endOfTier(staged)])))).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'StagedKubernetesNetworkPolicy', namespace: 'billing', name: 'closed', tier: 'default' }] });
    expect(observed(flowOf(policies([PROFILE], [{ kind: 4, name: 'no-egress', tier: 'platform', action: 2 }])))).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'StagedGlobalNetworkPolicy', name: 'no-egress', tier: 'platform' }] });
    expect(observed(flowOf(policies([PROFILE], [endOfTier()])))).toMatchObject({ verdict: 'would-deny', decidedBy: null });
  });

  it('would be none where a later policy of the pending trace allows', () => {
    const pass = { ...staged, action: 3 };
    expect(observed(flowOf(policies([PROFILE], [{ ...PROFILE, policy_index: 2 }, pass])))).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it('of what was denied stays so, whatever the staged policies would do', () => {
    expect(observed(flowOf({ action: 2, ...policies([endOfTier({ ...staged, kind: 6 })], [PROFILE]) }))).toMatchObject({ verdict: 'denied', decidedBy: [{ kind: 'NetworkPolicy', name: 'closed' }] });
  });

  it('of what only the opener of AUDIT allows would be a denial', () => {
    const opener = { kind: 6, namespace: 'billing', name: 'netpol-audit', tier: 'default', action: 1 };
    expect(observed(flowOf(policies([opener])))).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'NetworkPolicy', namespace: 'billing', name: 'netpol-audit' }] });
    expect(observed(flowOf(policies([{ ...opener, kind: 1, name: 'default.netpol-audit' }]))).verdict).toBe('would-deny');
    expect(observed(flowOf(policies([{ ...opener, policy_index: 1 }, { kind: 2, name: 'guard', action: 3 }]))).verdict).toBe('would-deny');
    expect(observed(flowOf(policies([{ ...opener, name: 'not-netpol-audit' }]))).verdict).toBe('allowed');
  });

  it('of what the opener allows, and a staged policy as well, would be the same without the opener', () => {
    const opener = { kind: 6, namespace: 'billing', name: 'netpol-audit', tier: 'default', action: 1 };
    const allow = { kind: 3, namespace: 'billing', name: 'from-cart', tier: 'default', action: 1 };
    expect(observed(flowOf(policies([opener], [allow])))).toMatchObject({ verdict: 'allowed', decidedBy: [{ name: 'netpol-audit' }] });
    expect(observed(flowOf(policies([opener], [{ ...allow, action: 2 }])))).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'StagedNetworkPolicy', name: 'from-cart' }] });
    expect(observed(flowOf(policies([opener], [{ ...allow, action: 3 }, { ...opener, policy_index: 1 }]))).verdict).toBe('would-deny');
  });

  it.each([
    [1, 'CalicoNetworkPolicy'], [2, 'GlobalNetworkPolicy'], [6, 'NetworkPolicy'], [7, 'AdminNetworkPolicy'], [8, 'BaselineAdminNetworkPolicy'], [11, 'ClusterNetworkPolicy'], [99, null], ['NetworkPolicy', 'NetworkPolicy'],
  ])('kind %j is %s', (kind, name) => expect(observed(flowOf(policies([{ kind, name: 'some', action: 1 }]))).decidedBy).toEqual([{ kind: name, name: 'some' }]));

  it('names a policy of Kubernetes as Kubernetes does', () => {
    expect(observed(flowOf(policies([{ kind: 6, namespace: 'billing', name: 'knp.default.from-cart', action: 1 }]))).decidedBy).toMatchObject([{ name: 'from-cart' }]);
  });

  it.each([['no list', { enforced_policies: 'all' }], ['no object', { pending_policies: [7] }], ['an unknown action', { pending_policies: [{ action: 12 }] }], ['no trace', 'none']])('is not guessed where there is %s', (_, value) => {
    expect(read(flowOf({ policies: value }))).toMatchObject({ observations: [], skipped: 'malformed', detail: 'has policies that cannot be read' });
  });
});

describe('a denial of which nothing is left', () => {
  const idle = { packets_in: undefined, packets_out: undefined, num_connections_started: undefined };

  it('is reported on and on after the policy has changed, and is no denial', () => {
    expect(read(flowOf({ action: 2 }, { ...idle, num_connections_live: 1 }))).toMatchObject({ observations: [], skipped: 'not-a-connection', time: START * 1000 });
  });

  it('is told from one that is not counted at all, and from a connection that is merely quiet', () => {
    expect(observed(flowOf({ action: 2 }, idle)).verdict).toBe('denied');
    expect(observed(flowOf({ action: 2 }, { ...idle, packets_out: 1 })).verdict).toBe('denied');
    expect(observed(flowOf({}, { ...idle, num_connections_live: 1 })).verdict).toBe('allowed');
  });
});

describe('lines', () => {
  it.each([['{"Key":{"source_na', 'malformed'], ['[]', 'malformed'], ['null', 'malformed'], ['time=2026 level=info', 'malformed'], ['{"level":"info","msg":"emitted"}', 'not-a-flow'], ['{"start_time":1789300000}', 'missing-fields'], ['{"Key":null}', 'missing-fields']])('%s is %s', (line, reason) => {
    expect(readAll(CALICO_GOLDMANE, [line])[0]!.skipped).toBe(reason);
  });

  it('are recognised behind a line of a log, and with what a shipper adds', () => {
    expect(CALICO_GOLDMANE.recognises(['starting', '{"broken', JSON.stringify({ date: 1.5, ...flowOf() })])).toBe(true);
    expect(CALICO_GOLDMANE.recognises([])).toBe(false);
    expect(CALICO_GOLDMANE.recognises(['{"Key":{"other":1},"start_time":1}', '{"Key":"x"}', '{}'])).toBe(false);
  });

  it('read soundly, wherever they are cut and whatever is in their fields', () => {
    const record = flowOf({ ...policies([PROFILE], [{ kind: 10, tier: 'default', action: 2, trigger: { kind: 3, name: 'x', namespace: 'billing' } }]), dest_service_name: 's', dest_service_namespace: 'billing', dest_service_port: 1 });
    for (const line of beginnings(JSON.stringify(record))) expect(expectSound(CALICO_GOLDMANE, line).skipped).toBe('malformed');
    const outcomes = new Set(Array.from(mangled(record), (each) => expectSound(CALICO_GOLDMANE, JSON.stringify(each)).skipped));
    expect(outcomes).toEqual(new Set([undefined, 'malformed', 'missing-fields']));
  });

  it('know nothing of the inventory', () => {
    const [reading] = readAll(CALICO_GOLDMANE, [JSON.stringify(flowOf())], new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [{ namespace: 'checkout', workload: { kind: 'Deployment', name: 'cart' }, port: 7443 }] }));
    expect(reading!.observations).toHaveLength(1);
  });
});
