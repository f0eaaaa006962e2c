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

/**
 * Text that is shown letter by letter: inside of it nobody is mentioned (`@team`), no issue is linked and nothing is markup.
 * @see https://github.github.com/gfm/#code-spans
 */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** A code span within a table, where a bar ends the cell even inside of code. @see https://github.github.com/gfm/#example-200 */
export function codeCell(text: string): string {
  return codeSpan(text).replaceAll('|', '\\|');
}

/**
 * A sentence among markup, in which no name turns into a mention or a link: an empty comment keeps the signs apart that would make one.
 * @see https://github.github.com/gfm/#autolinks-extension-
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
export function sentence(text: string): string {
  return escapeMarkdown(text).replace(/@|\\#|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, '$&<!-- -->');
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
