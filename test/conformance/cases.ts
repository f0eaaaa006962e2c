import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifests } from '../plain/manifests';
import type { PlainProfile } from '../plain/profile';
import { sharedPath } from '../shared-data';

/** The cases of `../shared/conformance`; its README describes the fields. */
export interface ConformanceCase {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly tags: readonly string[];
  readonly path: string;
}

/** The sources that speak about Kubernetes' own policies, not about one CNI. */
const SOURCES = ['kube-network-policies', 'netpol-analyzer', 'network-policy-api'];

export interface Expected {
  readonly profile: { readonly name: string; readonly ipBlockMatchesPods: boolean; readonly hostNetworkPodsAreOrdinary: boolean };
  readonly options?: { readonly focus?: Focus };
  readonly connections?: readonly ConnectionRow[];
  readonly connectionBlocks?: readonly ConnectionBlock[];
}

export interface Focus {
  readonly workloads?: readonly string[];
  readonly peers?: readonly string[];
  readonly direction?: 'ingress' | 'egress';
  readonly connection?: string;
}

export interface ConnectionRow {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

export interface ConnectionBlock {
  readonly src: readonly string[];
  readonly dst: readonly string[];
  readonly conn: string;
}

export interface EvalRow {
  readonly src: string;
  readonly dst: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly allowed?: boolean;
  readonly connections?: string;
}

/** The cases of some kinds, in the order of the index. */
export function conformanceCases(...kinds: readonly string[]): ConformanceCase[] {
  const index = JSON.parse(readFileSync(sharedPath('conformance', 'index.json'), 'utf8')) as readonly ConformanceCase[];
  return index.filter(({ source, kind }) => SOURCES.includes(source) && kinds.includes(kind));
}

export function readExpected<T extends object = object>(conformanceCase: ConformanceCase): Expected & T {
  const path = sharedPath('conformance', conformanceCase.path, 'expected.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Expected & T;
}

/** All objects of the YAML and JSON files in a folder of the case, subfolders included; or of one file. */
export function readObjects(conformanceCase: ConformanceCase, ...segments: readonly string[]): unknown[] {
  const path = sharedPath('conformance', conformanceCase.path, ...segments);
  return filesIn(path).flatMap((file) => manifests(withoutTabIndent(readFileSync(file, 'utf8'))));
}

/** Two manifests indent the lines of a flow sequence by tabs: go-yaml reads that, the YAML specification does not. */
function withoutTabIndent(text: string): string {
  return text.replaceAll(/^[ \t]+/gm, (indent) => indent.replaceAll('\t', '        '));
}

function filesIn(path: string): string[] {
  if (/\.(ya?ml|json)$/.test(path)) {
    return [path];
  }
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || /\.(ya?ml|json)$/.test(entry.name))
    .flatMap((entry) => filesIn(join(path, entry.name)))
    .sort();
}

export function profileOf({ profile }: Expected): PlainProfile {
  return {
    name: profile.name,
    cnp: true,
    anp: true,
    ipBlockMatchesPods: profile.ipBlockMatchesPods,
    ipBlockMatchesNodes: profile.ipBlockMatchesPods,
    cnpNetworksMatchPods: profile.ipBlockMatchesPods,
    cnpNetworksMatchNodes: profile.ipBlockMatchesPods,
    hostNetworkPodsAreOrdinary: profile.hostNetworkPodsAreOrdinary,
  };
}

/** The rows that blocks stand for: "all its src x dst pairs except src = dst". */
export function expandBlocks(blocks: readonly ConnectionBlock[]): ConnectionRow[] {
  return blocks.flatMap(({ src, dst, conn }) => src.flatMap((from) =>
    dst.filter((to) => to !== from).map((to) => ({ src: from, dst: to, conn }))));
}
