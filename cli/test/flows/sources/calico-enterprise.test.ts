import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { CALICO_ENTERPRISE } from '../../../src/flows/sources/calico-enterprise';
import { Reading } from '../../../src/flows/sources/flow-source';
import { beginnings, expectSound, mangled } from './mangled';
import { readAll } from './samples';

const START = Date.UTC(2026, 8, 14, 6, 30) / 1000;

/** An allowed flow at the level of aggregation that is the default: no addresses, no names of pods. */
function flowOf(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    'start_time': START, 'end_time': START + 300,
    'source_ip': null, 'source_name': '-', 'source_name_aggr': 'cart-5bd7c9f84c-*', 'source_namespace': 'checkout', 'source_port': null, 'source_type': 'wep', 'source_labels': { labels: ['app=cart', 'pod-template-hash=5bd7c9f84c'] },
    'dest_ip': null, 'dest_name': '-', 'dest_name_aggr': 'invoice-84fd6b95bc-*', 'dest_namespace': 'billing', 'dest_port': 7443, 'dest_type': 'wep', 'dest_labels': { labels: ['app=invoice'] },
    'dest_service_namespace': 'billing', 'dest_service_name': 'invoice', 'dest_service_port': 'https', 'dest_service_port_num': 443, 'dest_domains': null,
    'proto': 'tcp', 'action': 'allow', 'reporter': 'dst',
    'policies': { all_policies: ['0|__PROFILE__|__PROFILE__.kns.billing|allow|0'], enforced_policies: ['0|__PROFILE__|__PROFILE__.kns.billing|allow|0'], pending_policies: ['0|__PROFILE__|__PROFILE__.kns.billing|allow|0'] },
    'packets_in': 12, 'packets_out': 9, 'num_flows': 4, 'num_flows_started': 3, 'num_flows_completed': 3,
    'host': 'worker-3', '@timestamp': (START + 300) * 1000,
    ...more,
  };
}

/** A denied one: its default keeps the pods and their addresses. */
function deniedFlowOf(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return flowOf({
    action: 'deny', source_ip: '10.42.3.7', source_name: 'cart-5bd7c9f84c-x2lqp', dest_ip: '10.42.5.9', dest_name: 'invoice-84fd6b95bc-7kzrd',
    policies: { enforced_policies: ['0|default|billing/knp.default.closed|deny|-1'], pending_policies: null }, num_flows: 1,
    ...more,
  });
}

function read(record: unknown, inventory?: FlowInventory): Reading {
  return readAll(CALICO_ENTERPRISE, [JSON.stringify(record)], inventory)[0]!;
}

function observed(record: unknown, inventory?: FlowInventory): Observation {
  const { observations, skipped, detail } = read(record, inventory);
  if (observations.length !== 1) throw new Error(`${skipped}: ${detail}`);
  return observations[0]!;
}

function decided(enforced: readonly unknown[] | null, more: Readonly<Record<string, unknown>> = {}): Observation {
  return observed(flowOf({ policies: { enforced_policies: enforced, ...more } }));
}

