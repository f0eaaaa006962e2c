import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared, sharedPath } from '../../test/shared-data';
import { netpol } from './run-netpol';
import { temporaryFolder } from './temporary-folder';

interface Case {
  readonly id: string;
  readonly source: string;
  readonly path: string;
}

interface Expected {
  readonly kind: string;
  readonly apiServerRejects?: boolean;
  readonly profile: { readonly name: string; readonly version?: string; readonly settings?: Readonly<Record<string, string | boolean>> };
}

interface Checked {
  readonly findings: ReadonlyArray<{ readonly rule: string; readonly file: string | null; readonly line: number | null; readonly message: string }>;
}

const CNIS = ['antrea', 'aws', 'calico', 'cilium'];
/** What is wrong with a file for kubectl, though other readers of YAML take it: `name: y` is true there. */
const NO_TEXT = /is not a string\. Instead: the word in quotes/;
/** Every so many inputs become an app: that runs TypeScript. */
const MIGRATED = 6;

jest.setTimeout(240_000);

describeWithShared('conformance', 'manifests of others, under the CNI that they are for', () => {
  const cases = JSON.parse(readFileSync(sharedPath('conformance', 'index.json'), 'utf8')) as readonly Case[];
  const inputs = cases.flatMap(({ id, source, path }) => {
    const input = sharedPath('conformance', path, 'input');
    const expected = JSON.parse(readFileSync(sharedPath('conformance', path, 'expected.json'), 'utf8')) as Expected;
    const folders = existsSync(join(input, 'dir1')) ? [join(input, 'dir1'), join(input, 'dir2')] : [input];
    return folders.map((folder) => ({ id, source, folder, cni: cniOf(expected), isWrong: expected.kind === 'error' && expected.apiServerRejects === true }));
  });
  const sources = [...new Set(inputs.map(({ source }) => source))];

  test('there are many', () => {
    expect(sources.length).toBeGreaterThanOrEqual(7);
    expect(inputs.length).toBeGreaterThan(600);
  });

  test.each(sources)('%s: check reads all of it, knows every field, and no rule fails', async (source) => {
    const strange: string[] = [];
    for (const { id, folder, cni, isWrong } of inputs.filter((each) => each.source === source)) {
      const { code, stdout, stderr } = await netpol(['check', folder, '--cni', cni, '-o', 'json', '--fail-on', 'never']);
      if (code !== 0) {
        strange.push(`${id}: ${stderr}`);
        continue;
      }
      for (const { rule, file, line, message } of (JSON.parse(stdout) as Checked).findings) {
        const isMeant = isWrong || NO_TEXT.test(message);
        if (rule === 'rule-crashed' || rule === 'unknown-field' || (rule === 'unreadable-object' && (!isMeant || file === null || line === null))) strange.push(`${id}: ${rule} ${message}`);
      }
    }
    expect(strange).toEqual([]);
  });

  test.each(sources)('%s: list, status and migrate answer, or say with file and line what the API server would refuse', async (source) => {
    const strange: string[] = [];
    for (const [index, { id, folder, cni, isWrong }] of inputs.filter((each) => each.source === source).entries()) {
      const out = join(temporaryFolder(), 'app');
      const commands = [['list', folder], ['status', folder], ...(index % MIGRATED === 0 ? [['migrate', folder, '--out', out]] : [])];
      for (const args of commands) {
        const { code, stderr } = await netpol([...args, '--cni', cni]);
        const isMeant = isWrong || NO_TEXT.test(stderr) || /there is no policy to migrate/.test(stderr);
        const hasPlace = /^error: (?:\S+:\d+:\d+: |.* is in the input twice: \S+:\d+ and |there is no policy)/m.test(stderr);
        if (code !== 0 && !(code === 2 && isMeant && hasPlace)) strange.push(`${id}: ${args[0]} ${code} ${stderr}`);
      }
    }
    expect(strange).toEqual([]);
  });
});

function cniOf({ profile: { name, version, settings = {} } }: Expected): string {
  if (name === 'np-guard') return name;
  if (!CNIS.includes(name) || version === undefined) return 'generic,cnp=on';
  return [`${name}@${version}`, ...Object.entries(settings).map(([key, value]) => `${key}=${String(value)}`)].join(',');
}
