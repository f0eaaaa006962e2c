import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { readInput } from '../../src/input';
import { temporaryFolder } from '../temporary-folder';
import { names, pod, read, refusal } from './read';

const PODS = ['Pod shop/a', 'Pod shop/b'];

async function readText(content: string | Uint8Array, file = 'input.yaml') {
  return read([join(temporaryFolder({ [file]: content }), file)]);
}

describe('forms of text', () => {
  const json = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } });
  const list = { apiVersion: 'v1', kind: 'List', items: [json('a'), json('b')] };
  const typed = { apiVersion: 'v1', kind: 'PodList', items: [json('a'), json('b')].map(({ metadata }) => ({ metadata })) };

  const forms: ReadonlyArray<[string, string | Uint8Array, string?]> = [
    ['documents with --- between them', `${pod('a')}---\n${pod('b')}`],
    ['documents that end with ...', `${pod('a')}...\n${pod('b')}`],
    ['documents with directives', `%YAML 1.2\n---\n${pod('a')}...\n%YAML 1.2\n---\n${pod('b')}`],
    ['a comment before the first marker', `# a\n\n# b\n---\n${pod('a')}---\n${pod('b')}`],
    ['content behind the marker', `--- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}\n--- # b\n${pod('b')}`],
    ['Windows line breaks', `${pod('a')}---\n${pod('b')}`.replaceAll('\n', '\r\n')],
    ['old Mac line breaks', `${pod('a')}---\n${pod('b')}`.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${pod('a')}---\n${pod('b')}`],
    ['byte order marks within', `\ufeff${pod('a')}\ufeff---\n${pod('b')}`],
    ['UTF-16, as PowerShell redirects', Buffer.from(`\ufeff${pod('a')}---\r\n${pod('b')}`, 'utf16le')],
    ['markers within a block scalar that is indented', `${pod('a')}data:\n  x: |\n    ---\n    b: 1\n---\n${pod('b')}`],
    ['JSON', `${JSON.stringify(json('a'))}\n${JSON.stringify(json('b'))}`, 'input.json'],
    ['JSON values in one line', JSON.stringify(json('a')) + JSON.stringify(json('b')), 'input.json'],
    ['JSON in a YAML file', JSON.stringify(list, null, 2)],
    ['YAML in a JSON file', `${pod('a')}---\n${pod('b')}`, 'input.json'],
    ['a YAML flow mapping', `{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}\n---\n${pod('b')}`],
    ['a List in JSON', JSON.stringify(list), 'input.json'],
    ['a List in YAML', `apiVersion: v1\nkind: List\nitems:\n- ${pod('a').trim().replaceAll('\n', '\n  ')}\n- ${pod('b').trim().replaceAll('\n', '\n  ')}\n`],
    ['a List of one kind', JSON.stringify(typed), 'input.json'],
    ['a List within a List', JSON.stringify({ ...list, items: [json('a'), { ...list, items: [json('b')] }] })],
    ['anchors and merges', `${pod('a')}spec: &s {x: 1}\nother: {<<: *s, y: 2}\n---\n${pod('b')}`],
  ];
  test.each(forms.map(([name, content, file]) => ({ name, content, file })))('$name', async ({ content, file }) => {
    expect(names(await readText(content, file))).toEqual(PODS);
  });

  test('an alias is what its anchor stands for, and a merge gives way to keys beside it', async () => {
    const { objects } = await readText(`${pod('a')}spec: &s {x: 1, z: 1}\nother: {<<: *s, z: 2}\nsame: *s\n`);
    expect(objects[0]!.object).toMatchObject({ other: { x: 1, z: 2 }, same: { x: 1, z: 1 } });
  });

  test('a List with null for its items, as kubectl has written it, is empty', async () => {
    expect(names(await readText(`apiVersion: v1\nkind: PodList\nitems: null\n---\n${pod('a')}`))).toEqual(['Pod shop/a']);
  });

  test.each([
    ['a list whose bracket is closed below its key', 'args: [\n  x\n]'],
    ['a mapping whose bracket is closed below its key', 'args: {\n  x: 1\n}'],
    ['lines indented by tabs within brackets', 'args: [\n\t"x",\n\t"y"]'],
    ['JSON that was pasted', 'args: {\n"x": [\n1,\n2\n]\n}'],
    ['quoted text that goes on at the margin', 'args: "x\ny"'],
  ])('kubectl takes %s', async (_, text) => {
    const spec = `spec:\n    ${text.replaceAll('\n', '\n  ')}\n    after: 1\n`;
    const { objects } = await readText(`${pod('a')}${spec}`);
    expect(objects[0]!.object.spec).toMatchObject({ args: expect.anything() as unknown, after: 1 });
    expect(objects[0]!.origin.at('spec.after').line).toBe(4 + spec.split('\n').length - 2);
  });

  test('places in lines that had to be indented are those of the file', async () => {
    const { objects } = await readText(`${pod('a')}spec:\n  args: [\n1,\n  2\n  ]\n`);
    expect([0, 1].map((index) => objects[0]!.origin.at(`spec.args[${index}]`))).toMatchObject([{ line: 6, column: 1 }, { line: 7, column: 3 }]);
  });

  test('a long text at the margin does not take long', async () => {
    const start = performance.now();
    await readText(`${pod('a')}spec: {\n${Array.from({ length: 500 }, (_, index) => `"k${index}": 1,\n`).join('')}}\n`);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('the keys of JavaScript objects are keys like others', async () => {
    const { objects } = await readText(`${pod('a')}spec: {__proto__: {x: 1}, constructor: c, toString: t}\n`);
    expect(Object.keys(objects[0]!.object.spec as object)).toEqual(['__proto__', 'constructor', 'toString']);
  });
});

describe('plain scalars are what kubectl makes of them', () => {
  test.each<[string, unknown]>([
    ['yes', true], ['on', true], ['y', true], ['No', false], ['OFF', false], ['true', true], ['"on"', 'on'],
    ['~', null], ['null', null], ['', null], ['nil', 'nil'],
    ['8080', 8080], ['+80', 80], ['-1', -1], ['1_000', 1000], ['010', 8], ['0o10', 8], ['0x1F', 31], ['0b11', 3], ['08', 8], ['0.0', 0],
    ['1.5', 1.5], ['.5', 0.5], ['1e3', 1000], ['1.', 1], ['.inf', Infinity], ['12e03', 12000],
    ['1:30', '1:30'], ['2026-01-01', '2026-01-01'], ['1.2.3', '1.2.3'], ['10.0.0.0/8', '10.0.0.0/8'], ['v1', 'v1'], ['1e', '1e'], ['-', '-'],
  ])('%s', async (text, value) => {
    const { objects } = await readText(`${pod('a')}x: {v: ${text}}\n`.replace('{v: -}', '\n  v: "-"'));
    expect(objects[0]!.object.x).toEqual({ v: value });
  });
});

describe('what is skipped is counted', () => {
  test('empty documents, as Helm writes them', async () => {
    const { skipped } = await readText(`---\n# Source: a\n---\n${pod('a')}---\n---\n# nothing\n`);
    expect(skipped.summary).toBe('skipped: 3 empty documents');
  });

  test('documents of other tools, with their places', async () => {
    const content = `services:\n  web: {image: x}\n---\n${pod('a')}---\n- hosts: all\n---\nResources: {Bucket: !Ref B, List: !Sub [a], Map: !Join {a: b}}\n---\nname: x\n`;
    const folder = temporaryFolder({ 'a.yaml': content });
    const { skipped } = await read([folder]);
    expect(skipped.summary?.replaceAll(`${folder}/`, '')).toBe('skipped: 4 documents that are no Kubernetes objects (a.yaml:1, a.yaml:8, a.yaml:10, and 1 more)');
  });

  test('files of other kinds, hidden and vendored folders', async () => {
    const folder = temporaryFolder({
      'a.yaml': pod('a'), 'README.md': '# x', 'run.sh': 'exit', '.github/workflows/ci.yml': 'on: push', 'node_modules/x/y.yaml': pod('b'), '.hidden.yml': pod('c'),
    });
    const input = await read([folder]);
    expect(names(input)).toEqual(['Pod shop/c', 'Pod shop/a']);
    expect(input.skipped.summary?.replaceAll(`${folder}/`, '')).toBe(
      'skipped: 2 files that are neither YAML nor JSON (README.md, run.sh), 2 hidden or vendored folders (.github, node_modules)',
    );
  });

  test('nothing was skipped', async () => {
    expect((await readText(pod('a'))).skipped.summary).toBeUndefined();
  });
});

