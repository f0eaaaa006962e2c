const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:?\d{2})?$/;

/** Milliseconds since 1970 of an RFC 3339 time, cut and not rounded; one without a zone is UTC. Undefined where it is none. */
export function timeOf(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')));
  // 2026-02-31 would become a day in March
  if (new Date(time).getUTCDate() !== Number(day) || Number(month) > 12 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return time - offsetOf(zone);
}

function offsetOf(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** RFC 3339, UTC; null stays null. */
export function isoText(time: number): string;
export function isoText(time: number | null): string | null;
export function isoText(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** `2026-09-01 10:00`, UTC: for people. */
export function minuteText(time: number): string {
  return isoText(time).slice(0, 16).replace('T', ' ');
}

/** `2026-09-01`, UTC. */
export function dayText(time: number): string {
  return isoText(time).slice(0, 10);
}
