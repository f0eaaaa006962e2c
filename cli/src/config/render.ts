import { spawn } from 'node:child_process';
import { MAX_BYTES } from '../input/limits';
import { UsageError } from '../usage-error';

export interface RenderOptions {
  readonly folder: string;
  readonly seconds: number;
  /** What the command renders, for messages. */
  readonly cluster: string;
}

const SHOWN_LINES = 20;

/**
 * Runs a render command in a shell, with a deadline, and gives what it writes to standard output. One that fails, or does not
 * end, has no output: the half of it would look whole.
 */
export async function render(command: string, { folder, seconds, cluster }: RenderOptions): Promise<Buffer> {
  // a group of its own, so that the deadline also ends what the shell has started
  const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
  const stop = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // it has ended in the meantime
    }
  };
  let late = false;
  let large = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, seconds * 1000);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BYTES) {
      large = true;
      stop();
    } else {
      output.push(chunk);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  process.once('exit', stop);
  try {
    const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (closeCode, closeSignal) => resolve({ code: closeCode, signal: closeSignal }));
    });
    const failure = late ? `was still running after ${seconds} s and was stopped`
      : large ? `wrote more than ${Math.ceil(MAX_BYTES / 1e6)} MB`
        : code === 0 ? undefined : `failed with ${code === null ? `signal ${signal}` : `exit code ${code}`}`;
    if (failure === undefined) return Buffer.concat(output);
    throw new UsageError(`the render command of ${cluster} ${failure}: ${command}${lastLines(Buffer.concat(errors.length > 0 ? errors : output).toString('utf8'))}`);
  } finally {
    clearTimeout(timer);
    process.off('exit', stop);
  }
}

function lastLines(text: string): string {
  const lines = text.trimEnd().split('\n').slice(-SHOWN_LINES);
  return lines.every((line) => line.trim() === '') ? '' : `\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
