import { join } from 'node:path';
import { AlikeRecords, RecordsByLikeness } from '../../../src/flows/import/alike-records';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { Reading } from '../../../src/flows/sources/flow-source';
import { HUBBLE } from '../../../src/flows/sources/hubble';
import { HUBBLE_PARTS } from '../../../src/flows/sources/hubble-parts';
import { openScratch } from '../../../src/flows/store/duckdb/open-duckdb';
import { temporaryFolder, write } from '../../temporary-folder';
import { mangled } from '../sources/mangled';

const folder = temporaryFolder();
const NOW = Date.UTC(2026, 8, 30);
const CONTEXT = { inventory: FlowInventory.NONE, now: NOW, marker: 'netpol-audit' };
const TIME = '2026-09-01T10:00:00.123456789Z';
const SOURCE = {
  ID: 7, identity: 2007, cluster_name: 'prod', namespace: 'shop', labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'], pod_name: 'web-0',
  workloads: [{ name: 'web', kind: 'Deployment' }],
};
const DESTINATION = { identity: 2, labels: ['reserved:world'] };
const POLICY = { name: 'allow-web', namespace: 'shop', labels: ['k8s:io.cilium.k8s.policy.name=allow-web'], revision: '6', kind: 'CiliumNetworkPolicy' };

type Part = Readonly<Record<string, unknown>>;

/** A record of Hubble, in the way that it writes them. */
function recordOf(flow: Part = {}, envelope: Part = {}): Part {
  const common = {
    time: TIME, uuid: 'u', verdict: 'FORWARDED', IP: { source: '10.0.0.7', destination: '192.0.2.1', ipVersion: 'IPv4' },
    l4: { TCP: { source_port: 40_000, destination_port: 443, flags: { SYN: true } } }, source: SOURCE, destination: DESTINATION, Type: 'L3_L4', node_name: 'prod/n1',
    event_type: { type: 5 }, traffic_direction: 'EGRESS', policy_match_type: 2, is_reply: false, egress_allowed_by: [POLICY], Summary: 'TCP Flags: SYN',
  };
  return { flow: { ...common, ...flow }, node_name: 'prod/n1', time: TIME, ...envelope };
}

const RECORDS: readonly Part[] = [
  recordOf(),
  recordOf({ is_reply: true, event_type: { type: 4, sub_type: 3 }, policy_match_type: undefined, egress_allowed_by: undefined }),
  recordOf({ verdict: 'DROPPED', drop_reason: 133, drop_reason_desc: 'POLICY_DENIED', event_type: { type: 1, sub_type: 133 }, destination_names: ['example.org'] }),
  recordOf({ l4: { UDP: { source_port: 40_000, destination_port: 53 } }, event_type: { type: 4 }, is_reply: undefined, destination_service: { name: 'dns', namespace: 'kube-system' } }),
  recordOf({ l4: { SCTP: { source_port: 40_000, destination_port: 3868, chunk_type: 'INIT' } }, event_type: { type: 4 } }),
  recordOf({ l4: { ICMPv4: { type: 8 } }, event_type: { type: 4 }, is_reply: undefined }),
  recordOf({ l4: { ICMPv6: { type: 128 } }, event_type: { type: 4 }, source_names: ['a.example.org'], aggregate: { egress_flow_count: '3' } }),
  recordOf({ Type: 'L7', l7: { type: 'REQUEST', latency_ns: '4', dns: { query: 'example.org.' } }, event_type: { type: 129 }, extensions: { value: { ingress_flow_count: 2 } } }),
  { lost_events: { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: '5' }, node_name: 'prod/n1', time: TIME },
  { node_status: { state_change: 'NODE_CONNECTED' }, node_name: 'prod/n1', time: TIME },
];

