/**
 * Some facts are not in the input: what an unknown CNI does, where a pod will run, which address it will get. The evaluator
 * answers in one *world* at a time, in which every such fact is settled, and is a plain boolean function there. When it
 * needs a fact it asks; `inEveryWorld` then tries every answer. The verdict is `depends` when worlds disagree.
 */
export type ConditionKind =
  | 'address' | 'cni' | 'fqdn' | 'ip-family' | 'node-placement' | 'pods-differ' | 'priority-tie' | 'source-nat';

export interface Question {
  readonly kind: ConditionKind;
  /** The same text is the same question: within a world it always gets the same answer. */
  readonly about: string;
}

export interface Answer {
  readonly verdict: 'allowed' | 'denied' | 'depends';
  /** The questions whose answer changes the verdict. Empty unless the verdict is `depends`. */
  readonly conditions: readonly Question[];
}

export class World {
  public constructor(private readonly answers: ReadonlyMap<string, number>) {}

  public pick<T>(question: Question, options: readonly T[]): T {
    const answer = options.length === 1 ? 0 : this.answers.get(key(question));
    if (answer === undefined) {
      throw new Unanswered(question, options.length);
    }
    if (answer >= options.length) {
      throw new Error(`'${question.about}' was asked twice with different options`);
    }
    return options[answer] as T;
  }

  public ask(question: Question): boolean {
    return this.pick(question, [true, false]);
  }

  /** A setting of the profile where it says something, a question where it does not. */
  public setting(value: boolean | undefined, about: string): boolean {
    return value ?? this.ask({ kind: 'cni', about });
  }
}

/** Evaluates in every world that differs in something the evaluation asks for. */
export function inEveryWorld(evaluate: (world: World) => boolean): Answer {
  const conditions = new Map<string, Question>();
  const outcome = simplify(explore(evaluate, new Map(), { left: 50_000 }));
  if (typeof outcome === 'boolean') {
    return { verdict: outcome ? 'allowed' : 'denied', conditions: [] };
  }
  collectQuestions(outcome, conditions);
  return { verdict: 'depends', conditions: [...conditions.values()] };
}

/** The outcome, or the question it depends on with the outcome for each answer. */
type Outcome = boolean | { readonly question: Question; readonly outcomes: readonly Outcome[] };

class Unanswered extends Error {
  public constructor(public readonly question: Question, public readonly optionCount: number) {
    super(`unanswered: ${question.about}`);
  }
}

function key(question: Question): string {
  return `${question.kind}: ${question.about}`;
}

function explore(evaluate: (world: World) => boolean, answers: ReadonlyMap<string, number>, budget: { left: number }): Outcome {
  budget.left -= 1;
  if (budget.left < 0) {
    throw new Error('more than 50000 worlds: the plain evaluator is for small questions, settle some of them in the profile');
  }
  try {
    return evaluate(new World(answers));
  } catch (error) {
    if (!(error instanceof Unanswered)) {
      throw error;
    }
    const { question, optionCount } = error;
    const outcomes = Array.from({ length: optionCount }, (_, option) =>
      explore(evaluate, new Map([...answers, [key(question), option]]), budget));
    return { question, outcomes };
  }
}

/** A question whose answers all lead to the same outcome does not matter. */
function simplify(outcome: Outcome): Outcome {
  if (typeof outcome === 'boolean') {
    return outcome;
  }
  const outcomes = outcome.outcomes.map(simplify);
  const first = outcomes[0] as Outcome;
  return outcomes.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : { question: outcome.question, outcomes };
}

function collectQuestions(outcome: Outcome, found: Map<string, Question>): void {
  if (typeof outcome !== 'boolean') {
    found.set(key(outcome.question), outcome.question);
    outcome.outcomes.forEach((part) => collectQuestions(part, found));
  }
}
