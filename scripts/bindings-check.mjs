// Generates the Python, Java and Go bindings into a temporary folder: every public type must have arrived in each.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const assembly = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8'));
const types = Object.values(assembly.types).map((type) => type.name);
const out = mkdtempSync(join(tmpdir(), 'cdk8s-netpol-bindings-'));
const missing = [];

try {
  run('jsii-pacmak', ['--code-only', '--outdir', out, '--targets', 'python', 'java', 'go']);

  const python = read('python/src/cdk8s_netpol/__init__.py');
  types.filter((name) => !new RegExp(`^class ${name}\\b`, 'm').test(python)).forEach((name) => missing.push(`python class ${name}`));
  read('python/pyproject.toml');

  read('java/pom.xml');
  types.forEach((name) => read(`java/src/main/java/io/github/cdk8snetpol/${name}.java`));

  const go = read('go/cdk8snetpol/main.go');
  types.filter((name) => !go.includes(`"cdk8s-netpol.${name}"`)).forEach((name) => missing.push(`go type ${name}`));
  read('go/cdk8snetpol/go.mod');
} finally {
  rmSync(out, { recursive: true });
}

if (types.length === 0 || missing.length > 0) {
  console.error(`bindings: of ${types.length} public types, missing: ${missing.join(', ') || 'all'}`);
  process.exitCode = 1;
} else {
  console.log(`bindings: ${types.length} public types in Python, Java and Go`);
}

function read(path) {
  const file = join(out, path);
  if (!existsSync(file)) {
    missing.push(path);
    return '';
  }
  return readFileSync(file, 'utf8');
}
