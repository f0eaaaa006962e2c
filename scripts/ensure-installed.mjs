// Runs `npm ci` when node_modules is not what package-lock.json asks for, so that every npm script works in a fresh clone.
// Contents are compared, not times: a checkout touches the lockfile without changing it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run } from './run.mjs';

export function ensureInstalled() {
  if (!isInstalled()) {
    console.error('node_modules is missing or older than package-lock.json: npm ci');
    run('npm', ['ci', '--no-audit', '--no-fund']);
  }
}

function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) {
    return false;
  }
  const wanted = packages(join(root, 'package-lock.json'));
  const present = packages(installed);
  return Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    // what another platform needs is in the lockfile too, marked optional
    return found ? found.version === entry.version && found.integrity === entry.integrity : Boolean(entry.optional);
  });
}

function packages(lockfile) {
  const entries = Object.entries(JSON.parse(readFileSync(lockfile, 'utf8')).packages);
  return Object.fromEntries(entries.filter(([path, entry]) => path.includes('node_modules/') && !entry.link));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
}
