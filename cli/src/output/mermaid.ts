import { Edge, nodeNames } from './graph';

/** @see https://mermaid.js.org/syntax/flowchart.html */
export function* mermaid(edges: readonly Edge[]): Generator<string> {
  const names = nodeNames(edges);
  yield 'flowchart LR\n';
  for (const [label, name] of names) yield `  ${name}["${escape(label)}"]\n`;
  for (const { from, to, label, unsure } of edges) {
    yield `  ${names.get(from)} ${unsure ? '-.->' : '-->'}|"${escape(label)}"| ${names.get(to)}\n`;
  }
  for (const [index, { colour }] of edges.entries()) if (colour !== undefined) yield `  linkStyle ${index} stroke:${colour}\n`;
}

function escape(text: string): string {
  return text.replace(/["#<>&`\n]/g, (character) => `#${character.charCodeAt(0)};`);
}
