/** An IP address as a number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** All addresses from `first` to `last`. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

export function isAddress(text: string): boolean {
  return /^\d+(\.\d+){3}$/.test(text) || (text.includes(':') && !text.includes('/'));
}

export function parseAddress(text: string): Address {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): Address {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)) {
    throw new Error(`'${text}' is not an IP address`);
  }
  return { family: 4, value: octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n) };
}

/** RFC 4291 section 2.2: eight groups of hexadecimal digits; `::` stands once for one or more groups of zeros. */
function parseV6(text: string): Address {
  const sides = text.split('::');
  const left = groups(sides[0] ?? '');
  const right = groups(sides[1] ?? '');
  const missing = 8 - left.length - right.length;
  const isComplete = sides.length === 1 ? missing === 0 : sides.length === 2 && missing >= 1;
  const all = [...left, ...Array<string>(Math.max(missing, 0)).fill('0'), ...right];
  if (!isComplete || !all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) {
    throw new Error(`'${text}' is not an IP address in the plain form`);
  }
  return { family: 6, value: all.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) };
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

const parsedCidrs = new Map<string, Range>();

/** Bits below the prefix do not count: `10.1.2.3/8` is the same range as `10.0.0.0/8`. */
export function parseCidr(text: string): Range {
  const range = parsedCidrs.get(text) ?? parseNewCidr(text);
  parsedCidrs.set(text, range);
  return range;
}

function parseNewCidr(text: string): Range {
  const [network, prefix, ...rest] = text.split('/');
  const address = parseAddress(network ?? '');
  const bits = address.family === 4 ? 32 : 128;
  if (prefix === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    throw new Error(`'${text}' is not a CIDR`);
  }
  const size = 1n << BigInt(bits - Number(prefix));
  const first = address.value - (address.value % size);
  return { family: address.family, first, last: first + size - 1n };
}

export function contains(range: Range, address: Address): boolean {
  return range.family === address.family && range.first <= address.value && address.value <= range.last;
}

export function sameAddress(one: Address, other: Address): boolean {
  return one.family === other.family && one.value === other.value;
}

/** IPv4 dotted, IPv6 as eight groups without abbreviation: for messages only. */
export function formatAddress(address: Address): string {
  const [count, bits, radix, separator] = address.family === 4 ? [4, 8n, 10, '.'] as const : [8, 16n, 16, ':'] as const;
  return Array.from({ length: count }, (_, index) => {
    const shift = bits * BigInt(count - 1 - index);
    return ((address.value >> shift) % (1n << bits)).toString(radix);
  }).join(separator);
}
