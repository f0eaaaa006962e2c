/** What went wrong with one value, in the four parts that every message of this library has. */
export interface Problem {
  /** The value as it was given; quoted in the message. */
  readonly given: unknown;
  /** What is wrong with it, in words that follow the quoted value ("is not a CIDR"). */
  readonly problem: string;
  /** What to write instead. */
  readonly instead?: string;
  /** Where: a construct path, a field path, or file:line:column. */
  readonly where?: string;
}

/**
 * A value that cannot be used: what was given, where, what is wrong, what to write instead.
 *
 * Thrown by the values of the model, which do not know where they were written; whoever knows (a construct, a reader)
 * adds the place with `at`.
 */
export class PolicyError extends Error {
  public readonly problem: Problem;

  public constructor(problem: Problem) {
    super(describe(problem));
    this.name = 'PolicyError';
    this.problem = problem;
  }

  /** The same error with its place put before the place that it has: `at('pay/api').at(...)` reads outside in. No place is said twice. */
  public at(where: string): PolicyError {
    const inner = this.problem.where;
    if (inner === where || inner?.startsWith(`${where}: `) === true) return this;
    return new PolicyError({ ...this.problem, where: inner === undefined ? where : `${where}: ${inner}` });
  }
}

/** Runs `action`; a PolicyError that it throws gets the place. */
export function locate<T>(where: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PolicyError ? error.at(where) : error;
  }
}

/** A value as it is shown in a message: strings in double quotes, the rest as JSON, cut where it is long. */
export function quote(value: unknown): string {
  let text: string | undefined;
  try {
    text = ['bigint', 'function', 'number'].includes(typeof value) ? String(value) : JSON.stringify(value);
  } catch {
    text = JSON.stringify(String(value));
  }
  text ??= String(value);
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

function describe({ given, problem, instead, where }: Problem): string {
  const place = where === undefined || where === '' ? '' : `[${where}] `;
  const advice = instead === undefined ? '' : `. Instead: ${instead}`;
  return `${place}${quote(given)} ${problem}${advice}`;
}
