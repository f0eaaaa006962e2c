import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { Cidr, compareCidrs, formatAddress, tryParseAddress } from '../../lib/policy';
import { cidr, family, tinyCidr } from './arbitraries';

/** Node's own reading of addresses and subnets is the oracle: it shares nothing with ours. */
const WIDTH = { 4: 32, 6: 128 } as const;
const ipv = (block: Cidr): 'ipv4' | 'ipv6' => (block.family === 4 ? 'ipv4' : 'ipv6');
const addressOf = (block: Cidr): string => block.toString().split('/')[0]!;

function nodeContains(block: Cidr, address: string): boolean {
  const list = new BlockList();
  list.addSubnet(addressOf(block), block.prefix, ipv(block));
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** The addresses of tiny blocks, one by one. */
const addressesOf = (blocks: readonly Cidr[]): Set<bigint> =>
  new Set(blocks.flatMap(({ first, last }) => Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index))));

test('what is written is read again as the same block', () => {
  fc.assert(fc.property(cidr, (block) => {
    const again = Cidr.parse(block.toString());
    expect([again.family, again.first, again.last, again.prefix]).toEqual([block.family, block.first, block.last, block.prefix]);
    expect(again.sameAs(block)).toBe(true);
  }));
});

test('an address is valid to us where it is to Node, and IPv6 is written as a URL has it', () => {
  const part = fc.constantFrom('0', '1', '255', '256', '01', 'a', 'ffff', '10000', '', 'g');
  const joined = (by: string, most: number): fc.Arbitrary<string> => fc.array(part, { maxLength: most }).map((parts) => parts.join(by));
  const texts = fc.oneof(fc.ipV4(), fc.ipV6(), joined('.', 5), joined(':', 9));
  fc.assert(fc.property(texts, (text) => {
    const read = tryParseAddress(text);
    expect(read?.family ?? 0).toBe(isIP(text));
    if (read?.family === 6) expect(`[${formatAddress(6, read.value)}]`).toBe(new URL(`http://[${text}]/`).hostname);
    if (read?.family === 4) expect(formatAddress(4, read.value)).toBe(new URL(`http://${text}/`).hostname);
  }));
});

test('its first and last addresses are in a block, the ones beside it are not, says Node', () => {
  fc.assert(fc.property(cidr, (block) => {
    expect(nodeContains(block, formatAddress(block.family, block.first))).toBe(true);
    expect(nodeContains(block, formatAddress(block.family, block.last))).toBe(true);
    const end = (1n << BigInt(WIDTH[block.family])) - 1n;
    if (block.first > 0n) expect(nodeContains(block, formatAddress(block.family, block.first - 1n))).toBe(false);
    if (block.last < end) expect(nodeContains(block, formatAddress(block.family, block.last + 1n))).toBe(false);
  }));
});

test('blocks share no address, or one holds the other', () => {
  const around = (block: Cidr, shorter: number): Cidr => Cidr.containing(block.family, block.first, Math.max(0, block.prefix - shorter));
  const nested = fc.tuple(cidr, fc.nat(128)).map(([block, shorter]) => [block, around(block, shorter)] as const);
  fc.assert(fc.property(fc.oneof(nested, fc.tuple(tinyCidr, tinyCidr), fc.tuple(cidr, cidr)), ([a, b]) => {
    expect(a.overlaps(b)).toBe(a.contains(b) || b.contains(a));
    expect(a.overlaps(b)).toBe(b.overlaps(a));
    expect(a.contains(b) && b.contains(a)).toBe(a.sameAs(b));
    if (a.family === b.family) expect(a.contains(b)).toBe(a.prefix <= b.prefix && nodeContains(a, addressOf(b)));
  }));
});

test('minus: the rest and the holes make the block again, and share nothing', () => {
  const holes = (block: Cidr): fc.Arbitrary<Cidr[]> => fc.array(fc.tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.nat(WIDTH[block.family]))
    .map(([offset, prefix]) => Cidr.containing(block.family, block.first + (offset % (block.last - block.first + 1n)), prefix)), { maxLength: 5 });
  fc.assert(fc.property(cidr.chain((block) => fc.tuple(fc.constant(block), holes(block))), ([block, out]) => {
    const rest = block.minus(out);
    for (const each of rest) expect([block.contains(each), out.some((hole) => hole.overlaps(each))]).toEqual([true, false]);
    const inside = out.flatMap((hole) => (hole.contains(block) ? [block] : block.contains(hole) ? [hole] : []));
    expect(Cidr.merge([...rest, ...inside]).map(String)).toEqual([block.toString()]);
    expect(Cidr.merge(rest).map(String)).toEqual(rest.map(String));
  }));
});

test('minus counts address by address', () => {
  fc.assert(fc.property(tinyCidr, fc.array(tinyCidr, { maxLength: 4 }), (block, holes) => {
    const out = addressesOf(holes);
    expect(addressesOf(block.minus(holes))).toEqual(new Set([...addressesOf([block])].filter((address) => !out.has(address))));
  }));
});

test('merge holds the same addresses in the fewest blocks', () => {
  fc.assert(fc.property(fc.array(tinyCidr, { maxLength: 8 }), (blocks) => {
    const merged = Cidr.merge(blocks);
    expect(addressesOf(merged)).toEqual(addressesOf(blocks));
    // Fewest: none inside another, and no two halves of one block.
    for (const a of merged) {
      for (const b of merged) {
        if (a === b) continue;
        const around = Cidr.containing(4, a.first, Math.max(0, a.prefix - 1));
        expect(a.overlaps(b) || (a.prefix === b.prefix && around.contains(b))).toBe(false);
      }
    }
    expect([...merged].sort(compareCidrs).map(String)).toEqual(merged.map(String));
  }));
});

test('common holds what both hold, in the fewest blocks', () => {
  const blocks = fc.array(tinyCidr, { maxLength: 6 });
  fc.assert(fc.property(blocks, blocks, (left, right) => {
    const found = Cidr.common(left, right);
    const there = addressesOf(right);
    expect(addressesOf(found)).toEqual(new Set([...addressesOf(left)].filter((address) => there.has(address))));
    expect(Cidr.merge(found).map(String)).toEqual(found.map(String));
  }));
});

test('a range is covered exactly, by at most two blocks of each size', () => {
  const address = (each: 4 | 6): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (1n << BigInt(WIDTH[each])) - 1n });
  const ends = family.chain((each) => fc.tuple(fc.constant(each), address(each), address(each)));
  fc.assert(fc.property(ends, ([each, a, b]) => {
    const [first, last] = a < b ? [a, b] : [b, a];
    const blocks = Cidr.range(each, first, last);
    let next = first;
    for (const block of blocks) {
      expect(block.first).toBe(next);
      next = block.last + 1n;
    }
    expect(next).toBe(last + 1n);
    expect(Cidr.merge(blocks).length).toBe(blocks.length);
    const sizes = blocks.map(({ prefix }) => prefix);
    expect(sizes.every((prefix) => sizes.filter((other) => other === prefix).length <= 2)).toBe(true);
  }));
});

test('lenient is the block that Node finds the address in', () => {
  fc.assert(fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
    const block = Cidr.lenient(`${address}/${prefix}`);
    expect(block.prefix).toBe(prefix);
    expect(nodeContains(block, address)).toBe(true);
  }));
});
