import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A folder whose files are the input of a tool, not manifests. */
export interface UnrenderedTree {
  readonly folder: string;
  /** What it is, in words that follow the folder. */
  readonly what: string;
  /** The lines to choose from for `render:` in netpol.yaml. */
  readonly render: readonly string[];
}

const KUSTOMIZATION = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a folder is, by the names in it. Reading its files as they are would be guessing what the tool makes of them. */
export function unrenderedTree(folder: string, entries: readonly string[]): UnrenderedTree | undefined {
  if (entries.includes('Chart.yaml') && entries.includes('templates')) {
    const name = basename(folder) === '.' || basename(folder) === '' ? 'release' : basename(folder);
    return { folder, what: 'is a Helm chart, not manifests', render: [`helm template ${name} ${folder}`] };
  }
  const kustomization = KUSTOMIZATION.find((name) => entries.includes(name));
  if (kustomization !== undefined && !isFluxObject(join(folder, kustomization))) {
    return { folder, what: 'is a Kustomize tree, not manifests', render: [`kustomize build ${folder}`] };
  }
  const jsonnet = entries.filter((name) => name.endsWith('.jsonnet'));
  if (jsonnet.length > 0) {
    return { folder, what: 'has Jsonnet, which is not rendered', render: jsonnet.map((name) => `jsonnet --yaml-stream ${join(folder, name)}`) };
  }
  return undefined;
}

/** Flux has a kind of the same name, which is an object of the cluster. */
function isFluxObject(path: string): boolean {
  try {
    return /^apiVersion:\s*["']?kustomize\.toolkit\.fluxcd\.io\//m.test(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}
