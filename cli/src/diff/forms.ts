import { ConnectionDiff, endpointText, portsText } from 'cdk8s-netpol/analysis';
import { conditionsText } from '../connections/forms';
import { Sheet, table, withoutEmptyColumns } from '../output';
import { Paint, Style } from '../terminal';

const VERDICTS: Readonly<Record<ConnectionDiff['verdict'], { readonly text: string; readonly style: Style }>> = {
  none: { text: 'No connection changed.', style: 'green' },
  narrower: { text: 'Narrower: connections went away, none came.', style: 'green' },
  wider: { text: 'Wider: connections came, none went away.', style: 'red' },
  mixed: { text: 'Mixed: connections came, and others went away.', style: 'red' },
};

export function* diffTable(diff: ConnectionDiff, paint: Paint): Generator<string> {
  const { text, style } = VERDICTS[diff.verdict];
  yield `${paint(style, text)}\n`;
  const sheet = diffSheet(diff);
  if (sheet.rows.length === 0) return;
  yield '\n';
  yield* table(sheet, paint);
}

/** The connections that came, went and changed, a row each. */
export function diffSheet({ added, removed, changed }: Pick<ConnectionDiff, 'added' | 'removed' | 'changed'>): Sheet {
  const nothing = '-';
  const rows = [
    ...added.map(({ source, destination, ports, conditions }) => ['added', endpointText(source), endpointText(destination), nothing, portsText(ports), conditionsText(conditions)]),
    ...removed.map(({ source, destination, ports, conditions }) => ['removed', endpointText(source), endpointText(destination), portsText(ports), nothing, conditionsText(conditions)]),
    ...changed.map(({ source, destination, before, after, conditions }) => ['changed', endpointText(source), endpointText(destination), portsText(before), portsText(after), conditionsText(conditions)]),
  ];
  const columns = ['change', 'source', 'destination', 'before', 'after', 'depends on'];
  return withoutEmptyColumns({ columns, rows }, columns.slice(0, 5));
}
