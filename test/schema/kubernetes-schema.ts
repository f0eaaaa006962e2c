import { join } from 'node:path';
import { Application, AppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import { GitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from 'kubernetes-models/admissionregistration.k8s.io/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1';
import ts from 'typescript';

interface Model {
  validate(): void;
}

/** The kinds that are emitted, and those that bring them to a cluster: the class that validates one, and where its type is. */
const KINDS: Readonly<Record<string, { readonly model: new (data: never) => Model; readonly module: string }>> = {
  'networking.k8s.io/v1 NetworkPolicy': { model: NetworkPolicy, module: 'kubernetes-models/networking.k8s.io/v1' },
  'v1 ConfigMap': { model: ConfigMap, module: 'kubernetes-models/v1' },
  'v1 Namespace': { model: Namespace, module: 'kubernetes-models/v1' },
  'v1 Service': { model: Service, module: 'kubernetes-models/v1' },
  'apps/v1 Deployment': { model: Deployment, module: 'kubernetes-models/apps/v1' },
  'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy': { model: ValidatingAdmissionPolicy, module: 'kubernetes-models/admissionregistration.k8s.io/v1' },
  'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding': {
    model: ValidatingAdmissionPolicyBinding, module: 'kubernetes-models/admissionregistration.k8s.io/v1',
  },
  'policy/v1 PodDisruptionBudget': { model: PodDisruptionBudget, module: 'kubernetes-models/policy/v1' },
  'argoproj.io/v1alpha1 AppProject': { model: AppProject, module: '@kubernetes-models/argo-cd/argoproj.io/v1alpha1' },
  'argoproj.io/v1alpha1 Application': { model: Application, module: '@kubernetes-models/argo-cd/argoproj.io/v1alpha1' },
  'kustomize.toolkit.fluxcd.io/v1 Kustomization': { model: Kustomization, module: '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1' },
  'source.toolkit.fluxcd.io/v1 GitRepository': { model: GitRepository, module: '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1' },
};

interface Typed {
  readonly apiVersion: string;
  readonly kind: string;
}

const kindOf = ({ apiVersion, kind }: Typed): string => `${apiVersion} ${kind}`;

/** What the published schema says against an object: wrong types and formats, missing fields. Unknown fields pass here. */
export function schemaErrors(object: Typed): string[] {
  const known = KINDS[kindOf(object)];
  if (known === undefined) return [`no schema for ${kindOf(object)}`];
  try {
    new known.model(object as never).validate();
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/**
 * What the compiler says against objects written out as literals of the types that are generated from the same schema: it
 * refuses fields that a type does not have, at any depth.
 */
export function unknownFields(objects: readonly Typed[]): string[] {
  const modules = [...new Set(Object.values(KINDS).map(({ module }) => module))];
  const source = [
    ...modules.map((module, index) => `import * as m${index} from '${module}';`),
    ...objects.map((object, index) => {
      const known = KINDS[kindOf(object)];
      const type = known === undefined ? 'never' : `m${modules.indexOf(known.module)}.I${object.kind}`;
      return `export const o${index}: ${type} = ${JSON.stringify(object)};`;
    }),
  ].join('\n');
  return compile(join(__dirname, 'objects.generated.ts'), source);
}

function compile(path: string, source: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true, noEmit: true, skipLibCheck: true, types: [],
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.getSourceFile = (name, ...rest) => (name === path ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest));
  return ts.getPreEmitDiagnostics(ts.createProgram([path], options, host)).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
