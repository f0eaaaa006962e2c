import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileOf } from 'cdk8s-netpol/analysis';
import { readInput } from '../../src/input';
import { prove } from '../../src/migrate/proof';
import { synthesize } from '../../src/migrate/synthesize';
import { netpol } from '../run-netpol';
import { temporaryFolder } from '../temporary-folder';
import { objectsOf } from './migrated';
import { typeErrorsOf } from './type-check';

const ESTATE = join(__dirname, 'estate');
const [POLICIES, APPS] = [join(ESTATE, 'policies'), join(ESTATE, 'apps')];
const MODULES = join(__dirname, '..', '..', '..', 'node_modules');

const outFolder = (): string => join(temporaryFolder(), 'app');
const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('an estate that people have written', () => {
  const out = outFolder();
  let stdout = '';

  beforeAll(async () => {
    const outcome = await netpol(['migrate', POLICIES, '--inventory', APPS, '--out', out]);
    stdout = outcome.stdout;
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  test('becomes an app that is proved equal, and the proof says what was compared', () => {
    expect(stdout).toMatch(/^Equal: .*\nCompared: \d{2,} connections between 7 workloads of the input, \d{2,} workloads that may come to exist/);
  });

  test('says which owners have to be filled in', () => {
    expect(stdout).toMatch(/pay +DefaultDenyNamespace, ENFORCE +\d+ +\d+ +fill in: team, contact/);
    expect(read(out, 'owners.ts')).toContain("  pay: { team: 'FILL-IN', contact: 'FILL-IN' },\n  shop: { team: 'web-team', contact: '#web' },\n");
  });

  test('has the file that a person would have written', () => {
    expect(read(out, 'namespaces/shop.ts')).toMatchSnapshot();
    expect(read(out, 'main.ts')).toMatchSnapshot();
  });

  test('compiles under the strictest flags', () => {
    const files = ['main.ts', 'owners.ts', 'namespaces/shop.ts', 'namespaces/pay.ts', 'namespaces/tools.ts', 'tsconfig.json'];
    expect(typeErrorsOf(new Map(files.map((file) => [file, read(out, file)])))).toEqual([]);
  }, 60_000);

  test('synthesizes where it lies, and netpol diff finds no difference', async () => {
    symlinkSync(MODULES, join(out, 'node_modules'));
    execFileSync(join(MODULES, '.bin', 'tsx'), ['main.ts'], { cwd: out, timeout: 60_000 });
    const { code, stdout: diff } = await netpol(['diff', POLICIES, join(out, 'dist'), '--inventory', APPS, '-o', 'json']);
    expect({ code, verdict: (JSON.parse(diff) as { verdict: string }).verdict }).toEqual({ code: 0, verdict: 'none' });
  }, 90_000);

  test('owners that are still to be filled in are found where the app has been synthesized', async () => {
    const { stdout: checked } = await netpol(['check', join(out, 'dist'), '--rule', 'require-owner', '-o', 'json']);
    const { findings } = JSON.parse(checked) as { readonly findings: ReadonlyArray<{ readonly object: { readonly name: string } }> };
    expect(findings.map(({ object }) => object.name)).toEqual(['pay', 'tools']);
  });

  test('files that are there stay, unless they are to go', async () => {
    const first = await netpol(['migrate', POLICIES, '--out', out, '--cni', 'calico@3.31']);
    expect(first.code).toBe(2);
    expect(first.stderr).toMatch(/main\.ts, .*owners\.ts are there already and would be overwritten. Instead: another folder for --out, or --force/);
    expect(read(out, 'main.ts')).not.toContain('calico');
    expect((await netpol(['migrate', POLICIES, '--out', out, '--cni', 'calico@3.31', '--force'])).code).toBe(0);
    expect(read(out, 'main.ts')).toContain("ClusterProfile.attach(app, { name: 'cluster', cni: Cni.calico({ version: '3.31' }) });");
  });
});

describe('a namespace at a time', () => {
  const out = outFolder();

  test('the first one is an app', async () => {
    const { code, stdout } = await netpol(['migrate', POLICIES, '--namespace', 'pay', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Equal/);
    expect(existsSync(join(out, 'namespaces/shop.ts'))).toBe(false);
  });

  test('the next one is a file, and what to add to those that are there is shown', async () => {
    const { code, stdout } = await netpol(['migrate', POLICIES, '--namespace', 'shop', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain("To add to main.ts:\n\nimport { shopNamespace, shopRules } from './namespaces/shop';\nconst shop = shopNamespace(app);\nshopRules({ shop });\n");
    expect(stdout).toContain("To add to owners in owners.ts:\n\nshop: { team: 'web-team', contact: 'FILL-IN' },\n");
    expect(read(out, 'main.ts')).not.toContain('shop');
  });

  test('put together as shown, the app lets the same through', async () => {
    const { stdout } = await netpol(['migrate', POLICIES, '--namespace', 'shop', '--out', out]);
    const [, main = '', owners = ''] = /To add to main.ts:\n\n(.*)\n\nTo add to owners in owners.ts:\n\n(.*)\n$/s.exec(stdout) ?? [];
    const imports = main.split('\n').filter((line) => line.startsWith('import'));
    const statements = main.split('\n').filter((line) => !line.startsWith('import'));
    const files = new Map([
      ['main.ts', [...imports, read(out, 'main.ts').replace('app.synth();', [...statements, 'app.synth();'].join('\n'))].join('\n')],
      ['owners.ts', read(out, 'owners.ts').replace('} as const', `${owners}\n} as const`)],
      ...['pay', 'shop'].map((name) => [`namespaces/${name}.ts`, read(out, `namespaces/${name}.ts`)] as const),
    ]);
    const before = (await readInput([POLICIES], { stdin: process.stdin })).objects;
    const tools = before.filter(({ object }) => (object.metadata as { namespace?: string }).namespace === 'tools');
    expect(prove(before, [...tools, ...await objectsOf(synthesize(files))], profileOf('generic'))).toMatchObject({ equal: true });
  });

  test('opens nothing in the namespaces that have code already, once it is put beside them', async () => {
    const manifest = (namespace: string, spec: string): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: own, namespace: ${namespace} }\nspec: ${spec}\n`;
    const folder = temporaryFolder({
      'a.yaml': manifest('a', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'),
      'b.yaml': manifest('b', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: a } } }], ports: [{ port: 1 }] }] }'),
    });
    const app = outFolder();
    expect((await netpol(['migrate', folder, '--namespace', 'b', '--out', app])).code).toBe(0);
    expect(read(app, 'namespaces/b.ts')).toContain('reciprocal: false');
  });

  test('a namespace that has no policy', async () => {
    const { code, stderr } = await netpol(['migrate', POLICIES, '--namespace', 'shopp', '--out', outFolder()]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: the namespace "shopp" has no hand-written policy in the input; pay, shop, tools have\n(Did you mean shop?)\n' });
  });
});

describe('docs/adopt-existing.md', () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'adopt-existing.md'), 'utf8');

  const here = process.cwd();
  const expectations = /```yaml\n(# expectations\.yaml\n.*?)\n```/s.exec(page)?.[1] ?? '';
  beforeAll(() => {
    const folder = temporaryFolder({ 'expectations.yaml': expectations });
    cpSync(POLICIES, join(folder, 'manifests'), { recursive: true });
    cpSync(APPS, join(folder, 'rendered'), { recursive: true });
    process.chdir(folder);
  });
  afterAll(() => process.chdir(here));

  /** The command lines of the page in their order, each with what a terminal shows below it. */
  const steps = [...page.matchAll(/```console\n\$ npx netpol ([^\n]*)\n(.*?)\n```/gs)].map(([, line, output]) => ({ line: line!, output: output! }));
  const typo = steps.findIndex(({ line }, index) => steps.slice(0, index).some((before) => before.line === line));

  test('it shows what each verb of the path prints', () => {
    expect(steps.map(({ line }) => line.split(' ')[0])).toEqual(['status', 'check', 'check', 'check', 'test', 'migrate']);
    expect(typo).toBe(3);
  });

  test.each(steps.map(({ line, output }, index) => [line, output, index] as const))('netpol %s', async (line, output, index) => {
    const shop = join('manifests', 'shop.yaml');
    const before = readFileSync(shop, 'utf8');
    const [, cart = '', rest = ''] = /^(.*name: cart\n.*?)(- from:.*)$/s.exec(before) ?? [];
    if (index === typo) writeFileSync(shop, `${cart}${rest.replace('from', 'form')}`);
    const { code, stdout, stderr } = await netpol(line.split(' '));
    writeFileSync(shop, before);
    expect(`${stderr}${stdout}`.trimEnd()).toBe(output);
    expect(code).toBe(index === typo ? 1 : 0);
  });

  test('the code that it shows is the code that is written', async () => {
    const out = outFolder();
    await netpol(['migrate', POLICIES, '--inventory', APPS, '--namespace', 'shop', '--out', out]);
    const [, code = ''] = /```ts\n(.*?)\n```/s.exec(page) ?? [];
    const lines = code.split('\n').filter((line) => !line.trim().startsWith('//'));
    for (const line of lines) expect(read(out, 'namespaces/shop.ts').split('\n')).toContain(line);
    expect(lines.length).toBeGreaterThan(5);
  });
});

describe('what cannot be migrated', () => {
  const refused = async (files: Record<string, string>): Promise<string> => {
    const out = outFolder();
    const { code, stdout, stderr } = await netpol(['migrate', temporaryFolder(files), '--out', out]);
    expect({ code, stdout, written: existsSync(out) }).toEqual({ code: 2, stdout: '', written: false });
    return stderr;
  };
  const policy = (spec: string, metadata = 'name: p, namespace: shop'): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {${metadata}}\nspec:\n${spec}`;

  test('a policy that cannot be read, with its line', async () => {
    expect(await refused({ 'a.yaml': policy('  podSelector: {}\n  ingress:\n    - from: [{}]\n') })).toMatch(/a\.yaml:7:\d+: .*names nobody/);
  });

  test('a field that nobody knows', async () => {
    expect(await refused({ 'a.yaml': policy('  podSelector: {}\n  ingres: []\n') })).toMatch(/a\.yaml:6:\d+: .*ingres/);
  });

  test('broken YAML', async () => {
    expect(await refused({ 'a.yaml': policy('  podSelector: {}\n  x: @y\n') })).toMatch(/a\.yaml:6/);
  });

  test('an input without a policy', async () => {
    expect(await refused({ 'a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n' })).toMatch(/there is no policy to migrate/);
  });

  test('policies that constructs have written', async () => {
    expect(await refused({ 'a.yaml': policy('  podSelector: {}\n', 'name: p, namespace: shop, labels: {app.kubernetes.io/managed-by: cdk8s-netpol}') })).toMatch(/written by constructs/);
  });

  test('a folder for the app has to be named', async () => {
    expect((await netpol(['migrate', POLICIES])).stderr).toMatch(/--out <DIR>' not specified/);
  });
});

test('JSON for programs', async () => {
  const { code, stdout } = await netpol(['migrate', POLICIES, '--out', outFolder(), '-o', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1, equal: true, compared: { workloads: 0 }, added: [], removed: [], changed: [], kept: [],
    namespaces: [{ namespace: 'pay', form: 'denied', ownerMissing: ['team', 'contact'] }, { namespace: 'shop', form: 'denied', ownerMissing: ['contact'] }, { namespace: 'tools', form: 'open' }],
  });
});
