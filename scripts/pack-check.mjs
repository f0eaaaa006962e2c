// Packs both packages as they would be published, and installs the tarballs into the strict consumer of test/consumer.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-netpol-consumer-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const library = pack([]);
const cli = pack(['--workspace', 'cli']);
expectFiles(library, ['package.json', 'README.md', 'LICENSE', '.jsii', 'lib/index.js', 'lib/index.d.ts'], (path) =>
  // a source beside its declarations would be compiled by each consumer, under the consumer's flags
  !path.startsWith('lib/') ? /^(package\.json|README\.md|LICENSE|\.jsii|API\.md|CHANGELOG\.md)$/.test(path) : /(\.js|\.d\.ts)$/.test(path));
expectFiles(cli, ['package.json', 'LICENSE', 'bin/netpol', 'lib/index.js', 'schema/netpol.schema.json'], (path) =>
  /^(package\.json|README\.md|LICENSE|bin\/netpol|schema\/netpol\.schema\.json|lib\/.*\.js)$/.test(path));

const consumer = join(folder, 'consumer');
cpSync(join(root, 'test', 'consumer'), consumer, { recursive: true });
const npm = (...args) => run('npm', args, { cwd: consumer });
npm('install', '--no-audit', '--no-fund', join(folder, library.filename), join(folder, cli.filename));
for (const script of ['compile:node16', 'compile:nodenext', 'compile:bundler', 'synth:commonjs', 'synth:module', 'cli']) {
  npm('run', script);
}

function pack(args) {
  return JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }))[0];
}

function expectFiles(tarball, required, allowed) {
  const paths = tarball.files.map((file) => file.path);
  const missing = required.filter((path) => !paths.includes(path));
  const surplus = paths.filter((path) => !allowed(path));
  if (missing.length > 0 || surplus.length > 0) {
    console.error(`${tarball.filename} lacks [${missing.join(', ')}] and ships [${surplus.join(', ')}] beyond what is published`);
    process.exit(1);
  }
}
