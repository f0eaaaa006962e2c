/** A piece of TypeScript that is printed in one line where it fits, else with a line for each part. */
export type Code = string | CodeObject | CodeList | CodeCall;

export interface CodeObject {
  readonly kind: 'object';
  readonly fields: ReadonlyArray<readonly [key: string, value: Code]>;
}

export interface CodeList {
  readonly kind: 'list';
  readonly items: readonly Code[];
}

export interface CodeCall {
  readonly kind: 'call';
  /** What stands before the parenthesis: `new AllowFromPods`, `Port.tcp`. */
  readonly head: string;
  readonly args: readonly Code[];
}

const WIDTH = 140;
const INDENT = '  ';
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** An object literal; fields without a value are left out. */
export function object(fields: Readonly<Record<string, Code | undefined>>): CodeObject {
  return { kind: 'object', fields: Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])) };
}

export function list(items: readonly Code[]): CodeList {
  return { kind: 'list', items };
}

export function call(head: string, ...args: readonly Code[]): CodeCall {
  return { kind: 'call', head, args };
}

/** A text as a literal in single quotes. */
export function text(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1).replace(/\\"/g, '"').replace(/[\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16)}`);
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
}

/** Any JSON as literals. */
export function literal(value: unknown): Code {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return list(value.map(literal));
  if (typeof value !== 'object' || value === null) return String(value);
  return { kind: 'object', fields: Object.entries(value).map(([key, each]) => [key, literal(each)] as const) };
}

/** A comment of one line, whatever the text holds. */
export function comment(words: string): string {
  return `// ${words.replace(/[\r\n\u2028\u2029]+/g, ' ')}`;
}

/** The text of a piece; lines after the first begin with the indentation. */
export function print(code: Code, indent = '', column = indent.length): string {
  const flat = inline(code);
  if (typeof code === 'string' || column + flat.length <= WIDTH) return flat;
  const deeper = indent + INDENT;
  switch (code.kind) {
    case 'object': {
      if (code.fields.length === 0) return flat;
      const lines = code.fields.map(([key, value]) => fieldText(key, value, (each) => print(each, deeper, deeper.length + keyText(key).length + 3)));
      return `{\n${lines.map((line) => `${deeper}${line},\n`).join('')}${indent}}`;
    }
    case 'list':
      return code.items.length === 0 ? flat : `[\n${code.items.map((item) => `${deeper}${print(item, deeper)},\n`).join('')}${indent}]`;
    case 'call': {
      // the last argument takes the lines: new Thing(scope, 'id', {
      const first = code.args.slice(0, -1).map((arg) => `${inline(arg)}, `).join('');
      const last = code.args.at(-1);
      if (last === undefined) return flat;
      const opening = `${code.head}(${first}`;
      return `${opening}${print(last, indent, column + opening.length + 2)})`;
    }
  }
}

function inline(code: Code): string {
  if (typeof code === 'string') return code;
  switch (code.kind) {
    case 'object':
      return code.fields.length === 0 ? '{}' : `{ ${code.fields.map(([key, value]) => fieldText(key, value, inline)).join(', ')} }`;
    case 'list':
      return `[${code.items.map(inline).join(', ')}]`;
    case 'call':
      return `${code.head}(${code.args.map(inline).join(', ')})`;
  }
}

function fieldText(key: string, value: Code, show: (code: Code) => string): string {
  return value === key ? key : `${keyText(key)}: ${show(value)}`;
}

function keyText(key: string): string {
  // written plainly, it would set the prototype
  if (key === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(key) ? key : text(key);
}
