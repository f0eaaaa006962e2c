import { resolve } from 'node:path';
import { RecordParts } from '../sources/record-parts';

/** Between the values of a text that has several, and between two such texts: JSON has no such characters. */
export const BETWEEN = '\x1f';
export const APART = '\x1e';
/** The column of what records have in common beside their long fields. */
export const SHORT = 'short';
export function longColumns({ long }: RecordParts): readonly string[] {
  return long.map((_, index) => `long_${index}`);
}

/** In the words of LIKE, with the quotes of JSON. Anything else is not taken for a time here, but left as it stands. */
const TIMES = ['"2___-__-__T__:__:__._%Z"', '"2___-__-__T__:__:__Z"'];
/** Twenty-four o'clock is the next day to DuckDB, and no time to anybody else. */
const MIDNIGHT = '____________24%';
/** Of `"2026-09-01T10:00:00.123456789Z"`, with its quotes. */
const LONGEST_TIME = 32;

/** What the short column has, in order: first what is rare, as one text that may be empty, and then the rest. */
export interface ShortColumn {
  readonly rare: readonly Cell[];
  readonly common: readonly Cell[];
}

/** A field as JSON; or for an object, or for a time that was left where it is, something instead of nothing. */
export interface Cell {
  readonly kind: 'field' | 'object' | 'time left';
  readonly path: string;
}

export function shortColumn({ common, long, rare, times }: RecordParts): ShortColumn {
  const cells = (paths: readonly string[], objects: readonly string[]): readonly Cell[] => [
    ...objects.map((path): Cell => ({ kind: 'object', path })),
    ...paths.map((path): Cell => ({ kind: 'field', path })),
  ];
  const objects = objectsOf([...common, ...long, ...times]);
  return {
    rare: [{ kind: 'time left', path: '' }, ...cells([...times, ...rare], objectsOf(rare).filter((object) => !objects.includes(object)))],
    common: cells(common, objects),
  };
}

/**
 * A table of the records of a file that differ in more than their time: how many are alike, their times, and what they have in common.
 * @param latest in milliseconds; what says to be later stays as it is
 */
export function grouping(table: string, path: string, parts: RecordParts, latest: number): string {
  const { long, times } = parts;
  const { rare, common } = shortColumn(parts);
  const named = longColumns(parts);
  const columns = [SHORT, ...named].join(', ');
  const rares = rare.map((cell) => cellSql(cell, parts));
  // what most records do not have costs little where it is looked for at once
  const shared = `concat(CASE WHEN coalesce(${rares.join(', ')}) IS NOT NULL THEN ${joined(rares)} END, '${APART}', ${joined(common.map((cell) => cellSql(cell, parts)))})`;
  const longs = long.map((field, index) => `coalesce(${text(field)}, '') AS ${named[index]!}`);
  const isTime = `(${TIMES.map((pattern) => `written LIKE '${pattern}'`).join(' OR ')}) AND strlen(written) <= ${LONGEST_TIME} AND written NOT LIKE '${MIDNIGHT}'`;
  return `
    CREATE TEMP TABLE ${table} AS
    SELECT count(*) AS records, list(ms) AS times, ${columns} FROM (
      SELECT CASE WHEN told <= ${latest} THEN told END::DOUBLE AS ms, ${shared} AS ${SHORT}, ${longs.join(', ')} FROM (
        SELECT *, CASE WHEN ${isTime} THEN epoch_ms(try_cast(substr(written, 2, strlen(written) - 2) AS TIMESTAMP)) END AS told FROM (
          SELECT *, coalesce(${times.map(text).join(', ')}) AS written FROM ${linesOf(path, parts)})))
    GROUP BY ${columns}`;
}

/** Gives numbers, from 0, to the texts of a column. */
export function numbering(table: string, column: string): string {
  return `CREATE TEMP TABLE ${column}_texts AS SELECT ${column}, (row_number() OVER () - 1)::INTEGER AS number FROM (SELECT DISTINCT ${column} FROM ${table})`;
}

export function numberedTexts(column: string): string {
  return `SELECT ${column} FROM ${column}_texts ORDER BY number`;
}

/** The table with numbers in place of texts. */
export function numbered(table: string, columns: readonly string[]): string {
  const joins = columns.map((column) => `JOIN ${column}_texts USING (${column})`);
  return `SELECT records, times, ${columns.map((column) => `${column}_texts.number`).join(', ')} FROM ${table} ${joins.join(' ')}`;
}

function cellSql({ kind, path }: Cell, { times, ports }: RecordParts): string {
  if (kind === 'object') return `CASE WHEN ${quoted(path)} IS NOT NULL THEN '+' END`;
  if (kind === 'time left') return `CASE WHEN ms IS NULL THEN '+' END`;
  if (times.includes(path)) return `CASE WHEN ms IS NULL THEN ${text(path)} END`;
  const free = ports.find(({ field }) => field === path);
  if (free === undefined) return text(path);
  // any port is as good as another; what is no port stays as it is
  const isFree = [`try_cast(${text(path)} AS USMALLINT) > 0`, `NOT contains(${text(path)}, '.')`, ...(free.where === undefined ? [] : [`${text(free.where)} = 'true'`])];
  return `CASE WHEN ${isFree.join(' AND ')} THEN '1' ELSE ${text(path)} END`;
}

function joined(texts: readonly string[]): string {
  return `concat(${texts.join(`, '${BETWEEN}', `)})`;
}

/** `flow` and `flow.IP` of `flow.IP.source`, the outer ones first. */
function objectsOf(paths: readonly string[]): readonly string[] {
  const objects = paths.flatMap((path) => path.split('.').slice(0, -1).map((_, index, names) => names.slice(0, index + 1).join('.')));
  return [...new Set(objects)].sort();
}

function linesOf(path: string, { common, long, rare, times }: RecordParts): string {
  const columns = Object.entries(treeOf([...common, ...long, ...rare, ...times])).map(([name, inner]) => `"${name}": '${typeOf(inner)}'`);
  const name = resolve(path).replaceAll("'", "''");
  return `read_json('${name}', format = 'newline_delimited', records = 'true', compression = 'uncompressed', hive_partitioning = false, ignore_errors = true,
    columns = {${columns.join(', ')}})`;
}

interface Tree {
  readonly [name: string]: Tree;
}

function treeOf(paths: readonly string[]): Tree {
  const tree: Record<string, Tree> = {};
  for (const path of paths) path.split('.').reduce<Record<string, Tree>>((inner, name) => (inner[name] ??= {}), tree);
  return tree;
}

function typeOf(tree: Tree): string {
  const inner = Object.entries(tree);
  return inner.length === 0 ? 'JSON' : `STRUCT(${inner.map(([name, each]) => `"${name}" ${typeOf(each)}`).join(', ')})`;
}

function quoted(field: string): string {
  return field.split('.').map((name) => `"${name}"`).join('.');
}

function text(field: string): string {
  return `${quoted(field)}::VARCHAR`;
}
