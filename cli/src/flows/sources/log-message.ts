import { Fields, jsonOf, textOf } from './fields';

const MESSAGE = ['log', 'message', 'MESSAGE'];
const NODE = ['hostname', 'host', 'node'];

/** A line of a text log. Collectors put it into JSON unless told not to, often with the name of the node. */
export interface LogMessage {
  readonly text: string;
  readonly node?: string;
}

export function logMessageOf(line: unknown): LogMessage | undefined {
  if (typeof line !== 'string') return undefined;
  const text = line.trimEnd();
  if (!text.startsWith('{')) return { text };
  const fields = jsonOf(text);
  const message = fields === undefined ? undefined : firstText(fields, MESSAGE);
  if (fields === undefined || message === undefined) return undefined;
  const node = firstText(fields, NODE);
  return { text: message.trimEnd(), ...(node === undefined ? {} : { node }) };
}

function firstText(fields: Fields, keys: readonly string[]): string | undefined {
  return keys.map((key) => textOf(fields[key])).find((text) => text !== undefined);
}
