import ts from 'typescript';
import { manifests } from '../plain/manifests';
import { runExample } from './doc-example';
import { blocksOf, docText, isConstruct, memberName, PUBLIC_TYPES, publicMembers, PublicType, tagsOf } from './public-api';

interface Shown {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: unknown;
}

const classes = PUBLIC_TYPES.filter(({ node }) => ts.isClassDeclaration(node));
const withExample = PUBLIC_TYPES.filter(({ node }) => blocksOf(node, 'ts').length > 0 && !blocksOf(node, 'ts').some((code) => code.startsWith('Cni.')));
const named = (types: readonly PublicType[]): Array<[string, PublicType]> => types.map((type) => [type.name, type]);

test('the library has constructs, and each has an example with the YAML that it makes', () => {
  const constructs = classes.filter(isConstruct);
  expect(constructs.map(({ name }) => name)).toContain('AllowFromPods');
  expect(constructs.length).toBeGreaterThanOrEqual(15);
  expect(constructs.filter(({ node }) => blocksOf(node, 'ts').length !== 1 || blocksOf(node, 'yaml').length !== 1).map(({ name }) => name)).toEqual([]);
});

describe('the YAML that a doc comment shows is what its example emits', () => {
  test.each(named(withExample))('%s', (_, { node }) => {
    const emitted = runExample(blocksOf(node, 'ts')[0]!) as Shown[];
    expect(emitted.length).toBeGreaterThan(0);
    for (const shown of blocksOf(node, 'yaml').flatMap((yaml) => manifests(yaml) as Shown[])) {
      if (shown.spec === undefined) expect(partsOf(emitted.filter(({ kind }) => kind === 'NetworkPolicy'))).toContainEqual(expect.objectContaining(shown));
      else expectDocument(emitted, shown);
    }
  });
});

/** A whole document: its spec is all of the spec, its metadata a part of the metadata. */
function expectDocument(emitted: readonly Shown[], shown: Shown): void {
  const same = emitted.filter(({ kind, metadata }) => kind === (shown.kind ?? 'NetworkPolicy')
    && metadata?.name === shown.metadata?.name && metadata?.namespace === shown.metadata?.namespace);
  expect(same).toHaveLength(1);
  expect(same[0]).toMatchObject({ ...shown, spec: {} });
  expect(same[0]?.spec).toEqual(shown.spec);
}

/** Every object in a document, at any depth. */
function partsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value]), ...Object.values(value).flatMap(partsOf)];
}

test('every public class, struct and enum says what it is', () => {
  expect(PUBLIC_TYPES.length).toBeGreaterThan(40);
  expect(PUBLIC_TYPES.filter(({ node }) => docText(node).length < 10).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

test('every public member says what it is', () => {
  const undocumented = PUBLIC_TYPES.flatMap((type) => publicMembers(type)
    .filter((member) => docText(member).length < 4)
    .map((member) => `${type.file}: ${type.name}.${memberName(member)}`));
  expect(undocumented).toEqual([]);
});

test('every optional property says what it is where it is left out', () => {
  const silent = PUBLIC_TYPES.filter(({ node }) => ts.isInterfaceDeclaration(node)).flatMap((type) => publicMembers(type)
    .filter((member) => ts.isPropertySignature(member) && member.questionToken !== undefined && !tagsOf(member).includes('default'))
    .map((member) => `${type.file}: ${type.name}.${memberName(member)}`));
  expect(silent).toEqual([]);
});

test('every construct names the specification that it follows', () => {
  expect(classes.filter(isConstruct).filter(({ node }) => !tagsOf(node).includes('see')).map(({ name }) => name)).toEqual([]);
});

test('every parameter of a public method or constructor is described, or the method takes options that are', () => {
  const silent = classes.flatMap((type) => publicMembers(type).flatMap((member) => {
    if (!ts.isConstructorDeclaration(member) && !ts.isMethodDeclaration(member)) return [];
    const described = new Set(ts.getJSDocTags(member).filter(ts.isJSDocParameterTag).map(({ name }) => name.getText()));
    return member.parameters.filter(({ name, type: kind }) => !described.has(name.getText()) && !/(Options|Props)$/.test(kind?.getText() ?? ''))
      .map(({ name }) => `${type.file}: ${type.name}.${memberName(member)}(${name.getText()})`);
  }));
  expect(silent).toEqual([]);
});
