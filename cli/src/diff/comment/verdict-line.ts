import { ConnectionDiff, PairChange } from 'cdk8s-netpol/analysis';

const NAMES: Readonly<Record<ConnectionDiff['verdict'], string>> = { none: 'No connection changed', narrower: 'Narrower', wider: 'Wider', mixed: 'Mixed' };

/** The answer in one line: `Wider: 3 connections opened (1 from or to outside of the cluster), none closed`. */
export function verdictLine(verdict: ConnectionDiff['verdict'], changes: readonly PairChange[]): string {
  if (verdict === 'none') return NAMES.none;
  const [opened, closed] = [changes.filter((each) => each.opened), changes.filter((each) => each.closed)];
  const outside = opened.filter(({ source, destination }) => [source, destination].some(({ kind }) => kind === 'external' || kind === 'fqdn'));
  const unsure = changes.filter(({ conditions }) => conditions.length > 0);
  const notes = [
    ...(outside.length > 0 ? [`${outside.length} from or to outside of the cluster`] : []),
    ...(unsure.length > 0 ? [`${unsure.length} with conditions`] : []),
  ];
  const count = opened.length === 0 ? `${connections(closed.length)} closed, none opened`
    : `${connections(opened.length)} opened, ${closed.length === 0 ? 'none' : closed.length} closed`;
  return `${NAMES[verdict]}: ${count}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

function connections(count: number): string {
  return `${count} connection${count === 1 ? '' : 's'}`;
}
