import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Staged } from 'cdk8s-netpol/analysis';
import { Cidr, PolicyError } from 'cdk8s-netpol/policy';
import { STAGED } from '../cluster-flags';
import { readMentions } from '../codeowners/mentions';
import { decodeText } from '../input/decode-text';
import { DocumentError, InputError } from '../input/input-problem';
import { EMPTY, readTexts } from '../input/read-yaml';
import { CHECK_KEYS, ChecksConfig, readChecks } from './checks-config';
import { CniChoice, GENERIC, parseCni, settingValue } from './cni-flag';
import { ConfigReader } from './config-reader';
import { FlowsConfig, readFlows } from './flows-config';
import { GateConfig, readGate } from './gate-config';

/** One cluster of netpol.yaml. Paths are as they stand there, relative to the folder of the file. */
export interface ClusterConfig {
  readonly name: string;
  readonly cni: CniChoice;
  /** Whether it says which CNI it has. */
  readonly namesCni: boolean;
  /** The command that renders the manifests: into `paths`, or without them to its standard output. */
  readonly render?: string;
  /** After how many seconds it is stopped. */
  readonly renderSeconds: number;
  readonly paths: readonly string[];
  /** Context without findings. */
  readonly inventory: readonly string[];
  readonly podCidrs: readonly Cidr[];
  readonly nodeCidrs: readonly Cidr[];
  /** What becomes of staged policies, where it says so. */
  readonly staged?: Staged;
}

export interface Config {
  readonly file: string;
  /** The folder that paths are relative to, and in which render commands run. */
  readonly folder: string;
  readonly clusters: readonly ClusterConfig[];
  /** Labels and annotations, beside our own, by which namespaces name their owner. */
  readonly ownerKeys: readonly string[];
  /** Teams by the name of an owner: who they are in CODEOWNERS. */
  readonly owners: Readonly<Record<string, readonly string[]>>;
  /** What is said about rules. */
  readonly checks: ChecksConfig;
  /** What is said about recorded traffic. */
  readonly flows: FlowsConfig;
  /** What has to be so before a namespace may go to ENFORCE. */
  readonly gate: GateConfig;
}

export const CONFIG_FILE = 'netpol.yaml';
const RENDER_SECONDS = 300;

/** The configuration of a folder, if it has one. Unknown keys are errors: a misspelt setting would change answers in silence. */
export function findConfig(folder: string): Config | undefined {
  const file = resolve(folder, CONFIG_FILE);
  return existsSync(file) ? readConfig(file, folder === '.' ? CONFIG_FILE : file) : undefined;
}

export function readConfig(file: string, shown = file): Config {
  const text = decodeText(shown, readFileSync(file));
  const [document, ...more] = [...readTexts(shown, text)].filter((each) => each !== EMPTY);
  if (document instanceof DocumentError) throw new InputError([document.problem]);
  if (document === undefined) throw new InputError([{ place: { file: shown, line: 1 }, reason: 'is empty. Instead: clusters, a list of them' }]);
  const reader = new ConfigReader(document);
  if (more.length > 0) reader.refuse('', 'has several documents. Instead: one, with all clusters in its list');
  const root = reader.mapping(document.value, '', ['clusters', 'ownerKeys', 'owners', 'flows', 'gate', ...CHECK_KEYS]);
  const clusters = reader.items(root.clusters, 'clusters').map((item, index) => readCluster(reader, item, `clusters[${index}]`));
  if (clusters.length === 0 && (root.clusters !== undefined || Object.keys(root).length === 0)) reader.refuse('clusters', 'names no cluster. Instead: a list with at least one of them');
  const names = new Set<string>();
  clusters.forEach(({ name }, index) => {
    if (names.has(name)) reader.refuse(`clusters[${index}].name`, `the cluster "${name}" stands here twice`);
    names.add(name);
  });
  const [ownerKeys, owners, checks] = [reader.texts(root.ownerKeys, 'ownerKeys'), readTeams(reader, root.owners), readChecks(reader, root)];
  const [flows, gate] = [readFlows(reader, root.flows), readGate(reader, root.gate)];
  return { file: shown, folder: dirname(file), clusters, ownerKeys, owners, checks, flows, gate };
}

function readTeams(reader: ConfigReader, value: unknown): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(reader.mapping(value ?? {}, 'owners')).map(([team, names]) => {
    const path = `owners.${team}`;
    return [team, reader.guard(path, () => readMentions(reader.text(names, path) ?? ''))];
  }));
}

function readCluster(reader: ConfigReader, value: unknown, path: string): ClusterConfig {
  const at = (field: string): string => `${path}.${field}`;
  const fields = reader.mapping(value, path, ['name', 'cni', 'settings', 'render', 'renderSeconds', 'paths', 'inventory', 'podCidrs', 'nodeCidrs', 'staged']);
  const name = reader.text(fields.name, at('name')) ?? reader.refuse(path, 'has no name');
  const cni = reader.text(fields.cni, at('cni'));
  const choice = cni === undefined ? GENERIC : reader.guard(at('cni'), () => parseCni(cni));
  const settings = Object.entries(reader.mapping(fields.settings ?? {}, at('settings')))
    .map(([key, setting]) => [key, settingValue(key, reader.text(setting, at(`settings.${key}`)) ?? reader.refuse(at(`settings.${key}`), 'has no value'))] as const);
  for (const [key] of settings) {
    if (Object.hasOwn(choice.settings, key)) reader.refuse(at(`settings.${key}`), `the setting ${key} stands behind the cni too`);
  }
  const render = reader.text(fields.render, at('render'));
  const paths = reader.texts(fields.paths, at('paths'));
  if (render === undefined && paths.length === 0) reader.refuse(path, `the cluster "${name}" has nothing to read. Instead: paths, or a render command`);
  return {
    name,
    cni: { ...choice, settings: { ...choice.settings, ...Object.fromEntries(settings) } },
    namesCni: cni !== undefined,
    ...(render === undefined ? {} : { render }),
    renderSeconds: readSeconds(reader, fields.renderSeconds, at('renderSeconds')),
    paths,
    inventory: reader.texts(fields.inventory, at('inventory')),
    podCidrs: readCidrs(reader, fields.podCidrs, at('podCidrs')),
    nodeCidrs: readCidrs(reader, fields.nodeCidrs, at('nodeCidrs')),
    ...readStaged(reader, fields.staged, at('staged')),
  };
}

function readStaged(reader: ConfigReader, value: unknown, path: string): Pick<ClusterConfig, 'staged'> {
  const text = reader.text(value, path);
  if (text === undefined) return {};
  const staged = STAGED.find((word) => word === text);
  return staged === undefined ? reader.refuse(path, `"${text}" is nothing that can become of staged policies. Instead: ${STAGED.join(' or ')}`) : { staged };
}

function readSeconds(reader: ConfigReader, value: unknown, path: string): number {
  const text = reader.text(value, path);
  if (text === undefined) return RENDER_SECONDS;
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600 ? seconds : reader.refuse(path, `"${text}" is no time for a render command. Instead: whole seconds, 1 to 3600`);
}

function readCidrs(reader: ConfigReader, value: unknown, path: string): readonly Cidr[] {
  return reader.texts(value, path).map((text, index) => reader.guard(`${path}[${index}]`, () => Cidr.parse(text), PolicyError));
}
