import { Observation } from '../../../src/flows/observation';
import { CALICO_WHISKER } from '../../../src/flows/sources/calico-whisker';
import { Reading } from '../../../src/flows/sources/flow-source';
import { expectSound, mangled } from './mangled';
import { readAll, testSample } from './samples';

testSample(CALICO_WHISKER, 'calico-whisker/flows.json');

function hit(kind: string, action: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { kind, name: 'one', namespace: 'billing', tier: 'default', action, policy_index: 0, rule_index: 0, trigger: null, ...more };
}

/** A flow as Whisker answers with it: every field is there, zero or not. */
function flowOf(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    start_time: '2026-09-14T06:30:00Z', end_time: '2026-09-14T06:40:00Z', action: 'Allow',
    source_name: 'cart-5bd7c9f84c-*', source_namespace: 'checkout', source_labels: 'app=cart | pod-template-hash=5bd7c9f84c',
    dest_name: 'invoice-84fd6b95bc-*', dest_namespace: 'billing', dest_labels: 'app=invoice',
    protocol: 'tcp', dest_port: 7443, reporter: 'Src',
    policies: { enforced: [hit('Profile', 'Allow', { name: 'kns.checkout' })], pending: null },
    packets_in: 4, packets_out: 5, bytes_in: 100, bytes_out: 200,
    ...more,
  };
}

function read(item: unknown): Reading {
  return readAll(CALICO_WHISKER, [item])[0]!;
}

function observed(item: unknown): Observation {
  const { observations, skipped, detail } = read(item);
  if (observations.length !== 1) throw new Error(`${skipped}: ${detail}`);
  return observations[0]!;
}

describe('the document', () => {
  it.each([
    ['a list', { total: { totalPages: 1, totalResults: 1 }, items: [flowOf()] }, 1],
    ['a list of older versions', { total: 1, items: [flowOf()] }, 1],
    ['a list of nothing, which Go writes as null', { total: { totalPages: 0 }, items: null }, 0],
    ['the items alone', [flowOf(), flowOf()], 2],
    ['no items', [], 0],
  ])('may be %s', (_, document, length) => expect([...CALICO_WHISKER.documentRecords!(document)!]).toHaveLength(length));

  it.each([
    ['a flow', flowOf()], ['a list of Kubernetes', { apiVersion: 'v1', kind: 'List', items: [] }], ['items of something else', [{ kind: 'ClientIntents' }]], ['text', 'items'], ['nothing', null],
    ['an answer that says no', { error: 'Internal Server Error' }], ['items that are no list', { items: {} }],
  ])('is none where it is %s', (_, document) => expect(CALICO_WHISKER.documentRecords!(document)).toBeUndefined());

  it('is recognised by its beginning, in any layout', () => {
    const list = { total: { totalPages: 1 }, items: Array.from({ length: 40 }, () => flowOf()) };
    for (const text of [JSON.stringify(list), JSON.stringify(list, null, 2), `\n ${JSON.stringify(list.items)}`]) expect(CALICO_WHISKER.recognises([text.slice(0, 4096)])).toBe(true);
    expect(CALICO_WHISKER.recognises(['{"total":{"totalPages":0,"totalResults":0},"items":null}\n'])).toBe(true);
  });

  it('is not recognised in the stream of events, in lines with times in seconds, or in nothing', () => {
    expect(CALICO_WHISKER.recognises([`data: ${JSON.stringify(flowOf())}`])).toBe(false);
    expect(CALICO_WHISKER.recognises([JSON.stringify(flowOf({ start_time: 1_789_367_400 }))])).toBe(false);
    expect(CALICO_WHISKER.recognises(['{"items":null,"kind":"List"}'])).toBe(false);
    expect(CALICO_WHISKER.recognises([])).toBe(false);
  });
});

