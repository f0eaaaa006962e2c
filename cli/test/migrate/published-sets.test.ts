import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInventory } from 'cdk8s-netpol/analysis';
import { describeWithShared, sharedPath } from '../../../test/shared-data';
import { InputError, InputObject, readInput } from '../../src/input';
import { UsageError } from '../../src/usage-error';
import { migratedObjects, readers } from './migrated';
import { typeErrorsOf } from './type-check';

interface PolicySet {
  readonly folder: string;
  readonly cni: string;
}

/** The input of each case of a source, under the CNI that the case is about; both sides of a comparison. */
function setsOf(source: string, hasProfile: boolean): PolicySet[] {
  const root = sharedPath('conformance', source);
  return readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => {
    const input = join(root, name, 'input');
    const folders = name.startsWith('diff-') ? ['dir1', 'dir2'].map((side) => join(input, side)) : [input];
    return folders.filter((folder) => existsSync(folder)).map((folder) => ({ folder, cni: hasProfile ? cniOf(join(root, name, 'expected.json')) : 'generic' }));
  });
}

function cniOf(file: string): string {
  const { profile } = JSON.parse(readFileSync(file, 'utf8')) as { profile: { name: string; version?: string; settings?: Record<string, unknown> } };
  const settings = Object.entries(profile.settings ?? {}).map(([name, value]) => `,${name}=${String(value)}`);
  return `${profile.name}${profile.version === undefined ? '' : `@${profile.version}`}${settings.join('')}`;
}

/** The objects of a set; undefined where the engine refuses them, as every verb does. */
async function readable({ folder }: PolicySet): Promise<readonly InputObject[] | undefined> {
  try {
    const { objects } = await readInput([folder], { stdin: process.stdin });
    return readInventory(objects, readers()).issues.some(({ severity }) => severity === 'error') ? undefined : objects;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

interface Outcomes {
  equal: number;
  unreadable: number;
  withoutPolicies: number;
  readonly unequal: string[];
  /** The files of every app, in a folder of their own. */
  readonly files: Map<string, string>;
}

async function migrateAll(sets: readonly PolicySet[]): Promise<Outcomes> {
  const outcomes: Outcomes = { equal: 0, unreadable: 0, withoutPolicies: 0, unequal: [], files: new Map() };
  const seen = new Set<string>();
  for (const [index, set] of sets.entries()) {
    const objects = await readable(set);
    const text = JSON.stringify([set.cni, objects?.map(({ object }) => object)]);
    if (seen.has(text)) continue;
    seen.add(text);
    if (objects === undefined) {
      outcomes.unreadable++;
      continue;
    }
    try {
      const { proof, files } = await migratedObjects(objects, set.cni);
      if (proof.equal) outcomes.equal++;
      else outcomes.unequal.push(`${set.folder}: ${JSON.stringify(proof.diff).slice(0, 400)}`);
      for (const [file, code] of files) outcomes.files.set(`${index}/${file}`, code);
    } catch (error) {
      if (!(error instanceof UsageError)) throw new Error(`${set.folder}: ${String(error)}`);
      outcomes.withoutPolicies++;
    }
  }
  return outcomes;
}

describeWithShared('conformance/netpol-analyzer', 'policy sets that others have published', () => {
  test('each becomes an app that lets the same through, and compiles under the strictest flags', async () => {
    const { unequal, equal, files } = await migrateAll(setsOf('netpol-analyzer', false));
    expect(unequal).toEqual([]);
    expect(equal).toBeGreaterThan(100);
    expect(typeErrorsOf(files)).toEqual([]);
  }, 600_000);

  test.each(['calico', 'cilium', 'aws'])('policies of %s stay what they are, beside NetworkPolicies that become constructs', async (source) => {
    const { unequal, equal } = await migrateAll(setsOf(source, true));
    expect(unequal).toEqual([]);
    expect(equal).toBeGreaterThan(10);
  }, 600_000);
});
