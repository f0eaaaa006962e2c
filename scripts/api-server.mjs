// A real kube-apiserver and its etcd for `npm run test:cluster`: found where people already have them, else built once from
// Go modules into the user's cache. Run by itself, it prints where they are.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from './run.mjs';

/** The minor version whose fields the constructs use; ValidatingAdmissionPolicy is v1 since 1.30. */
const KUBERNETES = '1.35.0';
const ETCD = '3.6.6';

const COMPONENT = 'k8s.io/component-base/version';
const [major, minor] = KUBERNETES.split('.');
const BUILDS = {
  'kube-apiserver': {
    module: 'k8s.io/kubernetes',
    version: `v${KUBERNETES}`,
    main: 'k8s.io/kubernetes/cmd/kube-apiserver',
    ldflags: `-X ${COMPONENT}.gitVersion=v${KUBERNETES} -X ${COMPONENT}.gitMajor=${major} -X ${COMPONENT}.gitMinor=${minor}`,
  },
  // the package of a distribution does as well: see onPath
  'etcd': { module: 'go.etcd.io/etcd/server/v3', version: `v${ETCD}`, main: 'go.etcd.io/etcd/server/v3', ldflags: '' },
};

/**
 * Where the two programs are, by the variables that envtest reads (https://book.kubebuilder.io/reference/envtest):
 * TEST_ASSET_* for each, then KUBEBUILDER_ASSETS for both, then the PATH for etcd, then the cache, which is filled if need be.
 * A variable that names no program is an error: another version than the one that was asked for must not be tested in silence.
 */
export function apiServerBinaries() {
  return { TEST_ASSET_KUBE_APISERVER: find('kube-apiserver'), TEST_ASSET_ETCD: find('etcd') };
}

function find(name) {
  const variable = `TEST_ASSET_${name.toUpperCase().replaceAll('-', '_')}`;
  const { [variable]: asset, KUBEBUILDER_ASSETS: assets } = process.env;
  if (asset) return expectProgram(asset, variable);
  if (assets) return expectProgram(join(assets, name), 'KUBEBUILDER_ASSETS');
  const cached = join(cacheFolder(), `${BUILDS[name].version}-${process.platform}-${process.arch}`, name);
  const found = [...(name === 'etcd' ? onPath(name) : []), cached].find(isProgram);
  return found ?? build(name, cached);
}

function expectProgram(path, variable) {
  if (!isProgram(path)) throw new Error(`${variable} asks for ${path}, which is not a program: unset it, or let it name one`);
  return path;
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean).map((folder) => join(folder, name));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-netpol', 'api-server');
}

/** A module of one file that imports the program: `go install` refuses a main module that has replacements. */
function build(name, target) {
  const { module, version, main, ldflags } = BUILDS[name];
  expectGo();
  console.error(`building ${name} ${version} from Go modules, once: some minutes, then kept as ${target}`);
  const folder = mkdtempSync(join(tmpdir(), `cdk8s-netpol-${name}-`));
  try {
    const published = goMod(module, version, folder);
    writeFileSync(join(folder, 'go.mod'), `module build\n\ngo ${published.Go}\n\nrequire ${module} ${version}\n`
      + replacements(published, version).map((line) => `replace ${line}\n`).join(''));
    writeFileSync(join(folder, 'program.go'), `//go:build program\n\npackage build\n\nimport _ "${main}"\n`);
    goStep(folder, ['mod', 'tidy']);
    goStep(folder, ['build', '-trimpath', '-ldflags', `-s -w ${ldflags}`, '-o', join(folder, name), main]);
    place(join(folder, name), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return target;
}

/** `replace => ./staging/src/k8s.io/api` of the published module, as the version that is published with it. */
function replacements({ Replace = [] }, version) {
  const staging = Replace.filter(({ New }) => New.Path.startsWith('./staging/'));
  return staging.map(({ Old }) => `${Old.Path} => ${Old.Path} ${version.replace(/^v1\./, 'v0.')}`);
}

function goMod(module, version, folder) {
  const { GoMod } = JSON.parse(goOutput(folder, ['mod', 'download', '-json', `${module}@${version}`]));
  return JSON.parse(goOutput(folder, ['mod', 'edit', '-json', GoMod]));
}

/** Go 1.21 and later fetch the version that a module asks for; those before cannot read its go.mod. */
function expectGo() {
  const instead = 'install Go 1.21 or later (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver and etcd (setup-envtest)';
  let version;
  try {
    version = goOutput(tmpdir(), ['env', 'GOVERSION']).trim();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`go is not on the PATH, and it builds the API server of the tests: ${instead}`);
  }
  const [, minor] = /^go1\.(\d+)/.exec(version) ?? [];
  if (minor !== undefined && Number(minor) < 21) throw new Error(`${version} is too old to build the API server of the tests: ${instead}`);
}

function goOutput(cwd, args) {
  return execFileSync('go', args, { cwd, encoding: 'utf8', env: goEnvironment(), maxBuffer: 1 << 26 });
}

function goStep(cwd, args) {
  const { status } = attempt('go', args, { cwd, env: goEnvironment(), stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`go ${args[0]} failed for the API server of the tests`);
}

/** No C compiler is needed, and none is asked for. */
function goEnvironment() {
  return { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
}

/** Renamed into place whole: of two builds at a time, neither leaves a half-written program. */
function place(built, target) {
  const folder = join(target, '..');
  mkdirSync(folder, { recursive: true });
  const staged = mkdtempSync(join(folder, '.build-'));
  try {
    execFileSync('cp', [built, join(staged, 'program')]);
    renameSync(join(staged, 'program'), target);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [variable, path] of Object.entries(apiServerBinaries())) {
    console.log(`${variable}=${path}`);
  }
}
