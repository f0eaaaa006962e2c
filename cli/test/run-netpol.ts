import { Readable } from 'node:stream';
import { main } from '../src/index';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Both sinks say that they are a terminal. */
  readonly tty?: boolean;
}

/** Runs a command line within this process. */
export async function netpol(args: readonly string[], { stdin = '', env = {}, tty = false }: RunOptions = {}): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY: tty,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const code = await main(['node', 'netpol', ...args], { stdin: Readable.from([Buffer.from(stdin)]), stdout: sink('stdout'), stderr: sink('stderr'), env });
  return { code, ...written };
}
