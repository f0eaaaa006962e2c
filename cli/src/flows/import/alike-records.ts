import type { DuckDBConnection, DuckDBDataChunk, DuckDBListVector, DuckDBResult } from '@duckdb/node-api';
import { Fields } from '../sources/fields';
import { RecordParts } from '../sources/record-parts';
import { isoText } from '../timestamps';
import { APART, BETWEEN, Cell, grouping, longColumns, numbered, numberedTexts, numbering, SHORT, ShortColumn, shortColumn } from './likeness-sql';
import { FieldPath, RecordTemplate } from './record-template';

/** Records that differ in nothing but their time. */
export interface AlikeRecords {
  /**
   * One of them, at the first of the times, without what its reading does not depend on. Undefined where there was something else: a line
   * that is no JSON, or an object of which nothing is known.
   */
  readonly record: Fields | undefined;
  /** Milliseconds, one for each. Undefined where the time is one of the things that are alike. */
  readonly times: Float64Array | undefined;
  readonly count: number;
}

/** The records of a file cannot be told apart in this way: each must be read for itself. */
export class NotAlike extends Error {}

const TABLE = 'alike';
/** Each takes longer to make than a record takes to read. */
const MOST_TEMPLATES = 50_000;
/** Milliseconds. */
const INTERVAL = 100;

/**
 * Has DuckDB take the lines of a file apart, and put those together that are alike. A file with lines that are no records is not for it.
 * Where a key is twice in an object, the first counts, and a comma before the end of one is no error.
 */
export class RecordsByLikeness {
  private readonly short: ShortColumn;

  /** @param latest in milliseconds; a record that says to be later is told with the time that it has */
  public constructor(private readonly connection: DuckDBConnection, private readonly parts: RecordParts, private readonly latest: number) {
    this.short = shortColumn(parts);
  }

  /** @param onProgress told now and then, from 0 to 1, with the records that were read */
  public async group(path: string, onProgress: (share: number, records: number) => void): Promise<void> {
    const { connection } = this;
    await this.ask(() => connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false'));
    const timer = setInterval(() => {
      const { percentage, rows_processed: records } = connection.progress;
      if (percentage >= 0) onProgress(percentage / 100, Number(records));
    }, INTERVAL);
    try {
      await this.ask(() => connection.run(grouping(TABLE, path, this.parts, this.latest)));
    } finally {
      clearInterval(timer);
    }
  }

  /** All records of the file, in no order. */
  public async* all(): AsyncGenerator<AlikeRecords> {
    const long = longColumns(this.parts);
    // the same texts come again and again: each is taken over once
    const texts = await this.texts(SHORT);
    if (texts.length > MOST_TEMPLATES) throw new NotAlike('has records that are not much alike');
    const templates = texts.map((text) => this.templateOf(text));
    const values: unknown[][] = [];
    for (const column of long) values.push((await this.texts(column)).map(valueOf));
    const result = await this.ask(() => this.connection.stream(numbered(TABLE, [SHORT, ...long])));
    for await (const chunk of this.chunks(result)) yield* this.rows(chunk, templates, values);
  }

  private* rows(chunk: DuckDBDataChunk, templates: readonly RecordTemplate[], values: ReadonlyArray<readonly unknown[]>): Generator<AlikeRecords> {
    const [counts, lists, short, ...long] = Array.from({ length: 3 + values.length }, (_, column) => chunk.getColumnVector(column));
    for (let row = 0; row < chunk.rowCount; row++) {
      const template = templates[short!.getItem(row) as number]!;
      const times = template.hasTime ? undefined : numbersOf(lists as DuckDBListVector, row);
      const fields = long.map((column, index) => values[index]![column.getItem(row) as number]);
      yield { record: template.filled(fields, times === undefined ? undefined : isoText(times[0]!)), times, count: Number(counts!.getItem(row)) };
    }
  }

  private templateOf(text: string): RecordTemplate {
    const [rare, common] = text.split(APART) as [string, string];
    // in this order an object is before what is in it
    const found = [...cellsOf(this.short.common, common), ...(rare === '' ? [] : cellsOf(this.short.rare, rare))];
    const record: Record<string, unknown> = {};
    for (const [{ kind, path }, json] of found) if (kind !== 'time left') new FieldPath(path).set(record, kind === 'object' ? {} : valueOf(json));
    const objects = found.filter(([{ kind }]) => kind === 'object').map(([{ path }]) => path);
    return new RecordTemplate(record, this.parts, objects, found.some(([{ kind }]) => kind === 'time left'));
  }

  private async texts(column: string): Promise<readonly string[]> {
    await this.ask(() => this.connection.run(numbering(TABLE, column)));
    const result = await this.ask(() => this.connection.stream(numberedTexts(column)));
    const texts: string[] = [];
    for await (const chunk of this.chunks(result)) chunk.visitColumnValues(0, (text) => texts.push(text as string));
    return texts;
  }

  private async* chunks(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
    for (;;) {
      const chunk = await this.ask(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk;
    }
  }

  /** What DuckDB has no memory for, or cannot read, may be nothing to a reader of single lines. */
  private async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw new NotAlike((error as Error).message);
    }
  }
}

/** The cells that there are. */
function cellsOf(cells: readonly Cell[], text: string): ReadonlyArray<readonly [cell: Cell, json: string]> {
  return text.split(BETWEEN).flatMap((json, index) => (json === '' ? [] : [[cells[index]!, json]]));
}

/** Nothing where there is none. */
function valueOf(json: string): unknown {
  if (json === '') return undefined;
  try {
    // shared by many records
    return Object.freeze(JSON.parse(json) as unknown);
  } catch {
    // DuckDB takes a few things for JSON that are none, such as NaN
    throw new NotAlike(`has the value ${json}`);
  }
}

function numbersOf(list: DuckDBListVector, row: number): Float64Array {
  const { childVector } = list;
  const offset = list.getEntryOffset(row);
  const numbers = new Float64Array(list.getEntryLength(row));
  for (let index = 0; index < numbers.length; index++) numbers[index] = childVector.getItem(offset + index) as number;
  return numbers;
}