async function alike(lines: readonly string[], latest = NOW): Promise<readonly AlikeRecords[]> {
  write(folder, { 'records.ndjson': lines.join('\n') });
  const database = await openScratch('256MB');
  try {
    const records = new RecordsByLikeness(database.connection, HUBBLE_PARTS, latest);
    await records.group(join(folder, 'records.ndjson'), () => undefined);
    const all: AlikeRecords[] = [];
    for await (const each of records.all()) all.push(each);
    return all;
  } finally {
    database.connection.closeSync();
    database.instance.closeSync();
  }
}

/** By a name of the node, which is told from all others. */
function numbered(records: Iterable<unknown>): ReadonlyMap<string, string> {
  return new Map([...records].map((record, index) => [`n${index}`, JSON.stringify({ ...record as Part, node_name: `n${index}` })]));
}

const read = (record: unknown): Reading => HUBBLE.reader(CONTEXT).read(record);

test.each(RECORDS.map((record, index) => [index, record] as const))('whatever is in record %i, it is read as from its line, or not at all', async (_, record) => {
  const lines = numbered([record, ...mangled(record)]);
  const groups = await alike([...lines.values()]);
  const told = groups.filter((each) => each.record !== undefined);
  for (const each of told) {
    const { node_name: node } = each.record as { readonly node_name: string };
    const wanted = read(lines.get(node));
    // what is said of a malformed record shows it, and JSON can be written in several ways
    expect({ node, ...read(each.record), detail: '' }).toEqual({ node, ...wanted, detail: '' });
    expect(each.times === undefined ? each.count : each.times[0]).toBe(each.times === undefined ? 1 : wanted.time);
  }
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(lines.size);
  expect(told.length).toBeGreaterThan(lines.size * 0.6);
});

test('whatever a reader looks at is one of the parts', () => {
  const { common, long, rare, times } = HUBBLE_PARTS;
  const fields = [...common, ...long, ...rare];
  const seen = new Set<string>();
  const watched = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null || [...fields, ...times].includes(path)) return value;
    return new Proxy(value, {
      get: (target, key) => {
        const inner = path === '' ? String(key) : `${path}.${String(key)}`;
        seen.add(inner);
        return watched(Reflect.get(target, key), inner);
      },
      ownKeys: (target) => {
        // all that is in it matters
        for (const key of Object.keys(target)) seen.add(`${path}.${key}`);
        return Reflect.ownKeys(target);
      },
    });
  };
  for (const record of RECORDS) read(watched(record, ''));
  const inner = [...fields, ...times].flatMap((path) => path.split('.').map((_, index, names) => names.slice(0, index + 1).join('.')));
  expect([...seen].filter((path) => !inner.includes(path))).toEqual([]);
  expect(seen.size).toBeGreaterThan(fields.length * 0.8);
});

test.each([
  ['their time', { time: '2026-09-01T11:30:00Z' }, {}],
  ['the port of the client', { l4: { TCP: { source_port: 65_535, destination_port: 443, flags: { SYN: true } } } }, {}],
  ['what no reader looks at', { uuid: 'v', Summary: 'other', ethernet: { source: '00:00:00:00:00:01' }, trace_reason: 'NEW' }, { other: 1 }],
])('records that differ in %s are alike', async (_, flow, envelope) => {
  const groups = await alike([JSON.stringify(recordOf()), JSON.stringify(recordOf(flow, envelope))]);
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({ count: 2 });
  expect(groups[0]!.times).toHaveLength(2);
});

test.each([
  ['the port of a server', { l4: { TCP: { source_port: 40_000, destination_port: 444, flags: { SYN: true } } } }],
  ['a port that is none', { l4: { TCP: { source_port: 65_536, destination_port: 443, flags: { SYN: true } } } }],
  ['a port that is not whole', { l4: { TCP: { source_port: 1.5, destination_port: 443, flags: { SYN: true } } } }],
  ['an address', { IP: { source: '10.0.0.8', destination: '192.0.2.1' } }],
  ['a label', { source: { ...SOURCE, labels: ['k8s:app=api', 'k8s:io.kubernetes.pod.namespace=shop'] } }],
  ['a policy', { egress_allowed_by: [{ ...POLICY, name: 'other' }] }],
  ['being a reply', { is_reply: true }],
])('records that differ in %s are not', async (_, flow) => {
  expect(await alike([JSON.stringify(recordOf()), JSON.stringify(recordOf(flow))])).toHaveLength(2);
});

