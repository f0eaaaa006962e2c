// From a fresh clone to synthesized examples: installs, builds, runs every examples/<name>/main.ts on the built packages.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

// as the ClusterProfile of every example has it
const CNI = 'calico@3.31';

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

/** What an example made, and what that allows among the workloads of its inventory. */
async function report(name, output) {
  const manifests = existsSync(output) ? readdirSync(output, { recursive: true }).filter((file) => file.endsWith('.yaml')).sort() : [];
  if (manifests.length === 0) {
    throw new Error(`examples/${name} synthesized no manifest into ${output}`);
  }
  const inventory = join('examples', name, 'inventory.yaml');
  const args = ['list', join('examples', name, 'dist'), ...(existsSync(join(root, inventory)) ? ['--inventory', inventory] : []), '--cni', CNI];
  console.log(`\nexamples/${name}: ${manifests.map((manifest) => `dist/${manifest}`).join(', ')}\n$ npx netpol ${args.join(' ')}`);
  run('netpol', args);
}
