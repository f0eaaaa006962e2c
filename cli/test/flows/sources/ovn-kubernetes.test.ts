import { FlowInventory, InventoryFacts } from '../../../src/flows/inventory/flow-inventory';
import { Observation } from '../../../src/flows/observation';
import { Reading } from '../../../src/flows/sources/flow-source';
import { aclName } from '../../../src/flows/sources/ovn-acl-name';
import { OVN_KUBERNETES } from '../../../src/flows/sources/ovn-kubernetes';
import { beginnings, expectAllSound, OTHER_VALUES, OTHER_WORDS } from './mangled';
import { MARKER, readAll, testSample } from './samples';

interface Entry {
  readonly time?: string;
  readonly name?: string;
  readonly verdict?: string;
  readonly direction?: string;
  readonly packet?: string;
}

const ETHERNET = 'vlan_tci=0x0000,dl_src=0a:58:0a:14:01:01,dl_dst=0a:58:0a:14:02:07';

function packet(fields: Readonly<Record<string, string | number>> = {}, protocol = 'tcp'): string {
  const defaults = { nw_src: '10.20.1.4', nw_dst: '10.20.2.7', nw_tos: 0, nw_ecn: 0, nw_ttl: 63, nw_frag: 'no', tp_src: 51_234, tp_dst: 6379, tcp_flags: 'syn' };
  return [protocol, ETHERNET, ...Object.entries({ ...defaults, ...fields }).map(([key, value]) => `${key}=${value}`)].join(',');
}

function bare(protocol: string, fields: string): string {
  return [protocol, ETHERNET, 'nw_src=10.20.1.4,nw_dst=10.20.2.7,nw_tos=0,nw_ecn=0,nw_ttl=63', fields].filter((part) => part !== '').join(',');
}

function entry({ time = '2026-09-05T08:00:00.123Z', name = 'NP:cache:in:Ingress:0', verdict = 'allow', direction = ', direction=to-lport', packet: text = packet() }: Entry = {}): string {
  return `${time}|00042|acl_log(ovn_pinctrl0)|INFO|name="${name}", verdict=${verdict}, severity=info${direction}: ${text}`;
}

function read(line: unknown, known?: FlowInventory): Reading {
  return readAll(OVN_KUBERNETES, [line], known)[0]!;
}

function first(given: Entry): Observation | undefined {
  return read(entry(given)).observations[0];
}

function inventory(facts: Partial<InventoryFacts>): FlowInventory {
  return new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [], ...facts });
}

