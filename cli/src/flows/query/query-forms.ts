import { Sheet, withoutEmptyColumns } from '../../output';
import { Decider, ObservedService } from '../observation';
import { observedPortText } from '../peer-text';
import { printable } from '../printable';
import { ObservedConnection } from '../store/flow-store';
import { isoText, minuteText } from '../timestamps';
import { endNames } from './end-names';

const COLUMNS = ['from', 'to', 'port', 'verdict', 'direction', 'decided by', 'service', 'count', 'hours', 'first seen', 'last seen', 'sources'];
/** Without these a table has its columns only where some row has something in them. */
const ALWAYS = COLUMNS.filter((column) => !['direction', 'decided by', 'service'].includes(column));

/** Rows for people. */
export function queryTable(connections: readonly ObservedConnection[]): Sheet {
  const sheet = withoutEmptyColumns(sheetOf(connections, minuteText), ALWAYS);
  return { ...sheet, rows: sheet.rows.map((row) => row.map(printable)) };
}

/** Rows for programs, and for spreadsheets: always the same columns. */
export function queryCsv(connections: readonly ObservedConnection[]): Sheet {
  const sheet = sheetOf(connections, isoText);
  return { ...sheet, rows: sheet.rows.map((row) => row.map((cell) => asText(printable(cell)))) };
}

export function* queryJson(connections: readonly ObservedConnection[]): Generator<unknown> {
  for (const { firstSeen, lastSeen, ...connection } of connections) yield { ...connection, firstSeen: isoText(firstSeen), lastSeen: isoText(lastSeen) };
}

function sheetOf(connections: readonly ObservedConnection[], timeText: (time: number) => string): Sheet {
  const nameOf = endNames(connections.flatMap(({ src, dst }) => [src, dst]));
  return {
    columns: COLUMNS,
    rows: connections.map(({ src, dst, port, protocol, verdict, direction, decidedBy, service, count, hours, firstSeen, lastSeen, sources }) => [
      nameOf(src), nameOf(dst), observedPortText(port, protocol), verdict, direction === 'unknown' ? '' : direction, (decidedBy ?? []).map(deciderText).join(', '),
      service === undefined ? '' : serviceText(service), String(count), String(hours), timeText(firstSeen), timeText(lastSeen), sources.join(' '),
    ]),
  };
}

/** `CiliumNetworkPolicy pay/api`, with the rule that it was where the record says so. */
function deciderText({ kind, namespace, name, tier, rule, staged }: Decider): string {
  const policy = name === null ? '' : `${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const parts = [kind ?? '', policy, tier === undefined ? '' : `tier ${tier}`, rule === undefined ? '' : `rule ${rule}`, staged === true ? '(staged)' : ''];
  return parts.filter((part) => part !== '').join(' ');
}

function serviceText({ namespace, name, port, portName }: ObservedService): string {
  const called = port ?? portName;
  return `${namespace}/${name}${called === undefined ? '' : `:${called}`}`;
}

/** A spreadsheet would take it for a formula. @see https://owasp.org/www-community/attacks/CSV_Injection */
function asText(cell: string): string {
  return /^[=+\-@]/.test(cell) ? `'${cell}` : cell;
}
