import type { Protocol } from '../plain/connection';

/** Connections in the notation of the conformance data: `All Connections`, `No Connections`, `TCP 80-81,90,UDP 53`. */
export const ALL = 'All Connections';
export const NONE = 'No Connections';
export const PROTOCOLS: readonly Protocol[] = ['SCTP', 'TCP', 'UDP'];

/**
 * @param starts Ports at which the answer may change, in ascending order, the first one being 1.
 * @param isAllowed The answer for a port; the same up to the next start.
 */
export function connectionText(starts: readonly number[], isAllowed: (protocol: Protocol, port: number) => boolean): string {
  const parts = PROTOCOLS.flatMap((protocol) => {
    const ranges = allowedRanges(starts, (port) => isAllowed(protocol, port));
    return ranges.length === 0 ? [] : [`${protocol} ${ranges.join(',')}`];
  });
  const text = parts.join(',');
  if (text === '') {
    return NONE;
  }
  return text === PROTOCOLS.map((protocol) => `${protocol} 1-65535`).join(',') ? ALL : text;
}

function allowedRanges(starts: readonly number[], isAllowed: (port: number) => boolean): string[] {
  const ranges: { first: number; last: number }[] = [];
  starts.forEach((first, index) => {
    if (!isAllowed(first)) {
      return;
    }
    const last = (starts[index + 1] ?? 65536) - 1;
    const previous = ranges.at(-1);
    if (previous?.last === first - 1) {
      previous.last = last;
    } else {
      ranges.push({ first, last });
    }
  });
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}

/** Is a port in the text? `ports` of the text that are names (exposure only) are not understood. */
export function includesConnection(text: string, protocol: string, port: number): boolean {
  if (text === ALL || text === NONE) {
    return text === ALL;
  }
  const [, ranges] = new RegExp(`(?:^|,)${protocol} ([\\d,-]+)`).exec(text) ?? [];
  return (ranges ?? '').split(',').filter((range) => range !== '').some((range) => {
    const [first, last] = range.split('-').map(Number);
    return (first ?? 0) <= port && port <= (last ?? first ?? 0);
  });
}

/** Every port that a text names as a bound, so that a text is compared port by port at the places where it may change. */
export function boundsIn(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
