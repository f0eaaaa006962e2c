import { cdk, javascript, typescript } from 'projen';

/** Folders of lib/ that the CLI reaches by a subpath; the public API of the other languages is lib/index.ts alone. */
const SUBPATHS = ['analysis', 'policy', 'dialects', 'cluster', 'rules'];

const project = new cdk.JsiiProject({
  name: 'cdk8s-netpol',
  description: 'From open pods to an enforced, owned, tested default-deny: Kubernetes network policies as cdk8s constructs',
  author: 'cdk8s-netpol maintainers',
  authorOrganization: true,
  authorAddress: 'https://github.com/cdk8s-netpol',
  repositoryUrl: 'https://github.com/cdk8s-netpol/cdk8s-netpol.git',
  homepage: 'https://github.com/cdk8s-netpol/cdk8s-netpol#readme',
  bugsUrl: 'https://github.com/cdk8s-netpol/cdk8s-netpol/issues',
  keywords: ['cdk8s', 'cdk', 'jsii', 'kubernetes', 'network-policy'],
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-netpol maintainers',
  stability: cdk.Stability.EXPERIMENTAL,
  defaultReleaseBranch: 'main',

  srcdir: 'lib',
  libdir: 'lib',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.16.0',
  packageManager: javascript.NodePackageManager.NPM,

  publishToPypi: { distName: 'cdk8s-netpol', module: 'cdk8s_netpol' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8snetpol',
    mavenGroupId: 'io.github.cdk8snetpol',
    mavenArtifactId: 'cdk8s-netpol',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-netpol/cdk8s-netpol-go' },

  peerDeps: ['cdk8s@^2.68.91', 'constructs@^10.5.1'],
  // pinned by hand below: the Go module that a binding asks for is the installed version, which must exist as a module
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    'cdk8s@2.68.91',
    'constructs@10.5.1',
    'jsii-pacmak@1.140.0',
    'jsii-docgen@^10.12.6',
    'projen@^0.103.25',

    '@types/jest@^30.0.0',
    'fast-check@^4.10.0',
    'jest@^30.5.0',
    'ts-jest@^29.4.15',

    '@eslint/js@^9.39.0',
    '@stylistic/eslint-plugin@^5.6.0',
    'eslint@^9.39.0',
    'eslint-import-resolver-typescript@^4.4.4',
    'eslint-plugin-import-x@^4.18.0',
    'typescript-eslint@^8.73.0',

    // what GitHub's own editor checks action.yml and workflows with
    '@actions/workflow-parser@^0.3.61',
    // the CRDs of Argo CD and Flux; later versions need Node 22
    '@kubernetes-models/argo-cd@~2.7.2',
    '@kubernetes-models/flux-cd@~2.3.4',
    // its copy of the published SARIF schema, which the output is held against
    '@microsoft/jest-sarif@1.0.0-beta.0',
    'ajv@^8.20.0',
    'ajv-draft-04@^1.0.0',
    'cdk8s-plus-28@^2.5.6',
    // 5.x needs Node 22
    'kubernetes-models@^4.5.1',
    'tinybench@^6.2.0',
    'tsx@^4.23.0',
    'yaml@^2.9.1',
  ],

  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx({ tsconfig: 'tsconfig.json' }) },
  projenCommand: 'npx projen',
  // jsii compiles with a tsconfig of its own making (tsconfig.jsii.json): its strict check of a hand-written one
  // refuses noUncheckedIndexedAccess
  disableTsconfig: true,
  tsconfigDevFile: 'tsconfig.json',
  tsconfigDev: {
    // The checks of the editor, eslint, ts-jest and `npm run lint`; jsii writes and uses tsconfig.jsii.json.
    include: ['.projenrc.ts', 'lib/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'cli/src/**/*.ts', 'cli/test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    exclude: ['**/node_modules', 'test/consumer', 'lib/**/*.d.ts'],
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023'],
      module: 'node20',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16,
      types: ['node', 'jest'],
      noEmit: true,
      isolatedModules: true,
      skipLibCheck: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      paths: Object.fromEntries([
        ['cdk8s-netpol', ['./lib/index.ts']],
        ...SUBPATHS.map((name) => [`cdk8s-netpol/${name}`, [`./lib/${name}/index.ts`]]),
      ]),
    },
  },

  // eslint.config.mjs, jest.config.mjs and .github are written by hand: projen has no flat eslint configuration yet,
  // and its workflows assume one package.
  eslint: false,
  jest: false,
  github: false,
  depsUpgrade: false,
  package: false,
  release: false,
  npmignoreEnabled: false,
  sampleCode: false,
  docgen: false,
  readme: { contents: '# cdk8s-netpol\n' },

  gitignore: [
    '/tsconfig.jsii.json',
    '/lib/**/*.js',
    '/lib/**/*.d.ts',
    '/cli/lib/',
    '/examples/*/dist/',
    '/coverage/',
  ],
});

