import { InputObject } from '../../input';
import { mapping, metadataOf } from '../../owners/object-metadata';
import { FLOW_SOURCES } from '../sources';
import { PodSighting, Window } from '../store/flow-store';
import { timeOf } from '../timestamps';
import { workloadOfPodName } from '../workload-name';

/** Whether some of these sources show connections however old they are. */
export function showsOldConnections(sources: readonly string[]): boolean {
  return sources.some((id) => FLOW_SOURCES.some((source) => source.id === id && !source.setUpOnly));
}

/**
 * The workloads of a namespace with pods that may hold connections from before the window: those that started before it, and those of
 * which nobody tells when they did. Pods of the input tell it themselves; of others the record does, where it goes back further.
 */
export function notRestarted(
  namespace: string, objects: readonly InputObject[], pods: readonly PodSighting[], { from }: Window, recordedSince: number | null,
): readonly string[] {
  const started = new Map<string, number | undefined>();
  for (const { object } of objects) {
    const { name, namespace: own } = metadataOf(object);
    if (object.kind !== 'Pod' || own !== namespace) continue;
    const start = mapping(object.status).startTime;
    started.set(name, typeof start === 'string' ? timeOf(start) : undefined);
  }
  const old = new Set<string>();
  for (const { namespace: own, pod, workload, firstSeen } of pods) {
    if (own !== namespace) continue;
    const start = started.has(pod) ? started.get(pod) : recordedSince !== null && recordedSince < from ? firstSeen : undefined;
    if (start === undefined || start < from) old.add((workload ?? workloadOfPodName(pod))?.name ?? pod);
  }
  return [...old].sort();
}
