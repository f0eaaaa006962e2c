import { resolve } from 'node:path';
import { Analysis, InventoryIssue, Profile, readInventory, Staged } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { Origin } from 'cdk8s-netpol/policy';
import { ClusterFlags } from './cluster-flags';
import { CniChoice, GENERIC, parseCni, profileFor } from './config/cni-flag';
import { ClusterConfig, Config, CONFIG_FILE, findConfig } from './config/netpol-yaml';
import { render } from './config/render';
import { firstOfEach, InputError, InputObject, InputSource, problemText, readInput } from './input';
import { inventoryProblems } from './inventory-problems';
import { lazy } from './lazy';
import { Progress } from './progress';
import { Run } from './run';
import { stagedNotes } from './staged-notes';
import { UsageError } from './usage-error';

/** A cluster that is ready for questions. */
export interface LoadedCluster {
  readonly analysis: Analysis;
  readonly objects: readonly InputObject[];
  /** netpol.yaml of this folder, where there is one. */
  readonly config: Config | undefined;
}

const SHOWN_WARNINGS = 20;

/** Reads what the command line names, and prepares it for questions. What was skipped, and what is odd, goes to stderr. */
export async function loadCluster(paths: readonly string[], flags: ClusterFlags, run: Run): Promise<LoadedCluster> {
  return analysed(await readCluster(paths, flags, run), flags, run);
}

/** What was read, prepared for questions. */
export function analysed({ objects, profile, config }: ReadCluster, flags: ClusterFlags, run: Run): LoadedCluster {
  return { objects, config, analysis: analyse(objects, profile, flags, run) };
}

/** What the input says of a cluster, before it is analysed. */
export interface ReadCluster {
  /** Those that the command line or netpol.yaml names, and the inventory. */
  readonly objects: readonly InputObject[];
  /** Without the inventory, which is context. */
  readonly named: readonly InputObject[];
  /** Those that `--inventory` and netpol.yaml give as context. */
  readonly context: ReadonlySet<Origin>;
  readonly profile: Profile;
  /** Nobody said which CNI it has. */
  readonly profileIsAssumed: boolean;
  /** A render command has made the files. */
  readonly isRendered: boolean;
  readonly cni: CniChoice;
  /** The cluster of netpol.yaml, where one was asked for. */
  readonly cluster: ClusterConfig | undefined;
  readonly config: Config | undefined;
}

/** The objects of a cluster and how it evaluates policies. */
export async function readCluster(paths: readonly string[], flags: ClusterFlags, run: Run, folder = '.'): Promise<ReadCluster> {
  const needsConfig = flags.cluster !== undefined || (paths.length === 0 && flags.context === undefined);
  const config = findConfig(folder);
  const cluster = needsConfig ? chooseCluster(config, flags.cluster) : undefined;
  if (flags.context !== undefined && paths.length > 0) throw new UsageError('--context reads a live cluster and PATH reads manifests: give one of them');
  const progress = new Progress(run.terminal);
  try {
    const main = flags.context !== undefined
      ? await liveObjects(flags.context, run, progress)
      : await objectsOf(paths.length > 0 ? paths : await clusterSources(cluster!, config!, run), run, progress);
    const inventory = [...cluster?.inventory.map((path) => resolve(config!.folder, path)) ?? [], ...flags.inventory ?? []];
    const around = inventory.length === 0 ? [] : await objectsOf(inventory, run, progress);
    const objects = around.length === 0 ? main : firstOfEach(main, around);
    const cni = flags.cni !== undefined ? parseCni(flags.cni) : cluster?.cni ?? GENERIC;
    return {
      objects,
      named: main,
      context: new Set<Origin>(around.map(({ origin }) => origin)),
      config,
      cluster,
      cni,
      isRendered: paths.length === 0 && cluster?.render !== undefined,
      profileIsAssumed: flags.cni === undefined && cluster?.namesCni !== true,
      profile: profileOf(cni, cluster, flags.staged ?? cluster?.staged ?? 'ignored'),
    };
  } finally {
    progress.end();
  }
}

/** The same cluster, with another choice of what becomes of staged policies. */
export function withStaged(read: ReadCluster, staged: Staged): ReadCluster {
  return { ...read, profile: profileOf(read.cni, read.cluster, staged) };
}

