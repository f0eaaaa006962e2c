// Runs every bench/*.bench.ts on the built packages; a benchmark that misses its limit exits non-zero.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const folder = join(root, 'bench');
const benchmarks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bench.ts')).sort() : [];
if (benchmarks.length === 0) {
  throw new Error('there is no bench/*.bench.ts to run');
}

run('node', ['scripts/build.mjs']);
for (const name of benchmarks) {
  console.log(`bench/${name}`);
  run('tsx', ['--tsconfig', join(root, 'scripts', 'tsconfig.examples.json'), join('bench', name)]);
}
