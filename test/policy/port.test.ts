import { Port, Protocol } from '../../lib/policy';
import { messageOf } from '../cluster/message-of';

const REASON = 'the protocol negotiates its ports';

test.each([
  [Port.tcp(8080), '8080/TCP'],
  [Port.tcp(1), '1/TCP'],
  [Port.tcp(65535), '65535/TCP'],
  [Port.tcpRange(8000, 8010), '8000-8010/TCP'],
  [Port.tcpRange(80, 80), '80/TCP'],
  [Port.udp(53), '53/UDP'],
  [Port.udpRange(10000, 20000), '10000-20000/UDP'],
  [Port.sctp(9999), '9999/SCTP'],
  [Port.sctpRange(1, 65535), '1-65535/SCTP'],
  [Port.named('http'), 'http/TCP'],
  [Port.named('dns-1', Protocol.UDP), 'dns-1/UDP'],
  [Port.all({ reason: REASON }), 'all'],
  [Port.all({ reason: REASON, protocol: Protocol.SCTP }), 'all/SCTP'],
])('%s', (port, text) => {
  expect(port.toString()).toBe(text);
});

test('a port tells its parts', () => {
  expect(Port.tcpRange(8000, 8010)).toMatchObject({ protocol: 'TCP', first: 8000, last: 8010, portName: undefined, reason: undefined });
  expect(Port.named('http')).toMatchObject({ protocol: 'TCP', first: undefined, last: undefined, portName: 'http' });
  expect(Port.all({ reason: `  ${REASON} ` })).toMatchObject({ protocol: undefined, first: undefined, last: undefined, portName: undefined, reason: REASON });
});

test('the same port by another road is the same; another protocol is not', () => {
  expect(Port.tcp(80).sameAs(Port.tcpRange(80, 80))).toBe(true);
  expect(Port.tcp(80).sameAs(Port.udp(80))).toBe(false);
  expect(Port.named('http').sameAs(Port.named('http', Protocol.UDP))).toBe(false);
  expect(Port.all({ reason: REASON }).sameAs(Port.all({ reason: 'another good reason' }))).toBe(true);
  expect(Port.all({ reason: REASON }).sameAs(Port.all({ reason: REASON, protocol: Protocol.TCP }))).toBe(false);
});

const WHOLE = 'a whole number from 1 to 65535';

test.each<[string, () => Port, string]>([
  ['port 0 is not "all ports"', () => Port.tcp(0), `0 is not a port number. Instead: ${WHOLE}`],
  ['above the last port', () => Port.udp(65536), `65536 is not a port number. Instead: ${WHOLE}`],
  ['below zero', () => Port.sctp(-1), `-1 is not a port number. Instead: ${WHOLE}`],
  ['a fraction', () => Port.tcp(80.5), `80.5 is not a port number. Instead: ${WHOLE}`],
  ['not a number', () => Port.tcp(NaN), `NaN is not a port number. Instead: ${WHOLE}`],
  ['nothing', () => Port.tcp(undefined as never), `undefined is not a port number. Instead: ${WHOLE}`],
  ['a string', () => Port.tcp('8080' as never), '"8080" is not a port number. Instead: a number, or Port.named("...") for the name of a container port'],
  ['a range that ends before it begins', () => Port.tcpRange(90, 80), '[90,80] is a port range that ends before it begins. Instead: the lower port first, 80 to 90'],
  ['a range without an end', () => Port.udpRange(80, undefined as never), `undefined is not a port number. Instead: ${WHOLE}`],
  ['a name in capitals', () => Port.named('HTTP'), '"HTTP" is not a port name. Instead: at most 15 lower-case letters, digits and single "-", with at least one letter and no "-" at either end'],
  ['a name that is a number', () => Port.named('8080'), '"8080" is not a port name. Instead: at most 15 lower-case letters, digits and single "-", with at least one letter and no "-" at either end'],
  ['an unknown protocol', () => Port.named('http', 'ICMP' as never), '"ICMP" is not a protocol of network policies. Instead: Protocol.TCP, Protocol.UDP or Protocol.SCTP'],
  ['a protocol in small letters', () => Port.named('http', 'tcp' as never), '"tcp" is not a protocol of network policies. Instead: Protocol.TCP, Protocol.UDP or Protocol.SCTP'],
  ['all ports without a word', () => Port.all(undefined as never), 'undefined does not say why a rule opens all ports. Instead: the ports themselves, Port.tcp(8080), or a reason of at least eight characters'],
  ['all ports with a shrug', () => Port.all({ reason: '  idk  ' }), '"  idk  " does not say why a rule opens all ports. Instead: the ports themselves, Port.tcp(8080), or a reason of at least eight characters'],
  ['all ports of no protocol', () => Port.all({ reason: REASON, protocol: 'QUIC' as never }), '"QUIC" is not a protocol of network policies. Instead: Protocol.TCP, Protocol.UDP or Protocol.SCTP'],
  [
    'a misspelt protocol would open every protocol', () => Port.all({ reason: REASON, protcol: 'TCP' } as never),
    '"protcol" is no property here, and would be ignored. Instead: one of reason, protocol',
  ],
])('%s is refused', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});
