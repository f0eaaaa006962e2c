import { objectText } from 'cdk8s-netpol/analysis';
import { escapeMarkdown, markdown } from '../../output';
import { CheckReport, countsOf, countsText, notEvaluatedLines } from '../report';
import { ShownFinding } from '../shown-finding';

/** For a comment or a step summary: the counts, a table, and the rest folded away. */
export function* checkMarkdown(report: CheckReport): Generator<string> {
  const { findings, suppressed, known } = report;
  const rest = [...(suppressed.length === 0 ? [] : [`${suppressed.length} accepted`]), ...(known === 0 ? [] : [`${known} in the baseline`])];
  yield `**netpol check: ${[countsText(countsOf(report)), ...rest].join(', ')}**\n\n`;
  if (findings.length > 0) {
    yield* markdown({
      columns: ['severity', 'rule', 'object', 'place', 'message', 'owner'],
      rows: findings.map((shown) => {
        const { severity, rule, object, message, owner } = shown.finding;
        return [severity, rule, objectText(object), placeOf(shown), message, owner ?? '-'];
      }),
    });
    yield '\n';
    for (const shown of findings) yield* details(shown);
  }
  for (const line of notEvaluatedLines(report)) yield `- ${escapeMarkdown(line)}\n`;
}

function* details(shown: ShownFinding): Generator<string> {
  const { finding: { rule, object, message, why, fix, exception }, reproduce } = shown;
  yield `<details><summary>${html(`${rule}: ${objectText(object)}, ${placeOf(shown)}`)}</summary>\n\n`;
  yield `${escapeMarkdown(message)}\n\n`;
  yield `- why: ${escapeMarkdown(why)}\n- fix: ${escapeMarkdown(fix)}\n- reproduce: \`\`${reproduce.replaceAll('``', "''")}\`\`\n- exception: ${escapeMarkdown(exception)}\n\n`;
  yield '</details>\n\n';
}

function placeOf({ file, line }: ShownFinding): string {
  return file === undefined ? '-' : line === undefined ? file : `${file}:${line}`;
}

function html(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