describe('ovn-kubernetes', () => {
  testSample(OVN_KUBERNETES, 'ovn-kubernetes/acl-audit-log.log');

  describe('names of ACLs', () => {
    it.each<[string, unknown, string | undefined]>([
      ['NP:cache:in:Ingress:12', [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'in', rule: '12' }], 'ingress'],
      ['NP:cache:in.v1:Egress:0', [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'in.v1', rule: '0' }], 'egress'],
      ['NP:cache:Egress', null, 'egress'],
      ['ANP:all:Ingress:3', [{ kind: 'AdminNetworkPolicy', name: 'all', rule: '3' }], 'ingress'],
      ['BANP:default:Egress:0', [{ kind: 'BaselineAdminNetworkPolicy', name: 'default', rule: '0' }], 'egress'],
      ['EF:jobs:10000', [{ kind: 'EgressFirewall', namespace: 'jobs', name: 'default', rule: '10000' }], 'egress'],
      ['cache_in_0', [{ kind: 'NetworkPolicy', namespace: 'cache', name: 'in', rule: '0' }], undefined],
      ['cache_deny-all', null, undefined],
      ['<unnamed>', null, undefined],
      ['np/deny.cache/IPv4/0', null, undefined],
      ['NP', null, undefined],
      ['NP:', null, undefined],
      ['NP:cache:', null, undefined],
      ['EF:', null, undefined],
      ['ANP:', null, undefined],
    ])('%s', (name, decidedBy, direction) => expect(aclName(name)).toEqual({ decidedBy, ...(direction === undefined ? {} : { direction }) }));
  });

  describe('names that are cut at 63 letters', () => {
    const NAMESPACE = 'n'.repeat(40);
    const cut = (name: string) => name.slice(0, 63);

    it('have no rule, which may be cut too', () => {
      expect(aclName(cut(`NP:${NAMESPACE}:policy-1234:Egress:10`))).toEqual({
        decidedBy: [{ kind: 'NetworkPolicy', namespace: NAMESPACE, name: 'policy-1234' }], direction: 'egress',
      });
    });

    it('have no policy, where that may be cut', () => {
      expect(aclName(cut(`NP:${NAMESPACE}:policy-of-a-long-name:Egress:0`))).toMatchObject({ decidedBy: [{ kind: 'NetworkPolicy', namespace: NAMESPACE, name: null }] });
      expect(aclName(cut(`ANP:${'p'.repeat(70)}:Egress:0`))).toMatchObject({ decidedBy: [{ kind: 'AdminNetworkPolicy', name: null }] });
    });

    it('still tell the isolation of a pod from a policy', () => expect(aclName(cut(`NP:${'n'.repeat(57)}:Ingress`))).toEqual({ decidedBy: null, direction: 'ingress' }));

    it.each([
      ['may be the marker', `NP:${'n'.repeat(52)}:${MARKER}:Ingress:0`, 'unknown'],
      ['have nothing left of the policy', `NP:${'n'.repeat(60)}:${MARKER}:Ingress:0`, 'unknown'],
      ['cannot be the marker', `NP:${'n'.repeat(52)}:web-and-more:Ingress:0`, 'allowed'],
      ['have all of the marker', `NP:${'n'.repeat(40)}:${MARKER}:Ingress:0`, 'would-deny'],
    ])('%s', (_, name, verdict) => expect(first({ name: cut(name) })!.verdict).toBe(verdict));

    it('deny whatever they are called', () => expect(first({ name: cut(`NP:${'n'.repeat(52)}:${MARKER}:Ingress:0`), verdict: 'drop' })!.verdict).toBe('denied'));
  });

  describe('direction', () => {
    it('is that of the port, whatever the name says', () => expect(first({ direction: ', direction=from-lport' })!.direction).toBe('egress'));

    it('is that of the name, where an older version does not say it', () => expect(first({ direction: '' })!.direction).toBe('ingress'));

    it('is unknown, where neither says it', () => {
      expect(first({ name: 'cache_deny-all', verdict: 'drop', direction: '', packet: bare('icmp', 'icmp_type=8,icmp_code=0') })).toMatchObject({
        direction: 'unknown', verdict: 'denied', decidedBy: null, protocol: 'ICMP', port: null, icmpType: 8,
      });
    });
  });

  it.each([['allow', 'allowed'], ['drop', 'denied'], ['reject', 'denied']])('verdict %s is %s', (verdict, wanted) => expect(first({ verdict })!.verdict).toBe(wanted));

  it('what an AdminNetworkPolicy passes on is not decided', () => expect(read(entry({ name: 'ANP:all:Egress:0', verdict: 'pass' })).skipped).toBe('not-final'));

  describe('who asks', () => {
    const server = inventory({ listeners: [{ ip: '10.20.2.7', port: 6379, protocol: 'TCP' }] });
    const client = inventory({ listeners: [{ ip: '10.20.1.4', port: 51_234, protocol: 'TCP' }] });

    it.each([['syn', undefined], ['syn|ece|cwr', undefined], ['syn|ack', 'reply'], ['ack', 'undecided'], ['psh|ack', 'undecided'], ['rst', 'undecided']])('%s', (tcp_flags, skipped) => {
      expect(read(entry({ packet: packet({ tcp_flags }) })).skipped).toBe(skipped);
    });

    it('is known in the middle of a connection too, where the listener is', () => {
      expect(read(entry({ packet: packet({ tcp_flags: 'ack' }) }), server).observations).toHaveLength(1);
      expect(read(entry({ packet: packet({ tcp_flags: 'ack' }) }), client).skipped).toBe('reply');
    });

    it('is who opens, even if both ends listen', () => expect(read(entry(), client).observations).toHaveLength(1));

    it.each([
      ['udp', { tp_src: 53, tp_dst: 40_211 }, 'undecided'], ['udp', { tp_src: 123, tp_dst: 123 }, undefined], ['sctp', { tp_src: 2905, tp_dst: 36_412 }, undefined],
    ])('%s %j', (protocol, ports, skipped) => expect(read(entry({ packet: packet(ports, protocol) })).skipped).toBe(skipped));

    it.each([
      ['icmp', 8, undefined], ['icmp', 0, 'reply'], ['icmp', 3, 'reply'], ['icmp', 11, 'reply'], ['icmp6', 128, undefined], ['icmp6', 129, 'reply'], ['icmp6', 2, 'reply'],
    ])('%s type %i', (protocol, type, skipped) => expect(read(entry({ packet: bare(protocol, `icmp_type=${type},icmp_code=0`) })).skipped).toBe(skipped));
  });

  describe('one connection', () => {
    const skips = (...lines: readonly string[]) => readAll(OVN_KUBERNETES, lines).map(({ skipped }) => skipped);
    const established = entry({ packet: packet({ tcp_flags: 'psh|ack' }) });
    const answer = { nw_src: '10.20.2.7', nw_dst: '10.20.1.4', tp_src: 6379, tp_dst: 51_234 };

    it('counts once, however many packets it has', () => expect(skips(entry(), established, entry())).toEqual([undefined, 'same-connection', 'same-connection']));

    it('is decided about at both ends', () => expect(skips(entry(), entry({ direction: ', direction=from-lport' }))).toEqual([undefined, undefined]));

    it('that is stopped and then let through was both', () => expect(skips(entry({ verdict: 'drop' }), entry())).toEqual([undefined, undefined]));

    it('stays undecided until it is known', () => expect(skips(established, established, entry(), established)).toEqual(['undecided', 'undecided', undefined, 'same-connection']));

    it('shows which packets answer', () => {
      expect(skips(entry(), entry({ packet: packet({ ...answer, tcp_flags: 'ack' }) }))).toEqual([undefined, 'reply']);
      expect(skips(entry({ packet: packet({}, 'udp') }), entry({ packet: packet(answer, 'udp') }))).toEqual([undefined, 'reply']);
    });

    it('the other way is another one, where it is opened', () => expect(skips(entry(), entry({ packet: packet(answer) }))).toEqual([undefined, undefined]));

    it('of another pod, to which the address and the port went, is another one', () => {
      const known = inventory({
        pods: ['a', 'b'].map((name, index) => ({ ip: '10.20.1.4', namespace: 'jobs', name, workload: null, labels: {}, from: Date.UTC(2026, 8, 5, 8 + index), until: Date.UTC(2026, 8, 5, 9 + index) })),
      });
      const readings = readAll(OVN_KUBERNETES, [entry(), entry({ time: '2026-09-05T09:30:00.000Z' })], known);
      expect(readings.map(({ observations }) => observations[0]?.src)).toMatchObject([{ pod: 'a' }, { pod: 'b' }]);
    });
  });

  describe('packets', () => {
    it('of IPv6', () => {
      const text = `tcp6,${ETHERNET},ipv6_src=fd01::4,ipv6_dst=fd01::7,ipv6_label=0x00000,nw_tos=0,nw_ecn=0,nw_ttl=63,nw_frag=no,tp_src=51234,tp_dst=6379,tcp_flags=syn`;
      expect(first({ packet: text })).toMatchObject({ src: { ip: 'fd01::4' }, dst: { ip: 'fd01::7' }, protocol: 'TCP', port: 6379 });
    });

    it('of another protocol have no port', () => expect(first({ packet: bare('ip', 'nw_proto=47') })).toMatchObject({ protocol: 'unknown', port: null }));

    it.each<[string, string, string]>([
      ['a later fragment', bare('tcp', 'nw_frag=later'), 'not-a-connection'],
      ['ARP', `arp,${ETHERNET},arp_spa=10.20.1.4,arp_tpa=10.20.2.7,arp_op=1`, 'not-ip'],
      ['LLDP', `${ETHERNET},dl_type=0x88cc`, 'not-ip'],
      ['no address', `tcp,${ETHERNET}`, 'malformed'],
      ['no such address', packet({ nw_src: '10.20.1.400' }), 'malformed'],
      ['no port', bare('udp', 'tp_src=51234'), 'malformed'],
      ['no such port', packet({ tp_dst: 70_000 }), 'malformed'],
      ['no flags', bare('tcp', 'tp_src=51234,tp_dst=6379'), 'malformed'],
    ])('%s', (_, text, skipped) => expect(read(entry({ packet: text })).skipped).toBe(skipped));
  });

  describe('lines', () => {
    it.each<[string, string, Partial<Reading>]>([
      ['of another module', '2026-09-05T08:00:00.123Z|00160|binding|INFO|Claiming lport cache_redis-0 for this chassis.', { skipped: 'not-a-flow', time: Date.UTC(2026, 8, 5, 8, 0, 0, 123) }],
      ['that another module dropped', '2026-09-05T08:00:00.123Z|00161|poll_loop|INFO|Dropped 5 log messages in last 60 seconds (most recently, 1 seconds ago) due to excessive rate', { skipped: 'not-a-flow' }],
      ['that the log dropped', '2026-09-05T08:00:00.123Z|00162|acl_log(ovn_pinctrl0)|INFO|Dropped 7 log messages in last 9 seconds (most recently, 1 seconds ago) due to excessive rate', { skipped: 'lost-events', lost: 7 }],
      ['of an unknown verdict', entry({ verdict: 'maybe' }), { skipped: 'malformed', detail: 'has an unknown verdict, maybe' }],
      ['of no time', entry({ time: '2026-13-05T08:00:00.123Z' }), { skipped: 'malformed', detail: 'is no line of the log of OVN' }],
      ['ahead of our time', entry({ time: '2027-09-05T08:00:00.123Z' }), { skipped: 'clock' }],
      ['with nothing in them', '', { skipped: 'malformed' }],
    ])('%s', (_, line, wanted) => expect(read(line)).toMatchObject(wanted));

    it('of the log of a container have its time before theirs', () => {
      expect(read(`2026-09-05T08:00:01.555555555Z stdout F ${entry()}`).observations).toMatchObject([{ time: Date.UTC(2026, 8, 5, 8, 0, 0, 123) }]);
    });

    it('in JSON of a collector', () => expect(read(JSON.stringify({ '@timestamp': 'x', message: entry(), hostname: 'n1' }))).toMatchObject({ node: 'n1', observations: [{ port: 6379 }] }));
  });

  it('is recognised by its own module alone', () => {
    expect(OVN_KUBERNETES.recognises(['', '2026-09-05T08:00:00.123Z|00160|binding|INFO|Claiming lport', entry()])).toBe(true);
    expect(OVN_KUBERNETES.recognises(['2026-09-05T08:00:00.123Z|00160|binding|INFO|Claiming lport acl_log', 'acl_log'])).toBe(false);
  });

  it('reads anything without failing', () => {
    const line = entry();
    expectAllSound(OVN_KUBERNETES, beginnings(line));
    const parts = line.split(/(?<=[,|=])/);
    expectAllSound(OVN_KUBERNETES, parts.flatMap((part, at) => OTHER_WORDS.map((word) => parts.with(at, word + part.slice(-1)).join(''))));
    expectAllSound(OVN_KUBERNETES, [...OTHER_VALUES, ...OTHER_VALUES.map((value) => JSON.stringify({ message: value }))]);
  });

  it('never takes a packet that is cut for the opening of a connection', () => {
    const line = entry({ packet: packet({ tcp_flags: 'fin|syn|ack' }) });
    expect(beginnings(line).filter((each) => read(each).observations.length > 0 && !each.endsWith('syn') && !each.endsWith('|'))).toEqual([]);
  });
});
