/**
 * What the reading of a JSON record depends on. Records that differ in nothing of it but their time are alike: one of them is read, and
 * what it says holds for all of them, each at its own time.
 */
export interface RecordParts {
  /** Fields that are looked at, by the way to them (`flow.verdict`). What is left out of a record is not there; null is the same. */
  readonly common: readonly string[];
  /** More of them, which are long, and come again and again. */
  readonly long: readonly string[];
  /** More of them, which most records do not have. */
  readonly rare: readonly string[];
  /** The fields with the time of a record, in RFC 3339. The first that is there counts. */
  readonly times: readonly string[];
  readonly ports: readonly FreePort[];
}

/** A port that does not matter, as long as it is one. */
export interface FreePort {
  /** The field that it is: a common or a rare one. */
  readonly field: string;
  /** A field that must be `true` for that; default: it never matters. */
  readonly where?: string;
}
