import { Analysis, Condition, Explanation, Reason, Verdict } from 'cdk8s-netpol/analysis';
import { Direction, PolicyError } from 'cdk8s-netpol/policy';
import { ObservedPeer } from '../observation';
import { ObservedConnection } from '../store/flow-store';
import { askedConnection, AskedConnection } from './asked-connection';
import { DomainRules } from './domain-rules';
import { ObservedWorkloads } from './observed-workloads';

/**
 * What policies would do with a recorded connection. `unprotected` passes because no policy isolates the pod: nothing covers it, and
 * nothing would drop it either.
 */
export type Outcome = 'covered' | 'unprotected' | 'would-drop' | 'undecided';

/** What one end's policies say. */
export interface DirectionJudgement {
  readonly outcome: Outcome;
  /** The rules that decide. */
  readonly reasons: readonly Reason[];
}

export interface Judgement {
  readonly egress: DirectionJudgement;
  readonly ingress: DirectionJudgement;
  /** Why it is undecided, where it is. */
  readonly why: readonly string[];
}

/** Asks the engine about recorded connections. */
export class Judge {
  private readonly domains: DomainRules;
  /** Both ends of a connection may be asked about it. */
  private readonly judged = new WeakMap<ObservedConnection, Judgement>();

  public constructor(public readonly analysis: Analysis, private readonly workloads: ObservedWorkloads) {
    this.domains = new DomainRules(analysis.inventory);
  }

  public judge(connection: ObservedConnection): Judgement {
    let judgement = this.judged.get(connection);
    if (judgement === undefined) this.judged.set(connection, (judgement = this.ask(connection)));
    return judgement;
  }

  private ask(connection: ObservedConnection): Judgement {
    const asked = askedConnection(connection, this.workloads);
    if ('why' in asked) return undecided([asked.why]);
    const explanations: Explanation[] = [];
    try {
      for (const from of asked.from) for (const to of asked.to) explanations.push(...this.analysis.explainEach(from, to, asked.port));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return undecided([error.message]);
    }
    if (explanations.length === 0) return undecided(['it has no pods']);
    const conditions = explanations.flatMap((each) => each.conditions);
    return {
      egress: this.direction('egress', connection, asked, explanations),
      ingress: this.direction('ingress', connection, asked, explanations),
      why: [...new Set(conditions.map(conditionText))],
    };
  }

  private direction(direction: Direction, connection: ObservedConnection, asked: AskedConnection, explanations: readonly Explanation[]): DirectionJudgement {
    const subject = direction === 'egress' ? connection.src : connection.dst;
    // policies of our clusters speak about pods alone
    if (subject.kind !== 'pod' && subject.kind !== 'service') return { outcome: 'covered', reasons: [] };
    const outcomes = explanations.map((each) => this.outcomeOf(direction, each, connection, asked));
    const [first] = outcomes;
    const reasons = explanations.flatMap((each) => each[direction].decidedBy);
    return { outcome: outcomes.every((each) => each === first) ? first! : 'undecided', reasons: distinct(reasons) };
  }

  private outcomeOf(direction: Direction, explanation: Explanation, { dst }: ObservedConnection, { hasUnknownPorts }: AskedConnection): Outcome {
    const { decidedBy } = explanation[direction];
    const verdict = this.verdictOf(direction, explanation);
    if (verdict === 'allowed') return decidedBy.every(({ effect }) => effect === 'system-default') ? 'unprotected' : 'covered';
    if (verdict === 'depends') return direction === 'egress' && this.domains.allow(decidedBy, namesOf(dst)) ? 'covered' : 'undecided';
    return hasUnknownPorts && decidedBy.some(({ effect }) => effect === 'named-port-unresolved') ? 'undecided' : 'would-drop';
  }

  /** Where the whole is allowed, so is each of its ends: a pod's traffic to itself passes whatever its policies say. */
  private verdictOf(direction: Direction, explanation: Explanation): Verdict {
    if (explanation.verdict === 'allowed') return 'allowed';
    const { verdict } = explanation[direction];
    const bothAllow = explanation.egress.verdict === 'allowed' && explanation.ingress.verdict === 'allowed';
    return bothAllow ? explanation.verdict : verdict;
  }
}

function undecided(why: readonly string[]): Judgement {
  const direction: DirectionJudgement = { outcome: 'undecided', reasons: [] };
  return { egress: direction, ingress: direction, why };
}

function namesOf(peer: ObservedPeer): readonly string[] {
  return peer.kind === 'external' ? peer.names ?? [] : [];
}

function conditionText({ why, at }: Condition): string {
  return at === '' ? why : `${why} (${at})`;
}

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [reasonKey(reason), reason])).values()];
}

/** One rule of one policy, or what stands for having none. */
export function reasonKey({ effect, kind, namespace, name, ruleIndex, rule }: Reason): string {
  return JSON.stringify([effect, kind, namespace, name, ruleIndex, rule]);
}
