/** The largest inputs are asked about part of their pairs, always the same part, unless `NETPOL_FULL=1` asks for all. */
const LIMIT = process.env['NETPOL_FULL'] === '1' ? Infinity : 40;

/** At most about forty items, evenly spread, the first one included. */
export function sample<T>(items: readonly T[]): readonly T[] {
  const step = Math.ceil(items.length / LIMIT);
  return step <= 1 ? items : items.filter((_, index) => index % step === 0);
}

/** Says on stderr how much of a case was left out. */
export function reportSample(id: string, asked: number, of: number, what: string): void {
  if (asked < of) {
    process.stderr.write(`${id}: ${asked} of ${of} ${what} (NETPOL_FULL=1 asks for all)\n`);
  }
}
