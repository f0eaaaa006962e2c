import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const LIB = join(__dirname, '..', '..', 'lib');

/** A class, struct or enum that users see. */
export interface PublicType {
  readonly name: string;
  readonly file: string;
  readonly node: ts.ClassDeclaration | ts.InterfaceDeclaration | ts.EnumDeclaration;
}

/** What `lib/index.ts` exports, as the compiler parses it. */
export const PUBLIC_TYPES: readonly PublicType[] = exportsOf('index.ts').flatMap((file) => parse(file).statements.flatMap((node): PublicType[] => {
  if (!ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node) && !ts.isEnumDeclaration(node)) return [];
  const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  return isExported && !isInternal(node) && node.name !== undefined ? [{ name: node.name.text, file, node }] : [];
}));

/** The members of a type that users see. */
export function publicMembers({ node }: PublicType): ts.NamedDeclaration[] {
  return [...(node.members as Iterable<ts.NamedDeclaration>)].filter((member) => !isInternal(member)
    && (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0);
}

/** The name of a member; a constructor has none of its own. */
export function memberName(member: ts.NamedDeclaration): string {
  return member.name === undefined ? 'constructor' : member.name.getText();
}

/** The words of a doc comment, without its tags; empty where there is none. */
export function docText(node: ts.Node): string {
  return ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n').trim();
}

/** Fenced blocks of a language in a doc comment. */
export function blocksOf(node: ts.Node, language: string): string[] {
  return [...docText(node).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');
}

export function tagsOf(node: ts.Node): string[] {
  return ts.getJSDocTags(node).map(({ tagName }) => tagName.text);
}

export function isConstruct({ node }: PublicType): boolean {
  return ts.isClassDeclaration(node) && node.heritageClauses?.some((clause) => clause.getText() === 'extends Construct') === true;
}

function isInternal(node: ts.Node): boolean {
  return tagsOf(node).includes('internal');
}

function exportsOf(file: string): string[] {
  const modules = parse(file).statements.filter(ts.isExportDeclaration).map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
  return modules.map((module) => `${module.replace('./', '')}.ts`);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(LIB, file), 'utf8'), ts.ScriptTarget.ES2022, true);
}