describe('files and folders', () => {
  test('folders are read to their bottom, in the order of names', async () => {
    const folder = temporaryFolder({ 'b.yml': pod('b'), 'a/z.yaml': pod('z'), 'a/b/c.JSON': '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"c"}}' });
    expect(names(await read([folder]))).toEqual(['Pod c', 'Pod shop/z', 'Pod shop/b']);
  });

  test('a file that is named is read whatever it is called', async () => {
    expect(names(await readText(pod('a'), 'manifest.txt'))).toEqual(['Pod shop/a']);
  });

  test('a file that two paths lead to is read once', async () => {
    const folder = temporaryFolder({ 'x/a.yaml': pod('a') });
    symlinkSync(join(folder, 'x', 'a.yaml'), join(folder, 'b.yaml'));
    expect(names(await read([folder, join(folder, 'x'), join(folder, 'x', 'a.yaml'), join(folder, 'b.yaml')]))).toEqual(['Pod shop/a']);
  });

  test('a link back to a folder above ends', async () => {
    const folder = temporaryFolder({ 'x/a.yaml': pod('a') });
    symlinkSync(folder, join(folder, 'x', 'loop'));
    expect(names(await read([folder]))).toEqual(['Pod shop/a']);
  });

  test('standard input, once', async () => {
    expect(names(await read(['-', '-'], pod('a')))).toEqual(['Pod shop/a']);
  });

  test('a pipe by its path, as the shell makes one of <(command)', async () => {
    const path = join(temporaryFolder({ 'a.yaml': pod('a') }), 'pipe');
    execFileSync('mkfifo', [path]);
    // opening a pipe waits for the other end: that must be another process
    spawn('sh', ['-c', 'cat a.yaml > pipe'], { cwd: dirname(path), stdio: 'ignore' });
    expect(names(await read([path]))).toEqual(['Pod shop/a']);
  });

  test('what a command has written', async () => {
    const input = await read([{ name: '<make manifests>', bytes: Buffer.from(`\n${pod('a')}`) }]);
    expect(input.objects[0]!.origin).toMatchObject({ file: '<make manifests>', line: 2 });
  });

  test('paths that are not there', async () => {
    const folder = temporaryFolder({ 'a.yaml': pod('a') });
    symlinkSync('nowhere', join(folder, 'b.yaml'));
    expect(await refusal([join(folder, 'c')])).toBe(`${join(folder, 'c')}: there is no such file or folder`);
    expect(await refusal([folder])).toBe(`${join(folder, 'b.yaml')}: there is no such file or folder`);
  });

  test('a file of 100 MB is refused before it is read', async () => {
    const path = join(temporaryFolder({ 'a.yaml': '' }), 'a.yaml');
    truncateSync(path, 100_000_000);
    const start = performance.now();
    expect(await refusal([path])).toMatch(/a\.yaml:1: has 100000000 bytes; 100 MB and more are refused/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('standard input without end is refused at 100 MB', async () => {
    const endless = async function* () {
      for (const chunk = Buffer.alloc(10_000_000, '# a\n'); ;) yield chunk;
    };
    await expect(readInput(['-'], { stdin: Readable.from(endless()) })).rejects.toThrow(/<stdin>:1: has more than .*; 100 MB and more are refused/);
  });

  test('an empty folder is no answer', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'x'));
    expect(await refusal([folder])).toBe(`${folder}: no Kubernetes object in it. Instead: the path of manifests`);
  });
});

