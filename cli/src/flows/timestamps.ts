const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:?\d{2})?$/;

/** `2026-09-01T10:00:`, and the beginning of that minute: the next record is mostly of the same. */
const lately = { minute: '', time: 0 };
const MINUTE_LENGTH = 17;

/** Milliseconds since 1970 of an RFC 3339 time, cut and not rounded; one without a zone is UTC. Undefined where it is none. */
export function timeOf(text: string): number | undefined {
  const soon = timeOfSameMinute(text);
  if (soon !== undefined) return soon;
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')));
  // 2026-02-31 would become a day in March
  if (new Date(time).getUTCDate() !== Number(day) || Number(month) > 12 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone === 'Z') {
    lately.minute = text.slice(0, MINUTE_LENGTH);
    lately.time = Math.floor(time / 60_000) * 60_000;
  }
  return time - offsetOf(zone);
}

/** The same for a time with a `Z` that is of the minute of the last one, which needs no more than its seconds; undefined for all others. */
function timeOfSameMinute(text: string): number | undefined {
  const { length } = text;
  if (length < 20 || length > 30 || length === 21 || text.charCodeAt(length - 1) !== 0x5a || !text.startsWith(lately.minute) || lately.minute === '') return undefined;
  const [tens, ones] = [digitAt(text, MINUTE_LENGTH), digitAt(text, MINUTE_LENGTH + 1)];
  if (!(tens <= 5 && ones <= 9)) return undefined;
  let milliseconds = (tens * 10 + ones) * 1000;
  if (length > 20 && text.charCodeAt(19) !== 0x2e) return undefined;
  for (let at = 20, unit = 100; at < length - 1; at++, unit = Math.floor(unit / 10)) {
    const digit = digitAt(text, at);
    if (!(digit <= 9)) return undefined;
    milliseconds += digit * unit;
  }
  return lately.time + milliseconds;
}

/** Not a number from 0 to 9 where it is no digit. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit < 0 ? Number.NaN : digit;
}

function offsetOf(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
