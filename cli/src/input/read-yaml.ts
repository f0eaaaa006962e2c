import { constructFromEvents, Event, EVENT_ALIAS, EVENT_SCALAR, FAILSAFE_SCHEMA, parseEvents, YAMLException } from 'js-yaml';
import { aliasProblem } from './alias-limit';
import { DocumentError, InputProblem } from './input-problem';
import { KUBERNETES_SCHEMA, TOLERANT_SCHEMA } from './kubernetes-scalars';
import { LenientError, LenientEvents, lenientEvents } from './lenient-events';
import { MAX_DEPTH, MAX_MERGED_KEYS } from './limits';
import { complexKey } from './locate-yaml';
import { ParsedDocument } from './parsed-document';
import { SourceDocument } from './source-document';
import { splitDocuments, TextPart } from './split-documents';
import { syntaxAdvice } from './syntax-advice';

/** A document that holds nothing: comments, or what Helm leaves where a template renders to nothing. */
export const EMPTY = Symbol('empty document');

/** A document of a stream: read, or with what is wrong with it, or nothing. */
export type ReadDocument = ParsedDocument | DocumentError | typeof EMPTY;

/** The documents of a YAML stream, with scalars as kubectl reads them. */
export function readYaml(file: string, text: string): Generator<ReadDocument> {
  return readStream(file, text, constructKubernetes);
}

/** The documents of a stream in which every scalar is text, whatever it looks like: a file of our own. */
export function readTexts(file: string, text: string): Generator<ReadDocument> {
  return readStream(file, text, (source, events) => constructFromEvents(events, { source, schema: FAILSAFE_SCHEMA }));
}

interface Place {
  readonly file: string;
  readonly linesBefore: number;
}

type Construct = (text: string, events: Event[]) => readonly unknown[];

/** So much text is parsed at once: starting the parser for each document costs, and so does holding the events of a long file. */
const BATCH_LENGTH = 32_000;
/** A part with comments alone. */
const BLANK = /^\ufeff?(?:---)?[ \t]*(?:#[^\n]*)?(?:\r?\n[ \t]*(?:#[^\n]*)?)*$/;

function* readStream(file: string, text: string, construct: Construct): Generator<ReadDocument> {
  let batch: TextPart[] = [];
  let length = 0;
  for (const part of splitDocuments(text)) {
    const isBlank = BLANK.test(part.text);
    if (isBlank || length >= BATCH_LENGTH) {
      yield* readBatch(file, text, batch, construct);
      [batch, length] = [[], 0];
    }
    if (isBlank) {
      yield EMPTY;
    } else {
      batch.push(part);
      length += part.text.length;
    }
  }
  yield* readBatch(file, text, batch, construct);
}

/** Several documents at once; where there is anything about them that needs a second look, one after the other. */
function* readBatch(file: string, stream: string, parts: readonly TextPart[], construct: Construct): Generator<ReadDocument> {
  const values = parts.length > 1 ? plainValues(stream, parts, construct) : undefined;
  for (const [index, { text, linesBefore }] of parts.entries()) {
    yield values === undefined
      ? readDocument(text, { file, linesBefore }, construct)
      : { value: values[index], source: new SourceDocument(file, text, linesBefore, 'yaml') };
  }
}

/** The values of documents that are one for each part, without errors and aliases; undefined for all others. */
function plainValues(stream: string, parts: readonly TextPart[], construct: Construct): readonly unknown[] | undefined {
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const text = stream.slice(first.offset, last.offset + last.text.length);
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    if (events.some(({ type }) => type === EVENT_ALIAS)) return undefined;
    const values = construct(text, events);
    return values.length === parts.length && !values.includes(null) ? values : undefined;
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

function readDocument(text: string, { file, linesBefore }: Place, construct: Construct): ReadDocument {
  let parsed: LenientEvents = { text, events: [] };
  let value: unknown;
  try {
    parsed = lenientEvents(text);
    if (isEmpty(parsed.events)) return EMPTY;
    [value] = construct(parsed.text, parsed.events);
  } catch (error) {
    const [reason, refused] = error instanceof LenientError ? [error.reason, error.text] : [error, parsed.text];
    return new DocumentError(problemOf(reason, refused, parsed.events, new SourceDocument(file, text, linesBefore, 'yaml', refused)));
  }
  const source = new SourceDocument(file, text, linesBefore, 'yaml', parsed.text);
  if (parsed.events.some(({ type }) => type === EVENT_ALIAS)) {
    const problem = aliasProblem(value);
    if (problem !== undefined) return new DocumentError(source.problemAt(parsed.text.indexOf('&'), problem));
  }
  return { value, source };
}

/** Tags of other tools (`!Ref`) are no reason to refuse a file that is none of ours; in a Kubernetes object they are. */
function constructKubernetes(text: string, events: Event[]): readonly unknown[] {
  const options = { source: text, maxTotalMergeKeys: MAX_MERGED_KEYS };
  try {
    return constructFromEvents(events, { ...options, schema: KUBERNETES_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException) || !error.reason.startsWith('unknown ')) throw error;
    const values = constructFromEvents(events, { ...options, schema: TOLERANT_SCHEMA });
    if (values.every((value) => typeof value === 'object' && value !== null && !('apiVersion' in value))) return values;
    throw error;
  }
}

function isEmpty(events: readonly Event[]): boolean {
  const content = events[1];
  return content === undefined || (content.type === EVENT_SCALAR && content.valueStart < 0 && content.anchorStart < 0 && content.tagStart < 0);
}

function problemOf(error: unknown, text: string, events: readonly Event[], source: SourceDocument): InputProblem {
  if (!(error instanceof YAMLException)) throw error;
  // the parser names the mapping around it
  const key = error.reason.includes('complex keys') ? complexKey(events) : undefined;
  const { reason, offset } = syntaxAdvice(error.reason, key ?? error.mark?.position ?? 0, text);
  return source.problemAt(offset, reason);
}
