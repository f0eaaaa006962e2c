import { Manifests } from './random-app';

export const identity = (object: Record<string, unknown>): string => {
  const { name, namespace } = object.metadata as { name: string; namespace?: string };
  return `${String(object.kind)} ${namespace ?? ''}/${name}`;
};

/** `kubectl apply` of some objects over others: nothing is deleted. */
export function applied(before: Manifests, now: Manifests): Manifests {
  const byId = new Map([...before, ...now].map((object) => [identity(object), object]));
  return [...byId.values()];
}

/** All states on the way, object by object in the order of the file. */
export const prefixes = (before: Manifests, now: Manifests): Manifests[] => now.map((_, index) => applied(before, now.slice(0, index + 1)));

/** The object that the rollback line creates. */
export function rollbackObject(command: string): Record<string, unknown> {
  const [, json] = /^printf '%s' '(.*)' \| kubectl create -f -$/s.exec(command) ?? [];
  return JSON.parse(json!) as Record<string, unknown>;
}
