// Runs the tools of this repository, with node_modules/.bin on the PATH.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * A tool that must succeed: the script ends with its exit code otherwise.
 * @returns what the tool printed, when `options.stdio` asks for a pipe
 */
export function run(command, args, options) {
  const { status, stdout } = attempt(command, args, options);
  if (status !== 0) {
    process.exit(status);
  }
  return stdout;
}

/** A tool whose failure the caller handles. */
export function attempt(command, args, options = {}) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`;
  const { env, ...others } = options;
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    encoding: 'utf8',
    shell: process.platform === 'win32',
    ...others,
    // Node 20 is past its end of life for jsii, and still what some build images have
    env: { ...process.env, PATH: path, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', ...env },
  });
  if (result.error) {
    throw result.error;
  }
  const status = result.status ?? 1;
  if (status !== 0) {
    console.error(`failed: ${[command, ...args].join(' ')}`);
  }
  return { status, stdout: result.stdout };
}
