import { UsageError } from '../../usage-error';
import { HOUR, durationOf } from '../durations';
import { ImportEntry, Window } from '../store/flow-store';
import { isoText, timeOf } from '../timestamps';

export interface WindowFlags {
  readonly since?: string;
  readonly until?: string;
}

const DEFAULT_HOURS = 24;

/**
 * The window that is asked for, in whole hours: the store knows no less. Without `--since` it is a day; without anything it ends
 * with the newest record, so that a store of last week still answers.
 */
export function queryWindow({ since, until }: WindowFlags, now: number, newest: number): Window {
  const ends = until !== undefined ? timeFlag('--until', until) : since !== undefined ? now : newest + 1;
  const begins = since === undefined ? Math.ceil(ends / HOUR) * HOUR - DEFAULT_HOURS * HOUR : isDuration(since) ? ends - durationOf(since) : timeFlag('--since', since);
  if (begins >= ends) throw new UsageError(`the window ends (${isoText(ends)}) before it begins (${isoText(begins)}). Instead: a --since that is earlier, or a later --until`);
  return { from: Math.floor(begins / HOUR) * HOUR, until: Math.ceil(ends / HOUR) * HOUR };
}

/** When the newest record of a cluster is of: what does not say when it was, was when it was imported. */
export function newestRecord(imports: readonly ImportEntry[]): number {
  return imports.reduce((newest, { lastSeen, importedAt }) => Math.max(newest, lastSeen ?? importedAt), 0);
}

function isDuration(text: string): boolean {
  return /^\d+\s*[a-z]+$/i.test(text);
}

/** RFC 3339, without a zone UTC; also as the tables have it, by the minute; a day is its beginning. */
function timeFlag(flag: string, text: string): number {
  for (const full of [text, `${text}:00`, `${text}T00:00:00`]) {
    const time = timeOf(full);
    if (time !== undefined) return time;
  }
  const durations = flag === '--since' ? 'a duration such as 24h, or ' : '';
  throw new UsageError(`${flag}: "${text}" is no time. Instead: ${durations}a time such as 2026-09-30 or 2026-09-30T12:00:00Z`);
}
