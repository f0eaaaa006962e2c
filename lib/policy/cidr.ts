import { PolicyError } from './policy-error';

/** An IP family. */
export type Family = 4 | 6;

const HOST_BITS = 'has host bits set';
const WIDTH: Record<Family, number> = { 4: 32, 6: 128 };

/**
 * A block of IPv4 or IPv6 addresses in canonical form. One that exists is valid: no host bits, a prefix that fits its family.
 *
 * IPv4-mapped IPv6 (`::ffff:10.0.0.0/104`) is refused, as the API server refuses it for new objects: a CNI compares it with
 * neither family. See https://kubernetes.io/docs/reference/using-api/deprecation-guide/ and KEP-4858.
 */
export class Cidr {
  /** The whole of a family: `0.0.0.0/0` or `::/0`. */
  public static all(family: Family): Cidr {
    return new Cidr(family, 0n, 0);
  }

  /** A block from its text. An address without a prefix, host bits, leading zeros or a prefix out of range are errors. */
  public static parse(text: string): Cidr {
    if (typeof text !== 'string') {
      throw new PolicyError({ given: text, problem: 'is not a CIDR', instead: 'a string such as "10.0.0.0/8" or "fd00::/8"' });
    }
    const slash = text.indexOf('/');
    if (slash < 0) {
      const family = tryParseAddress(text)?.family;
      throw new PolicyError({
        given: text,
        problem: 'has no prefix length',
        instead: family === undefined ? 'a CIDR such as "10.0.0.0/8"' : `"${text}/${WIDTH[family]}" for this one address`,
      });
    }
    const address = tryParseAddress(text.slice(0, slash));
    const prefixText = text.slice(slash + 1);
    if (address === undefined) {
      throw new PolicyError({ given: text, problem: 'is not a CIDR', instead: 'an IPv4 block such as "10.0.0.0/8" or an IPv6 block such as "fd00::/8"' });
    }
    if (address.mapped) {
      throw new PolicyError({ given: text, problem: 'is an IPv4-mapped IPv6 block, which no CNI matches', instead: 'the IPv4 block itself' });
    }
    const width = WIDTH[address.family];
    const prefix = /^(0|[1-9][0-9]{0,2})$/.test(prefixText) ? Number(prefixText) : NaN;
    if (!(prefix >= 0 && prefix <= width)) {
      throw new PolicyError({ given: text, problem: 'has a prefix length that is not one of IPv' + address.family, instead: `a prefix length from 0 to ${width}` });
    }
    const cidr = Cidr.containing(address.family, address.value, prefix);
    if (cidr.first !== address.value) {
      throw new PolicyError({ given: text, problem: HOST_BITS, instead: `the network address, "${cidr.toString()}"` });
    }
    return cidr;
  }

  /**
   * A block as the API server reads existing objects: host bits are accepted and mean the network they lie in.
   * Everything else that `parse` refuses is refused.
   */
  public static lenient(text: string): Cidr {
    try {
      return Cidr.parse(text);
    } catch (error) {
      const slash = typeof text === 'string' ? text.indexOf('/') : -1;
      const address = slash < 0 ? undefined : tryParseAddress(text.slice(0, slash));
      if (address === undefined || address.mapped || !(error instanceof PolicyError) || error.problem.problem !== HOST_BITS) throw error;
      return Cidr.containing(address.family, address.value, Number(text.slice(slash + 1)));
    }
  }

  /** The block of that prefix length which holds an address. */
  public static containing(family: Family, address: bigint, prefix: number): Cidr {
    const host = BigInt(WIDTH[family] - prefix);
    return new Cidr(family, (address >> host) << host, prefix);
  }

  /** One address as a block of its own; the text is an address without a prefix. */
  public static host(text: string): Cidr {
    const address = typeof text === 'string' ? tryParseAddress(text) : undefined;
    if (address === undefined || address.mapped) {
      throw new PolicyError({ given: text, problem: 'is not an IP address', instead: 'an address such as "10.0.0.1" or "fd00::1"' });
    }
    return new Cidr(address.family, address.value, WIDTH[address.family]);
  }

  /** The fewest blocks that cover a range of addresses, both ends included. */
  public static range(family: Family, first: bigint, last: bigint): Cidr[] {
    const blocks: Cidr[] = [];
    let at = first;
    while (at <= last) {
      let host = 0;
      while (host < WIDTH[family]) {
        const size = 1n << BigInt(host + 1);
        if (at % size !== 0n || at + size - 1n > last) break;
        host++;
      }
      blocks.push(new Cidr(family, at, WIDTH[family] - host));
      at += 1n << BigInt(host);
    }
    return blocks;
  }

