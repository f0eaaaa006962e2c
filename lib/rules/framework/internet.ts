import { PRIVATE_RANGES } from '../../cluster/private-ranges';
import { Cidr, Family } from '../../policy';

export const PRIVATE: readonly Cidr[] = PRIVATE_RANGES.map(({ cidr }) => Cidr.parse(cidr));

/**
 * Unicast addresses of others, by family.
 * @see https://www.iana.org/assignments/ipv4-address-space/
 * @see https://www.iana.org/assignments/ipv6-address-space/
 */
const INTERNET: Readonly<Record<Family, readonly Cidr[]>> = {
  4: Cidr.all(4).minus([Cidr.parse('0.0.0.0/8'), Cidr.parse('224.0.0.0/3'), ...PRIVATE]),
  6: [Cidr.parse('2000::/3')],
};

/** What of some blocks lies on the Internet, without what is known and trusted there: the fewest blocks. */
export function internetAddresses(cidrs: readonly Cidr[], trusted: readonly Cidr[] = []): readonly Cidr[] {
  // of two blocks that share addresses one holds the other
  return Cidr.merge(cidrs)
    .flatMap((block) => INTERNET[block.family].filter((own) => own.overlaps(block)).map((own) => (own.prefix > block.prefix ? own : block)))
    .flatMap((block) => block.minus(trusted));
}

/** The families of which some blocks hold a third of the Internet or more: no half of the address space gets by, and no network is that wide. */
export function thirdOfInternet(cidrs: readonly Cidr[]): readonly Family[] {
  const blocks = Cidr.merge(cidrs);
  return ([4, 6] as const).filter((family) => {
    const isThird = (found: readonly Cidr[]): boolean => 3n * sizeOf(found) >= SIZES[family];
    const own = blocks.filter((cidr) => cidr.family === family);
    return isThird(own) && isThird(internetAddresses(own));
  });
}

const SIZES: Readonly<Record<Family, bigint>> = { 4: sizeOf(INTERNET[4]), 6: sizeOf(INTERNET[6]) };

function sizeOf(cidrs: readonly Cidr[]): bigint {
  return cidrs.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

/** The widest blocks, each by one address: what holds of all of them is asked there. */
export function samplesOf(cidrs: readonly Cidr[], count = 3): readonly Cidr[] {
  const widest = [...cidrs].sort((a, b) => a.prefix - b.prefix).slice(0, count);
  // not the first: that names the network
  return widest.map(({ family, first, last }) => Cidr.range(family, first === last ? first : first + 1n, first === last ? first : first + 1n)[0]!);
}
