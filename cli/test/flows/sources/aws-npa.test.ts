import { Cidr } from 'cdk8s-netpol/policy';
import { FlowInventory, InventoryFacts } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { AWS_NPA } from '../../../src/flows/sources/aws-npa';
import { Reading } from '../../../src/flows/sources/flow-source';
import { expectToSurviveDamage } from './mangled';
import { NOW, readAll, testSample } from './samples';

testSample(AWS_NPA, 'aws-npa/network-policy-agent.log');
testSample(AWS_NPA, 'aws-npa/cloudwatch.txt');

const TIME = Date.UTC(2026, 2, 4, 5, 6, 7, 123);
const STAMP = '2026-03-04T05:06:07.123Z';
const WEB = { ip: '10.2.0.4', namespace: 'shop', name: 'web-1', workload: { kind: 'Deployment', name: 'web' }, labels: { app: 'web' }, from: null, until: null };

interface Flow {
  readonly from?: string;
  readonly sport?: number | string;
  readonly to?: string;
  readonly dport?: number | string;
  readonly proto?: string;
  readonly verdict?: string;
  readonly end?: string;
}

const FLOW = { from: '10.2.0.4', sport: 45_000, to: '10.2.1.9', dport: 6379, proto: 'TCP', verdict: 'ACCEPT' };

function message(flow: Flow = {}): string {
  const { from, sport, to, dport, proto, verdict, end } = { ...FLOW, end: ' Direction egress, Tier DEFAULT', ...flow };
  return `Flow Info: Src IP: ${from} Src Port: ${sport} Dest IP: ${to} Dest Port: ${dport} Proto ${proto} Verdict ${verdict}${end}`;
}

function log(flow: Flow = {}, around: object = {}): string {
  return JSON.stringify({ level: 'debug', ts: STAMP, caller: 'runtime/asm_amd64.s:1700', msg: message(flow), ...around });
}

/** As agents before 1.2.2 write it. */
function keyed(fields: object = {}): string {
  return JSON.stringify({
    'level': 'info', 'ts': STAMP, 'logger': 'ebpf-client', 'msg': 'Flow Info:  ', 'Src IP': '10.2.0.4', 'Src Port': 45_000, 'Dest IP': '10.2.1.9', 'Dest Port': 6379,
    'Proto': 'TCP', 'Verdict': 'DENY', ...fields,
  });
}

function event(flow: Flow = {}): string {
  const { from, sport, to, dport, proto, verdict, end } = { ...FLOW, end: ';Tier: ADMIN', ...flow };
  return `Node: ip-10-2-0-1.ec2.internal;SIP: ${from};SPORT: ${sport};DIP: ${to};DPORT: ${dport};PROTOCOL: ${proto};PolicyVerdict: ${verdict}${end}`;
}

function read(line: string, facts: Partial<InventoryFacts> = {}): Reading {
  return readAll(AWS_NPA, [line], new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [], ...facts }))[0]!;
}

function observe(line: string, facts: Partial<InventoryFacts> = {}): Observation {
  const { observations, skipped, detail } = read(line, facts);
  expect({ skipped, detail }).toEqual({});
  expect(observations).toHaveLength(1);
  return observations[0]!;
}

const OBSERVED = {
  time: TIME, src: { kind: 'external', ip: '10.2.0.4' }, dst: { kind: 'external', ip: '10.2.1.9' }, port: 6379, protocol: 'TCP', count: 1,
};

describe('the log of the agent, by its release', () => {
  it('before 1.2.2: a key for each value, no direction, no tier', () => {
    expect(observe(keyed())).toEqual({ ...OBSERVED, direction: 'unknown', verdict: 'denied', decidedBy: null });
    expect(observe(` ${keyed({ ts: undefined, timestamp: STAMP })}`).time).toBe(TIME);
  });

  it('1.2.2: one text with the direction', () => {
    expect(observe(log({ end: ' Direction ingress' }))).toEqual({ ...OBSERVED, direction: 'ingress', verdict: 'allowed', decidedBy: null });
  });

  it('1.3.0: the tier too', () => {
    expect(observe(log({ verdict: 'DENY' }))).toEqual({ ...OBSERVED, direction: 'egress', verdict: 'denied', decidedBy: [{ kind: null, name: null, tier: 'DEFAULT' }] });
  });

  it('IPv6: other signs between the names', () => {
    const msg = 'Flow Info: Src IP: 2600:1f13::5 Src Port: 45000 Dest IP: 2600:1f13::9 Dest Port: 53 Proto: UDP Verdict: DENY Direction: egress';
    const ends = { src: { kind: 'external', ip: '2600:1f13::5' }, dst: { kind: 'external', ip: '2600:1f13::9' }, port: 53, protocol: 'UDP' };
    expect(observe(log({}, { msg }))).toMatchObject({ ...ends, verdict: 'denied', direction: 'egress', decidedBy: null });
    expect(observe(log({}, { msg: `${msg} Tier: BASELINE` }))).toMatchObject({ ...ends, decidedBy: [{ tier: 'BASELINE' }] });
  });

  it('a tier without a direction, and one without a name', () => {
    expect(observe(log({ end: ', Tier ADMIN' }))).toMatchObject({ verdict: 'allowed', direction: 'unknown', decidedBy: [{ tier: 'ADMIN' }] });
    expect(observe(log({ end: ' Direction egress, Tier ' })).decidedBy).toBeNull();
  });
});

