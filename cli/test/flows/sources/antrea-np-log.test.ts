import { FlowInventory, InventoryFacts } from '../../../src/flows/inventory/flow-inventory';
import { ANTREA_NP_LOG } from '../../../src/flows/sources/antrea-np-log';
import { Reading } from '../../../src/flows/sources/flow-source';
import { beginnings, expectAllSound, OTHER_VALUES, OTHER_WORDS } from './mangled';
import { readAll, testSample } from './samples';

const WHEN = '2026/09/05 08:00:00.123987';
const CONNECTION = '10.20.1.4 51234 10.20.2.7 6379 TCP 60';
const ALLOWED = `${WHEN} AntreaPolicyIngressRule AntreaNetworkPolicy:cache/in r Ingress Allow 14500 cache/redis-0 ${CONNECTION} note`;
const DROPPED = `${WHEN} EgressDefaultRule K8sNetworkPolicy <nil> Egress Drop <nil> jobs/worker-0 ${CONNECTION} <nil> [3 packets in 1.000011s]`;

function read(line: unknown, known?: FlowInventory): Reading {
  return readAll(ANTREA_NP_LOG, [line], known)[0]!;
}

function inventory(facts: Partial<InventoryFacts>): FlowInventory {
  return new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [], ...facts });
}

describe('antrea-np-log', () => {
  testSample(ANTREA_NP_LOG, 'antrea-np-log/np.log');

  it('reads what a line says', () => {
    expect(read(ALLOWED).observations).toEqual([{
      time: Date.UTC(2026, 8, 5, 8, 0, 0, 123),
      src: { kind: 'external', ip: '10.20.1.4' },
      dst: { kind: 'pod', namespace: 'cache', workload: null, labels: {}, pod: 'redis-0', ip: '10.20.2.7' },
      port: 6379,
      protocol: 'TCP',
      direction: 'ingress',
      verdict: 'allowed',
      decidedBy: [{ kind: 'AntreaNetworkPolicy', namespace: 'cache', name: 'in', rule: 'r' }],
      count: 1,
    }]);
  });

  describe('lines of older versions', () => {
    it('without direction and pod: the table has the direction', () => {
      const [observation] = read(`${WHEN} AntreaPolicyEgressRule AntreaNetworkPolicy:jobs/out r Drop 44900 ${CONNECTION} note [2 packets in 1.0s]`).observations;
      expect(observation).toMatchObject({ direction: 'egress', verdict: 'denied', count: 2, decidedBy: [{ name: 'out', rule: 'r' }], src: { kind: 'external', ip: '10.20.1.4' } });
    });

    it('without rule and label', () => {
      const [observation] = read(`${WHEN} AntreaPolicyIngressRule AntreaNetworkPolicy:default/test Drop 44900 ${CONNECTION} [3 packets in 1.011379442s]`).observations;
      expect(observation).toMatchObject({ direction: 'ingress', verdict: 'denied', count: 3, decidedBy: [{ kind: 'AntreaNetworkPolicy', namespace: 'default', name: 'test' }] });
      expect(observation!.decidedBy![0]).not.toHaveProperty('rule');
    });

    it('with nothing between spaces, for a rule and a label that are not there', () => {
      const [observation] = read(`${WHEN} IngressRule K8sNetworkPolicy:cache/in  Allow 190 ${CONNECTION} `).observations;
      expect(observation).toMatchObject({ direction: 'ingress', verdict: 'allowed', decidedBy: [{ kind: 'NetworkPolicy', name: 'in' }] });
    });

    it('with a priority of -1', () => {
      expect(read(`${WHEN} IngressDefaultRule K8sNetworkPolicy Drop -1 ${CONNECTION}`).observations).toMatchObject([{ direction: 'ingress', verdict: 'denied', decidedBy: null }]);
    });

    it('without ports are not read', () => {
      expect(read(`${WHEN} AntreaPolicyIngressRule AntreaNetworkPolicy:default/test Drop 0 SRC: 10.0.0.1 DEST: 10.0.0.2 60 TCP`)).toMatchObject({ skipped: 'malformed' });
    });
  });

  it.each<[string, unknown]>([
    ['K8sNetworkPolicy:cache/in', [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'in', rule: 'r' }]],
    ['AntreaClusterNetworkPolicy:all', [{ kind: 'AntreaClusterNetworkPolicy', name: 'all', rule: 'r' }]],
    ['AdminNetworkPolicy:all', [{ kind: 'AdminNetworkPolicy', name: 'all', rule: 'r' }]],
    ['BaselineAdminNetworkPolicy:default', [{ kind: 'BaselineAdminNetworkPolicy', name: 'default', rule: 'r' }]],
    ['SomethingNew:all', [{ kind: null, name: 'all', rule: 'r' }]],
    ['K8sNetworkPolicy', null],
  ])('%s decides', (policy, decidedBy) => {
    expect(read(ALLOWED.replace('AntreaNetworkPolicy:cache/in', policy)).observations[0]!.decidedBy).toEqual(decidedBy);
  });

  it.each(['allow dns', 'Ingress Allow 5', 'a:b/c [1]', 'Drop'])('a rule may be called %j', (rule) => {
    expect(read(ALLOWED.replace(' r ', ` ${rule} `)).observations).toMatchObject([{ verdict: 'allowed', direction: 'ingress', decidedBy: [{ name: 'in', rule }] }]);
  });

  it.each([['Allow', 'would-deny'], ['Redirect', 'would-deny'], ['Drop', 'denied'], ['Reject', 'denied']])('%s of the marker is %s', (action, verdict) => {
    expect(read(ALLOWED.replace('cache/in', 'cache/netpol-audit').replace('Allow', action)).observations[0]!.verdict).toBe(verdict);
  });

  it.each([
    ['TCP', 'TCP', 6379], ['SCTP', 'SCTP', null], ['ICMP', 'ICMP', null], ['IPv6-ICMP', 'ICMPv6', null], ['UnknownProtocol', 'unknown', null],
  ])('protocol %s', (word, protocol, port) => {
    const ports = port === null ? '10.20.1.4 <nil> 10.20.2.7 <nil>' : '10.20.1.4 51234 10.20.2.7 6379';
    expect(read(ALLOWED.replace(CONNECTION, `${ports} ${word} 60`)).observations).toMatchObject([{ protocol, port }]);
  });

  it.each<[string, string]>([
    [ALLOWED.replace('6379', '<nil>'), 'has no port'],
    [ALLOWED.replace('6379', '70000'), 'has no port'],
    [ALLOWED.replace('10.20.2.7', '10.20.2.700'), 'has an address that is none: 10.20.2.700'],
    [ALLOWED.replace('09/05', '13/05'), 'has a time that is none'],
    ['I0905 08:00:00.000000       1 log.go:1] Starting', 'does not have the parts of np.log'],
    ['', 'does not have the parts of np.log'],
  ])('%s', (line, detail) => expect(read(line)).toMatchObject({ skipped: 'malformed', detail }));

  describe('pods', () => {
    const redis = { namespace: 'cache', name: 'redis-0', workload: { kind: 'StatefulSet', name: 'redis' }, labels: { app: 'redis' }, from: null, until: null };

    it('that a rule is on are known by name, whatever their address', () => {
      expect(read(ALLOWED, inventory({ pods: [redis] })).observations[0]!.dst).toMatchObject({ labels: { app: 'redis' }, workload: redis.workload });
    });

    it('that nobody names are known by address', () => {
      const known = inventory({ pods: [{ ...redis, ip: '10.20.2.7' }] });
      expect(read(ALLOWED.replace('cache/redis-0', '<nil>'), known).observations[0]!.dst).toMatchObject({ kind: 'pod', pod: 'redis-0' });
    });

    it('that are not known are of the Deployment that their name says', () => {
      expect(read(ALLOWED.replace('cache/redis-0', 'cache/redis-7d9f8b6c54-x7k2p')).observations[0]!.dst).toMatchObject({ workload: { kind: 'Deployment', name: 'redis' }, labels: {} });
    });

    it('that a rule of egress is on are the source', () => {
      expect(read(DROPPED).observations).toMatchObject([{ src: { kind: 'pod', pod: 'worker-0', ip: '10.20.1.4' }, dst: { kind: 'external', ip: '10.20.2.7' }, count: 3 }]);
    });
  });

  describe('one connection', () => {
    it('that is tried again counts once', () => {
      const readings = readAll(ANTREA_NP_LOG, [DROPPED, DROPPED.replace('08:00:00', '08:00:03')]);
      expect(readings.map(({ skipped }) => skipped)).toEqual([undefined, 'same-connection']);
      expect(readings[1]!.time).toBe(Date.UTC(2026, 8, 5, 8, 0, 3, 123));
    });

    it('is decided about at both ends', () => {
      expect(readAll(ANTREA_NP_LOG, [DROPPED.replace('Drop', 'Allow'), ALLOWED]).map(({ observations }) => observations[0]?.direction)).toEqual(['egress', 'ingress']);
    });

    it('that is stopped and then let through was both', () => {
      expect(readAll(ANTREA_NP_LOG, [DROPPED, DROPPED.replace('Drop', 'Allow')]).map(({ observations }) => observations[0]?.verdict)).toEqual(['denied', 'allowed']);
    });

    it('of another pod, to which the address and the port went, is another one', () => {
      const known = inventory({
        pods: ['a', 'b'].map((name, index) => ({ ip: '10.20.1.4', namespace: 'jobs', name, workload: null, labels: {}, from: Date.UTC(2026, 8, 5, 8 + index), until: Date.UTC(2026, 8, 5, 9 + index) })),
      });
      const readings = readAll(ANTREA_NP_LOG, [ALLOWED, ALLOWED.replace('08:00:00', '09:30:00')], known);
      expect(readings.map(({ observations }) => observations[0]?.src)).toMatchObject([{ pod: 'a' }, { pod: 'b' }]);
    });
  });

  describe('an answer after its connection was forgotten', () => {
    const answer = DROPPED.replace(CONNECTION, '10.20.1.4 53 10.20.2.7 40211 UDP 120');

    it('is nobody\'s request', () => expect(read(answer)).toMatchObject({ observations: [], skipped: 'undecided' }));

    it('is a reply, where the server is known', () => expect(read(answer, inventory({ listeners: [{ ip: '10.20.1.4', port: 53, protocol: 'UDP' }] })).skipped).toBe('reply'));

    it('is a request, where something listens', () => expect(read(answer, inventory({ listeners: [{ ip: '10.20.2.7', port: 40_211 }] })).observations).toHaveLength(1));
  });

  describe('in JSON of a collector', () => {
    it.each(['log', 'message'])('%s', (key) => {
      expect(read(JSON.stringify({ [key]: `${ALLOWED}\n`, hostname: 'n1' }))).toMatchObject({ node: 'n1', observations: [{ port: 6379 }] });
    });

    it('without a line of the log', () => expect(read('{"level":"info","msg":"x"}')).toMatchObject({ skipped: 'malformed' }));
  });

  it('refuses what is ahead of our time', () => expect(read(ALLOWED.replace('2026/', '2027/')).skipped).toBe('clock'));

  it('is recognised after a few lines of something else', () => {
    expect(ANTREA_NP_LOG.recognises(['', 'I0905 08:00:00.000000 Starting', ALLOWED.slice(60), DROPPED])).toBe(true);
    expect(ANTREA_NP_LOG.recognises(['2026/09/05 08:00:00 [notice] 1#1: nginx started', '{"log":"x"}'])).toBe(false);
  });

  it('reads anything without failing', () => {
    for (const line of [ALLOWED, DROPPED]) {
      expectAllSound(ANTREA_NP_LOG, beginnings(line));
      const words = line.split(' ');
      expectAllSound(ANTREA_NP_LOG, words.flatMap((_, at) => OTHER_WORDS.map((word) => words.with(at, word).join(' '))));
    }
    expectAllSound(ANTREA_NP_LOG, [...OTHER_VALUES, ...OTHER_VALUES.map((value) => JSON.stringify({ log: value }))]);
  });
});
