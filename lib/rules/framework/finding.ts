import { ObjectName } from '../../analysis';
import { Origin } from '../../policy';

/** `error`: traffic is surely not what was meant. `warning`: it may be, and somebody should look. */
export type Severity = 'error' | 'warning';
export const SEVERITIES: readonly Severity[] = ['error', 'warning'];

/** A connection that shows what a finding says; `netpol explain` answers it. */
export interface Evidence {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** What a rule says about one object. */
export interface Reported {
  readonly object: ObjectName;
  /** Where the object stands. */
  readonly origin?: Origin;
  /** The field: `spec.egress[0]`. Left out for the whole object. */
  readonly path?: string;
  /** What is wrong, with the names and values of this case. */
  readonly message: string;
  /** Instead of the severity of the rule, where one case is worse than the others. */
  readonly severity?: Severity;
  /** Instead of the advice of the rule, where this case needs other words. */
  readonly fix?: string;
  readonly evidence?: Evidence;
  /**
   * What tells it from other findings of the rule about the same object, whatever line it moves to. Left out: the field without
   * its numbers.
   */
  readonly key?: string;
}

/** Data: how it is printed is somebody else's business. */
export interface Finding extends Reported {
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly key: string;
  readonly fix: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** Undefined where nobody is named. */
  readonly owner?: string;
  /** How to ask for an exception. */
  readonly exception: string;
}

/** A rule that could not be asked about something: no finding there means nothing. */
export interface NotEvaluated {
  readonly rule: string;
  readonly namespace?: string;
  readonly reason: string;
}

/** A finding that somebody accepted, with the reason. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly notEvaluated: readonly NotEvaluated[];
}
