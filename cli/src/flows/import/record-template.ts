import { Fields } from '../sources/fields';
import { RecordParts } from '../sources/record-parts';

/** Records that have all in common but their time and their long fields. */
export class RecordTemplate {
  /** With null where something goes. */
  private readonly record: Fields;
  private readonly long: readonly FieldPath[];
  private readonly time: FieldPath | undefined;
  /** Objects that are to be copied, as something goes into them. */
  private readonly open: readonly FieldPath[];
  /** For objects that are not there but for their long fields: those fields. */
  private readonly bare: ReadonlyArray<readonly number[]>;

  /**
   * @param record without its long fields, and without its time unless that is common to all
   * @param objects those that are in it, the outer ones first
   * @param hasTime whether their time is one of the things that they have in common
   */
  public constructor(record: Record<string, unknown>, { long, times }: RecordParts, objects: readonly string[], public readonly hasTime: boolean) {
    this.open = objects.map((object) => new FieldPath(object));
    const empty = ['', ...objects].filter((object) => Object.keys(new FieldPath(object).of(record) as Fields).length === 0);
    this.bare = empty.map((object) => long.flatMap((path, index) => (path.startsWith(`${object}.`) ? [index] : [])));
    this.long = long.map((path) => new FieldPath(path));
    this.time = hasTime ? undefined : times.map((path) => new FieldPath(path)).find((path) => path.isWithin(record));
    for (const path of [...this.long, ...this.time === undefined ? [] : [this.time]]) if (path.isWithin(record)) path.set(record, null);
    // an object that was built field by field is slow to copy
    this.record = JSON.parse(JSON.stringify(record)) as Fields;
  }

  /**
   * One of the records; undefined where there was something else than a record with these fields.
   * @param values those of the long fields, undefined where there is none
   * @param time in RFC 3339, where it is not common to all
   */
  public filled(values: readonly unknown[], time: string | undefined): Fields | undefined {
    if (this.bare.some((fields) => fields.every((index) => values[index] === undefined))) return undefined;
    const record = { ...this.record };
    for (const object of this.open) object.set(record, { ...object.of(record) as Fields });
    this.long.forEach((path, index) => values[index] !== undefined && path.set(record, values[index]));
    this.time?.set(record, time);
    return record;
  }
}

/** The way to a field of a record: `flow.IP.source`. */
export class FieldPath {
  private readonly outer: readonly string[];
  private readonly name: string;

  public constructor(public readonly text: string) {
    const names = text.split('.');
    this.name = names.pop()!;
    this.outer = names;
  }

  /** Whether there is the object that it is in. */
  public isWithin(record: Fields): boolean {
    return this.inner(record) !== undefined;
  }

  public of(record: Fields): unknown {
    return this.text === '' ? record : this.inner(record)?.[this.name];
  }

  public set(record: Record<string, unknown>, value: unknown): void {
    this.inner(record)![this.name] = value;
  }

  private inner(record: Fields): Record<string, unknown> | undefined {
    let inner = record as Record<string, unknown> | undefined;
    for (const name of this.outer) inner = inner?.[name] as Record<string, unknown> | undefined;
    return inner;
  }
}
