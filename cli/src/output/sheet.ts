/** Rows of text under headings: what tables of every form are made from. */
export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** Without the columns in which no row has anything, but for those that are always wanted. */
export function withoutEmptyColumns({ columns, rows }: Sheet, wanted: readonly string[]): Sheet {
  const kept = columns.map((column, index) => (wanted.includes(column) || rows.some((row) => row[index] !== '') ? index : -1)).filter((index) => index >= 0);
  return { columns: kept.map((index) => columns[index]!), rows: rows.map((row) => kept.map((index) => row[index]!)) };
}
