// API.md from the doc comments of the public API, and the pages of the rules. `--check`: is the committed one up to date?
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const check = process.argv.includes('--check');
const committed = join(root, 'API.md');

run('node', ['scripts/build.mjs']);
run('tsx', ['--tsconfig', 'tsconfig.json', 'scripts/rule-docs.ts', ...(check ? ['--check'] : [])]);

if (check) {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-netpol-docs-'));
  const fresh = join(folder, 'API.md');
  run('jsii-docgen', ['--output', fresh]);
  const same = existsSync(committed) && readFileSync(committed, 'utf8') === readFileSync(fresh, 'utf8');
  if (!same) {
    console.error('API.md is not what the doc comments say: npm run docs');
    process.exitCode = 1;
  }
  rmSync(folder, { recursive: true });
} else {
  run('jsii-docgen', ['--output', committed]);
}
