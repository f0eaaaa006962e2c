import { objectText } from 'cdk8s-netpol/analysis';
import { BUILT_IN_RULES, OWN_RULE_IDS } from 'cdk8s-netpol/rules';
import { codeCell, codeSpan, sentence } from '../../output';
import { CheckReport, countsOf, countsText, notEvaluatedLines, uncountedTexts } from '../report';
import { ruleAddress } from '../rule-page';
import { ShownFinding } from '../shown-finding';

/** For a comment or a step summary: the counts, what counts in a table, and the rest folded away. Names mention and link nobody. */
export function* checkMarkdown(report: CheckReport): Generator<string> {
  const { findings, known } = report;
  yield `**netpol check: ${[countsText(countsOf(report)), ...uncountedTexts(report).map(sentence)].join(', ')}**\n\n`;
  if (findings.length > 0) {
    yield '| severity | rule | object | place | message | owner |\n| --- | --- | --- | --- | --- | --- |\n';
    for (const shown of findings) yield `| ${[...identityOf(shown), sentence(shown.finding.message), ownerOf(shown)].join(' | ')} |\n`;
    yield '\n';
    for (const shown of findings) yield* details(shown);
  }
  const missing = notEvaluatedLines(report);
  if (missing.length > 0) yield folded('What was not evaluated', missing.map((line) => `- ${sentence(line)}\n`).join(''));
  if (known.length > 0) {
    const rows = known.map((shown) => `| ${[...identityOf(shown), ownerOf(shown)].join(' | ')} |\n`).join('');
    yield folded(`${known.length === 1 ? 'A finding that was' : `${known.length} findings that were`} there before`, `| severity | rule | object | place | owner |\n| --- | --- | --- | --- | --- |\n${rows}`);
  }
}

function identityOf(shown: ShownFinding): string[] {
  const { severity, rule, object } = shown.finding;
  const page = OWN_RULE_IDS.includes(rule) || BUILT_IN_RULES.some(({ id }) => id === rule) ? `[${codeCell(rule)}](${ruleAddress(rule)})` : codeCell(rule);
  return [severity, page, codeCell(objectText(object)), placeOf(shown, codeCell)];
}

function ownerOf({ finding: { owner } }: ShownFinding): string {
  return owner === undefined ? '-' : codeCell(owner);
}

function* details(shown: ShownFinding): Generator<string> {
  const { finding: { rule, object, message, why, fix, exception }, reproduce } = shown;
  const lines = [`why: ${sentence(why)}`, `fix: ${sentence(fix)}`, `reproduce: ${codeSpan(reproduce)}`, `exception: ${sentence(exception)}`];
  yield folded([rule, objectText(object), placeOf(shown, (text) => text)].map((text) => `<code>${html(text)}</code>`).join(' '), `${sentence(message)}\n\n${lines.map((line) => `- ${line}\n`).join('')}`);
}

function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n</details>\n\n`;
}

function placeOf({ file, line }: ShownFinding, form: (text: string) => string): string {
  return file === undefined ? '-' : form(line === undefined ? file : `${file}:${line}`);
}

function html(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
