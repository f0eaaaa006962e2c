// Runs the property tests, recognised by their import of fast-check, for far longer than `npm test` does.
// FUZZ_RUNS=N sets the number of runs a property (default 10000). A test that sets numRuns itself keeps its own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, run } from './run.mjs';

const files = ['test', 'cli/test', 'examples']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .filter((file) => readFileSync(join(root, file), 'utf8').includes("from 'fast-check'"));
if (files.length === 0) {
  throw new Error('no test imports fast-check');
}

ensureInstalled();
run('jest', ['--coverage=false', '--testTimeout=600000', '--runTestsByPath', ...files], {
  env: { FUZZ_RUNS: process.env.FUZZ_RUNS ?? '10000' },
});
