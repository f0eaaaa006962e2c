import { once } from 'node:events';
import { Paint, paintFor, Terminal, TextSink } from './terminal';

/** Exit codes: what a pipeline decides by. */
export const CLEAN = 0;
export const FINDINGS = 1;
export const FAILED = 2;
export type ExitCode = typeof CLEAN | typeof FINDINGS | typeof FAILED;

const CHUNK = 64 * 1024;

/** One run of one command line: where its output goes and how it ends. Data goes to stdout, everything else to stderr. */
export class Run {
  public exitCode: ExitCode = CLEAN;
  /** Colours for what goes to stdout. */
  public readonly paint: Paint;
  private readonly paintNotes: Paint;

  public constructor(public readonly terminal: Terminal) {
    this.paint = paintFor(terminal.stdout, terminal.env);
    this.paintNotes = paintFor(terminal.stderr, terminal.env);
  }

  /** Writes data piece by piece: a long answer need not fit into one string. */
  public async print(pieces: Iterable<string>): Promise<void> {
    const { stdout } = this.terminal;
    let chunk = '';
    for (const piece of pieces) {
      chunk += piece;
      if (chunk.length < CHUNK) continue;
      if (!stdout.write(chunk)) await drained(stdout);
      chunk = '';
    }
    if (chunk !== '') stdout.write(chunk);
  }

  /** Something that a person should know and a program need not. */
  public note(text: string): void {
    this.terminal.stderr.write(`${this.paintNotes('dim', text)}\n`);
  }

  public warn(text: string): void {
    this.terminal.stderr.write(`${this.paintNotes('yellow', 'warning:')} ${text}\n`);
  }

  public error(text: string): void {
    this.terminal.stderr.write(`${this.paintNotes('red', 'error:')} ${text}\n`);
  }
}

async function drained(sink: TextSink): Promise<void> {
  if (sink.once !== undefined) await once(sink as unknown as NodeJS.EventEmitter, 'drain');
}
