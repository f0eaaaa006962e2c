import { Event, parseEvents, YAMLException } from 'js-yaml';
import { MAX_DEPTH } from './limits';
import { lineOf } from './text-position';

/** How many characters may be parsed again and again for one document. */
const BUDGET = 50_000_000;

/** The events of a text, and the text that their offsets are of. */
export interface LenientEvents {
  readonly text: string;
  readonly events: Event[];
}

/**
 * The events of a document. YAML 1.2 wants the lines of a flow collection, or of a quoted scalar, to be indented more than what
 * they belong to; kubectl does not, and many people close their brackets below the key:
 *
 * ```yaml
 *   args: [
 *     "-v"
 *   ]
 * ```
 *
 * Blanks at the start of such a line mean nothing, so that a line which the parser refuses for want of them gets some.
 * @see https://yaml.org/spec/1.2.2/#61-indentation-spaces
 */
export function lenientEvents(original: string): LenientEvents {
  let text = original;
  let first: LenientError | undefined;
  let indent = '';
  for (let parsed = 0; ;) {
    try {
      return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }) };
    } catch (error) {
      parsed += text.length;
      const indented = error instanceof YAMLException && error.reason === 'deficient indentation' ? indentLine(text, error.mark!.position, (indent ||= enoughFor(text))) : undefined;
      const refusal = new LenientError(error, text);
      first ??= refusal;
      if (indented === undefined || parsed > BUDGET) throw isOpen(error) ? first : refusal;
      text = indented;
    }
  }
}

/** What the parser refused for good, and the text that the offset in it is of. */
export class LenientError extends Error {
  public constructor(public readonly reason: unknown, public readonly text: string) {
    super(String(reason));
  }
}

/** A quote or bracket that is not closed goes on to the end of the file: it is near the first line that does not fit. */
function isOpen(error: unknown): boolean {
  return error instanceof YAMLException && /within a|flow collection|deficient/.test(error.reason);
}

function indentLine(text: string, offset: number, indent: string): string | undefined {
  const { start } = lineOf(text, offset);
  return text.startsWith(indent, start) ? undefined : text.slice(0, start) + indent + text.slice(start);
}

/** More than any line needs to belong to what is around it: the deepest indentation that there is, with its "- " and "? ". */
function enoughFor(text: string): string {
  let width = 0;
  for (const [, lead = ''] of text.matchAll(/(?:^|\n)([ \-?:]*)/g)) width = Math.max(width, lead.length);
  return ' '.repeat(width + 2);
}
