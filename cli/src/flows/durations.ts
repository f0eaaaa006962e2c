import { UsageError } from '../usage-error';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
export const MINUTE = UNITS.m;
export const HOUR = UNITS.h;
export const DAY = UNITS.d;

/** Milliseconds of `14d`, `36h`, `90m`, `2w`. */
export function durationOf(text: string): number {
  const [, number, unit] = /^(\d+)\s*([mhdw])$/.exec(text.trim()) ?? [];
  if (number === undefined || Number(number) === 0) throw new UsageError(`"${text}" is no duration. Instead: a number and m, h, d or w, such as 14d`);
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}

/** A duration for people: two units at most. */
export function durationText(milliseconds: number): string {
  const whole = Math.round(milliseconds / UNITS.m) * UNITS.m;
  const days = Math.floor(whole / UNITS.d);
  const hours = Math.floor((whole % UNITS.d) / UNITS.h);
  const minutes = (whole % UNITS.h) / UNITS.m;
  const parts = [[days, 'd'], [hours, 'h'], [days > 0 ? 0 : minutes, 'min']].filter(([value]) => value !== 0);
  return parts.length === 0 ? 'less than a minute' : parts.map(([value, unit]) => `${value} ${unit}`).join(' ');
}
