// Are the files that .projenrc.ts owns as it would write them? Compared by content, without git and without the network.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { root, run } from './run.mjs';

ensureInstalled();
const before = contents();
run('projen', [], { env: { PROJEN_DISABLE_POST: 'true' } });
const after = contents();

const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
const changed = names.filter((name) => before[name] !== after[name]);
if (changed.length > 0) {
  console.error(`projen wrote ${changed.join(', ')} anew: change .projenrc.ts, run "npx projen" and commit what it wrote`);
  process.exitCode = 1;
}

function contents() {
  const list = join(root, '.projen', 'files.json');
  const owned = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')).files : [];
  const files = ['package.json', ...owned].filter((name) => existsSync(join(root, name)));
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}
