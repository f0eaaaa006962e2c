import { didYouMean } from '../../cluster/did-you-mean';
import { Origin } from '../../policy';
import { Finding } from './finding';
import { ObjectIndex } from './object-index';
import { ConfiguredException } from './settings';
import { STAGE_RECORD } from './stage-record';

/** `cdk8s-netpol/ignore: "no-all-ports: REASON; broad-cidr (until 2027-03-31): REASON"`. */
export const IGNORE_ANNOTATION = 'cdk8s-netpol/ignore';

export interface Exception extends ConfiguredException {
  /** The object that it stands on; undefined for one of the configuration. */
  readonly on?: { readonly kind: string; readonly namespace?: string; readonly name: string };
}

export interface MalformedException {
  readonly on?: Exception['on'];
  readonly origin?: Origin;
  readonly path: string;
  readonly problem: string;
}

const ENTRY = /^([a-z][a-z0-9-]*)\s*(?:\(\s*until\s+([^)]*?)\s*\))?\s*:\s*(.*)$/s;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** The exceptions that objects carry. One on a Namespace, or on the record of the constructs, holds for everything in the namespace. */
export function annotatedExceptions(
  objects: ObjectIndex, known: readonly string[], isChecked: (origin: Origin | undefined) => boolean,
): { readonly exceptions: readonly Exception[]; readonly malformed: readonly MalformedException[] } {
  const exceptions: Exception[] = [];
  const malformed: MalformedException[] = [];
  for (const [key, { annotations, origin }] of objects.all) {
    const text = annotations[IGNORE_ANNOTATION];
    if (text === undefined || !isChecked(origin)) continue;
    const on = objectOf(key);
    const place = { on, path: `metadata.annotations.${IGNORE_ANNOTATION}`, ...(origin === undefined ? {} : { origin }) };
    if (text.trim() === '') malformed.push({ ...place, problem: `the annotation ${IGNORE_ANNOTATION} is empty` });
    for (const entry of entriesOf(text)) {
      const [, rule, until, reason = ''] = ENTRY.exec(entry) ?? [];
      const problem = problemOf(entry, rule, until, reason.trim(), known);
      if (problem !== undefined || rule === undefined) {
        malformed.push({ ...place, problem: problem ?? '' });
        continue;
      }
      exceptions.push({ ...place, rule, reason: reason.trim(), ...(until === undefined ? {} : { until }), covers: (finding) => isOn(on, finding), text: key });
    }
  }
  return { exceptions, malformed };
}

/** Why an exception cannot be taken. */
export function problemOf(given: string, rule: string | undefined, until: string | undefined, reason: string, known: readonly string[]): string | undefined {
  if (rule === undefined) return `"${given}" is not an exception. Instead: RULE: REASON, with the id of a rule`;
  if (!known.includes(rule)) {
    const near = didYouMean(rule, known);
    return `"${rule}" is not a rule${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
  }
  if (reason === '') return `the exception of ${rule} has no reason. Instead: ${rule}: why it is accepted`;
  if (until !== undefined && !DAY.test(until)) return `"${until}" is not a day. Instead: ${rule} (until YYYY-MM-DD): ${reason}`;
  return undefined;
}

/** A ";" or a new line parts entries where a rule comes next; elsewhere it belongs to the reason. */
function entriesOf(text: string): string[] {
  return text.split(/[;\n](?=\s*[a-z][a-z0-9-]*\s*(?:\([^)]*\)\s*)?:|\s*$)/).map((entry) => entry.trim()).filter((entry) => entry !== '');
}

function objectOf(key: string): NonNullable<Exception['on']> {
  const [kind = '', place = ''] = key.split(' ');
  const slash = place.indexOf('/');
  return slash < 0 ? { kind, name: place } : { kind, namespace: place.slice(0, slash), name: place.slice(slash + 1) };
}

function isOn(on: NonNullable<Exception['on']>, { object }: Finding): boolean {
  const whole = on.kind === 'Namespace' ? on.name : on.kind === 'ConfigMap' && on.name === STAGE_RECORD ? on.namespace ?? 'default' : undefined;
  if (whole !== undefined) return (object.kind === 'Namespace' ? object.name : object.namespace) === whole;
  return object.kind === on.kind && object.name === on.name && (object.namespace ?? 'default') === (on.namespace ?? 'default');
}
