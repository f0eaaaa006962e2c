import { reasonText } from 'cdk8s-netpol/analysis';
import { markdown, Sheet, table } from '../../output';
import { Paint } from '../../terminal';
import { observedPortText, shownPeer } from '../peer-text';
import { isoText, minuteText } from '../timestamps';
import { countsOf, CoverageReport, Disagreement, JudgedConnection } from './coverage';
import { RuleUse } from './rule-uses';

const OUTCOMES: ReadonlyArray<readonly [outcome: JudgedConnection['outcome'], title: string]> = [
  ['would-drop', 'would be dropped'],
  ['undecided', 'undecided'],
  ['unprotected', 'no policy speaks about it'],
  ['covered', 'covered by a rule'],
  ['denied-today', 'denied today already'],
];

function countsSheet(report: CoverageReport): Sheet {
  const counts = countsOf(report);
  return { columns: ['connections', ''], rows: OUTCOMES.map(([outcome, title]) => [String(counts[outcome]), title]) };
}

function connectionsSheet(connections: readonly JudgedConnection[]): Sheet {
  return {
    columns: ['from', 'to', 'port', 'outcome', 'count', 'last seen', 'why'],
    rows: connections.map((each) => [
      shownPeer(each.src), shownPeer(each.dst), observedPortText(each.port, each.protocol), each.outcome, String(each.count), minuteText(each.lastSeen),
      whyText(each),
    ]),
  };
}

function rulesSheet(rules: readonly RuleUse[]): Sheet {
  return {
    columns: ['policy', 'rule', 'connections', 'count', 'last used'],
    rows: rules.map(({ kind, namespace, policy, direction, index, rule, connections, count, lastUsed }) => [
      `${kind} ${namespace === undefined ? '' : `${namespace}/`}${policy}`, rule ?? `${direction}[${index}]`, String(connections), String(count),
      lastUsed === null ? 'never' : minuteText(lastUsed),
    ]),
  };
}

function disagreementsSheet(disagreements: readonly Disagreement[]): Sheet {
  return {
    columns: ['from', 'to', 'port', 'direction', 'the record says', 'the policies say', 'count', 'last seen'],
    rows: disagreements.map(({ connection: { src, dst, port, protocol }, direction, recorded, judged, count, lastSeen }) => [
      shownPeer(src), shownPeer(dst), observedPortText(port, protocol), direction, recorded, judged, String(count), minuteText(lastSeen),
    ]),
  };
}

/** The coverage for people; unless all is asked for, what needs them alone. */
export function* coverageTables(report: CoverageReport, { all, paint }: { readonly all: boolean; readonly paint: Paint }): Generator<string> {
  const connections = report.connections.filter(({ outcome }) => all || !['covered', 'denied-today'].includes(outcome));
  const rules = report.rules.filter(({ lastUsed }) => all || lastUsed === null);
  yield* table(countsSheet(report), paint);
  for (const sheet of [connectionsSheet(connections), disagreementsSheet(report.disagreements), rulesSheet(rules)]) {
    if (sheet.rows.length === 0) continue;
    yield '\n';
    yield* table(sheet, paint);
  }
}

/** The coverage for a pull request. */
export function* coverageMarkdown(report: CoverageReport, title: string): Generator<string> {
  const open = report.connections.filter(({ outcome }) => outcome !== 'covered' && outcome !== 'denied-today');
  const idle = report.rules.filter(({ lastUsed }) => lastUsed === null);
  yield `### ${title}\n\n`;
  yield* markdown(countsSheet(report));
  yield* section('Not covered', connectionsSheet(open));
  yield* section('The record and the policies disagree', disagreementsSheet(report.disagreements));
  yield* section('Rules that nothing in the record needs', rulesSheet(idle));
}

export function coverageJson({ connections, rules, disagreements }: CoverageReport): Readonly<Record<string, readonly unknown[]>> {
  return {
    connections: connections.map(connectionJson),
    rules: rules.map(({ lastUsed, ...rule }) => ({ ...rule, lastUsed: isoText(lastUsed) })),
    disagreements: disagreements.map(({ connection, lastSeen, ...rest }) => ({
      src: connection.src, dst: connection.dst, port: connection.port, protocol: connection.protocol, ...rest, lastSeen: isoText(lastSeen),
    })),
  };
}

function connectionJson({ firstSeen, lastSeen, ends, ...connection }: JudgedConnection): unknown {
  return {
    ...connection,
    firstSeen: isoText(firstSeen),
    lastSeen: isoText(lastSeen),
    ends: ends.map(({ direction, outcome, reasons }) => ({ direction, outcome, decidedBy: reasons.map((reason) => reasonText(reason, direction)) })),
  };
}

function* section(title: string, sheet: Sheet): Generator<string> {
  if (sheet.rows.length === 0) return;
  yield `\n#### ${title}\n\n`;
  yield* markdown(sheet);
}

/** Why a connection is not covered; where it is, the rules that cover it. */
function whyText({ outcome, why, ends }: JudgedConnection): string {
  if (outcome === 'undecided' && why.length > 0) return why.slice(0, 2).join('; ');
  const deciding = ends.filter((end) => outcome === 'denied-today' || end.outcome === outcome);
  return deciding.flatMap(({ direction, reasons }) => reasons.slice(0, 2).map((reason) => reasonText(reason, direction))).join('; ');
}
