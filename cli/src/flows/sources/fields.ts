/** Takes records apart that may hold anything: what is not of the kind that is asked for is not there. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : undefined;
}

/** Text that is not empty: several formats write an empty one for nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value as unknown[] : [];
}

/** A whole number that is not negative, written as one or, as 64-bit numbers of JSON are, as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export function portOf(value: unknown): number | undefined {
  const port = numberOf(value);
  return port !== undefined && port >= 1 && port <= 65_535 ? port : undefined;
}

/** A line of JSON, if it is an object. */
export function jsonOf(line: unknown): Fields | undefined {
  if (typeof line !== 'string') return fieldsOf(line);
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}