describe('trees that a tool has to render', () => {
  test('a Helm chart, wherever it lies', async () => {
    const folder = temporaryFolder({ 'a.yaml': pod('a'), 'charts/web/Chart.yaml': 'name: web', 'charts/web/templates/x.yaml': '{{ .x }}' });
    const chart = join(folder, 'charts', 'web');
    expect(await refusal([folder])).toBe(`${chart}: is a Helm chart, not manifests. Instead, in netpol.yaml, below a cluster:\n  render: helm template web ${chart}`);
  });

  test('a Kustomize tree', async () => {
    const folder = temporaryFolder({ 'base/kustomization.yaml': 'resources: [a.yaml]', 'base/a.yaml': pod('a'), 'overlays/prod/kustomization.yml': 'resources: [../../base]' });
    const message = await refusal([folder]);
    expect(message).toContain(`render: kustomize build ${join(folder, 'overlays/prod')}`);
    expect(message).toContain('is a Kustomize tree, not manifests');
  });

  test('Jsonnet', async () => {
    const folder = temporaryFolder({ 'main.jsonnet': '{}', 'a.yaml': pod('a') });
    expect(await refusal([folder])).toContain(`render: jsonnet --yaml-stream ${join(folder, 'main.jsonnet')}`);
  });

  test('a Kustomization of Flux is an object', async () => {
    const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n';
    expect(names(await read([temporaryFolder({ 'kustomization.yaml': flux })]))).toEqual(['Kustomization flux-system/apps']);
  });

  test('what Helm has rendered into folders of templates', async () => {
    expect(names(await read([temporaryFolder({ 'web/templates/a.yaml': pod('a') })]))).toEqual(['Pod shop/a']);
  });
});

test('places are relative as the path was given', async () => {
  const folder = temporaryFolder({ 'a.yaml': pod('a') });
  const path = relative(process.cwd(), folder);
  expect((await read([path])).objects[0]!.origin.file).toBe(join(path, 'a.yaml'));
});