describe('a flow', () => {
  it('allowed, is between workloads', () => {
    expect(read(flowOf())).toEqual({
      time: START * 1000,
      node: 'worker-3',
      observations: [{
        time: START * 1000,
        until: (START + 300) * 1000,
        src: { kind: 'pod', namespace: 'checkout', workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' } },
        dst: { kind: 'pod', namespace: 'billing', workload: { kind: 'Deployment', name: 'invoice' }, labels: { app: 'invoice' } },
        port: 7443,
        protocol: 'TCP',
        direction: 'ingress',
        verdict: 'allowed',
        decidedBy: null,
        count: 4,
        service: { namespace: 'billing', name: 'invoice', port: 443 },
      }],
    });
  });

  it('denied, is between pods with their addresses', () => {
    expect(observed(deniedFlowOf())).toMatchObject({
      src: { kind: 'pod', pod: 'cart-5bd7c9f84c-x2lqp', ip: '10.42.3.7', workload: { kind: 'Deployment', name: 'cart' } },
      dst: { kind: 'pod', pod: 'invoice-84fd6b95bc-7kzrd', ip: '10.42.5.9' },
      verdict: 'denied',
      decidedBy: [{ kind: 'NetworkPolicy', namespace: 'billing', name: 'closed', tier: 'default' }],
      count: 1,
    });
  });

  it('may be a hit of a search', () => {
    const hit = { _index: 'tigera_secure_ee_flows.cluster.20260914', _id: 'a', _source: flowOf() };
    expect(read(hit)).toEqual(read(flowOf()));
    expect(CALICO_ENTERPRISE.recognises([JSON.stringify(hit)])).toBe(true);
  });

  it('of which the ports are merged, too, has none', () => expect(observed(flowOf({ dest_port: null }))).toMatchObject({ protocol: 'TCP', port: null }));

  it('of UDP may have as many flows as it says, at least one', () => {
    expect(observed(flowOf({ proto: 'udp', num_flows: 41 }))).toMatchObject({ protocol: 'UDP', count: 41 });
    expect(observed(flowOf({ num_flows: 0 })).count).toBe(1);
  });

  it('has a Service only where one was called', () => {
    const none = { dest_service_namespace: '-', dest_service_name: '-', dest_service_port: '-', dest_service_port_num: null };
    expect(observed(flowOf(none))).not.toHaveProperty('service');
    expect(observed(flowOf({ dest_service_port: '*', dest_service_port_num: undefined })).service).toEqual({ namespace: 'billing', name: 'invoice' });
  });

  it('that was denied before, and of which nothing is left, is none', () => {
    expect(read(deniedFlowOf({ packets_in: 0, packets_out: 0, num_flows_started: 0 }))).toMatchObject({ observations: [], skipped: 'not-a-connection', node: 'worker-3' });
    expect(observed(deniedFlowOf({ packets_in: undefined, packets_out: undefined, num_flows_started: undefined })).verdict).toBe('denied');
  });
});

describe('who it is', () => {
  const out = { dest_type: 'net', dest_namespace: '-', dest_name: '-', dest_name_aggr: 'pub', dest_labels: null, reporter: 'src' };

  it('outside, without an address, is public or private', () => {
    expect(observed(flowOf(out)).dst).toEqual({ kind: 'entity', entity: 'public' });
    expect(observed(flowOf({ ...out, dest_name_aggr: 'pvt' })).dst).toEqual({ kind: 'entity', entity: 'private' });
  });

  it('outside, with an address or with names, is that', () => {
    expect(observed(flowOf({ ...out, dest_ip: '198.51.100.7' })).dst).toEqual({ kind: 'external', ip: '198.51.100.7' });
    expect(observed(flowOf({ ...out, dest_domains: ['api.example.com', 'api.example.com.', '*.example.com', '-', 7] })).dst).toEqual({ kind: 'external', ip: null, names: ['api.example.com'] });
    expect(observed(flowOf({ ...out, dest_ip: '2001:db8::1', dest_domains: ['api.example.com'] })).dst).toEqual({ kind: 'external', ip: '2001:db8::1', names: ['api.example.com'] });
  });

  it('a private address may be that of a node or of a Service', () => {
    const inventory = new FlowInventory({ podCidrs: [], pods: [], listeners: [], nodes: [{ name: 'worker-9', ips: ['192.168.0.9'] }], services: [{ ip: '10.43.0.1', namespace: 'default', name: 'kubernetes' }] });
    expect(observed(flowOf({ ...out, dest_name_aggr: 'pvt', dest_ip: '192.168.0.9' }), inventory).dst).toEqual({ kind: 'entity', entity: 'node', ip: '192.168.0.9', name: 'worker-9' });
    expect(observed(flowOf({ ...out, dest_name_aggr: 'pvt', dest_ip: '10.43.0.1' }), inventory).dst).toEqual({ kind: 'service', namespace: 'default', name: 'kubernetes' });
  });

  it('a host and a network set', () => {
    expect(observed(flowOf({ source_type: 'hep', source_namespace: '-', source_name_aggr: 'worker-3', source_ip: '192.168.0.3' })).src).toEqual({ kind: 'entity', entity: 'host', name: 'worker-3', ip: '192.168.0.3' });
    expect(observed(flowOf({ ...out, dest_type: 'ns', dest_name_aggr: 'partners', dest_namespace: 'billing' })).dst).toEqual({ kind: 'entity', entity: 'networkset', name: 'partners', namespace: 'billing' });
  });

  it('a pod that nothing made has one name', () => {
    expect(observed(flowOf({ source_name: 'toolbox', source_name_aggr: 'toolbox' })).src).toMatchObject({ kind: 'pod', pod: 'toolbox', workload: null });
  });

  it.each([['-'], [null], [undefined], [{ labels: null }]])('labels may be %j', (labels) => expect(observed(flowOf({ source_labels: labels })).src).toMatchObject({ labels: {} }));

  it.each([['no address', { source_ip: '10.42.3' }], ['a zone', { source_ip: 'fe80::1%eth0' }], ['a number', { source_ip: 7 }]])('an address that is none is malformed: %s', (_, more) => {
    expect(read(flowOf(more))).toMatchObject({ observations: [], skipped: 'malformed', detail: 'has no address where that of its source should be' });
  });
});

describe('policies', () => {
  it.each([
    ['0|default|billing/default.from-cart|allow|2', { kind: 'CalicoNetworkPolicy', namespace: 'billing', name: 'default.from-cart', tier: 'default' }],
    ['0|platform|platform.open|allow|0', { kind: 'GlobalNetworkPolicy', name: 'platform.open', tier: 'platform' }],
    ['0|default|billing/knp.default.from.cart|allow|0', { kind: 'NetworkPolicy', namespace: 'billing', name: 'from.cart', tier: 'default' }],
    ['0|adminnetworkpolicy|kanp.adminnetworkpolicy.first|allow|0', { kind: 'AdminNetworkPolicy', name: 'first', tier: 'adminnetworkpolicy' }],
    ['0|baselineadminnetworkpolicy|kbanp.baselineadminnetworkpolicy.default|allow|0', { kind: 'BaselineAdminNetworkPolicy', name: 'default', tier: 'baselineadminnetworkpolicy' }],
    ['0|default|np:billing/from-cart|allow|0', { kind: 'CalicoNetworkPolicy', namespace: 'billing', name: 'from-cart', tier: 'default' }],
    ['0|platform|gnp:open|allow|0', { kind: 'GlobalNetworkPolicy', name: 'open', tier: 'platform' }],
    ['0|default|knp:billing/from-cart|allow|0', { kind: 'NetworkPolicy', namespace: 'billing', name: 'from-cart', tier: 'default' }],
    ['0|kube-admin|kcnp:first|allow|0', { kind: 'ClusterNetworkPolicy', name: 'first', tier: 'kube-admin' }],
    ['0|default|billing/default.from-cart|allow', { kind: 'CalicoNetworkPolicy', namespace: 'billing', name: 'default.from-cart', tier: 'default' }],
    ['0|default|billing/default.from-cart|allow|-2', { kind: 'CalicoNetworkPolicy', namespace: 'billing', name: 'default.from-cart', tier: 'default' }],
  ])('%s is %j', (text, policy) => expect(decided([text])).toMatchObject({ verdict: 'allowed', decidedBy: [policy] }));

  it.each(['0|__PROFILE__|__PROFILE__.kns.billing|allow|0', '3|__PROFILE__|__PROFILE__.kns.billing|allow', '1|__PROFILE__|pro:kns.billing|allow|0', '0|__PROFILE__|__PROFILE__.__NO_MATCH__|allow|-1'])('%s is no policy', (text) => {
    expect(decided([text])).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it('are in no order but that of their index', () => {
    const trace = ['10|default|billing/knp.default.tenth|allow|0', '2|platform|platform.second|pass|0', '0|security|security.first|pass|1'];
    expect(decided(trace).decidedBy).toMatchObject([{ name: 'tenth' }]);
  });

  it.each([
    ['1|default|billing/staged:knp.default.closed|deny|-1', { kind: 'StagedKubernetesNetworkPolicy', namespace: 'billing', name: 'closed' }],
    ['1|tier2|billing/staged:tier2.closed|deny|1', { kind: 'StagedNetworkPolicy', namespace: 'billing', name: 'tier2.closed' }],
    ['1|tier2|billing/tier2.staged:closed|deny|1', { kind: 'StagedNetworkPolicy', namespace: 'billing', name: 'tier2.closed' }],
    ['1|tier2|tier2.staged:closed|deny|1', { kind: 'StagedGlobalNetworkPolicy', name: 'tier2.closed' }],
    ['1|default|sknp:billing/closed|deny|-1', { kind: 'StagedKubernetesNetworkPolicy', namespace: 'billing', name: 'closed' }],
    ['1|tier2|snp:billing/closed|deny|1', { kind: 'StagedNetworkPolicy', namespace: 'billing', name: 'closed' }],
    ['1|tier2|sgnp:closed|deny|1', { kind: 'StagedGlobalNetworkPolicy', name: 'closed' }],
  ])('%s would be a denial by %j', (text, policy) => {
    const profile = '0|__PROFILE__|__PROFILE__.kns.billing|allow|0';
    expect(decided([profile], { pending_policies: ['0|platform|platform.open|pass|0', text] })).toMatchObject({ verdict: 'would-deny', decidedBy: [policy] });
    // and is ignored among those that are enforced
    expect(decided([text, '2|__PROFILE__|__PROFILE__.kns.billing|allow|0'], { pending_policies: [] })).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it('of older versions are one list: what is staged is tried, and what is not is enforced', () => {
    const all = ['2|default|billing/default.from-cart|allow|2', '1|tier2|billing/staged:tier2.closed|deny|1', '0|tier1|billing/tier1.first|pass|3'];
    for (const policies of [{ all_policies: all }, { all_policies: all, enforced_policies: null, pending_policies: null }, all]) {
      expect(observed(flowOf({ policies }))).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'StagedNetworkPolicy', name: 'tier2.closed' }] });
    }
    const opened = all.map((text) => text.replace('deny', 'allow'));
    expect(observed(flowOf({ policies: { all_policies: opened } }))).toMatchObject({ verdict: 'allowed', decidedBy: [{ kind: 'CalicoNetworkPolicy', name: 'default.from-cart' }] });
  });

  it('that say that nothing is pending are believed', () => {
    const all = ['0|tier2|billing/staged:tier2.closed|deny|1', '1|default|billing/default.from-cart|allow|2'];
    expect(observed(flowOf({ policies: { all_policies: all, enforced_policies: [all[1]], pending_policies: [] } }))).toMatchObject({ verdict: 'allowed' });
  });

  it.each([[null], [undefined], ['-'], [{}], [{ all_policies: null, enforced_policies: null, pending_policies: null }]])('may be missing: %j', (policies) => {
    expect(observed(flowOf({ policies }))).toMatchObject({ verdict: 'allowed', decidedBy: null });
  });

  it.each([['x|default|a/b|allow|0'], ['0|default|a/b|reject|0'], ['0|default||allow|0'], ['0|default|a/b'], ['0|default|a/b|allow|0|more'], ['']])('are not guessed: %j', (text) => {
    expect(read(flowOf({ policies: { enforced_policies: [text] } }))).toMatchObject({ skipped: 'malformed', detail: 'has policies that cannot be read' });
  });

  it('open a namespace in AUDIT: what they alone allow would be denied', () => {
    expect(decided(['0|default|billing/knp.default.netpol-audit|allow|0'])).toMatchObject({ verdict: 'would-deny', decidedBy: [{ kind: 'NetworkPolicy', name: 'netpol-audit' }] });
  });
});

describe('request and reply', () => {
  const inventory = new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [{ namespace: 'checkout', workload: { kind: 'Deployment', name: 'cart' }, port: 8080 }] });

  it('is what Calico says, with or without the port of the client', () => {
    expect(observed(flowOf({ source_port: 41_000 }), inventory).port).toBe(7443);
    expect(observed(flowOf({ source_port: 8080 })).port).toBe(7443);
  });

  it('is a reply where the source is known to listen, and the destination is not', () => {
    expect(read(flowOf({ source_port: 8080, dest_port: 41_000 }), inventory)).toMatchObject({ observations: [], skipped: 'reply' });
  });
});

