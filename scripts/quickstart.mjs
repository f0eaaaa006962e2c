// From a fresh clone to synthesized examples: installs, builds, runs every examples/<name>/main.ts on the built packages.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

run('node', ['scripts/build.mjs']);

for (const name of examples()) {
  const folder = join(root, 'examples', name);
  const output = join(folder, 'dist');
  rmSync(output, { recursive: true, force: true });
  run('tsx', ['--tsconfig', join(root, 'scripts', 'tsconfig.examples.json'), 'main.ts'], { cwd: folder, env: { CDK8S_OUTDIR: output } });
  await report(name, output);
}

function examples() {
  const folder = join(root, 'examples');
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
    : [];
  const broken = names.filter((name) => !existsSync(join(folder, name, 'main.ts')));
  if (broken.length > 0) {
    throw new Error(`examples without a main.ts: ${broken.join(', ')}`);
  }
  return names;
}

/** What an example made, manifest by manifest. */
async function report(name, output) {
  const { parseAllDocuments } = await import('yaml');
  const manifests = existsSync(output) ? readdirSync(output, { recursive: true }).filter((file) => file.endsWith('.yaml')).sort() : [];
  if (manifests.length === 0) {
    throw new Error(`examples/${name} synthesized no manifest into ${output}`);
  }
  console.log(`\nexamples/${name}`);
  for (const manifest of manifests) {
    const objects = parseAllDocuments(readFileSync(join(output, manifest), 'utf8')).map((document) => document.toJS()).filter(Boolean);
    const kinds = new Map();
    for (const { kind } of objects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    console.log(`  dist/${manifest}: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
  }
}
