import { GateConfig } from '../../config/gate-config';
import { DAY, HOUR } from '../durations';
import { CoverageHour, Window } from '../store/flow-store';

/** How well a window was watched. */
export interface WindowObservation {
  readonly window: Window;
  /** Hours of nodes that there are in the window, and those of them that are complete. */
  readonly nodeHours: number;
  readonly completeHours: number;
  readonly events: number;
  readonly lost: number;
  /** The most that one event stands for; 1 where all were recorded. */
  readonly sampled: number;
  /** The first hour of the window in which anything was recorded; null where nothing was. */
  readonly firstHour: number | null;
  readonly lastHour: number | null;
  readonly nodes: readonly string[];
  /** Nodes of which there is no record any more: they left, or nobody watches them. */
  readonly ended: ReadonlyArray<{ readonly name: string; readonly last: number }>;
  readonly sources: readonly string[];
}

/**
 * Sees how well a window was watched. A node counts from its first hour to its last, because clusters grow and shrink; one that is
 * known to be there still counts to the end.
 * @param current the names of nodes that the cluster has now, as far as they are known
 */
export function observationOf(
  hours: readonly CoverageHour[], window: Window, { maxSilence, maxLoss }: Pick<GateConfig, 'maxSilence' | 'maxLoss'>, current: readonly string[] = [],
): WindowObservation {
  const nodes = new Map<string, NodeWatch>();
  for (const each of hours) {
    const node = nodes.get(each.node) ?? { first: each.hour, last: each.hour, complete: new Set() };
    node.first = Math.min(node.first, each.hour);
    node.last = Math.max(node.last, each.hour);
    if (isComplete(each, maxSilence, maxLoss)) node.complete.add(each.hour);
    nodes.set(each.node, node);
  }
  const seen = hours.map(({ hour }) => hour);
  const ended = [...nodes].map(([name, { last }]) => ({ name, last })).filter(({ last }) => last < lastRecorded(seen) - DAY);
  // a record of nodes calls them by their cluster too
  for (const [name, node] of nodes) if (current.includes(name.split('/').at(-1)!)) node.last = Math.max(node.last, lastRecorded(seen));
  const [firstHour, lastHour] = seen.length === 0 ? [null, null] : [min(seen), max(seen)];
  // what nobody watched at all is missing on every node
  const unwatched = Math.max(0, hoursIn(window) - new Set(seen).size);
  const watches = [...nodes.values()];
  const missing = Math.max(0, unwatched - silentWithin(watches, seen)) * Math.max(1, nodes.size);
  return {
    window,
    nodeHours: total(watches.map(({ first, last }) => (last - first) / HOUR + 1)) + missing,
    completeHours: total(watches.map(({ complete }) => complete.size)),
    events: total(hours.map(({ events }) => events)),
    lost: total(hours.map(({ lost }) => lost)),
    sampled: Math.max(1, ...new Set(hours.map(({ sampled }) => sampled))),
    firstHour,
    lastHour,
    nodes: [...nodes.keys()].sort(),
    ended: ended.sort((a, b) => (a.name < b.name ? -1 : 1)),
    sources: [...new Set(hours.map(({ source }) => source))].sort(),
  };
}

interface NodeWatch {
  first: number;
  last: number;
  readonly complete: Set<number>;
}

function isComplete({ events, lost, longestSilence }: CoverageHour, maxSilence: number, maxLoss: number): boolean {
  return events > 0 && lost <= (events + lost) * maxLoss && longestSilence * 60_000 <= maxSilence;
}

/** Hours without any record that lie between the first and the last one of some node, and so count there already. */
function silentWithin(watches: readonly NodeWatch[], seen: readonly number[]): number {
  const watched = new Set(seen);
  const silent = new Set<number>();
  for (const { first, last } of watches) for (let hour = first; hour <= last; hour += HOUR) if (!watched.has(hour)) silent.add(hour);
  return silent.size;
}

function lastRecorded(seen: readonly number[]): number {
  return seen.length === 0 ? 0 : max(seen);
}

function hoursIn({ from, until }: Window): number {
  return Math.ceil(until / HOUR) - Math.floor(from / HOUR);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function min(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b));
}

function max(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b));
}
