/** What a field path (`spec.ingress[0].from`, `metadata.labels.app.kubernetes.io/name`) begins with at a list: its index. */
export function indexStep(path: string): { readonly index: number; readonly rest: string } | undefined {
  const [whole, digits] = /^\[(\d+)\]\.?/.exec(path) ?? [];
  return whole === undefined ? undefined : { index: Number(digits), rest: path.slice(whole.length) };
}

/** What is left of a path behind a key; undefined where the path does not begin with it. Keys may have dots themselves. */
export function restBehind(path: string, key: string): string | undefined {
  if (!path.startsWith(key)) return undefined;
  const next = path[key.length];
  if (next === undefined || next === '[') return path.slice(key.length);
  return next === '.' ? path.slice(key.length + 1) : undefined;
}