test('replies to any port of a client are alike', async () => {
  const reply = (port: number): string => JSON.stringify(recordOf({ is_reply: true, l4: { TCP: { source_port: 443, destination_port: port } } }));
  expect(await alike([reply(40_000), reply(50_000)])).toHaveLength(1);
  expect(await alike([reply(40_000), reply(70_000)])).toHaveLength(2);
});

test.each([
  ['2026-09-01T10:00:00Z', true], ['2026-09-01T10:00:00.1Z', true], ['2026-09-01T10:00:00.123456789Z', true], ['2026-09-01T23:59:59.999999999Z', true],
  ['2026-09-01T10:00:00.1234567891Z', false], ['2026-09-01T10:00:00.Z', false], ['2026-09-01T24:00:00Z', false], ['2026-09-01T24:00:00.0Z', false],
  ['2026-09-01T10:00:60Z', false], ['2026-02-30T10:00:00Z', false], ['2026-09-01T12:00:00+02:00', false], ['2026-09-01 10:00:00Z', false], ['1969-12-31T23:59:59.9999Z', false],
  ['2026-9-1T10:00:00.0000Z', false], ['2026-09-01T10:00:00.1+02Z', false], ['2026-09-01T10:00:00. 1Z', false], ['', false], ['2026-10-01T10:00:00Z', false],
])('the time %j is what it is in a line; taken out of the record: %j', async (time, isTaken) => {
  const line = JSON.stringify(recordOf({ time }, { time: undefined }));
  const [only, ...more] = await alike([line]);
  expect(more).toEqual([]);
  expect(only!.times === undefined).toBe(!isTaken);
  expect(read(only!.record)).toEqual(read(line));
  if (isTaken) expect(only!.times![0]).toBe(read(line).time);
});

test('the time of an envelope is that of a flow without one', async () => {
  const [only] = await alike([JSON.stringify(recordOf({ time: undefined }))]);
  expect(only!.times).toEqual(Float64Array.of(Date.parse('2026-09-01T10:00:00.123Z')));
});

test.each([
  ['no JSON', 'nonsense'], ['the beginning of a record', '{"flow":{"time":'], ['two records', `${JSON.stringify(recordOf())}${JSON.stringify(recordOf())}`], ['a list', '[1]'],
  ['text', '"x"'], ['null', 'null'], ['an empty object', '{}'], ['a flow that is text', '{"flow":"x","node_name":"n"}'], ['a flow of which nothing is known', '{"flow":{"uuid":"u"},"node_name":"n"}'],
  ['a layer that is new', JSON.stringify(recordOf({ l4: { QUIC: { port: 1 } } }))], ['half a character', '{"flow":{"verdict":"\\ud800"},"node_name":"n"}'],
])('%s is told as something else', async (_, line) => {
  const groups = await alike([JSON.stringify(recordOf()), line]);
  expect(groups.map(({ record }) => record === undefined)).toContain(true);
  expect(groups).toHaveLength(2);
});

test('a blank line is nothing', async () => {
  expect(await alike(['', JSON.stringify(recordOf()), ' \t', '\r', ''])).toHaveLength(1);
});

test.each(['a[1].ndjson', "it's.ndjson", 'a*b?.ndjson', '{a}.ndjson', 'packed.ndjson.gz', 'key=value.ndjson', '%20 é.ndjson'])('a file that is called %s is one like any other', async (name) => {
  write(folder, { [name]: JSON.stringify(recordOf()) });
  const database = await openScratch('256MB');
  const records = new RecordsByLikeness(database.connection, HUBBLE_PARTS, NOW);
  await records.group(join(folder, name), () => undefined);
  const counts: number[] = [];
  for await (const { count } of records.all()) counts.push(count);
  database.connection.closeSync();
  database.instance.closeSync();
  expect(counts).toEqual([1]);
});
