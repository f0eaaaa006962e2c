import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Outcome } from './run-netpol';

export const BINARY = join(__dirname, '..', 'bin', 'netpol');

/** Runs the command as users do: what `npm run build` has compiled, in a process of its own. */
export async function spawnNetpol(args: readonly string[], { env = {}, stdin = '', cwd }: { readonly env?: Record<string, string>; readonly stdin?: string; readonly cwd?: string } = {}): Promise<Outcome> {
  if (!existsSync(join(__dirname, '..', 'lib', 'index.js'))) throw new Error('the command line is not compiled: npm run build');
  const child = spawn(process.execPath, [BINARY, ...args], { env: { ...process.env, NO_COLOR: '1', ...env }, stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
  return { code, ...written };
}
