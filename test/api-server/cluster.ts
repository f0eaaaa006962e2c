import { setTimeout as sleep } from 'node:timers/promises';
import { ALMIGHTY_GROUP, Client, expectDone, KubernetesObject } from './client';

const DEADLINE_MS = 20_000;

export const admin = new Client();

/** Guardrails are what is asked about here, not RBAC: whoever is impersonated may do anything else. */
export async function allowEverything(): Promise<void> {
  expectDone(await admin.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'test-everything' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: ALMIGHTY_GROUP }],
  }));
}

/** Makes a namespace, unless it is there. */
export async function ensureNamespace(name: string): Promise<void> {
  expectDone(await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

/** Repeats until it holds: watches of the server are behind by a moment. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`not in ${DEADLINE_MS / 1000} s: ${what}`);
    await sleep(50);
  }
}

/** Takes away every object of these kinds in these namespaces. */
export async function clear(objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    const { status, message } = await admin.delete(object);
    if (status !== 404 && status >= 300) throw new Error(`${object.kind} ${object.metadata.name} stays: ${message}`);
  }
}
