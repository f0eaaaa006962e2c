import { readdirSync, readFileSync } from 'node:fs';
import { manifests } from '../plain/manifests';
import { sharedPath } from '../shared-data';
import { expectDone, KubernetesObject } from './client';
import { admin, until } from './cluster';

interface Definition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: ReadonlyArray<{ readonly name: string; readonly served: boolean }>;
  };
}

/** Every definition that is published; of two channels the standard one, which knows less. */
export function publishedCrds(): readonly Definition[] {
  const files = (readdirSync(sharedPath('schemas'), { recursive: true }) as string[]).filter((file) => file.endsWith('.yaml') && !file.endsWith('.experimental.yaml'));
  return files.sort().flatMap((file) => manifests(readFileSync(sharedPath('schemas', file), 'utf8')) as Definition[]);
}

/** Installs them, as the CNI of a cluster does, and waits until the server serves them. */
export async function installCrds(): Promise<void> {
  const definitions = publishedCrds();
  // what a controller writes stays out: the server refuses a status that it does not know
  for (const { apiVersion, kind, metadata, spec } of definitions) {
    const { name, annotations = {} } = metadata;
    expectDone(await admin.apply({ apiVersion, kind, metadata: { name, annotations }, spec }));
  }
  for (const { spec } of definitions) {
    const version = spec.versions.find(({ served }) => served)!.name;
    await until(`${spec.names.kind} of ${spec.group} is served`, async () => {
      try {
        await admin.list({ apiVersion: `${spec.group}/${version}`, kind: spec.names.kind, metadata: { name: '', namespace: 'default' } });
        return true;
      } catch {
        return false;
      }
    });
  }
}
