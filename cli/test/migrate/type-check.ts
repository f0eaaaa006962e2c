import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..');

/** What the compiler says of generated apps, under the flags of their own tsconfig.json; one program for all of them. */
export function typeErrorsOf(files: ReadonlyMap<string, string>): string[] {
  if (!existsSync(join(ROOT, 'lib', 'index.d.ts'))) throw new Error('the library is not compiled: npm run build');
  const [, config] = [...files].find(([file]) => file.endsWith('tsconfig.json')) ?? [];
  const given = JSON.parse(config ?? '{}') as { compilerOptions?: Record<string, unknown> };
  const { options, errors } = ts.convertCompilerOptionsFromJson(given.compilerOptions, ROOT);
  if (config === undefined || errors.length > 0) throw new Error(`no tsconfig.json, or a wrong one: ${JSON.stringify(errors)}`);
  // as if they lay in a folder of the repository, where its packages are installed
  const base = join(ROOT, 'generated-apps');
  const texts = new Map([...files].filter(([file]) => file.endsWith('.ts')).map(([file, text]) => [join(base, file), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.directoryExists = () => true;
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, text, language);
  };
  // .d.ts before .ts: the library compiles in place, and its sources are under other flags
  const program = ts.createProgram([...texts.keys()], { ...options, moduleSuffixes: ['.d', ''] }, host);
  return ts.getPreEmitDiagnostics(program).map((each) => {
    const line = each.file === undefined || each.start === undefined ? '' : `:${each.file.getLineAndCharacterOfPosition(each.start).line + 1}`;
    return `${each.file?.fileName ?? ''}${line}: ${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`;
  });
}
