import { Sheet } from './sheet';

/** @see https://github.github.com/gfm/#tables-extension- */
export function* markdown({ columns, rows }: Sheet): Generator<string> {
  yield rowText(columns);
  yield rowText(columns.map(() => '---'));
  for (const row of rows) yield rowText(row.map(escapeMarkdown));
}

/** Text that Markdown and HTML leave as it is. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, (character) => `\\${character}`).replace(/\s*\n\s*/g, ' ');
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