describe('CloudWatch', () => {
  const expected = { ...OBSERVED, direction: 'unknown', verdict: 'allowed', decidedBy: [{ kind: null, name: null, tier: 'ADMIN' }] };

  it.each([
    ['aws logs tail', `2026-03-04T05:06:07.123000+00:00 aws-network-policy-agent-audit-0d5c8d53-1b1c-4ac4-8f1e-3a1d2b1e9c11 ${event()}`],
    ['aws logs tail --format short', `2026-03-04T05:06:07.123 ${event()}`],
    ['an export to S3', `${STAMP} ${event()}`],
    ['the console, in the zone of whoever looks', `2026-03-03T23:06:07.123-06:00   ${event()}`],
    ['aws logs filter-log-events --output text', `${TIME}\t${event()}`],
    ['aws logs filter-log-events | jq -c .events[]', JSON.stringify({ logStreamName: 's', timestamp: TIME, message: event(), ingestionTime: TIME + 9, eventId: '1' })],
    ['a collector', JSON.stringify({ timestamp: STAMP, message: event() })],
  ])('%s', (_name, line) => {
    expect(read(line)).toEqual({ time: TIME, node: 'ip-10-2-0-1.ec2.internal', observations: [expected] });
  });

  it('without a time: it is not known when, nor whose an address was then', () => {
    const pods = [WEB, { ...WEB, ip: '10.2.1.9', name: 'db-0', from: TIME }];
    expect(observe(event(), { pods, podCidrs: [Cidr.parse('10.2.0.0/16')] })).toMatchObject({ time: null, src: { pod: 'web-1' }, dst: { kind: 'unknown', ip: '10.2.1.9' } });
  });

  it('without a tier: agents before 1.3.0', () => expect(observe(`${STAMP} ${event({ end: '' })}`).decidedBy).toBeNull());

  it('without the name of the node', () => expect(read(`${STAMP} ${event().replace('ip-10-2-0-1.ec2.internal', '')}`)).not.toHaveProperty('node'));

  it('shares its log group with the control plane', () => {
    expect(read(`${STAMP} kube-apiserver-2b1e I0304 05:06:07.1 1 trace.go:236] Trace`).skipped).toBe('not-a-flow');
    expect(read(`${STAMP} I0304 05:06:07.1 1 trace.go:236] Trace`).skipped).toBe('not-a-flow');
  });

  it.each([
    `${STAMP} aws-network-policy-agent-audit-0d5c Node: ip-10`, `${STAMP} aws-network-pol`, STAMP, `${STAMP} ${event({ end: ';Ti' })}`, `${STAMP} ${event({ end: ';' })}`,
    `yesterday ${event()}`, JSON.stringify({ timestamp: 'yesterday', message: event() }), JSON.stringify({ timestamp: 1e300, message: event() }),
  ])('is cut off or has no time: %s', (line) => expect(read(line).skipped).toBe('malformed'));
});

describe('addresses', () => {
  it('are whose the inventory says at that time', () => {
    const facts = { pods: [{ ...WEB, until: TIME }, { ...WEB, name: 'next', from: TIME }], nodes: [{ name: 'n1', ips: ['10.2.0.1'] }], services: [{ ip: '172.20.0.10', namespace: 'kube-system', name: 'kube-dns' }] };
    expect(observe(log({ to: '172.20.0.10', dport: 53, proto: 'UDP' }), facts)).toMatchObject({
      src: { kind: 'pod', pod: 'next', namespace: 'shop', labels: { app: 'web' } }, dst: { kind: 'service', namespace: 'kube-system', name: 'kube-dns' }, port: 53, protocol: 'UDP',
    });
    expect(observe(log({ from: '10.2.0.1' }), facts).src).toEqual({ kind: 'entity', entity: 'node', ip: '10.2.0.1', name: 'n1' });
  });

  it.each([['10.2.1', '10.2.1.0'], ['10.2', '10.2.0.0'], ['0', '0.0.0.0']])('%s had zeros at its end', (written, meant) => {
    expect(observe(log({ to: written })).dst).toEqual({ kind: 'external', ip: meant });
    expect(observe(`${STAMP} ${event({ to: written })}`).dst).toEqual({ kind: 'external', ip: meant });
  });

  it('of IPv4 in IPv6 are IPv4', () => expect(observe(log({ to: '::ffff:10.2.1.9' })).dst).toEqual({ kind: 'external', ip: '10.2.1.9' }));
});

