/** A place in the input, as people and editors write it. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Something in the input that forbids an answer: it would look whole and not be. */
export interface InputProblem {
  readonly place: Place;
  /** What is wrong, and what to write instead. */
  readonly reason: string;
  /** The line with a caret below the place. */
  readonly frame?: string;
}

const SHOWN = 20;

/** Every problem that was found, so that a person mends them in one go. */
export class InputError extends Error {
  public constructor(public readonly problems: readonly InputProblem[]) {
    super(textOf(problems));
    this.name = 'InputError';
  }
}

/** One problem of a document; whoever reads many of them goes on with the next one. */
export class DocumentError extends Error {
  public constructor(public readonly problem: InputProblem) {
    super(problemText(problem));
    this.name = 'DocumentError';
  }
}

export function placeText({ file, line, column }: Place): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
}

export function problemText({ place, reason, frame }: InputProblem): string {
  return `${placeText(place)}: ${reason}${frame === undefined ? '' : `\n${frame}`}`;
}

function textOf(problems: readonly InputProblem[]): string {
  const shown = problems.slice(0, SHOWN).map(problemText);
  const more = problems.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more problem${more === 1 ? '' : 's'}`] : [])].join('\n');
}
