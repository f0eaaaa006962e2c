import { Fit } from '../../../src/flows/query/fit';
import { portFit, portQuestion } from '../../../src/flows/query/port-question';
import { ObservedConnection } from '../../../src/flows/store/flow-store';
import { connection } from './observed';

test.each<[string, Partial<ObservedConnection>, Fit]>([
  ['8080', {}, true],
  ['8080', { protocol: 'UDP' }, true],
  ['8080/tcp', { protocol: 'UDP' }, false],
  ['8080/TCP', { protocol: 'unknown' }, 'protocol'],
  ['8081/TCP', { protocol: 'unknown' }, false],
  ['80', { service: { namespace: 'pay', name: 'api', port: 80 } }, true],
  ['8080', { service: { namespace: 'pay', name: 'api', port: 80 } }, true],
  ['80', {}, false],
  ['80', { port: null }, 'port'],
  ['80/UDP', { port: null }, false],
  ['80', { port: null, protocol: 'ICMP' }, false],
  ['ICMP', { port: null, protocol: 'ICMP' }, true],
  ['icmpv6', { port: null, protocol: 'ICMP' }, false],
  ['ICMP', { port: null, protocol: 'unknown' }, 'protocol'],
])('--port %s and %j: %s', (text, change, expected) => {
  expect(portFit(portQuestion(text), connection(change))).toBe(expected);
});

test.each(['0', '65536', 'http', '80/ICMP', '80/', '-1', ''])('--port %j is refused', (text) => {
  expect(() => portQuestion(text)).toThrow(`--port: "${text}" is not a port. Instead: 8080, 8080/TCP, ICMP or ICMPv6`);
});
