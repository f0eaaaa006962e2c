import { MigrationPlan } from '../plan';
import { mainFile } from './main-file';
import { namespaceFile, namespaceText } from './namespace-file';
import { ownersFile } from './owners-file';
import { clusterWideFile } from './written-out';

/** The files of the app: path below its folder, and text. */
export type AppFiles = ReadonlyMap<string, string>;

/** The first line of every file of an app that is not proved equal. */
export const NOT_EQUAL = '// NOT EQUAL: this app does not let through what the manifests let through that it was made from. netpol migrate shows the differences.';

/** Every file of the app that the plan describes. */
export function appFiles(plan: MigrationPlan): AppFiles {
  return new Map<string, string>([
    ['main.ts', mainFile(plan)],
    ...(plan.namespaces.some(({ form }) => form.kind === 'denied') ? [['owners.ts', ownersFile(plan)] as const] : []),
    ...plan.namespaces.map((each) => [namespaceFile(each.name), namespaceText(each, plan)] as const),
    ...(plan.clusterWide.length > 0 ? [['cluster-wide.ts', clusterWideFile(plan)] as const] : []),
    ['package.json', jsonText(PACKAGE)],
    ['tsconfig.json', jsonText(TSCONFIG)],
    ['.gitignore', 'node_modules/\ndist/\n'],
  ]);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const PACKAGE = {
  name: 'network-policies',
  private: true,
  scripts: { build: 'tsc', synth: 'tsx main.ts' },
  dependencies: { 'cdk8s': '^2.68.91', 'cdk8s-netpol': '^0.1.0', 'constructs': '^10.5.1' },
  devDependencies: { '@types/node': '^20.16.0', 'tsx': '^4.20.0', 'typescript': '^5.9.0 || ^6.0.0' },
};

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022'],
    module: 'node16',
    moduleResolution: 'node16',
    types: ['node'],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
  },
  include: ['*.ts', 'namespaces/*.ts'],
};
