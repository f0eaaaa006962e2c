import { Observation, ObservedLabels, ObservedPeer } from '../observation';
import { workloadLabels } from '../workload-labels';
import { owningWorkload } from '../workload-name';

/** One side of an edge of the map: a workload, or a Service where nobody knows the workload behind it. */
export interface OtterizeService {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string | null;
  readonly labels?: ReadonlyArray<readonly [string, string]>;
}

const NO_LABELS: ObservedLabels = {};

export function otterizePeer({ namespace, name, kind, labels = [] }: OtterizeService): ObservedPeer {
  if (kind === 'Service') return { kind: 'service', namespace, name };
  const own = labels.length === 0 ? NO_LABELS : workloadLabels(labels);
  // a pod that nothing owns is no workload
  if (kind === 'Pod') return { kind: 'pod', namespace, workload: null, labels: own, pod: name };
  return { kind: 'pod', namespace, workload: owningWorkload(kind, name, Object.fromEntries(labels)), labels: own };
}

/** The map knows that two sides talk, and neither when, nor how, nor whether a policy had a say. */
export function otterizeObservation(src: ObservedPeer, dst: ObservedPeer, port: number | null = null): Observation {
  return { time: null, src, dst, port, protocol: 'unknown', direction: 'egress', verdict: 'unknown', decidedBy: null, count: 1 };
}
