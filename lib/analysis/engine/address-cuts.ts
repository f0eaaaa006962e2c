import { Cidr, Family, IpBlock, termKey } from '../../policy';
import { addressesOf } from './compiled';

/** Addresses outside of the cluster that no rule tells apart. */
export interface AddressClass {
  /** The fewest blocks that hold them. */
  readonly cidrs: readonly Cidr[];
}

/** The address space, cut at every bound of every block that a policy names, and put together again where it behaves alike. */
export class AddressCuts {
  public readonly classes: readonly AddressClass[];
  private readonly starts: Readonly<Record<Family, readonly bigint[]>>;
  private readonly classAt: Readonly<Record<Family, readonly number[]>>;
  private readonly byBlock = new Map<string, readonly number[]>();

  public constructor(blocks: readonly IpBlock[]) {
    const distinct = new Map(blocks.map((block) => [termKey(block), addressesOf(block)]));
    this.starts = { 4: startsOf(distinct.values(), 4), 6: startsOf(distinct.values(), 6) };
    const labels = this.refine(distinct);
    const numbers = new Map<number, number>();
    const pieces: Cidr[][] = [];
    const numberOf = (label: number): number => {
      let number = numbers.get(label);
      if (number === undefined) {
        number = pieces.length;
        numbers.set(label, number);
        pieces.push([]);
      }
      return number;
    };
    this.classAt = { 4: labels[4].map(numberOf), 6: labels[6].map(numberOf) };
    for (const [key, parts] of distinct) {
      const found = new Set<number>();
      for (const part of parts) for (const index of this.intervals(part)) found.add(this.classAt[part.family][index]!);
      this.byBlock.set(key, [...found]);
    }
    for (const family of [4, 6] as const) {
      this.classAt[family].forEach((number, index) => pieces[number]!.push(...this.interval(family, index)));
    }
    this.classes = pieces.map((cidrs) => ({ cidrs: Cidr.merge(cidrs) }));
  }

  /** The classes that a block of a rule holds. */
  public classesIn(block: IpBlock): readonly number[] {
    return this.byBlock.get(termKey(block)) ?? [];
  }

  /** The classes that share an address with a block. */
  public classesTouching(cidr: Cidr): readonly number[] {
    return [...new Set(this.intervals(cidr).map((index) => this.classAt[cidr.family][index]!))];
  }

  /** A key that two blocks share where no rule tells their addresses apart. */
  public placeKey(cidr: Cidr): string {
    const indices = this.intervals(cidr);
    return `${cidr.family}:${indices[0] ?? ''}-${indices.at(-1) ?? ''}`;
  }

  /** Each block splits the intervals that it holds from the others of their class. */
  private refine(blocks: ReadonlyMap<string, readonly Cidr[]>): Record<Family, number[]> {
    const labels: Record<Family, number[]> = { 4: this.starts[4].map(() => 0), 6: this.starts[6].map(() => 0) };
    let next = 1;
    for (const parts of blocks.values()) {
      const renamed = new Map<number, number>();
      for (const part of parts) {
        for (const index of this.intervals(part)) {
          const old = labels[part.family][index]!;
          let label = renamed.get(old);
          if (label === undefined) renamed.set(old, (label = next++));
          labels[part.family][index] = label;
        }
      }
    }
    return labels;
  }

  private intervals({ family, first, last }: Cidr): number[] {
    const starts = this.starts[family];
    const indices: number[] = [];
    for (let index = indexAt(starts, first); index < starts.length && starts[index]! <= last; index++) indices.push(index);
    return indices;
  }

  private interval(family: Family, index: number): Cidr[] {
    const next = this.starts[family][index + 1];
    return Cidr.range(family, this.starts[family][index]!, next === undefined ? Cidr.all(family).last : next - 1n);
  }
}

function startsOf(blocks: Iterable<readonly Cidr[]>, family: Family): bigint[] {
  const starts = new Set<bigint>([0n]);
  const end = Cidr.all(family).last;
  for (const parts of blocks) {
    for (const part of parts) {
      if (part.family !== family) continue;
      starts.add(part.first);
      if (part.last < end) starts.add(part.last + 1n);
    }
  }
  return [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The interval that an address lies in. */
function indexAt(starts: readonly bigint[], address: bigint): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= address) low = middle;
    else high = middle - 1;
  }
  return low;
}