describe('lines', () => {
  it.each([
    ['{"start_time":1', 'malformed'], ['7', 'malformed'],
    ['{"start_time":1789367400,"client_name_aggr":"x-*","qname":"a"}', 'not-a-flow'], ['{"src_name_aggr":"x-*","dest_name_aggr":"y-*","url":"/"}', 'not-a-flow'], ['{"index":{"_id":"1"}}', 'not-a-flow'],
    ['{"kind":"Event","verb":"get"}', 'not-a-flow'], ['{"source_name_aggr":"x-*","dest_name_aggr":"y-*"}', 'missing-fields'],
  ])('%s is %s', (line, reason) => expect(readAll(CALICO_ENTERPRISE, [line])[0]!.skipped).toBe(reason));

  it('are recognised behind those of other logs, which are not', () => {
    expect(CALICO_ENTERPRISE.recognises(['# archive', '{"src_name_aggr":"x-*","dest_name_aggr":"y-*"}', JSON.stringify(flowOf())])).toBe(true);
    expect(CALICO_ENTERPRISE.recognises(['{"src_name_aggr":"x-*","dest_name_aggr":"y-*"}', '{"source_name":"a","dest_name":"b"}', '{"_source":7}'])).toBe(false);
  });

  it('read soundly, wherever they are cut and whatever is in their fields', () => {
    const record = deniedFlowOf({ source_port: 41_000, dest_domains: ['a.example.com'] });
    for (const line of beginnings(JSON.stringify(record))) expect(expectSound(CALICO_ENTERPRISE, line).skipped).toBe('malformed');
    const lines = [record, { _source: flowOf() }].flatMap((each) => Array.from(mangled(each), (other) => JSON.stringify(other)));
    expect(new Set(lines.map((line) => expectSound(CALICO_ENTERPRISE, line).skipped))).toEqual(new Set([undefined, 'malformed', 'missing-fields', 'not-a-flow']));
  });
});
