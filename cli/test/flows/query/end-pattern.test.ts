import { endPattern } from '../../../src/flows/query/end-pattern';

function kindOf(text: string): Readonly<Record<string, unknown>> {
  const pattern = endPattern(text);
  return pattern.kind === 'block' ? { block: pattern.block.toString() } : { ...pattern };
}

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['shop', { kind: 'namespace', namespace: 'shop' }],
  ['team-*', { kind: 'namespace', namespace: 'team-*' }],
  ['*', { kind: 'namespace', namespace: '*' }],
  ['shop/web', { kind: 'workload', namespace: 'shop', name: 'web' }],
  ['*/web-*', { kind: 'workload', namespace: '*', name: 'web-*' }],
  ['shop/web[StatefulSet]', { kind: 'workload', namespace: 'shop', name: 'web', workload: 'StatefulSet' }],
  ['svc/web', { kind: 'workload', namespace: 'svc', name: 'web' }],
  ['svc/shop/web', { kind: 'service', namespace: 'shop', name: 'web' }],
  ['2048/12', { kind: 'workload', namespace: '2048', name: '12' }],
  ['10.0.0.1', { block: '10.0.0.1/32' }],
  ['10.0.0.0/8', { block: '10.0.0.0/8' }],
  ['fd00::1', { block: 'fd00::1/128' }],
  ['fd00::/8', { block: 'fd00::/8' }],
  ['API.stripe.com.', { kind: 'domain', name: 'api.stripe.com' }],
  ['*.stripe.com', { kind: 'domain', name: '*.stripe.com' }],
  ['{host}', { kind: 'entity', entity: 'host' }],
  ['{node n1}', { kind: 'entity', entity: 'node', name: 'n1' }],
])('%s', (text, expected) => {
  expect(kindOf(text)).toEqual(expected);
});

test.each([
  ['', /"" is not an end/],
  ['Shop', /"Shop" is not an end of a connection\. Instead: NAMESPACE, /],
  ['shop/web/api', /is not an end/],
  ['shop/', /is not an end/],
  ['shop/{app=web}', /is not an end/],
  ['{host', /is not an end/],
  // as domain names these would be found nowhere, without a word
  ['10.0.0.300', /is not an IP address/],
  ['10.0.*', /is not an IP address/],
  ['10.0.0.0/33', /has a prefix length that is not one of IPv4/],
  ['10.0.0.1/8', /has host bits set/],
  ['fd00::/8::', /is not a CIDR|prefix length/],
  ['::ffff:10.0.0.1', /is not an IP address/],
])('%j is refused', (text, message) => {
  expect(() => endPattern(text)).toThrow(message);
});
