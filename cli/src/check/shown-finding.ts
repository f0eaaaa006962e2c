import { createHash } from 'node:crypto';
import { objectText } from 'cdk8s-netpol/analysis';
import { CheckResult, Finding, OWN_RULE_IDS } from 'cdk8s-netpol/rules';
import { STDIN } from '../input';
import { isInputOrigin } from '../inventory-problems';
import { relativePath } from './file-pattern';

/** A finding with what its reader needs: the place, the line, and a name that stays. */
export interface ShownFinding {
  readonly finding: Finding;
  /** Relative to this folder; undefined where there is none. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The line with a caret below the place. */
  readonly frame?: string;
  /** The command that shows it again. */
  readonly reproduce: string;
  /** The same for the same finding, wherever its line goes. */
  readonly fingerprint: string;
}

/** @param command what gives the same input again: `netpol check PATH...` without its verb */
export function shownFindings(findings: readonly Finding[], command: string): ShownFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const identity = [finding.rule, identityOf(finding), finding.key].join('\n');
    const count = seen.get(identity) ?? 0;
    seen.set(identity, count + 1);
    const fingerprint = createHash('sha256').update(`${identity}\n${count}`).digest('hex').slice(0, 32);
    return { finding, ...placeOf(finding), reproduce: reproduceText(finding, command), fingerprint };
  });
}

/** Where a file of the repository is to be pointed at; what came from standard input or a command has none. */
export function filePlace({ file, line, column }: ShownFinding): { readonly file: string; readonly line: number; readonly column?: number } | undefined {
  if (file === undefined || line === undefined || file.startsWith('<')) return undefined;
  return { file, line, ...(column === undefined ? {} : { column }) };
}

/** The accepted ones, each with its reason. */
export function shownSuppressed({ suppressed }: CheckResult, command: string): Array<ShownFinding & { readonly reason: string }> {
  const shown = shownFindings(suppressed.map(({ finding }) => finding), command);
  return shown.map((each, index) => ({ ...each, reason: suppressed[index]!.reason }));
}

function identityOf({ object }: Finding): string {
  return objectText(object.namespace === 'default' ? { kind: object.kind, name: object.name } : object);
}

function placeOf({ origin, path }: Finding): Pick<ShownFinding, 'file' | 'line' | 'column' | 'frame'> {
  if (origin?.file === undefined) return {};
  if (!isInputOrigin(origin)) {
    const { line, column } = origin;
    return { file: relativePath(origin.file), ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  }
  const { place, frame } = origin.problemIn(path, '');
  const file = place.line === undefined || place.file.startsWith('<') ? place.file : relativePath(place.file);
  return {
    file: place.file === STDIN ? STDIN : file,
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(place.column === undefined ? {} : { column: place.column }),
    ...(frame === undefined ? {} : { frame }),
  };
}

function reproduceText({ rule, evidence }: Finding, command: string): string {
  if (evidence === undefined) return `netpol check ${command}${OWN_RULE_IDS.includes(rule) ? '' : ` --rule ${rule}`}`.replace(/ {2,}/g, ' ').trimEnd();
  const { from, to, port } = evidence;
  return `netpol explain ${command} --from ${quoted(from)} --to ${quoted(to)} --port ${port}`.replace(/ {2,}/g, ' ');
}

/** As a shell takes it. */
export function quoted(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
