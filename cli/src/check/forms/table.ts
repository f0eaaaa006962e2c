import { objectText } from 'cdk8s-netpol/analysis';
import { placeText } from '../../input';
import { Paint } from '../../terminal';
import { CheckReport, countsOf, countsText, notEvaluatedLines, uncountedTexts } from '../report';
import { ShownFinding } from '../shown-finding';

/** For people: each finding with its line, and all that is needed to mend it or to ask for an exception. */
export function* checkTable(report: CheckReport, paint: Paint): Generator<string> {
  for (const shown of report.findings) yield* block(shown, paint);
  for (const line of notEvaluatedLines(report)) yield `${paint('dim', line)}\n`;
  const counts = countsOf(report);
  const files = new Set(report.findings.flatMap(({ file }) => (file === undefined ? [] : [file]))).size;
  const rest = [
    ...(files === 0 ? [] : [`in ${files} file${files === 1 ? '' : 's'}`]),
    ...uncountedTexts(report),
  ];
  yield `${paint(counts.errors > 0 ? 'red' : counts.warnings > 0 ? 'yellow' : 'green', [countsText(counts), ...rest].join(', ').replace(', in ', ' in '))}\n`;
}

function* block({ finding, file, line, column, frame, reproduce }: ShownFinding, paint: Paint): Generator<string> {
  const place = file === undefined ? '' : `${placeText({ file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) })}: `;
  const { severity, rule, object, message, why, fix, owner, exception } = finding;
  yield `${paint('bold', plain(place))}${paint(severity === 'error' ? 'red' : 'yellow', severity)} ${paint('bold', rule)} ${plain(objectText(object))}\n`;
  yield `  ${plain(message)}\n`;
  if (frame !== undefined) yield `${frame}\n`;
  const rows = [['why', why], ['fix', fix], ['owner', owner ?? 'nobody is named'], ['reproduce', reproduce], ['exception', exception]] as const;
  for (const [name, text] of rows) yield `  ${paint('dim', `${name}:`.padEnd(11))}${plain(text)}\n`;
  yield '\n';
}

/** Names come from manifests: what a terminal would obey is shown, not sent. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
