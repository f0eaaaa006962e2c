import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Analysis, type Inventory, profileOf, readInventory, type SourceObject } from '../../lib/analysis';
import { POLICY_READERS } from '../../lib/dialects/readers';
import { hasShared, sharedPath } from '../shared-data';

/** A case of the third-party expectations. */
export interface ConformanceCase {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly path: string;
}

/** The cases of these sources and of one kind of question. */
export function cases(kind: string, sources: readonly string[]): ConformanceCase[] {
  if (!hasShared('conformance')) return [];
  const all = JSON.parse(readFileSync(sharedPath('conformance', 'index.json'), 'utf8')) as ConformanceCase[];
  return all.filter((each) => each.kind === kind && sources.includes(each.source));
}

export function expectedOf<T>({ path }: ConformanceCase): T {
  return JSON.parse(readFileSync(sharedPath('conformance', path, 'expected.json'), 'utf8')) as T;
}

/** The objects of a folder or file, with the file that each stood in. */
export function objectsIn(...segments: readonly string[]): SourceObject[] {
  const root = sharedPath('conformance', ...segments);
  return filesUnder(root).flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8').replaceAll('\t', ' ')).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return [{ object: document.toJS() as unknown, origin: { file: relative(root, file) } }];
  }));
}

function filesUnder(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesUnder(join(path, name))).filter((file) => /\.(ya?ml|json)$/.test(file));
}

export function inventoryOf(objects: readonly SourceObject[]): Inventory {
  return readInventory(objects, { readers: POLICY_READERS });
}

/** As netpol-analyzer evaluates. */
export function npGuard(objects: readonly SourceObject[]): Analysis {
  return new Analysis(inventoryOf(objects), profileOf('np-guard'));
}

/** As the API documents say, where they leave things open: blocks match the addresses of pods and nodes. */
export function asSpecified(objects: readonly SourceObject[]): Analysis {
  const settings = {
    ipBlockMatchesPods: 'true', cnpNetworksMatchPods: 'true', ipBlockMatchesNodes: 'true', cnpNetworksMatchNodes: 'true',
    hostNetworkPodsAreOrdinary: 'false', networkPolicyIsolatesIcmp: 'true', rulesWithoutPortsAllowIcmp: 'true',
  };
  return new Analysis(inventoryOf(objects), profileOf('generic', { settings }));
}
