import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Testing } from 'cdk8s';
import { RolloutStage } from 'cdk8s-netpol';
import { parse, parseAllDocuments } from 'yaml';
import { gitops, STAGES } from '../../examples/gitops/main';
import { ExtraPod, plainCluster } from '../plain';
import { schemaErrors, unknownFields } from '../schema/kubernetes-schema';

const FOLDER = join(__dirname, '..', '..', 'examples', 'gitops');
const WAVE = 'argocd.argoproj.io/sync-wave';
const { OBSERVE, AUDIT, ENFORCE } = RolloutStage;

interface Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

const yamlFiles = (folder: string): string[] => readdirSync(join(FOLDER, folder)).filter((name) => name.endsWith('.yaml'));
const documents = (path: string): Json[] => parseAllDocuments(readFileSync(join(FOLDER, path), 'utf8')).map((document) => {
  expect(document.errors).toEqual([]);
  return document.toJS() as Json;
});
const everything = (folder: string): Json[] => yamlFiles(folder).flatMap((name) => documents(join(folder, name)));

/** The objects of a namespace's file, from top to bottom. */
function synthesized(stage: RolloutStage | undefined, namespace: 'shop' | 'pay' = 'pay'): Json[] {
  const app = new App();
  gitops(app, stage);
  return Testing.synth(app.charts.find((chart) => chart.node.id === namespace)!) as Json[];
}

const NAMESPACES = Object.keys(STAGES) as Array<'shop' | 'pay'>;
const names = (objects: readonly Json[]): string[] => objects.map(({ metadata }) => metadata.name);

test('what is allowed: web calls the API, and in AUDIT others do too', () => {
  const app = new App();
  gitops(app);
  const pod = (namespace: string, name: string) => ({ namespace, name, labels: { app: name } });
  const cluster = plainCluster(app.charts).withPods([pod('shop', 'web'), pod('shop', 'other'), pod('pay', 'api'), pod('else', 'where')]);
  expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
  // pay is in AUDIT, shop in ENFORCE
  expect(cluster.allows('else/where', 'pay/api', '8080/TCP')).toBe(true);
  expect(cluster.allows('shop/other', 'pay/api', '8080/TCP')).toBe(false);
  expect(cluster.allows('pay/api', 'shop/web', '8080/TCP')).toBe(false);
});

test.each(['argo-cd', 'flux'])('%s: every object is what its CRD says, without a field that it does not have', (folder) => {
  const objects = everything(folder);
  expect(objects.flatMap((object) => schemaErrors(object))).toEqual([]);
  expect(unknownFields(objects)).toEqual([]);
  expect(unknownFields([{ ...objects[0]!, spec: { ...objects[0]!.spec, prunee: true } } as Json])).toHaveLength(1);
}, 60_000);

describe('Argo CD', () => {
  const project = documents('argo-cd/project.yaml')[0]!;
  const applications = NAMESPACES.map((namespace) => [namespace, documents(`argo-cd/${namespace}.yaml`)[0]!] as const);

  test.each(applications)('%s: the file is one that the app makes, and everything in it is allowed by the project', (namespace, { spec }) => {
    const { project: name, source, destination } = spec as {
      readonly project: string;
      readonly source: { readonly repoURL: string; readonly path: string; readonly directory: { readonly include: string } };
      readonly destination: { readonly server: string; readonly namespace: string };
    };
    const allowed = project.spec as {
      readonly sourceRepos: readonly string[]; readonly destinations: ReadonlyArray<typeof destination>;
      readonly namespaceResourceWhitelist: ReadonlyArray<{ readonly group: string; readonly kind: string }>;
    };
    expect(name).toBe(project.metadata.name);
    expect(source).toMatchObject({ path: '.', directory: { include: `${namespace}.k8s.yaml` } });
    expect(allowed.sourceRepos).toContain(source.repoURL);
    expect(allowed.destinations).toContainEqual(destination);
    for (const stage of [OBSERVE, AUDIT, ENFORCE]) {
      for (const { apiVersion, kind, metadata } of synthesized(stage, namespace)) {
        expect(metadata.namespace).toBe(destination.namespace);
        expect(allowed.namespaceResourceWhitelist).toContainEqual({ group: apiVersion.includes('/') ? apiVersion.split('/')[0] : '', kind });
      }
    }
  });

  test.each(applications)('%s: edits are put back, what nobody wants any more goes, the Namespace is left alone', (_, { spec }) => {
    expect(spec.syncPolicy).toEqual({ automated: { selfHeal: true, prune: true, allowEmpty: false }, syncOptions: ['CreateNamespace=false'] });
  });

  test.each([[AUDIT, 'netpol-audit', 'default-deny'], [ENFORCE, 'allow-dns', 'netpol-audit']])('in %s the waves have the order of the file, from %s to %s', (stage, first, last) => {
    const policies = synthesized(stage).filter(({ kind }) => kind === 'NetworkPolicy');
    const waves = policies.map(({ metadata }) => Number(metadata.annotations![WAVE]));
    expect(waves).toEqual([...waves].sort((a, b) => a - b));
    expect([names(policies)[0], names(policies).at(-1)]).toEqual([first, last]);
  });
});

