import { Cidr, formatAddress, PolicyError, tryParseAddress } from '../../lib/policy';
import { messageOf } from '../cluster/message-of';

test.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['::/0', '::/0'],
  ['FD00::/8', 'fd00::/8'],
  ['2001:db8:0:0:0:0:0:0/32', '2001:db8::/32'],
  ['1:2:3:4:5:6:7::/128', '1:2:3:4:5:6:7:0/128'],
  ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
  ['64:ff9b::192.0.2.1/128', '64:ff9b::c000:201/128'],
  ['::1.2.3.4/128', '::102:304/128'],
])('%s is the block %s', (text, canonical) => {
  expect(Cidr.parse(text).toString()).toBe(canonical);
});

test.each([
  ['10.0.0.0', '"10.0.0.0" has no prefix length. Instead: "10.0.0.0/32" for this one address'],
  ['fd00::1', '"fd00::1" has no prefix length. Instead: "fd00::1/128" for this one address'],
  ['vpn', '"vpn" has no prefix length. Instead: a CIDR such as "10.0.0.0/8"'],
  ['', '"" has no prefix length. Instead: a CIDR such as "10.0.0.0/8"'],
  ['10.0.0.1/8', '"10.0.0.1/8" has host bits set. Instead: the network address, "10.0.0.0/8"'],
  ['fd00::1/8', '"fd00::1/8" has host bits set. Instead: the network address, "fd00::/8"'],
  ['10.0.0.0/33', '"10.0.0.0/33" has a prefix length that is not one of IPv4. Instead: a prefix length from 0 to 32'],
  ['10.0.0.0/', '"10.0.0.0/" has a prefix length that is not one of IPv4. Instead: a prefix length from 0 to 32'],
  ['10.0.0.0/08', '"10.0.0.0/08" has a prefix length that is not one of IPv4. Instead: a prefix length from 0 to 32'],
  ['10.0.0.0/8 ', '"10.0.0.0/8 " has a prefix length that is not one of IPv4. Instead: a prefix length from 0 to 32'],
  ['10.0.0.0/-1', '"10.0.0.0/-1" has a prefix length that is not one of IPv4. Instead: a prefix length from 0 to 32'],
  ['10.0.0.0/255.0.0.0', '"10.0.0.0/255.0.0.0" has a prefix length that is not one of IPv4. Instead: a prefix length from 0 to 32'],
  ['::/129', '"::/129" has a prefix length that is not one of IPv6. Instead: a prefix length from 0 to 128'],
  ['::ffff:10.0.0.0/104', '"::ffff:10.0.0.0/104" is an IPv4-mapped IPv6 block, which no CNI matches. Instead: the IPv4 block itself'],
  ...[
    '999.0.0.1/99', '010.0.0.0/8', '10.0.0/8', '10.0.0.0.0/8', '10.0.0.256/32', '1::2::3/64', ':1::/64', '1:2:3:4:5:6:7:8:9/128', '12345::/16', 'g::/16', 'fe80::1%eth0/64',
    '::1.2.3/128', '1.2.3.4::/64', '0x0a.0.0.0/8', '10.0.0.0 /8', '1:2:3:4:5:6:7:8::/128', ' ::/0',
  ].map((text): [string, string] => [
    text, `"${text}" is not a CIDR. Instead: an IPv4 block such as "10.0.0.0/8" or an IPv6 block such as "fd00::/8"`,
  ]),
  ['::/0/0', '"::/0/0" has a prefix length that is not one of IPv6. Instead: a prefix length from 0 to 128'],
])('%s is refused', (text, message) => {
  expect(messageOf(() => Cidr.parse(text))).toBe(message);
});

test.each([[8], [null], [undefined], [{ cidr: '10.0.0.0/8' }]])('%j, which no compiler checked, is refused', (value) => {
  expect(() => Cidr.parse(value as never)).toThrow('is not a CIDR. Instead: a string such as "10.0.0.0/8" or "fd00::/8"');
  expect(() => Cidr.lenient(value as never)).toThrow('is not a CIDR. Instead: a string such as "10.0.0.0/8" or "fd00::/8"');
  expect(() => Cidr.host(value as never)).toThrow('is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"');
});

