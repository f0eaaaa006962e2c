import { Cidr, Family } from '../../policy';

interface Run {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses as runs that neither touch nor overlap, for quick questions about blocks. */
export class RangeSet {
  public static of(cidrs: readonly Cidr[]): RangeSet {
    return new RangeSet(runsOf(cidrs, 4), runsOf(cidrs, 6));
  }

  private constructor(private readonly v4: readonly Run[], private readonly v6: readonly Run[]) {}

  public get isEmpty(): boolean {
    return this.v4.length === 0 && this.v6.length === 0;
  }

  /** Whether every address of the block is in the set. */
  public covers({ family, first, last }: Cidr): boolean {
    const run = this.lastStartingAtOrBefore(family, first);
    return run !== undefined && last <= run.last;
  }

  /** Whether some address of the block is in the set. */
  public touches({ family, first, last }: Cidr): boolean {
    const run = this.lastStartingAtOrBefore(family, last);
    return run !== undefined && first <= run.last;
  }

  private lastStartingAtOrBefore(family: Family, address: bigint): Run | undefined {
    const runs = family === 4 ? this.v4 : this.v6;
    let [low, high] = [-1, runs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (runs[middle]!.first <= address) low = middle;
      else high = middle - 1;
    }
    return runs[low];
  }
}

function runsOf(cidrs: readonly Cidr[], family: Family): Run[] {
  const runs: Array<{ first: bigint; last: bigint }> = [];
  const own = cidrs.filter((cidr) => cidr.family === family).sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  for (const { first, last } of own) {
    const run = runs.at(-1);
    if (run !== undefined && first <= run.last + 1n) {
      if (last > run.last) run.last = last;
    } else {
      runs.push({ first, last });
    }
  }
  return runs;
}
