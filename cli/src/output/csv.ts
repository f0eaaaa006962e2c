import { Sheet } from './sheet';

/** @see https://www.rfc-editor.org/rfc/rfc4180 */
export function* csv({ columns, rows }: Sheet): Generator<string> {
  for (const row of [columns, ...rows]) yield `${row.map(cellText).join(',')}\r\n`;
}

function cellText(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
