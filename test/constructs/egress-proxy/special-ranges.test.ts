import { SPECIAL_RANGES } from '../../../lib/constructs/egress-proxy/special-ranges';
import { Cidr } from '../../../lib/policy';

const covers = (address: string): boolean => SPECIAL_RANGES.some(({ cidr }) => Cidr.parse(cidr).contains(Cidr.host(address)));

describe('SPECIAL_RANGES', () => {
  it('holds canonical blocks, each once, with a name and a source', () => {
    for (const { cidr, name, source } of SPECIAL_RANGES) {
      expect(String(Cidr.parse(cidr))).toBe(cidr);
      expect(name).not.toBe('');
      expect(source).toMatch(/^https:\/\/www\.iana\.org\/assignments\/[a-z0-9-]+\/$/);
    }
    expect(new Set(SPECIAL_RANGES.map(({ cidr }) => cidr)).size).toBe(SPECIAL_RANGES.length);
  });

  it.each([
    '0.0.0.0', '10.0.0.1', '100.64.0.1', '100.100.100.200', '100.127.255.255', '127.0.0.53', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192',
    '192.168.255.255', '198.18.0.1', '198.19.255.255', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '::', '::1', '::7f00:1', '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1', '2001::1', '2001:db8::1', '2002:a9fe:a9fe::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fd20:ce::254', 'fe80::a9fe:a9fe', 'fec0::1', 'ff02::1',
  ])('covers %s', (address) => {
    expect(covers(address)).toBe(true);
  });

  it.each([
    '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.0.1.0',
    '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2001:200::1', '2001:4860:4860::8888', '2003::1', '2606:4700::1111', '2a00:1450:4001::1', '2c0f::1', '3ffe::1',
  ])('leaves %s to the Internet', (address) => {
    expect(covers(address)).toBe(false);
  });

  it('leaves no IPv6 outside global unicast but the spelling of IPv4 and its reserved neighbours', () => {
    const left = Cidr.all(6).minus(SPECIAL_RANGES.map(({ cidr }) => Cidr.parse(cidr)));
    const outside = left.filter((block) => !Cidr.parse('2000::/3').contains(block));
    expect(outside.every((block) => Cidr.parse('::/8').contains(block))).toBe(true);
  });
});
