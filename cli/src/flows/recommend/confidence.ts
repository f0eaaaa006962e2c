import { DAY, durationText, HOUR } from '../durations';
import { CoverageHour, Window } from '../store/flow-store';
import { Seen } from './seen';

/** How sure it is that a rule is needed, and why, in words. */
export interface Confidence {
  readonly level: 'high' | 'medium' | 'low';
  readonly reason: string;
}

/** What was watched of the window. */
export interface Watched {
  readonly window: Window;
  readonly watchedHours: number;
  readonly windowHours: number;
  readonly lost: number;
  readonly events: number;
  /** One event of so many was recorded, at worst. */
  readonly sampled: number;
}

/** Once a week is a rhythm that people have. */
const RECENT = 7 * DAY;
const OFTEN_HOURS = 24;
const OFTEN_DAYS = 3;
const RARE_HOURS = 2;
const LOSS = 0.01;
const WATCHED = 0.9;

export function watchedIn(window: Window, coverage: readonly CoverageHour[]): Watched {
  return {
    window,
    watchedHours: new Set(coverage.map(({ hour }) => hour)).size,
    windowHours: Math.ceil((window.until - window.from) / HOUR),
    lost: coverage.reduce((total, { lost }) => total + lost, 0),
    events: coverage.reduce((total, { events }) => total + events, 0),
    sampled: Math.max(1, ...coverage.map(({ sampled }) => sampled)),
  };
}

/** Judges by how often and how lately something was seen, and by how much of the window was watched. */
export function confidenceOf(seen: Seen, watched: Watched): Confidence {
  const span = seen.lastSeen - seen.firstSeen;
  const age = Math.max(0, watched.window.until - seen.lastSeen);
  const how = seen.hours === 1 ? 'seen in one hour only' : `seen in ${seen.hours} hours over ${durationText(wholeHours(span))}`;
  const last = age < HOUR ? 'up to the end of the window' : `last ${durationText(wholeHours(age))} before its end`;
  const against = [
    seen.alsoDenied > 0 ? `also denied ${seen.alsoDenied} times in the same period` : undefined,
    seen.knowsPolicy ? undefined : 'its source sees traffic and knows nothing of policy',
    doubtsOf(watched).length > 0 ? 'the record of the window has gaps' : undefined,
  ].filter((each) => each !== undefined);
  const isRare = seen.hours <= RARE_HOURS || age > RECENT;
  const isOften = seen.hours >= OFTEN_HOURS && span >= OFTEN_DAYS * DAY;
  const level = isRare || seen.alsoDenied > 0 ? 'low' : isOften && against.length === 0 ? 'high' : 'medium';
  return { level, reason: [`${how}, ${last}`, ...against].join('; ') };
}

function wholeHours(time: number): number {
  return Math.floor(time / HOUR) * HOUR;
}

/** What is missing from the record of the window. */
export function doubtsOf({ watchedHours, windowHours, lost, events, sampled }: Watched): string[] {
  return [
    watchedHours < windowHours * WATCHED ? `only ${watchedHours} of the ${windowHours} hours of the window have records` : undefined,
    lost > (lost + events) * LOSS ? `${Math.round((100 * lost) / (lost + events))} % of the events were lost` : undefined,
    sampled > 1 ? `one event of ${sampled} was recorded` : undefined,
  ].filter((each) => each !== undefined);
}