describe('Flux', () => {
  interface Target {
    readonly kind: string;
    readonly name: string;
  }

  /** What is left of a file when the patches of a Kustomization have deleted their targets; names are whole regular expressions. */
  function selected({ spec }: Json, objects: readonly Json[]): Json[] {
    const patches = spec.patches as ReadonlyArray<{ readonly target: Target; readonly patch: string }>;
    for (const { target, patch } of patches) expect(parse(patch)).toMatchObject({ $patch: 'delete', kind: target.kind });
    return objects.filter(({ kind, metadata }) => !patches.some(({ target }) => target.kind === kind && new RegExp(`^(?:${target.name})$`).test(metadata.name)));
  }

  test.each(NAMESPACES)('%s: one file, taken apart into an opener and the rest, the opener first', (namespace) => {
    const [repository, opener, rest] = documents(`flux/${namespace}.yaml`) as [Json, Json, Json];
    expect((repository.spec.ignore as string).trim().split('\n')).toEqual(['/*', `!/${namespace}.k8s.yaml`]);
    for (const { spec } of [opener, rest]) expect(spec).toMatchObject({ path: './', sourceRef: { kind: 'GitRepository', name: repository.metadata.name }, wait: true });
    expect(rest.spec.dependsOn).toEqual([{ name: opener.metadata.name }]);
    expect([opener.spec.prune, rest.spec.prune]).toEqual([false, true]);
    for (const stage of [OBSERVE, AUDIT, ENFORCE]) {
      const objects = synthesized(stage, namespace);
      const [first, second] = [selected(opener, objects), selected(rest, objects)];
      expect(names([...first, ...second]).sort()).toEqual(names(objects).sort());
      expect(names(first)).toEqual(stage === OBSERVE ? ['netpol-stage'] : ['netpol-stage', 'netpol-audit']);
    }
  });

  test('from OBSERVE to AUDIT nothing closes on the way, wherever Flux stops', () => {
    const [, opener, rest] = documents('flux/pay.yaml') as [Json, Json, Json];
    const objects = synthesized(AUDIT);
    const pods: ExtraPod[] = [{ namespace: 'pay', name: 'api', labels: { app: 'api' } }, { namespace: 'else', name: 'where', labels: {} }];
    const opened = selected(opener, objects);
    // within one Kustomization no order is promised: each object of the rest may be the only one that is there
    for (const partly of [[], ...selected(rest, objects).map((object) => [object]), selected(rest, objects)]) {
      const cluster = plainCluster([...opened, ...partly]).withPods(pods);
      expect(cluster.allows('else/where', 'pay/api', '9999/TCP')).toBe(true);
      expect(cluster.allows('pay/api', 'else/where', '9999/TCP')).toBe(true);
    }
  });
});

describe('kubectl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netpol-apply-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(differences: number, ...args: string[]): { readonly status: number; readonly stdout: string; readonly asked: string[] } {
    const asked = join(folder, 'asked');
    rmSync(asked, { force: true });
    writeFileSync(join(folder, 'kubectl'), `#!/bin/sh
echo "$*" >> '${asked}'
case "$*" in
  diff*) exit ${differences} ;;
  'get -f'*) printf 'configmap/netpol-stage\\nnetworkpolicy.networking.k8s.io/allow-web\\n' ;;
  'get networkpolicy -n pay'*) printf 'networkpolicy.networking.k8s.io/allow-web\\nnetworkpolicy.networking.k8s.io/allow-w\\n' ;;
esac
`);
    chmodSync(join(folder, 'kubectl'), 0o755);
    const script = join(FOLDER, 'kubectl', 'apply.sh');
    let [status, stdout] = [0, ''];
    try {
      stdout = execFileSync(script, args, { encoding: 'utf8', stdio: 'pipe', env: { PATH: `${folder}:${process.env.PATH}`, NODE_ENV: 'test' } });
    } catch (error) {
      ({ status, stdout } = error as { status: number; stdout: string });
    }
    return { status, stdout, asked: existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [] };
  }

  beforeAll(() => {
    for (const namespace of NAMESPACES) writeFileSync(join(folder, `${namespace}.k8s.yaml`), '');
  });

  test('each file is compared, applied, and nothing is deleted', () => {
    const { status, asked } = run(1, folder);
    expect(status).toBe(0);
    expect(asked.filter((line) => !line.startsWith('get'))).toEqual(['pay', 'shop'].flatMap((name) => [`diff -f ${folder}/${name}.k8s.yaml`, `apply -f ${folder}/${name}.k8s.yaml`]));
  });

  test('what the cluster has beyond the file is named, whole names compared', () => {
    expect(run(0, folder).stdout).toBe(`== pay\nin the cluster and no longer in ${folder}/pay.k8s.yaml: networkpolicy.networking.k8s.io/allow-w (kubectl delete -n pay networkpolicy.networking.k8s.io/allow-w)\n== shop\n`);
  });

  test('a comparison that fails stops before anything is applied', () => {
    const { status, asked } = run(2, folder);
    expect(status).not.toBe(0);
    expect(asked).toEqual([`diff -f ${folder}/pay.k8s.yaml`]);
  });

  test('a folder without manifests is an error', () => {
    expect(run(0, join(folder, 'nowhere'))).toMatchObject({ status: 2, asked: [] });
  });
});

test('the files that are named everywhere are those that the app makes', () => {
  const app = new App();
  gitops(app);
  expect(app.charts.map(({ node }) => `${node.id}.k8s.yaml`).sort()).toEqual(NAMESPACES.map((name) => `${name}.k8s.yaml`).sort());
});
