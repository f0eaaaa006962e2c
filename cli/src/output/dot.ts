import { Edge, nodeNames } from './graph';

/** @see https://graphviz.org/doc/info/lang.html */
export function* dot(edges: readonly Edge[]): Generator<string> {
  const names = nodeNames(edges);
  yield 'digraph connections {\n  rankdir=LR;\n  node [shape=box];\n';
  for (const [label, name] of names) yield `  ${name} [label="${escape(label)}"];\n`;
  for (const { from, to, label, unsure } of edges) {
    yield `  ${names.get(from)} -> ${names.get(to)} [label="${escape(label)}"${unsure ? ', style=dashed' : ''}];\n`;
  }
  yield '}\n';
}

function escape(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
