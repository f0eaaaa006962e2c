import { Observation } from '../../../src/flows/observation';
import { ANTREA_CSV } from '../../../src/flows/sources/antrea-csv';
import { Reading } from '../../../src/flows/sources/flow-source';
import { beginnings, expectAllSound, OTHER_VALUES, OTHER_WORDS } from './mangled';
import { readAll, testSample } from './samples';

const START = '1788595200';
const CONNECTION = ['10.20.1.4', '10.20.2.7', '51234', '6379'];
const PODS = ['worker-0', 'jobs', 'n1', 'redis-0', 'cache', 'n2'];
const ALLOWED = ['in', 'cache', '', 'Allow', 'K8sNetworkPolicy'];
const DROPPED = ['out', 'jobs', 'r', 'Drop', 'AntreaNetworkPolicy'];
const NOBODY = ['', '', '', '', ''];
const HTTP = '{"0":{"hostname":"h","url":"/a,b","status":200}}';

interface Line {
  readonly service?: readonly string[];
  readonly ingress?: readonly string[];
  readonly egress?: readonly string[];
  readonly rest?: readonly string[];
  readonly protocol?: string;
}

const SERVICE = ['10.96.0.9', '6380', 'cache/redis:tcp'];

function log({ service = SERVICE, ingress = ALLOWED, egress = NOBODY, rest = ['', ''], protocol = 'TCP' }: Line = {}): string {
  return [START, '1788595230', ...CONNECTION, protocol, ...PODS, ...service, ...ingress, ...egress, ...rest].join(',');
}

function s3({ service = SERVICE, ingress = ['in', 'cache', '', '1', '1'], egress = ['', '', '', '0', '0'], rest = ['', '', ''] }: Line = {}, labels = ["'{\"app\":\"worker\",\"tier\":\"x\"}'", "'{\"app\":\"redis\"}'"]): string {
  const statistics = ['12', '2048', '1', '100', '10', '900', '1', '90'];
  const throughput = ['1', '2', '3', '4', '5', '6'];
  return [
    START, '1788595230', '1788595230', '1788595229', '3', ...CONNECTION, '6', ...statistics, ...PODS, ...service, ...ingress, ...egress,
    'TIME_WAIT', '2', ...labels, ...throughput, 'c1', '1788595260', ...rest,
  ].join(',');
}

function read(line: unknown): Reading {
  return readAll(ANTREA_CSV, [line])[0]!;
}

function first(line: string): Observation {
  const { observations, detail } = read(line);
  if (observations[0] === undefined) throw new Error(detail);
  return observations[0];
}

