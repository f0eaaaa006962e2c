import { profileOf, readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { GENERIC, parseCni } from '../../src/config/cni-flag';
import { InputObject, readInput } from '../../src/input';
import { migrate, Migration } from '../../src/migrate/migrate';

/** The objects of a text of YAML documents. */
export async function objectsOf(yaml: string, file = 'manifests.yaml'): Promise<readonly InputObject[]> {
  return (await readInput([{ name: file, bytes: Buffer.from(yaml) }], { stdin: process.stdin })).objects;
}

/** The app that these manifests become. */
export async function migrated(yaml: string, { cni = 'generic', podCidrs = [] as string[] } = {}): Promise<Migration> {
  return migratedObjects(await objectsOf(yaml), cni, podCidrs);
}

export async function migratedObjects(objects: readonly InputObject[], cni = 'generic', podCidrs: readonly string[] = []): Promise<Migration> {
  const choice = cni === 'generic' ? GENERIC : parseCni(cni);
  const { name, version, settings } = choice;
  return migrate({
    named: objects, objects, config: undefined, namespaces: [],
    profile: profileOf(name, { settings, ...(version === undefined ? {} : { version }) }),
    planned: { name: 'test', cni: choice, podCidrs, nodeCidrs: [] },
  });
}

/** The construct calls of a namespace's file, each in one line. */
export function constructsIn({ files }: Migration, namespace: string): string[] {
  const text = files.get(`namespaces/${namespace}.ts`) ?? '';
  const flat = text.replace(/^ *\/\/.*$/gm, '').replace(/,\n\s*([}\])])/g, ' $1').replace(/\n\s+/g, ' ').replace(/\( /g, '(');
  return [...flat.matchAll(/(?:new|return new) ((?:Allow|Default|ApiObject|Metadata)[^;]*);/g)].map(([, code]) => code!.replace(/\s+/g, ' '));
}

export function readers(): Parameters<typeof readInventory>[1] {
  return { readers: POLICY_READERS };
}