test('lenient accepts host bits as the API server does for objects that exist, and nothing else', () => {
  expect(Cidr.lenient('10.1.2.3/8').toString()).toBe('10.0.0.0/8');
  expect(Cidr.lenient('fd00::1/8').toString()).toBe('fd00::/8');
  expect(Cidr.lenient('10.0.0.0/8').toString()).toBe('10.0.0.0/8');
  for (const text of ['10.1.2.3', '10.1.2.3/33', '010.1.2.3/8', '::ffff:10.1.2.3/104', 'vpn']) expect(() => Cidr.lenient(text)).toThrow(PolicyError);
});

test('host makes one address a block of its own', () => {
  expect(Cidr.host('10.0.0.1').toString()).toBe('10.0.0.1/32');
  expect(Cidr.host('FD00::1').toString()).toBe('fd00::1/128');
  expect(messageOf(() => Cidr.host('10.0.0.1/32'))).toBe('"10.0.0.1/32" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"');
  expect(messageOf(() => Cidr.host('::ffff:10.0.0.1'))).toBe('"::ffff:10.0.0.1" is not an IP address. Instead: an address such as "10.0.0.1" or "fd00::1"');
});

test('an IPv6 block is never read as IPv4 (fd00::/8 is not 253.0.0.0/8)', () => {
  const ula = Cidr.parse('fd00::/8');
  expect(ula.family).toBe(6);
  expect(ula.overlaps(Cidr.parse('253.0.0.0/8'))).toBe(false);
  expect(Cidr.all(6).contains(Cidr.all(4))).toBe(false);
  expect(Cidr.all(4).contains(Cidr.all(6))).toBe(false);
});

test('minus of a block from another family takes nothing away', () => {
  expect(Cidr.all(4).minus([Cidr.all(6)]).map(String)).toEqual(['0.0.0.0/0']);
  expect(Cidr.all(6).minus([Cidr.all(6)])).toEqual([]);
});

test('the Internet without the private ranges, in order', () => {
  const rest = Cidr.all(4).minus(['192.168.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '10.0.0.0/9'].map((text) => Cidr.parse(text)));
  expect(rest.slice(0, 6).map(String)).toEqual(['0.0.0.0/5', '8.0.0.0/7', '11.0.0.0/8', '12.0.0.0/6', '16.0.0.0/4', '32.0.0.0/3']);
  expect(rest.some((block) => block.contains(Cidr.host('11.0.0.1')))).toBe(true);
  expect(rest.some((block) => block.overlaps(Cidr.parse('172.16.0.0/12')))).toBe(false);
});

test('a range over the whole of a family is one block', () => {
  expect(Cidr.range(4, 0n, (1n << 32n) - 1n).map(String)).toEqual(['0.0.0.0/0']);
  expect(Cidr.range(6, 0n, (1n << 128n) - 1n).map(String)).toEqual(['::/0']);
  expect(Cidr.range(4, 5n, 4n)).toEqual([]);
});

test('merge joins what touches, whatever the order, IPv4 first', () => {
  const texts = ['fd00::/9', '10.1.0.0/16', 'fd80::/9', '10.0.0.0/16', '10.0.5.0/24'];
  expect(Cidr.merge(texts.map((text) => Cidr.parse(text))).map(String)).toEqual(['10.0.0.0/15', 'fd00::/8']);
});

test('an address that is none is undefined, not an error', () => {
  expect(tryParseAddress('example.com')).toBeUndefined();
  expect(tryParseAddress('')).toBeUndefined();
  expect(tryParseAddress('1.2.3.4')).toEqual({ family: 4, value: 0x01020304n, mapped: false });
  expect(tryParseAddress('::ffff:1.2.3.4')).toEqual({ family: 6, value: 0xffff01020304n, mapped: true });
});

test.each([
  [0n, '::'],
  [1n, '::1'],
  [0x00010000000000000000000000000000n, '1::'],
  [0x20010db8000000010000000000000000n, '2001:db8:0:1::'],
  [0x20010db8000000000001000000000001n, '2001:db8::1:0:0:1'],
  [0x00010002000300040005000600070000n, '1:2:3:4:5:6:7:0'],
])('%s is written as %s (RFC 5952)', (value, text) => {
  expect(formatAddress(6, value)).toBe(text);
});
