import fc from 'fast-check';
import { SPECIAL_RANGES } from '../../../lib/constructs/egress-proxy/special-ranges';
import { Cidr, type Family, formatAddress } from '../../../lib/policy';
import { describeWithSquid, Laboratory, PUBLIC } from './squid-suite';

const WIDTH: Record<Family, number> = { 4: 32, 6: 128 };

const block = fc.constantFrom<Family>(4, 6).chain((family) => {
  const address = fc.bigInt(0n, (1n << BigInt(WIDTH[family])) - 1n);
  return fc.tuple(address, fc.nat(WIDTH[family]), fc.nat(WIDTH[family])).map(([at, shift, prefix]) => Cidr.containing(family, at >> BigInt(shift), prefix));
});

/** Lists on which Squid's reading of addresses has traps, the real one, and a few by chance. */
const LISTS: readonly (readonly [string, readonly string[]])[] = [
  ['the special ranges', SPECIAL_RANGES.map(({ cidr }) => cidr)],
  ['all of IPv6', ['::/0']],
  ['all of IPv4', ['0.0.0.0/0']],
  ['everything', ['0.0.0.0/0', '::/0']],
  ['half of IPv6', ['::/1', '10.0.0.0/8']],
  ['around the mapped addresses', ['::fffe:0:0/95', '::1:0:0:0/80']],
  ['IPv4-compatible', ['::/96']],
  ['the unspecified addresses', ['::/128', '0.0.0.0/32']],
  ['blocks inside blocks', ['10.0.0.0/8', '10.244.0.0/16', '10.244.0.0/24', 'fd00::/8', 'fd00:ec2::254/128', 'fc00::/7']],
  ...fc.sample(fc.array(block, { minLength: 1, maxLength: 6 }), { numRuns: 6, seed: 20 }).map((blocks, index) => [`chance ${index + 1}`, blocks.map(String)] as const),
];

describeWithSquid('the deny list as the real Squid reads it', () => {
  let lab: Laboratory;
  let names = 0;

  beforeAll(async () => {
    lab = await Laboratory.open();
  });

  afterAll(async () => {
    await lab.close();
  });

  it.each(LISTS)('%s: refuses exactly what is in it', async (_, texts) => {
    const blocks = texts.map((text) => Cidr.parse(text));
    const proxy = await lab.proxy(['*.example.com'], texts, false);
    const decisions: [string, string][] = [];
    const expected: [string, string][] = [];
    for (const [family, address] of edges(blocks)) {
      const name = `n${++names}.example.com`;
      const text = formatAddress(family, address);
      lab.dns.set(name, family === 4 ? { a: [text] } : { aaaa: [text] });
      const { entry } = await proxy.get(`http://${name}/`);
      decisions.push([text, entry.decision]);
      expected.push([text, isIn(blocks, family, address) ? 'destination' : 'allowed']);
    }
    expect(decisions).toEqual(expected);
  });

  it('connects to none of the addresses that it lets through here', async () => {
    lab.dns.set('here.example.com', { a: [PUBLIC] });
    const proxy = await lab.proxy(['here.example.com'], ['10.0.0.0/8'], false);
    const { entry } = await proxy.get('http://here.example.com/');
    expect([entry.decision, entry.status, entry.address]).toEqual(['allowed', 403, '-']);
    expect(lab.upstream.connections).toEqual([]);
  });
});

const ANYWHERE = [
  '127.0.0.1', '93.184.215.14', '10.0.0.1', '169.254.169.254', '::1', 'fd00::1', '2a00::1', '64:ff9b::a9fe:a9fe', '2606:4700::1111', '8000::1',
].map((text) => Cidr.host(text));

/** Both sides of both ends of each block, its middle, and addresses of every kind. */
function edges(blocks: readonly Cidr[]): [Family, bigint][] {
  const around = [...Cidr.merge(blocks), ...ANYWHERE].flatMap(({ family, first, last }) =>
    [first - 1n, first, (first + last) / 2n, last, last + 1n].map((at): [Family, bigint] => [family, at]));
  return around.filter(([family, at]) => at >= 0n && at < 1n << BigInt(WIDTH[family]));
}

/** IPv4-mapped IPv6 counts as the IPv4 address that it spells. */
function isIn(blocks: readonly Cidr[], family: Family, address: bigint): boolean {
  if (family === 6 && address >> 32n === 0xffffn) return isIn(blocks, 4, address & 0xffffffffn);
  return blocks.some((one) => one.family === family && one.first <= address && address <= one.last);
}
