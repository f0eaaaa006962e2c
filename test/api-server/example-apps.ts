import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { ClusterProfile, ClusterProfileProps, Cni, RolloutStage } from 'cdk8s-netpol';
import { CNI_TABLE } from '../../lib/cluster/cni-table';
import { manifests } from '../plain/manifests';
import { KubernetesObject } from './client';

type Build = (app: App, stage: RolloutStage) => void;

/** What an example makes of a stage on a CNI, in the order in which kubectl applies its files; or why synth refuses. */
export type Synthesized = { readonly objects: readonly KubernetesObject[] } | { readonly refused: string };

/** The same example on all CNIs for which it comes out alike. */
export interface Form {
  readonly example: string;
  /** undefined: as the example itself says. */
  readonly cnis: ReadonlyArray<string | undefined>;
  readonly stages: Readonly<Record<RolloutStage, Synthesized>>;
}

/** Versions that have the forms which need one. */
const VERSIONS: Readonly<Record<string, string>> = { cilium: '1.18', calico: '3.31', antrea: '2.7', aws: '1.21', 'gke-dpv2': '1.36.0-gke.4447000' };

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** Every folder of examples/, with the function that it is named after. */
export function exampleNames(): string[] {
  return readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

/** What all examples come to, on each CNI that a profile can name. */
export function exampleForms(): Form[] {
  return exampleNames().flatMap((example) => {
    const build = buildOf(example);
    const hasProfile = attachesProfile(build);
    const byText = new Map<string, Form>();
    for (const cni of [undefined, ...CNI_TABLE.map(({ name }) => (VERSIONS[name] === undefined ? name : `${name}@${VERSIONS[name]}`))]) {
      const stages = Object.fromEntries(Object.values(RolloutStage).map((stage) => [stage, synthesized(build, hasProfile, stage, cni)])) as Form['stages'];
      const text = JSON.stringify(stages);
      const before = byText.get(text);
      byText.set(text, { example, stages, cnis: [...(before?.cnis ?? []), cni] });
    }
    return [...byText.values()];
  });
}

export function titleOf({ example, cnis }: Form): string {
  return `${example}, ${cnis.map((cni) => cni ?? 'as it is').join(', ')}`;
}

export function objectsOf(synth: Synthesized): readonly KubernetesObject[] {
  if ('refused' in synth) throw new Error(`synth refused: ${synth.refused}`);
  return synth.objects;
}

function buildOf(example: string): Build {
  const name = example.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const exported = jest.requireActual<Record<string, unknown>>(join(EXAMPLES, example, 'main.ts'))[name];
  if (typeof exported === 'function') return exported as Build;
  throw new Error(`examples/${example}/main.ts exports no function ${name}(app, stage), which builds the example into an app`);
}

function synthesized(build: Build, hasProfile: boolean, stage: RolloutStage, cni: string | undefined): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'example-'));
  try {
    const app = new App({ outdir });
    onCni(cni, app, hasProfile, () => build(app, stage));
    app.synth();
    const files = readdirSync(outdir).sort();
    return { objects: files.flatMap((file) => manifests(readFileSync(join(outdir, file), 'utf8')) as KubernetesObject[]) };
  } catch (error) {
    return { refused: (error as Error).message };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function attachesProfile(build: Build): boolean {
  const spy = jest.spyOn(ClusterProfile, 'attach');
  try {
    build(new App(), RolloutStage.ENFORCE);
    return spy.mock.calls.length > 0;
  } finally {
    spy.mockRestore();
  }
}

/**
 * Builds with another CNI than the example says. What it says of its cloud, and so of identities and DNS there, is that of
 * another cluster: it is left out, and the rest is kept. An example that says nothing gets a profile with the CNI alone.
 */
function onCni(cni: string | undefined, app: App, hasProfile: boolean, build: () => void): void {
  if (cni === undefined) return build();
  const attach = ClusterProfile.attach.bind(ClusterProfile);
  const spy = jest.spyOn(ClusterProfile, 'attach').mockImplementation((scope, props: ClusterProfileProps) =>
    attach(scope, { ...props, cni: Cni.parse(cni), cloud: undefined, workloadIdentity: undefined, dns: undefined }));
  try {
    if (!hasProfile) attach(app, { name: 'test', cni: Cni.parse(cni) });
    build();
  } finally {
    spy.mockRestore();
  }
}
