import { Connection, EndpointJson } from './connection';

/**
 * A workload whose pods are told apart on one side, or apart in other ways, is told apart alike on both: else the same pods
 * would seem to lose their connections and to get them again.
 */
export function alignPods(before: readonly Connection[], after: readonly Connection[]): [Connection[], Connection[]] {
  const groups = commonGroups(before, after);
  if (groups.size === 0) return [[...before], [...after]];
  const align = (connections: readonly Connection[]): Connection[] => connections.flatMap((connection) => {
    const sources = partsOf(connection.source, groups);
    const destinations = partsOf(connection.destination, groups);
    return sources.flatMap((source) => destinations
      .filter((destination) => !isOnePod(source, destination))
      .map((destination) => ({ ...connection, source, destination })));
  });
  return [align(before), align(after)];
}

function workloadKey(end: EndpointJson): string | undefined {
  return end.kind === 'workload' ? `${end.workload} ${end.namespace}/${end.name}` : undefined;
}

/** For workloads that one side tells apart: sets of pods that neither side tells apart. */
function commonGroups(before: readonly Connection[], after: readonly Connection[]): Map<string, string[][]> {
  const memberships = new Map<string, Map<string, string[]>>();
  for (const [side, connections] of [before, after].entries()) {
    for (const end of connections.flatMap(({ source, destination }) => [source, destination])) {
      if (end.kind !== 'workload' || end.pods === undefined) continue;
      const key = workloadKey(end)!;
      let pods = memberships.get(key);
      if (pods === undefined) memberships.set(key, (pods = new Map()));
      for (const pod of end.pods) {
        const label = `${side} ${end.pods.join(',')}`;
        const known = pods.get(pod) ?? [];
        if (!known.includes(label)) pods.set(pod, [...known, label]);
      }
    }
  }
  return new Map([...memberships].map(([key, pods]) => {
    const byLabels = new Map<string, string[]>();
    for (const [pod, labels] of pods) byLabels.set(labels.join('|'), [...(byLabels.get(labels.join('|')) ?? []), pod]);
    return [key, [...byLabels.values()]];
  }));
}

function partsOf(end: EndpointJson, groups: ReadonlyMap<string, string[][]>): EndpointJson[] {
  const own = groups.get(workloadKey(end) ?? '');
  if (end.kind !== 'workload' || own === undefined) return [end];
  return own.filter((pods) => end.pods === undefined || pods.every((pod) => end.pods!.includes(pod))).map((pods) => ({ ...end, pods }));
}

function isOnePod(source: EndpointJson, destination: EndpointJson): boolean {
  return source.kind === 'workload' && destination.kind === 'workload' && workloadKey(source) === workloadKey(destination)
    && source.pods?.length === 1 && destination.pods?.length === 1 && destination.pods[0] === source.pods[0];
}
