import { Paint } from '../terminal';
import { Sheet } from './sheet';

const GAP = '   ';

/** A table as kubectl prints them: no borders, headings in capitals, columns as wide as their widest cell. */
export function* table({ columns, rows }: Sheet, paint: Paint): Generator<string> {
  const widths = columns.map((column) => column.length);
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index]!, cell.length)));
  yield `${paint('bold', line(columns.map((column) => column.toUpperCase()), widths))}\n`;
  for (const row of rows) yield `${line(row, widths)}\n`;
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index]!))).join(GAP).trimEnd();
}