  /** The fewest blocks that hold the same addresses as the given ones, in order (IPv4 first). */
  public static merge(cidrs: readonly Cidr[]): Cidr[] {
    const merged: Cidr[] = [];
    for (const family of [4, 6] as const) {
      const [first, ...sorted] = cidrs.filter((cidr) => cidr.family === family).sort(compareCidrs);
      if (first === undefined) continue;
      let run: { readonly first: bigint; readonly last: bigint } = first;
      const close = (): void => void merged.push(...(run instanceof Cidr ? [run] : Cidr.range(family, run.first, run.last)));
      for (const cidr of sorted) {
        if (cidr.first > run.last + 1n) {
          close();
          run = cidr;
        } else if (cidr.last > run.last) {
          run = { first: run.first, last: cidr.last };
        }
      }
      close();
    }
    return merged;
  }

  /** What two lists of blocks have in common: the fewest blocks, in order. */
  public static common(left: readonly Cidr[], right: readonly Cidr[]): Cidr[] {
    const others = Cidr.merge(right);
    // of two blocks that share addresses one holds the other
    return Cidr.merge(left).flatMap((block) => others.filter((other) => other.overlaps(block)).map((other) => (other.prefix > block.prefix ? other : block)));
  }

  public readonly family: Family;
  /** The first address as a number. */
  public readonly first: bigint;
  /** The last address as a number. */
  public readonly last: bigint;
  public readonly prefix: number;
  private readonly text: string;

  private constructor(family: Family, first: bigint, prefix: number) {
    this.family = family;
    this.first = first;
    this.prefix = prefix;
    this.last = first + (1n << BigInt(WIDTH[family] - prefix)) - 1n;
    this.text = `${formatAddress(family, first)}/${prefix}`;
  }

  /** Whether every address of the other block is in this one. */
  public contains(other: Cidr): boolean {
    return this.family === other.family && this.first <= other.first && other.last <= this.last;
  }

  /** Whether the two blocks share an address. Blocks share none or one holds the other. */
  public overlaps(other: Cidr): boolean {
    return this.family === other.family && this.first <= other.last && other.first <= this.last;
  }

  /** What is left of this block without the others: the fewest blocks, in order. */
  public minus(others: readonly Cidr[]): Cidr[] {
    const holes = others.filter((other) => other.overlaps(this));
    if (holes.length === 0) return [this];
    const blocks: Cidr[] = [];
    let at = this.first;
    for (const hole of Cidr.merge(holes)) {
      if (hole.first > at) blocks.push(...Cidr.range(this.family, at, hole.first - 1n));
      if (hole.last + 1n > at) at = hole.last + 1n;
    }
    if (at <= this.last) blocks.push(...Cidr.range(this.family, at, this.last));
    return blocks;
  }

  /** Whether the two hold the same addresses. */
  public sameAs(other: Cidr): boolean {
    return this.text === other.text;
  }

  /** The canonical text: `10.0.0.0/8`, `fd00::/8` (RFC 5952). */
  /** The first address as text, without a prefix. */
  public get firstAddress(): string {
    return this.text.slice(0, this.text.indexOf('/'));
  }

  public toString(): string {
    return this.text;
  }
}

/** Order of blocks: IPv4 before IPv6, then by first address, wider first. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefix - b.prefix;
}

interface Address {
  readonly family: Family;
  readonly value: bigint;
  readonly mapped: boolean;
}

/** An address from its text, or undefined where it is none. Leading zeros are refused: they read as octal elsewhere. */
export function tryParseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseV6(text);
  const value = parseV4(text);
  return value === undefined ? undefined : { family: 4, value, mapped: false };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
}

function parseV6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const value = groups.reduce((sum, group) => sum * 65536n + BigInt(group), 0n);
  return { family: 6, value, mapped: value >> 32n === 0xffffn };
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 tail counts as two. */
function groupsOf(text: string, mayEndInV4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInV4 && index === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (v4 === undefined) return undefined;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

/** An address as canonical text; IPv6 as RFC 5952 says. */
export function formatAddress(family: Family, value: bigint): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  }
  const groups: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(((value >> shift) & 0xffffn).toString(16));
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index <= groups.length; index++) {
    if (groups[index] === '0') continue;
    if (index - start > best.length) best = { start, length: index - start };
    start = index + 1;
  }
  return best;
}
