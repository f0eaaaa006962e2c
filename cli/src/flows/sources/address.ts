import { isIP, isIPv4 } from 'node:net';

/** How a URL spells an IPv4 address that an IPv6 socket wrote: `::ffff:10.0.0.1`. */
const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/** An address, in the family that its packets have; undefined where it is none. One with a zone means something on one node only. */
export function addressOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || isIP(value) === 0 || value.includes('%')) return undefined;
  if (isIPv4(value)) return value;
  const [, high, low] = MAPPED.exec(new URL(`http://[${value}]`).hostname) ?? [];
  return high === undefined || low === undefined ? value : [high, low].map((half) => twoOctets(Number.parseInt(half, 16))).join('.');
}

function twoOctets(half: number): string {
  return `${half >> 8}.${half & 0xff}`;
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
