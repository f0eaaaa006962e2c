/** A part of a text, and what stands there instead. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const CONTEXT = 3;

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Lines that go, and those that come in their place. */
interface Block {
  readonly first: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The edits as `diff -u` shows them. @see https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html */
export function* unifiedDiff(file: string, text: string, edits: readonly TextEdit[]): Generator<string> {
  const lines = text.split('\n');
  yield `--- ${file}\n+++ ${file}\n`;
  let shift = 0;
  for (const hunk of hunksOf(blocksOf(text, edits))) {
    const start = Math.max(0, hunk[0]!.first - CONTEXT);
    const last = hunk.at(-1)!;
    const end = Math.min(lines.at(-1) === '' ? lines.length - 1 : lines.length, last.first + last.removed.length + CONTEXT);
    const added = hunk.reduce((sum, block) => sum + block.added.length - block.removed.length, 0);
    yield `@@ -${start + 1},${end - start} +${start + 1 + shift},${end - start + added} @@\n`;
    shift += added;
    let at = start;
    for (const { first, removed, added: come } of hunk) {
      for (const line of lines.slice(at, first)) yield ` ${line}\n`;
      for (const line of removed) yield `-${line}\n`;
      for (const line of come) yield `+${line}\n`;
      at = first + removed.length;
    }
    for (const line of lines.slice(at, end)) yield ` ${line}\n`;
  }
}

/** Edits that share lines are one block; lines that stay at its ends are no part of it. */
function blocksOf(text: string, edits: readonly TextEdit[]): Block[] {
  const groups: Array<{ start: number; end: number; edits: TextEdit[] }> = [];
  for (const edit of inOrder(edits)) {
    const start = text.lastIndexOf('\n', edit.start - 1) + 1;
    const found = text.indexOf('\n', edit.end);
    const end = found < 0 ? text.length : found;
    const last = groups.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else {
      groups.push({ start, end, edits: [edit] });
    }
  }
  return groups.map(({ start, end, edits: own }) => {
    const before = text.slice(start, end).split('\n');
    const after = applyEdits(text.slice(start, end), own.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }))).split('\n');
    let [head, tail] = [0, 0];
    while (head < Math.min(before.length, after.length) && before[head] === after[head]) head++;
    while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const first = text.slice(0, start).split('\n').length - 1 + head;
    return { first, removed: before.slice(head, before.length - tail), added: after.slice(head, after.length - tail) };
  });
}

function hunksOf(blocks: readonly Block[]): Block[][] {
  const hunks: Block[][] = [];
  for (const block of blocks) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && block.first - (last.first + last.removed.length) <= 2 * CONTEXT) hunks.at(-1)!.push(block);
    else hunks.push([block]);
  }
  return hunks;
}

function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}