describe('protocols', () => {
  it.each([['ICMP', 'ICMP'], ['UNKNOWN', 'unknown'], ['RESERVED', 'unknown'], ['ANY PROTOCOL', 'unknown'], ['constructor', 'unknown']])('%s is %s, and has no port', (proto, protocol) => {
    expect(observe(log({ proto, sport: 0, dport: 0 }))).toMatchObject({ protocol, port: null });
  });

  it('may have the source port 0', () => expect(observe(log({ proto: 'UDP', sport: 0 })).port).toBe(6379));
});

describe('answers', () => {
  const answer = { sport: 5432, dport: 45_000, verdict: 'DENY' };

  it('are denied, or so it says, when their connection is forgotten', () => {
    expect(read(log(answer))).toMatchObject({ skipped: 'undecided', time: TIME });
    expect(read(log({ ...answer, dport: 32_768 })).skipped).toBe('undecided');
    expect(read(`${STAMP} ${event({ ...answer, proto: 'UDP' })}`)).toMatchObject({ skipped: 'undecided', node: 'ip-10-2-0-1.ec2.internal' });
  });

  it('are certain where the inventory knows who listens', () => {
    expect(read(log(answer), { listeners: [{ ip: '10.2.0.4', port: 5432 }] }).skipped).toBe('reply');
    expect(read(log({ ...answer, verdict: 'ACCEPT' }), { listeners: [{ ip: '10.2.0.4', port: 5432 }] }).skipped).toBe('reply');
    expect(read(log(answer), { pods: [WEB], listeners: [{ namespace: 'shop', workload: WEB.workload, port: 5432 }] }).skipped).toBe('reply');
    expect(observe(log(answer), { listeners: [{ ip: '10.2.1.9', port: 45_000 }] }).verdict).toBe('denied');
    expect(read(log(answer), { listeners: [{ ip: '10.2.0.4', port: 5432 }, { ip: '10.2.1.9', port: 45_000 }] }).skipped).toBe('undecided');
  });

  it.each([
    ['is allowed', { ...answer, verdict: 'ACCEPT' }],
    ['goes to a port that nobody is given by chance', { ...answer, dport: 32_767 }],
    ['comes from a port above it', { ...answer, sport: 45_001 }],
    ['comes from the same port', { ...answer, sport: 45_000 }],
    ['comes from no port', { ...answer, sport: 0, proto: 'UDP' }],
  ])('are not what %s', (_name, flow) => expect(observe(log(flow)).port).toBe(flow.dport));
});

it.each([
  ['not-a-flow', log({ verdict: 'EXPIRED/DELETED' })],
  ['not-a-flow', keyed({ Verdict: 'EXPIRED/DELETED' })],
  ['not-a-flow', log({}, { msg: 'Starting network policy agent with log level: info' })],
  ['not-a-flow', log({}, { msg: undefined })],
  ['not-a-flow', log({}, { msg: 7 })],
  ['malformed', log({ verdict: 'DEN', end: '' })],
  ['malformed', log({ verdict: 'constructor' })],
  ['malformed', log({ end: ' Direction ing' })],
  ['malformed', log({ dport: 0 })],
  ['malformed', log({ dport: 65_536 })],
  ['malformed', log({ sport: 65_536 })],
  ['malformed', log({ from: '10.2.0.256' })],
  ['malformed', keyed({ Verdict: undefined })],
  ['malformed', keyed({ 'Dest IP': undefined })],
  ['malformed', keyed({ 'Dest Port': '80a' })],
  ['malformed', log({}, { ts: 'yesterday' })],
  ['malformed', 'panic: runtime error'],
  ['malformed', ''],
  ['clock', log({}, { ts: new Date(NOW + 301_000).toISOString() })],
  ['clock', `${NOW + 301_000}\t${event()}`],
])('skips as %s: %s', (reason, line) => expect(read(line).skipped).toBe(reason));

it('reads both forms in one file', () => expect([log(), `${STAMP} ${event()}`].map((line) => observe(line).direction)).toEqual(['egress', 'unknown']));

it('survives damage', () => expect(() => expectToSurviveDamage(AWS_NPA, [
  log(), keyed(), `${STAMP} ${event()}`, `${TIME}\t${event()}`, JSON.stringify({ timestamp: TIME, message: event() }), `${STAMP} aws-network-policy-agent-audit-0d5c ${event()}`,
], new FlowInventory({ podCidrs: [Cidr.parse('10.0.0.0/8')], pods: [WEB], nodes: [], services: [], listeners: [{ ip: '10.2.0.4', port: 5432 }] }))).not.toThrow());

it('is recognised by what surrounds the flows too', () => {
  expect(AWS_NPA.recognises(['panic: x', log({}, { msg: 'Starting network policy agent with log level: info' })])).toBe(true);
  expect(AWS_NPA.recognises([JSON.stringify({ level: 'info', ts: STAMP, logger: 'ebpf-client', msg: 'Updating Map with ' })])).toBe(true);
  expect(AWS_NPA.recognises(['', event()])).toBe(true);
  expect(AWS_NPA.recognises([JSON.stringify({ level: 'info', ts: STAMP, logger: 'controller', msg: 'Reconciling' }), '{"message":"Nodes"}', 'Node: x'])).toBe(false);
});
