/** A set of endpoints by their numbers. Small ones are searched, large ones have a bit each. */
export class EndpointSet {
  public static readonly empty = new EndpointSet(new Int32Array(0), 0);

  /** The members may come in any order and more than once. */
  public static of(members: readonly number[], size: number): EndpointSet {
    if (members.length === 0) return EndpointSet.empty;
    const sorted = Int32Array.from(members).sort();
    let count = 0;
    for (let index = 0; index < sorted.length; index++) {
      if (index === 0 || sorted[index] !== sorted[index - 1]) sorted[count++] = sorted[index]!;
    }
    return new EndpointSet(sorted.slice(0, count), size);
  }

  private words: Int32Array | undefined;

  private constructor(public readonly members: Int32Array, private readonly size: number) {}

  public has(endpoint: number): boolean {
    const { members } = this;
    if (members.length <= 6) {
      for (let index = 0; index < members.length; index++) if (members[index] === endpoint) return true;
      return false;
    }
    const words = (this.words ??= this.toWords());
    return ((words[endpoint >> 5]! >>> (endpoint & 31)) & 1) === 1;
  }

  private toWords(): Int32Array {
    const words = new Int32Array((this.size + 31) >> 5);
    for (const member of this.members) words[member >> 5]! |= 1 << (member & 31);
    return words;
  }
}
