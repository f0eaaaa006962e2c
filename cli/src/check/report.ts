import { NotEvaluated, PolicyRule } from 'cdk8s-netpol/rules';
import { ShownFinding } from './shown-finding';

/** Everything that a check has to say, for every form of it. */
export interface CheckReport {
  readonly findings: readonly ShownFinding[];
  readonly suppressed: ReadonlyArray<ShownFinding & { readonly reason: string }>;
  /** Those that were there before, and do not count. */
  readonly known: readonly ShownFinding[];
  /** Where they were, in words: `in the baseline`, `at main`. */
  readonly knownFrom: string;
  readonly notEvaluated: readonly NotEvaluated[];
  /** The rules that ran or could have, for what people read about them. */
  readonly rules: readonly PolicyRule[];
}

export interface Counts {
  readonly errors: number;
  readonly warnings: number;
}

export function countsOf({ findings }: CheckReport): Counts {
  const errors = findings.filter(({ finding }) => finding.severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

/** `2 errors, 1 warning`. */
export function countsText({ errors, warnings }: Counts): string {
  return `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`;
}

/** What is there and does not count: `1 accepted, 9 in the baseline`. */
export function uncountedTexts({ suppressed, known, knownFrom }: CheckReport): string[] {
  return [...(suppressed.length === 0 ? [] : [`${suppressed.length} accepted`]), ...(known.length === 0 ? [] : [`${known.length} ${knownFrom}`])];
}

/** What was not evaluated, a line for each rule and reason. */
export function notEvaluatedLines({ notEvaluated }: Pick<CheckReport, 'notEvaluated'>): string[] {
  const groups = new Map<string, { readonly rules: Set<string>; readonly namespaces: Set<string> }>();
  for (const { rule, namespace, reason } of notEvaluated) {
    let group = groups.get(reason);
    if (group === undefined) groups.set(reason, (group = { rules: new Set(), namespaces: new Set() }));
    group.rules.add(rule);
    if (namespace !== undefined) group.namespaces.add(namespace);
  }
  return [...groups].map(([reason, { rules, namespaces }]) => {
    const where = namespaces.size === 0 ? '' : namespaces.size > 5 ? ` in ${namespaces.size} namespaces` : ` in ${[...namespaces].join(', ')}`;
    return `not evaluated${where}: ${[...rules].join(', ')} (${reason})`;
  });
}
