import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
function synthesized(stage: RolloutStage | undefined, namespace: 'shop' | 'pay' | 'cluster' = 'pay'): Json[] {
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

  test('what holds for the cluster is a file of its own, and the project allows its kinds and no other', () => {
    const { spec } = documents('argo-cd/cluster.yaml')[0]!;
    const allowed = project.spec as {
      readonly clusterResourceWhitelist: ReadonlyArray<{ readonly group: string; readonly kind: string }>;
      readonly destinations: readonly object[];
    };
    expect(spec).toMatchObject({ project: project.metadata.name, source: { directory: { include: 'cluster.k8s.yaml' } }, syncPolicy: { automated: { allowEmpty: false } } });
    expect(allowed.destinations).toContainEqual(spec.destination);
    for (const stage of [OBSERVE, AUDIT, ENFORCE]) {
      const objects = synthesized(stage, 'cluster');
      expect(objects.map(({ metadata }) => metadata.namespace)).toEqual([undefined, undefined]);
      expect(objects.map(({ apiVersion, kind }) => ({ group: apiVersion.split('/')[0], kind }))).toEqual(allowed.clusterResourceWhitelist);
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

  test('the tier comes before the policy in it', () => {
    const [repository, tier, rest] = documents('flux/cluster.yaml') as [Json, Json, Json];
    expect((repository.spec.ignore as string).trim().split('\n')).toEqual(['/*', '!/cluster.k8s.yaml']);
    expect(rest.spec.dependsOn).toEqual([{ name: tier.metadata.name }]);
    const objects = synthesized(ENFORCE, 'cluster');
    expect([selected(tier, objects), selected(rest, objects)].map((each) => each.map(({ kind }) => kind))).toEqual([['Tier'], ['GlobalNetworkPolicy']]);
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

describe('CI', () => {
  interface Job {
    readonly permissions: object;
    readonly env: Readonly<Record<string, string>>;
    readonly steps: ReadonlyArray<{ readonly run?: string }>;
  }

  interface Workflow {
    readonly permissions: object;
    readonly jobs: Readonly<Record<string, Job>>;
  }
  const text = readFileSync(join(FOLDER, 'ci', 'github.yml'), 'utf8');
  const { permissions, jobs: { render } } = parse(text) as Workflow;

  test('GitHub takes the workflow, which may push and nothing else', () => {
    const parser = join(__dirname, '..', 'action', 'github-schema.mjs');
    const tsx = join(__dirname, '..', '..', 'node_modules', '.bin', 'tsx');
    const problems = (content: string): string => execFileSync(tsx, [parser, 'workflow'], { input: content, encoding: 'utf8' });
    expect(JSON.parse(problems(text))).toEqual([]);
    expect(problems(text.replace('runs-on', 'run-on'))).toMatch(/Unexpected value 'run-on'/);
    expect([permissions, render!.permissions]).toEqual([{}, { contents: 'write' }]);
  }, 60_000);

  test('what it publishes is what it has checked', () => {
    const commands = render!.steps.flatMap(({ run }) => run ?? []);
    expect(commands.map((command) => command.split(' ').slice(0, 3).join(' '))).toEqual(['npm ci', 'npx tsx main.ts', 'npx netpol check', 'ci/publish.sh dist rendered']);
    expect(commands[2]).toMatch(/^npx netpol check dist --inventory inventory\.yaml /);
  });

  describe('publish.sh', () => {
    const root = mkdtempSync(join(tmpdir(), 'netpol-publish-'));
    const checkout = join(root, 'checkout');
    const inCheckout = { cwd: checkout, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...render!.env } } as const;
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], inCheckout).trim();
    const publish = (folder = 'dist'): string => execFileSync(join(FOLDER, 'ci', 'publish.sh'), [folder, 'rendered'], inCheckout);
    const published = (): string[] => git('ls-tree', '-r', '--name-only', 'origin/rendered').split('\n');

    beforeAll(() => {
      execFileSync('git', ['init', '--quiet', '--bare', join(root, 'origin')]);
      execFileSync('git', ['clone', '--quiet', join(root, 'origin'), checkout], { stdio: 'pipe' });
      mkdirSync(join(checkout, 'dist'));
      mkdirSync(join(checkout, 'empty'));
      writeFileSync(join(checkout, '.gitignore'), 'dist\n');
      git('add', '.');
      git('commit', '--quiet', '--no-verify', '--message', 'first');
      for (const name of ['shop', 'pay']) writeFileSync(join(checkout, 'dist', `${name}.k8s.yaml`), `# ${name}\n`);
    });
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    afterEach(() => expect(git('status', '--porcelain')).toBe(''));

    test('makes the branch hold the files of the folder, and nothing else', () => {
      publish();
      git('fetch', '--quiet');
      expect(published()).toEqual(['pay.k8s.yaml', 'shop.k8s.yaml']);
      expect(git('log', '-1', '--format=%s', 'origin/rendered')).toBe(`Rendered from ${git('rev-parse', 'HEAD')}`);
    });

    test('makes no commit where nothing has changed, and one upon the last where something has', () => {
      expect(publish()).toBe('rendered is what dist has\n');
      const before = git('rev-parse', 'origin/rendered');
      rmSync(join(checkout, 'dist', 'pay.k8s.yaml'));
      publish();
      git('fetch', '--quiet');
      expect(published()).toEqual(['shop.k8s.yaml']);
      expect(git('rev-parse', 'origin/rendered^')).toBe(before);
    });

    test('does not empty the branch', () => {
      const before = git('rev-parse', 'origin/rendered');
      expect(() => publish('empty')).toThrow(/empty has no \*\.k8s\.yaml: synthesize first/);
      git('fetch', '--quiet');
      expect(git('rev-parse', 'origin/rendered')).toBe(before);
    });
  });
});

test('the files that are named everywhere are those that the app makes', () => {
  const app = new App();
  gitops(app);
  expect(app.charts.map(({ node }) => node.id).sort()).toEqual(['cluster', ...NAMESPACES].sort());
  for (const folder of ['argo-cd', 'flux']) expect(yamlFiles(folder).filter((name) => name !== 'project.yaml')).toEqual(['cluster.yaml', 'pay.yaml', 'shop.yaml']);
});
