const MOST = 500_000;

/**
 * The connections that a file has shown, for sources that show one again and again. What was last seen long ago is forgotten: a file
 * may hold more than memory does, and one that is then counted twice is the lesser evil.
 */
export class SeenConnections {
  private recent = new Set<string>();
  private older = new Set<string>();

  public constructor(private readonly most = MOST) {}

  public has(key: string): boolean {
    return this.recent.has(key) || this.older.has(key);
  }

  /** Whether it is seen for the first time. */
  public isFirst(key: string): boolean {
    const first = !this.has(key);
    this.remember(key);
    return first;
  }

  private remember(key: string): void {
    if (this.recent.size >= this.most && !this.recent.has(key)) {
      this.older = this.recent;
      this.recent = new Set();
    }
    this.recent.add(key);
  }
}