function profileOf(cni: CniChoice, cluster: ClusterConfig | undefined, staged: Staged): Profile {
  const ranges = cluster === undefined ? {} : { podCidrs: cluster.podCidrs, nodeCidrs: cluster.nodeCidrs };
  return profileFor(cni, { ...ranges, staged });
}

/** The analysis of some objects; fields that nobody knows forbid it unless they are allowed. */
export function analyse(objects: readonly InputObject[], profile: Profile, flags: Pick<ClusterFlags, 'allowUnknown'>, run: Run): Analysis {
  const inventory = readInventory(objects, { readers: POLICY_READERS });
  const unknown = inventory.issues.filter(({ code }) => code === 'unknown-field');
  const errors = inventory.issues.filter(({ severity }) => severity === 'error');
  if (flags.allowUnknown !== true && unknown.length > 0) {
    const refused = inventoryProblems(unknown).map((problem, index) => ({ ...problem, reason: `${problem.reason}${schemaOf(unknown[index]!, objects)}. A misspelt field opens or closes traffic without a word; --allow-unknown answers all the same` }));
    throw new InputError([...inventoryProblems(errors), ...refused]);
  }
  const analysis = new Analysis(inventory, profile);
  warnOf([...inventory.issues, ...analysis.issues], run);
  for (const note of stagedNotes(analysis.issues)) run.note(note);
  return analysis;
}

function schemaOf({ origin }: InventoryIssue, objects: readonly InputObject[]): string {
  const apiVersion = objects.find((each) => each.origin === origin)?.object.apiVersion;
  return apiVersion === undefined ? '' : ` (in ${apiVersion}, the version that is known here)`;
}

function warnOf(issues: readonly InventoryIssue[], run: Run): void {
  const warnings = issues.filter(({ severity }) => severity === 'warning');
  for (const problem of inventoryProblems(warnings.slice(0, SHOWN_WARNINGS))) run.warn(problemText({ place: problem.place, reason: problem.reason }));
  if (warnings.length > SHOWN_WARNINGS) run.warn(`and ${warnings.length - SHOWN_WARNINGS} more of the kind`);
}

function chooseCluster(config: Config | undefined, name: string | undefined): ClusterConfig {
  if (config === undefined) throw new UsageError(`nothing to read: give a PATH, or write the clusters of this folder into ${CONFIG_FILE}`);
  const names = config.clusters.map((cluster) => cluster.name);
  if (names.length === 0) throw new UsageError(`nothing to read: give a PATH, or write clusters into ${config.file}`);
  const [first, ...rest] = config.clusters;
  if (name === undefined) {
    if (first !== undefined && rest.length === 0) return first;
    throw new UsageError(`${config.file} has several clusters: choose one with --cluster ${names.join(' | ')}`);
  }
  const found = config.clusters.find((cluster) => cluster.name === name);
  if (found === undefined) throw new UsageError(`${config.file} has no cluster "${name}"; it has ${names.join(', ')}`, { word: name, candidates: names });
  return found;
}

async function clusterSources({ name, render: command, renderSeconds, paths }: ClusterConfig, { folder }: Config, run: Run): Promise<InputSource[]> {
  const output = command === undefined ? undefined : await rendered(command, folder, renderSeconds, name, run);
  if (output !== undefined && paths.length === 0) return [{ name: `<${command}>`, bytes: output }];
  return paths.map((path) => resolve(folder, path));
}

async function rendered(command: string, folder: string, seconds: number, cluster: string, run: Run): Promise<Buffer> {
  run.note(`rendering ${cluster}: ${command}`);
  return render(command, { folder, seconds, cluster });
}

async function objectsOf(sources: readonly InputSource[], run: Run, progress: Progress): Promise<readonly InputObject[]> {
  const { objects, skipped } = await readInput(sources, {
    stdin: run.terminal.stdin,
    onFile: (done, total) => progress.step('reading', done, total),
  });
  progress.end();
  if (skipped.summary !== undefined) run.note(skipped.summary);
  return objects;
}

async function liveObjects(context: string, run: Run, progress: Progress): Promise<readonly InputObject[]> {
  return lazy.liveCluster().readLiveCluster(context, {
    warn: (text) => run.warn(text),
    onStep: (done, total) => progress.step(`reading ${context}`, done, total),
  });
}
