import { styleText } from 'node:util';

/** Where text goes. */
export interface TextSink {
  write(text: string): boolean;
  once?(event: 'drain', listener: () => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The surroundings of one run, so that a test can be them. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The terminal of this process. A reader that stops early (`netpol list . | head`) is no error. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    // not touched before somebody reads it: an open pipe would keep the process waiting
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
  };
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';
export type Paint = (style: Style, text: string) => string;

/**
 * Colours for a sink: none where nobody sees them.
 * @see https://no-color.org
 */
export function paintFor(sink: TextSink, env: Terminal['env']): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  const refused = (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.FORCE_COLOR === '0' || env.TERM === 'dumb';
  const coloured = forced || (!refused && sink.isTTY === true);
  return coloured ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}
