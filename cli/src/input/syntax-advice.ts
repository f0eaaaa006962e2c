import { MAX_DEPTH } from './limits';
import { lineOf } from './text-position';

/** What is wrong, in words that say what to write, and the offset at which a person should look. */
export interface SyntaxAdvice {
  readonly reason: string;
  readonly offset: number;
}

const TEMPLATE = /\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|<%.*?(?:%>|$)/m;

interface Advice {
  readonly when: RegExp;
  readonly say: (match: RegExpExecArray, at: string) => string;
}

/** The messages of the parser that leave a person alone, and better ones. `at` is the text from the error on. */
const ADVICE: readonly Advice[] = [
  { when: /^duplicated mapping key/, say: (_, at) => `the key ${quoted(/^[^\n:"']*/.exec(at)?.[0] ?? '')} stands twice in one mapping. Instead: one of them` },
  { when: /^tab characters must not/, say: () => 'has a tab in its indentation. Instead: spaces' },
  { when: /within a (double|single) quoted scalar/, say: ([, kind]) => `a ${kind} quote before this place is not closed` },
  { when: /within a flow collection/, say: () => 'a "[" or "{" before this place is not closed' },
  { when: /^nesting exceeded/, say: () => `nests lists and mappings more than ${MAX_DEPTH} deep` },
  { when: /^unidentified alias "(.*)"/, say: ([, name]) => `the alias *${name} has no anchor &${name} before it` },
  { when: /complex keys/, say: () => 'a list or mapping stands where a key should be. Instead: a word; text with braces in quotes' },
  { when: /^unknown (?:scalar|sequence|mapping) tag !<(.*)>/, say: ([, tag]) => `the tag ${tag} has no meaning in a Kubernetes object. Instead: the value without it` },
  { when: /^cannot resolve a node with !<tag:yaml.org,2002:(.*)>/, say: ([, tag]) => `the value is not what its tag !!${tag} says` },
  { when: /^merge keys exceeded|^abnormal merge/, say: () => 'merges (<<) copy too many keys. Instead: the values written out' },
  { when: /^cannot merge mappings/, say: () => 'a merge (<<) of something that is no mapping. Instead: the alias of a mapping' },
  { when: /^bad indentation of a mapping entry/, say: (_, at) => badEntry(at) },
  { when: /^bad indentation of a sequence entry/, say: () => 'the indentation differs from the entries before. Instead: all "- " of a list below one another' },
  { when: /^end of the stream or a document separator/, say: () => 'belongs to nothing before it: the indentation is wrong, a list is mixed with a mapping, or "---" is missing' },
  { when: /^expected ':' after a mapping key|^can not read a block mapping entry/, say: () => 'a key without ":" behind it, here or in the line before' },
  { when: /^a whitespace character is expected after the key-value/, say: () => 'no blank behind the ":"' },
  { when: /^the stream contains non-printable/, say: () => 'has a control character: a binary file, or text in another encoding' },
  { when: /^deficient indentation/, say: () => 'a quote or bracket before this place is not closed, or it is indented less than what it belongs to' },
];

export function syntaxAdvice(reason: string, offset: number, text: string): SyntaxAdvice {
  const template = /^duplicated|^nesting|^unidentified|^merge keys/.test(reason) ? undefined : firstTemplate(text, lineOf(text, offset).end);
  if (template !== undefined) {
    return { offset: template.offset, reason: `is a template, not YAML: ${quoted(template.marker)} was not filled in. Instead: what the tool renders from it (a render line in netpol.yaml)` };
  }
  const at = text.slice(offset, offset + 200);
  for (const { when, say } of ADVICE) {
    const match = when.exec(reason);
    if (match !== null) return { reason: `is not YAML: ${say(match, at)}`, offset };
  }
  return { reason: `is not YAML: ${reason}`, offset };
}

/** Template markers up to the line of the error; one in a comment is none. */
function firstTemplate(text: string, end: number): { readonly marker: string; readonly offset: number } | undefined {
  const before = text.slice(0, end).replace(/(^|[ \t])#[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const match = TEMPLATE.exec(before);
  return match === null ? undefined : { marker: match[0].slice(0, 60), offset: match.index };
}

function badEntry(at: string): string {
  if (/^[@`%]/.test(at)) return `a plain value cannot begin with ${quoted(at[0]!)}. Instead: quotes around it`;
  if (/^:/.test(at)) return 'a second ": " in one line. Instead: quotes around a value with ": " in it';
  if (/^[\]},]/.test(at)) return `${quoted(at[0]!)} closes or parts nothing`;
  return 'the indentation fits nothing before it. Instead: all keys of a mapping below one another';
}

function quoted(text: string): string {
  return `"${text.trim()}"`;
}
