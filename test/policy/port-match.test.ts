import fc from 'fast-check';
import { canonicalPorts, Port, portKey, PortMatch, portMatches, Protocol } from '../../lib/policy';
import { portMatch } from './arbitraries';

/** Small ports, so that ranges meet, touch and repeat. */
const smallRange = fc.tuple(fc.constantFrom(Protocol.TCP, Protocol.UDP), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 4 }))
  .map(([protocol, first, more]): PortMatch => ({ kind: 'range', protocol, first, last: first + more }));
const other = fc.constantFrom<PortMatch>(
  { kind: 'named', protocol: Protocol.TCP, name: 'http' }, { kind: 'named', name: 'http' }, { kind: 'protocol', number: 1 }, { kind: 'protocol', number: 1, icmpType: 8 },
);
const smallPorts = fc.array(fc.oneof(smallRange, other), { maxLength: 6 });

const single = (matches: readonly PortMatch[]): Set<string> => new Set(matches.flatMap((match) => (match.kind !== 'range'
  ? [portKey(match)]
  : Array.from({ length: match.last - match.first + 1 }, (_, index) => `${match.first + index}/${match.protocol}`))));

test('canonical entries name the same ports, sorted, once each, none touching another', () => {
  fc.assert(fc.property(smallPorts, (matches) => {
    const canonical = canonicalPorts(matches);
    expect(single(canonical)).toEqual(single(matches));
    for (const [index, a] of canonical.entries()) {
      const b = canonical[index + 1];
      if (a.kind === 'range' && b?.kind === 'range' && a.protocol === b.protocol) expect(b.first).toBeGreaterThan(a.last + 1);
    }
    expect(new Set(canonical.map(portKey)).size).toBe(canonical.length);
  }));
});

test('equal sets have equal entries, whatever the order and however they are cut', () => {
  fc.assert(fc.property(smallPorts, fc.infiniteStream(fc.nat()), (matches, random) => {
    const order = [...random.take(matches.length)];
    const shuffled = matches.map((match, index) => ({ match, at: order[index]! })).sort((a, b) => a.at - b.at).map(({ match }) => match);
    const cut = shuffled.flatMap((match): PortMatch[] => (match.kind === 'range' && match.first < match.last
      ? [{ ...match, first: match.first + 1 }, { ...match, last: match.first }]
      : [match]));
    expect(canonicalPorts(cut)).toEqual(canonicalPorts(matches));
    expect(canonicalPorts(canonicalPorts(matches))).toEqual(canonicalPorts(matches));
  }));
});

test('entries are given back as they were: nothing is changed in place', () => {
  fc.assert(fc.property(fc.array(portMatch), (matches) => {
    const before = JSON.stringify(matches);
    canonicalPorts(matches);
    expect(JSON.stringify(matches)).toBe(before);
  }));
});

test('all ports of a protocol are a range from 1 to 65535, all ports of all protocols no entries at all', () => {
  const reason = 'the protocol negotiates its ports';
  expect(portMatches([Port.all({ reason, protocol: Protocol.UDP })])).toEqual([{ kind: 'range', protocol: 'UDP', first: 1, last: 65535 }]);
  expect(portMatches([Port.tcp(80), Port.all({ reason })])).toBeUndefined();
});

test('a named port joins no number, and is one name for each protocol', () => {
  const matches = portMatches([Port.named('http'), Port.named('http', Protocol.UDP), Port.tcp(80), Port.tcp(81), Port.named('http')]);
  expect(matches?.map(portKey)).toEqual(['80-81/TCP', 'http/TCP', 'http/UDP']);
});

test.each<[PortMatch, string]>([
  [{ kind: 'range', protocol: Protocol.TCP, first: 1, last: 65535 }, 'all/TCP'],
  [{ kind: 'range', protocol: Protocol.TCP, first: 1, last: 65534 }, '1-65534/TCP'],
  [{ kind: 'range', protocol: Protocol.SCTP, first: 7, last: 7 }, '7/SCTP'],
  [{ kind: 'named', name: 'http' }, 'http'],
  [{ kind: 'named', name: 'http', protocol: Protocol.TCP }, 'http/TCP'],
  [{ kind: 'protocol', number: 58 }, 'protocol 58'],
  [{ kind: 'protocol', number: 1, icmpType: 3, icmpCode: 4 }, 'protocol 1 type 3 code 4'],
])('%j is written %s', (match, text) => {
  expect(portKey(match)).toBe(text);
});
