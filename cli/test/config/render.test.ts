import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { render } from '../../src/config/render';
import { UsageError } from '../../src/usage-error';
import { temporaryFolder } from '../temporary-folder';

const run = async (command: string, seconds = 20, folder = temporaryFolder()) => (await render(command, { folder, seconds, cluster: 'prod' })).toString();

test('gives what the command writes to standard output, from its folder', async () => {
  expect(await run('cat a; echo noise >&2', 20, temporaryFolder({ a: 'text' }))).toBe('text');
});

test('a command that fails shows the end of what it said', async () => {
  await expect(run('echo half; echo why >&2; exit 3')).rejects.toThrow(UsageError);
  await expect(run('echo half; echo why >&2; exit 3')).rejects.toThrow('the render command of prod failed with exit code 3: echo half; echo why >&2; exit 3\n  why');
  await expect(run('kill -9 $$')).rejects.toThrow(/failed with signal SIGKILL/);
  await expect(run('no-such-command-anywhere')).rejects.toThrow(/failed with exit code 127/);
});

test('one that does not end is stopped, with everything that it has started', async () => {
  const folder = temporaryFolder();
  const start = performance.now();
  await expect(run('(sleep 3; touch late) & sleep 60', 1, folder)).rejects.toThrow(/was still running after 1 s and was stopped/);
  expect(performance.now() - start).toBeLessThan(2500);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(existsSync(join(folder, 'late'))).toBe(false);
});

test('one that writes without end is stopped', async () => {
  await expect(run('yes')).rejects.toThrow(/wrote more than 100 MB/);
});
