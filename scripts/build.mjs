// lib/ by jsii (.js, .d.ts and the .jsii assembly beside the sources), then cli/ by tsc, which reads those .d.ts.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, run } from './run.mjs';

ensureInstalled();
removeOrphans(join(root, 'lib'));
run('jsii', ['--fail-on-warnings', '--silence-warnings=reserved-word', '--generate-tsconfig=tsconfig.jsii.json']);

rmSync(join(root, 'cli', 'lib'), { recursive: true, force: true });
run('tsc', ['-p', 'cli']);

/** What was compiled from a source that has since moved would still be packed and resolved. */
function removeOrphans(folder) {
  const names = readdirSync(folder, { withFileTypes: true });
  const sources = new Set(names.map((entry) => entry.name));
  for (const entry of names) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      removeOrphans(path);
    } else if (/\.(js|d\.ts)$/.test(entry.name) && !sources.has(entry.name.replace(/\.(js|d\.ts)$/, '.ts'))) {
      rmSync(path);
    }
  }
}