describe('antrea-csv', () => {
  testSample(ANTREA_CSV, 'antrea-csv/flows.csv');

  describe('columns that differ between versions of the file log', () => {
    const expected = [
      { direction: 'egress', verdict: 'denied', decidedBy: [{ kind: 'AntreaNetworkPolicy', namespace: 'jobs', name: 'out', rule: 'r' }] },
      { direction: 'ingress', verdict: 'allowed', decidedBy: [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'in' }] },
    ];
    it.each<[string, Line]>([
      ['26, without Egress', { rest: [] }],
      ['28, with the name and address of the Egress', { rest: ['eg', '172.18.0.1'] }],
      ['30, with layer 7', { rest: ['eg', '172.18.0.1', 'http', 'x'] }],
      ['31, with the node of the Egress', { rest: ['eg', '172.18.0.1', 'http', 'x', 'n3'] }],
      ['more, where what was asked over HTTP holds commas', { rest: ['eg', '172.18.0.1', 'http', HTTP, 'n3'] }],
      ['29, without layer 7', { rest: ['eg', '172.18.0.1', 'n3'] }],
      ['30, with two addresses of the Service', { service: ['10.96.0.9', ...SERVICE], rest: ['eg', '172.18.0.1', 'n3'] }],
    ])('%s', (_, line) => {
      const { observations } = read(log({ egress: DROPPED, ...line }));
      expect(observations).toMatchObject(expected);
      expect(observations[0]).toMatchObject({ port: 6379, service: { namespace: 'cache', name: 'redis', port: 6380, portName: 'tcp' } });
    });

    it.each<[string, readonly string[]]>([['one address', ['', '0', '']], ['two addresses', ['', '', '0', '']]])('no Service, %s', (_, service) => {
      expect(first(log({ service }))).toMatchObject({ direction: 'egress', verdict: 'allowed', decidedBy: null });
      expect(first(log({ service })).service).toBeUndefined();
    });
  });

  describe('a name of a rule, which is free text', () => {
    it.each(['a,b', 'a,,b', "it's", 'Allow', '1,2'])('%j', (rule) => {
      const ingress = ['in', 'cache', rule, 'Drop', 'AntreaNetworkPolicy'];
      expect(read(log({ ingress })).observations).toMatchObject([{ verdict: 'denied', decidedBy: [{ name: 'in', rule }] }]);
    });
  });

  it.each([['IPv6-ICMP', 'ICMPv6', null], ['SCTP', 'SCTP', 6379], ['Unknown Protocol', 'unknown', null], ['58', 'ICMPv6', null]])('protocol %s', (word, protocol, port) => {
    expect(first(log({ protocol: word }))).toMatchObject({ protocol, port });
  });

  it.each(['TCQ', 'constructor', 'tcp'])('no protocol: %s', (protocol) => expect(read(log({ protocol })).skipped).toBe('malformed'));

  describe('objects in S3', () => {
    it('have labels, between single quotes', () => {
      expect(read(s3()).observations).toMatchObject([
        { direction: 'egress', src: { labels: { app: 'worker', tier: 'x' } }, dst: { labels: { app: 'redis' } }, decidedBy: null, verdict: 'allowed' },
        { direction: 'ingress', verdict: 'allowed', decidedBy: [{ kind: 'NetworkPolicy', name: 'in' }], service: { name: 'redis' }, port: 6379 },
      ]);
    });

    it('have none unless they are asked for', () => expect(first(s3({}, ["''", "''"]))).toMatchObject({ src: { labels: {} }, dst: { labels: {} } }));

    it('may have two addresses of the Service', () => {
      expect(first(s3({ service: ['10.96.0.9', ...SERVICE] }))).toMatchObject({ service: { name: 'redis', port: 6380 }, src: { labels: { app: 'worker', tier: 'x' } } });
    });

    it('may have layer 7, with commas and quotes', () => expect(first(s3({ rest: ['', '', 'http', `'${HTTP}`, ''] }))).toMatchObject({ port: 6379 }));

    it('say the same connection as the file log does', () => {
      const [fromLog, fromS3] = [first(log()), first(s3({}, ["''", "''"]))];
      expect(fromS3).toEqual(fromLog);
    });

    it('are recognised', () => expect(ANTREA_CSV.recognises([s3()])).toBe(true));
  });

  it('does not mind the line ends of other systems', () => expect(first(`${log()}\r`).port).toBe(6379));

  it('says once what a connection says again', () => {
    expect(readAll(ANTREA_CSV, [log(), log()]).map(({ skipped }) => skipped)).toEqual([undefined, 'same-connection']);
  });

  it('is not recognised by tables of others', () => {
    expect(ANTREA_CSV.recognises(['flowStartSeconds,flowEndSeconds,sourceIP', 'a,b,c', '', '1788595200,1788595230,10.0.0.1,10.0.0.2'])).toBe(false);
    expect(ANTREA_CSV.recognises(['', log().slice(40), log()])).toBe(true);
  });

  it('reads anything without failing', () => {
    for (const line of [log({ egress: DROPPED }), s3()]) {
      expectAllSound(ANTREA_CSV, beginnings(line));
      const values = line.split(',');
      expectAllSound(ANTREA_CSV, values.flatMap((_, at) => OTHER_WORDS.map((word) => values.with(at, word).join(','))));
    }
    expectAllSound(ANTREA_CSV, OTHER_VALUES);
  });

  it('never takes a denial that is cut for a permission', () => {
    const verdicts = beginnings(log({ egress: DROPPED })).flatMap((line) => read(line).observations.filter(({ direction }) => direction === 'egress').map(({ verdict }) => verdict));
    expect(new Set(verdicts)).toEqual(new Set(['denied']));
  });
});