describe('who it is', () => {
  it.each([['PUBLIC NETWORK', 'public'], ['pub', 'public'], ['PRIVATE NETWORK', 'private'], ['pvt', 'private']])('%s is %s, whatever stands for its namespace', (name, entity) => {
    for (const namespace of ['-', '', 'Global']) expect(observed(flowOf({ dest_name: name, dest_namespace: namespace, dest_labels: '' })).dst).toEqual({ kind: 'entity', entity });
  });

  it('what has no namespace and is no network is a host', () => {
    expect(observed(flowOf({ source_name: 'worker-3', source_namespace: '-' })).src).toEqual({ kind: 'entity', entity: 'host', name: 'worker-3' });
  });

  it('newer versions tell a network set from a host and from a pod', () => {
    expect(observed(flowOf({ source_name: 'corporate', source_namespace: '-', source_type: 'NetworkSet' })).src).toEqual({ kind: 'entity', entity: 'networkset', name: 'corporate' });
    expect(observed(flowOf({ source_name: 'partners', source_type: 'NetworkSet' })).src).toEqual({ kind: 'entity', entity: 'networkset', name: 'partners', namespace: 'checkout' });
    expect(observed(flowOf({ source_type: 'WorkloadEndpoint' })).src).toMatchObject({ kind: 'pod', workload: { kind: 'Deployment', name: 'cart' } });
    expect(observed(flowOf({ source_type: '' })).src).toMatchObject({ kind: 'pod' });
  });

  it('labels are parted by a bar', () => {
    expect(observed(flowOf()).src).toMatchObject({ labels: { app: 'cart' } });
    expect(observed(flowOf({ source_labels: 'app=cart | projectcalico.org/serviceaccount=default | team=a-b' })).src).toMatchObject({ labels: { app: 'cart', team: 'a-b' } });
  });
});

describe('what happened', () => {
  it('is told with the time to the millisecond, whatever its zone', () => {
    expect(observed(flowOf({ start_time: '2026-09-14T08:30:00.0129+02:00' })).time).toBe(Date.UTC(2026, 8, 14, 6, 30, 0, 12));
  });

  it('is one connection, as nobody counted them', () => expect(observed(flowOf()).count).toBe(1));

  it.each([['Deny', 'denied'], ['allow', 'allowed']])('%s is %s', (action, verdict) => expect(observed(flowOf({ action })).verdict).toBe(verdict));

  it.each([['Pass', 'not-final'], ['ActionUnspecified', 'missing-fields'], [undefined, 'missing-fields'], ['Log', 'malformed']])('%s is %s', (action, reason) => expect(read(flowOf({ action })).skipped).toBe(reason));

  it('would be a denial by the policy that brought about the end of the tier', () => {
    const trigger = hit('StagedGlobalNetworkPolicy', 'ActionUnspecified', { name: 'closed', namespace: '' });
    const pending = [hit('EndOfTier', 'Deny', { name: '', namespace: '', trigger, policy_index: 3 }), hit('GlobalNetworkPolicy', 'Pass', { policy_index: 1 })];
    expect(observed(flowOf({ policies: { enforced: [], pending } }))).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'StagedGlobalNetworkPolicy', name: 'closed', tier: 'default' }] });
  });

  it('is a denial only while something is denied', () => {
    expect(read(flowOf({ action: 'Deny', packets_in: 0, packets_out: 0 })).skipped).toBe('not-a-connection');
    expect(observed(flowOf({ action: 'Deny', packets_in: 0, packets_out: 1 })).verdict).toBe('denied');
  });

  it('names the Service in newer versions', () => {
    expect(observed(flowOf({ service: { name: 'invoice', namespace: 'billing', port: 443, port_name: 'https' } })).service).toEqual({ namespace: 'billing', name: 'invoice', port: 443 });
    expect(observed(flowOf({ service: null }))).not.toHaveProperty('service');
  });

  it('without a port is told for ICMP only', () => {
    expect(observed(flowOf({ protocol: 'icmp', dest_port: 0 }))).toMatchObject({ protocol: 'ICMP', port: null });
    expect(read(flowOf({ dest_port: 0 }))).toMatchObject({ skipped: 'missing-fields', detail: 'has no port' });
  });
});

describe('items', () => {
  it.each([[null, 'malformed'], ['x', 'malformed'], [[], 'malformed'], [{ value: 'a hint' }, 'not-a-flow'], [{ source_name: 'x' }, 'missing-fields'], [flowOf({ start_time: 'today' }), 'malformed']])('%j is %s', (item, reason) => {
    expect(read(item).skipped).toBe(reason);
  });

  it('read soundly, whatever is in their fields', () => {
    const item = flowOf({ policies: { enforced: [hit('NetworkPolicy', 'Allow')], pending: [hit('EndOfTier', 'Deny', { trigger: hit('StagedNetworkPolicy', 'ActionUnspecified') })] }, service: { name: 's', namespace: 'billing', port: 1 }, source_type: 'WorkloadEndpoint' });
    const outcomes = new Set(Array.from(mangled(item), (each) => expectSound(CALICO_WHISKER, each).skipped));
    expect(outcomes).toEqual(new Set([undefined, 'malformed', 'missing-fields']));
  });
});
