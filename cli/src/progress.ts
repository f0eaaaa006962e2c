import { Terminal } from './terminal';

const PATIENCE = 1000;
const INTERVAL = 100;
const WIDTH = 30;

/**
 * A bar on stderr for people who wait: shown on a terminal only, and only once something takes longer than a second. The steps
 * call it while they work; nothing runs in the background.
 */
export class Progress {
  private readonly start: number;
  private lastDrawn = 0;
  private shown = false;

  public constructor(private readonly terminal: Terminal, private readonly now: () => number = Date.now) {
    this.start = now();
  }

  public step(what: string, done: number, total: number, beside = ''): void {
    const { stderr } = this.terminal;
    if (stderr.isTTY !== true) return;
    const time = this.now();
    if (time - this.start < PATIENCE || time - this.lastDrawn < INTERVAL) return;
    this.lastDrawn = time;
    this.shown = true;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * WIDTH);
    const text = `${what} [${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.round(share * 100)}%${beside}`;
    stderr.write(`\r\u001b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
  }

  /** How long it takes still, by what was done so far; undefined before that says anything. */
  public remaining(done: number, total: number): number | undefined {
    const elapsed = this.now() - this.start;
    return done <= 0 || elapsed < PATIENCE ? undefined : (elapsed / done) * (total - done);
  }

  /** What was done in a second, on average. */
  public rate(done: number): number {
    return (done * 1000) / Math.max(1, this.now() - this.start);
  }

  /** Takes the bar away. */
  public end(): void {
    if (this.shown) this.terminal.stderr.write('\r\u001b[K');
    this.shown = false;
  }
}
