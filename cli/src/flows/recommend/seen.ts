import { ObservedConnection } from '../store/flow-store';

/** How often something was seen, and when. */
export interface Seen {
  readonly count: number;
  /** Milliseconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** In how many hours, at least: those of records that do not share a key may be the same ones. */
  readonly hours: number;
  readonly sources: readonly string[];
  /** Whether a source that knows of policy said that it passed; others only saw the traffic. */
  readonly knowsPolicy: boolean;
  /** It was also denied, in the same time. */
  readonly alsoDenied: number;
}

export function seenOf({ count, firstSeen, lastSeen, hours, sources, verdict }: ObservedConnection): Seen {
  return { count, firstSeen, lastSeen, hours, sources, knowsPolicy: verdict !== 'unknown', alsoDenied: 0 };
}

/**
 * Several records of one thing.
 * @param count how counts come together: those of both ends of a connection are the same connections seen twice
 */
export function together(seen: readonly Seen[], count: (counts: readonly number[]) => number = sum): Seen {
  return {
    count: count(seen.map((each) => each.count)),
    firstSeen: Math.min(...seen.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...seen.map(({ lastSeen }) => lastSeen)),
    hours: Math.max(...seen.map(({ hours }) => hours)),
    sources: [...new Set(seen.flatMap(({ sources }) => sources))].sort(),
    knowsPolicy: seen.some(({ knowsPolicy }) => knowsPolicy),
    alsoDenied: sum(seen.map(({ alsoDenied }) => alsoDenied)),
  };
}

export function highest(numbers: readonly number[]): number {
  return Math.max(...numbers);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
