import { posix } from 'node:path';
import { compileFunction } from 'node:vm';
import * as cdk8s from 'cdk8s';
import * as library from 'cdk8s-netpol';
import * as constructs from 'constructs';
import { transform } from 'sucrase';
import { AppFiles } from './files/app-files';

/** The app does not synthesize: a check of the library refuses it. */
export class SynthesisError extends Error {
  public constructor(reason: string) {
    super(reason);
    this.name = 'SynthesisError';
  }
}

type Exports = Record<string, unknown>;
type Module = (exports: Exports, require: (name: string) => unknown) => void;

/** Runs the very text of the files, and gives the manifests that they synthesize. Nothing is written to a folder. */
export function synthesize(files: AppFiles): string {
  const manifests: string[] = [];
  class App extends cdk8s.App {
    public override synth(): void {
      manifests.push(this.synthYaml());
    }
  }
  const packages: Readonly<Record<string, unknown>> = { 'cdk8s': { ...cdk8s, App }, 'cdk8s-netpol': library, constructs };
  const loaded = new Map<string, Exports>();
  const load = (file: string): Exports => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const text = files.get(file);
    if (text === undefined) throw new Error(`the generated app imports ${file}, which it does not have`);
    const { code } = transform(text, { transforms: ['typescript', 'imports'], filePath: file });
    const exports: Exports = {};
    loaded.set(file, exports);
    const run = compileFunction(code, ['exports', 'require'], { filename: file }) as Module;
    run(exports, (name) => (name.startsWith('.') ? load(`${posix.join(posix.dirname(file), name)}.ts`) : packages[name]));
    return exports;
  };
  try {
    load('main.ts');
  } catch (error) {
    throw new SynthesisError(error instanceof Error ? error.message : String(error));
  }
  return manifests.join('---\n');
}
