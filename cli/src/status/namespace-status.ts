/** How far a namespace has come, as far as the input tells. */
export interface NamespaceStatus {
  readonly namespace: string;
  readonly owner?: string;
  readonly contact?: string;
  /** The stage that it was given; undefined where no construct owns it. */
  readonly stage?: Stage;
  /** Since when, as a date; undefined where neither the cluster nor git tells. */
  readonly since?: string;
  readonly workloads: number;
  /** Workloads with a direction of which no policy speaks. */
  readonly unprotected: number;
  /** What was recorded of it, held against its policies; undefined where nothing is recorded. */
  readonly traffic?: RecordedTraffic;
  /** Opened by hand (`netpol-rollback`), whatever the stage says. */
  readonly rolledBack: boolean;
  readonly nextStep: string;
}

/** How the policies of a namespace fare against the record. */
export interface RecordedTraffic {
  /** Connections that a rule covers, of those that were recorded. */
  readonly covered: number;
  readonly connections: number;
  readonly gate: 'PASS' | 'FAIL';
  /** What stands in the way, by the names of criteria. */
  readonly missing: readonly string[];
}

export const STAGES = ['OBSERVE', 'AUDIT', 'ENFORCE'] as const;
export type Stage = (typeof STAGES)[number];

type Facts = Omit<NamespaceStatus, 'nextStep'>;

/** What brings a namespace on, and how little is left to do: the lower, the sooner it can be done. */
interface Step {
  readonly effort: number;
  readonly text: string;
}

const DONE = 9;

function stepOf({ owner, stage, unprotected, workloads, rolledBack, traffic }: Facts): Step {
  const count = `${unprotected} of ${workloads} workload${workloads === 1 ? '' : 's'}`;
  if (rolledBack) return { effort: 0, text: 'it was rolled back by hand: go to AUDIT in git, then delete netpol-rollback' };
  switch (stage) {
    case 'ENFORCE':
      return unprotected === 0 ? { effort: DONE, text: 'done' } : { effort: 1, text: `ENFORCE leaves ${count} open: find out why` };
    case 'AUDIT':
      if (traffic?.gate === 'PASS') return { effort: 2, text: 'ENFORCE: the gate says PASS' };
      return { effort: 2, text: traffic === undefined ? 'ENFORCE, once the recorded traffic fits the policies' : `ENFORCE, once the gate says PASS; missing: ${traffic.missing.join(', ')}` };
    case 'OBSERVE':
      return { effort: 3, text: 'AUDIT: ship the policies; nothing is dropped' };
    case undefined:
      if (owner === undefined) return { effort: 6, text: 'find an owner, and start with OBSERVE' };
      return unprotected === 0 && workloads > 0
        ? { effort: 4, text: 'policies by hand cover it: take it over with a DefaultDenyNamespace' }
        : { effort: 5, text: 'start with OBSERVE (DefaultDenyNamespace)' };
  }
}

/** The namespaces with their next steps: the easiest first, those that are done last. */
export function easiestFirst(facts: readonly Facts[]): NamespaceStatus[] {
  return facts
    .map((each) => ({ each, step: stepOf(each) }))
    .sort((a, b) => a.step.effort - b.step.effort || a.each.unprotected - b.each.unprotected || a.each.workloads - b.each.workloads
      || (a.each.namespace < b.each.namespace ? -1 : 1))
    .map(({ each, step }) => ({ ...each, nextStep: step.text }));
}
