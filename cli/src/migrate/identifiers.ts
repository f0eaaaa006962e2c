/** Words that no variable may be called, and those that the files of the app use for something else. */
const TAKEN = [
  'app', 'owners', 'chart',
  'arguments', 'async', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'eval', 'export',
  'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private',
  'protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'undefined', 'var', 'void', 'while', 'with', 'yield',
];

/** What a namespace is called in code. */
export interface NamespaceWords {
  /** The namespace as a variable. */
  readonly variable: string;
  /** The function that makes it, and the one that opens it. */
  readonly make: string;
  readonly rules: string;
}

/** A variable and two functions for each namespace: `shop`, `shopNamespace`, `shopRules`; none of the words twice. */
export function namespaceWords(namespaces: readonly string[]): ReadonlyMap<string, NamespaceWords> {
  const taken = new Set(TAKEN);
  const found = new Map<string, NamespaceWords>();
  for (const namespace of namespaces) {
    const camel = camelCase(namespace);
    const candidates = [camel, `${camel}Pods`, ...Array.from({ length: namespaces.length + 1 }, (_, index) => `${camel}${index + 2}`)];
    const words = candidates.map(wordsOf).find(({ variable, make, rules }) => ![variable, make, rules].some((word) => taken.has(word)));
    if (words === undefined) throw new Error(`no variable is free for the namespace ${namespace}`);
    for (const word of Object.values(words)) taken.add(word);
    found.set(namespace, words);
  }
  return found;
}

function wordsOf(variable: string): NamespaceWords & Record<string, string> {
  return { variable, make: `${variable}Namespace`, rules: `${variable}Rules` };
}

function camelCase(name: string): string {
  const [first = '', ...more] = name.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  const joined = first + more.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
  return /^[0-9]/.test(joined) ? `n${joined}` : joined;
}
