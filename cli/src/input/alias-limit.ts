import { MAX_DEPTH, MAX_EXPANDED_VALUES } from './limits';

/**
 * What is wrong with the aliases of a document, if anything. An alias is one value that stands in several places: a few lines
 * can stand for billions of values, or contain themselves.
 */
export function aliasProblem(value: unknown): string | undefined {
  const { size, depth } = new Expansion().of(value);
  if (depth === Infinity) return 'has an alias inside of what it stands for. Instead: the value written out';
  if (depth > MAX_DEPTH) return `nests lists and mappings more than ${MAX_DEPTH} deep by its aliases`;
  if (size <= MAX_EXPANDED_VALUES) return undefined;
  return `has aliases that stand for ${size < 1e15 ? size : 'far too many'} values; more than ${MAX_EXPANDED_VALUES} are refused. Instead: the values written out`;
}

interface Extent {
  readonly size: number;
  readonly depth: number;
}

/** How large values are when their aliases are written out; each shared part is measured once. */
class Expansion {
  private readonly known = new Map<object, Extent>();

  public of(part: unknown): Extent {
    if (typeof part !== 'object' || part === null) return { size: 1, depth: 0 };
    const known = this.known.get(part);
    if (known !== undefined) return known;
    // met again before it is measured, it is inside of itself
    this.known.set(part, { size: 1, depth: Infinity });
    let [size, depth] = [1, 0];
    for (const item of Object.values(part)) {
      const inner = this.of(item);
      size += inner.size;
      depth = Math.max(depth, inner.depth);
    }
    const extent = { size, depth: depth + 1 };
    this.known.set(part, extent);
    return extent;
  }
}
