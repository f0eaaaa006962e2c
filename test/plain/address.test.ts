import { contains, formatAddress, isAddress, parseAddress, parseCidr } from './address';

test.each([
  ['0.0.0.0', 4, 0n],
  ['10.244.0.7', 4, 183762951n],
  ['255.255.255.255', 4, 4294967295n],
  ['::', 6, 0n],
  ['::1', 6, 1n],
  ['fd00::', 6, 0xfd000000000000000000000000000000n],
  ['2001:db8:0:0:1::1', 6, 0x20010db8000000000001000000000001n],
  ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
])('%s', (text, family, value) => {
  expect(parseAddress(text)).toEqual({ family, value });
});

test.each([
  '', '10', '10.0.0', '10.0.0.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.-1', 'a.b.c.d', '10.0.0.0 ',
  ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', 'g::', '12345::', '::ffff:10.0.0.1',
])("'%s' is not an address", (text) => {
  expect(() => parseAddress(text)).toThrow('is not an IP address');
});

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/129', '/8'])("'%s' is not a CIDR", (text) => {
  expect(() => parseCidr(text)).toThrow('is not');
});

test('a CIDR holds the addresses of its prefix and family', () => {
  const holds = (cidr: string, address: string): boolean => contains(parseCidr(cidr), parseAddress(address));
  expect(['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'].map((address) => holds('10.0.0.0/8', address)))
    .toEqual([true, true, false, false]);
  expect(holds('10.1.2.3/8', '10.9.9.9')).toBe(true);
  expect(holds('10.0.0.1/32', '10.0.0.1')).toBe(true);
  expect(holds('0.0.0.0/0', '255.255.255.255')).toBe(true);
  expect(holds('0.0.0.0/0', '::1')).toBe(false);
  expect(holds('::/0', 'fd00::1')).toBe(true);
  expect(holds('::/0', '10.0.0.1')).toBe(false);
});

test('an address is told from a reference to a pod', () => {
  expect(['10.0.0.1', 'fd00::1', 'shop/web', 'shop/web[Deployment]', 'node/a'].map(isAddress)).toEqual([true, true, false, false, false]);
});

test('addresses are written for messages', () => {
  expect(formatAddress(parseAddress('10.0.0.1'))).toBe('10.0.0.1');
  expect(formatAddress(parseAddress('fd00::1'))).toBe('fd00:0:0:0:0:0:0:1');
});
