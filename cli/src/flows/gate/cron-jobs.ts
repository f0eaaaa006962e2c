import { InputObject } from '../../input';
import { mapping, metadataOf } from '../../owners/object-metadata';
import { ObservedPeer } from '../observation';
import { ObservedConnection, PodSighting } from '../store/flow-store';

export interface CronJob {
  readonly name: string;
  readonly schedule: string;
}

/** The CronJobs of a namespace that run: a suspended one opens nothing. */
export function cronJobsOf(objects: readonly InputObject[], namespace: string): readonly CronJob[] {
  return objects
    .filter(({ object }) => object.kind === 'CronJob' && (metadataOf(object).namespace ?? 'default') === namespace && mapping(object.spec).suspend !== true)
    .map(({ object }) => ({ name: metadataOf(object).name, schedule: String(mapping(object.spec).schedule ?? '?') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names of the workloads of a namespace that the record shows. */
export function seenWorkloads(namespace: string, connections: readonly ObservedConnection[], pods: readonly PodSighting[]): ReadonlySet<string> {
  const nameOf = (peer: ObservedPeer) => (peer.kind === 'pod' && peer.namespace === namespace && peer.workload !== null ? [peer.workload.name] : []);
  return new Set([
    ...connections.flatMap(({ src, dst }) => [...nameOf(src), ...nameOf(dst)]),
    ...pods.flatMap((pod) => (pod.namespace === namespace && pod.workload !== null ? [pod.workload.name] : [])),
  ]);
}