project.package.addVersion('0.1.0');
project.package.addField('publishConfig', { access: 'public' });
project.package.addField('workspaces', ['.', 'cli']);
// 1.13.0 is published without some of its own platform packages, which breaks `npm ci`
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
project.package.addField('files', ['lib/**/*.js', 'lib/**/*.d.ts', '.jsii', 'API.md', 'CHANGELOG.md']);
project.package.addField('exports', {
  '.': entry('.'),
  ...Object.fromEntries(SUBPATHS.map((name) => [`./${name}`, entry(name)])),
  './package.json': './package.json',
  './.jsii': './.jsii',
});
// the same for consumers whose `moduleResolution` does not read `exports`
project.package.addField('typesVersions', {
  '*': Object.fromEntries(SUBPATHS.map((name) => [name, [`lib/${name}/index.d.ts`]])),
});

const jsii = project.package.manifest.jsii;
project.package.addField('jsii', {
  ...jsii,
  tsc: {
    ...jsii.tsc,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
  },
});

// projen owns files; npm scripts own what is run, so that the everyday commands need no knowledge of projen.
const unused = project.tasks.all.filter((task) => task.name !== 'default');
unused.filter((task) => task !== project.buildTask).forEach((task) => task.reset());
[project.buildTask, ...unused].forEach((task) => project.tasks.removeTask(task.name));
project.package.addField('scripts', {
  'quickstart': 'node scripts/quickstart.mjs',
  'build': 'node scripts/build.mjs',
  'lint': 'node scripts/lint.mjs',
  'test': 'node scripts/test.mjs',
  'test:cluster': 'node scripts/test-cluster.mjs',
  'docs': 'node scripts/docs.mjs',
  'docs:check': 'node scripts/docs.mjs --check',
  'docs:rules': 'tsx --tsconfig tsconfig.json scripts/rule-docs.ts',
  'new:rule': 'node scripts/new-rule.mjs',
  'projen': 'projen',
  'projen:check': 'node scripts/projen-check.mjs',
  'pack:check': 'node scripts/pack-check.mjs',
  'bindings:check': 'node scripts/bindings-check.mjs',
  'bench': 'node scripts/bench.mjs',
  'fuzz': 'node scripts/fuzz.mjs',
});

// Not anchored, these would also hide cli/tsconfig.json, cli/src/flows/coverage or a flow log among the test data.
project.gitignore.removePatterns(
  'tsconfig.json', 'coverage', 'logs', '*.log', 'lib-cov', 'pids', '*.pid', '*.seed', 'build/Release', '.cache',
);
// made for projen code in several files; there is one
project.tryRemoveFile('projenrc/tsconfig.json');
// for a comparison with the published API, of which there is none yet
project.deps.removeDependency('jsii-diff');

project.synth();

function entry(name: string): { types: string; default: string } {
  const folder = name === '.' ? './lib' : `./lib/${name}`;
  return { types: `${folder}/index.d.ts`, default: `${folder}/index.js` };
}
