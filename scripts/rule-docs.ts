// docs/rules and the schema of netpol.yaml, from the rules. `--check`: are the committed ones up to date?
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedPages } from './generated-pages';

const root = join(__dirname, '..');
const pages = generatedPages();
const folder = join(root, 'docs', 'rules');
const orphans = existsSync(folder) ? readdirSync(folder).map((name) => `docs/rules/${name}`).filter((path) => !pages.has(path)) : [];

if (process.argv.includes('--check')) {
  const stale = [...pages].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text).map(([path]) => path);
  for (const path of [...stale, ...orphans]) console.error(`${path} is not what the rules say: npm run docs:rules`);
  if (stale.length + orphans.length > 0) process.exitCode = 1;
} else {
  for (const path of orphans) rmSync(join(root, path));
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
