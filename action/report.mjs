// The text of the comment, from what the verbs print.

/** GitHub refuses a comment that is longer. */
export const COMMENT_LIMIT = 65_536;
/** What the difference may take where findings follow it. */
export const DIFF_SHARE = 45_000;

const HEADING = /^### (?:(`+)(?:(?!\1).)+\1: )?(No connection changed|Narrower|Wider|Mixed)\b.*$/m;
const VERDICTS = { 'No connection changed': 'none', 'Narrower': 'narrower', 'Wider': 'wider', 'Mixed': 'mixed' };

/** The verdict of `netpol diff -o markdown`, and its line. */
export function verdictOf(text) {
  const found = HEADING.exec(text);
  if (found === null) throw new Error('netpol diff -o markdown printed no verdict');
  return { verdict: VERDICTS[found[2]], line: found[0].replace(/^### /, '').replaceAll('`', '') };
}

/** In place of a difference, where the base has nothing that could be compared. */
export function uncompared(cluster, missing) {
  const marker = `<!-- netpol diff${cluster === '' ? '' : ` cluster=${encodeURIComponent(cluster).replaceAll('-', '%2D')}`} -->`;
  const paths = missing.map((path) => `\`${path.replaceAll('`', "'")}\``).join(', ');
  return `${marker}\n### Nothing to compare with\n\nThe base has no ${paths} yet. The next pull request is told what it opens and closes.\n`;
}

/** The difference, and the findings behind it as far as there is room. */
export function joined(diff, findings) {
  if (findings === undefined) return diff;
  return `${diff}\n${fitLines(findings, COMMENT_LIMIT - diff.length - 1)}`;
}

/** The first lines of a text, with what they opened closed again, and a line that counts the others. */
export function fitLines(text, room) {
  if (text.length <= room) return text;
  const lines = text.split('\n');
  let kept = lines.length;
  for (let left = text.length; kept > 0 && left + closing(lines.slice(0, kept), lines.length - kept).length > room; kept--) left -= lines[kept - 1].length + 1;
  return `${lines.slice(0, kept).map((line) => `${line}\n`).join('')}${closing(lines.slice(0, kept), lines.length - kept)}`;
}

function closing(kept, count) {
  const open = (pattern) => kept.filter((line) => pattern.test(line)).length;
  const fence = open(/^```/) % 2 === 1 ? '```\n' : '';
  const details = '\n</details>\n'.repeat(Math.max(0, open(/<details>/) - open(/<\/details>/)));
  return `${fence}${details}\n${count} lines are left out here. All of them: \`netpol check\`.\n`;
}
