/** An edge of a picture. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Drawn with a broken line: nobody knows whether it is there. */
  readonly unsure: boolean;
  /** Of the line, where it says something: `#cf222e`. */
  readonly colour?: string;
}

/** The nodes of some edges, each with a short name that every notation takes, in the order of their first edge. */
export function nodeNames(edges: readonly Edge[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { from, to } of edges) {
    for (const end of [from, to]) if (!names.has(end)) names.set(end, `n${names.size}`);
  }
  return names;
}
