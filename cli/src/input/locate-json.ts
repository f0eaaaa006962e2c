import { JsonScanner } from './json-scanner';
import { indexStep, restBehind } from './path-step';

/** The offset of a field in a JSON document; where it is missing, that of what should hold it. */
export function locateJson(text: string, path: string): number {
  const scanner = new JsonScanner(text);
  let [at, value, rest] = [scanner.skipSpace(0), scanner.skipSpace(0), path];
  while (rest !== '') {
    const found = text[value] === '{' ? findKey(scanner, text, value, rest) : text[value] === '[' ? findItem(scanner, text, value, rest) : undefined;
    if (found === undefined) break;
    ({ at, value, rest } = found);
  }
  return at;
}

interface Found {
  readonly at: number;
  readonly value: number;
  readonly rest: string;
}

function findKey(scanner: JsonScanner, text: string, object: number, path: string): Found | undefined {
  let best: Found | undefined;
  let at: number | undefined = scanner.skipSpace(object + 1);
  while (at !== undefined && text[at] === '"') {
    const keyEnd = scanner.skipString(at);
    const value = scanner.skipColon(keyEnd);
    const rest = restBehind(path, JSON.parse(text.slice(at, keyEnd)) as string);
    if (rest !== undefined && (best === undefined || rest.length < best.rest.length)) best = { at, value, rest };
    at = scanner.next(scanner.skipValue(value), '}');
  }
  return best;
}

function findItem(scanner: JsonScanner, text: string, list: number, path: string): Found | undefined {
  const step = indexStep(path);
  let at: number | undefined = scanner.skipSpace(list + 1);
  if (step === undefined || text[at] === ']') return undefined;
  for (let index = 0; index < step.index && at !== undefined; index++) at = scanner.next(scanner.skipValue(at), ']');
  return at === undefined ? undefined : { at, value: at, rest: step.rest };
}
