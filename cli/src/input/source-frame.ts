import { lineOf } from './text-position';

const WIDTH = 120;

/** The line of an offset with a caret below it; of a long line only the part around the offset. */
export function sourceFrame(text: string, offset: number, lineNumber: number): string {
  const { start, end } = lineOf(text, offset);
  const column = Math.min(offset, end) - start;
  const cutAt = column > WIDTH - 20 ? column - 60 : 0;
  const shown = text.slice(start + cutAt, Math.min(end, start + cutAt + WIDTH)).replace(/\t/g, ' ').replace(/\p{Cc}/gu, '\ufffd');
  const margin = `${lineNumber} | `;
  const before = cutAt > 0 ? '...' : '';
  return `  ${margin}${before}${shown}\n  ${' '.repeat(margin.length + before.length + column - cutAt)}^`;
}
