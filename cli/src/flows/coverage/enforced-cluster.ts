import { readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { ClusterFlags } from '../../cluster-flags';
import { InputObject } from '../../input';
import { analyse, ReadCluster, withStaged } from '../../load-cluster';
import { Run } from '../../run';
import { ObservedConnection } from '../store/flow-store';
import { asEnforced } from './enforced-objects';
import { Judge } from './judge';
import { ObservedWorkloads } from './observed-workloads';

/** A cluster as it will be once its policies are enforced. */
export interface EnforcedCluster {
  /** Asks it about what was recorded. */
  readonly judge: Judge;
  /** The input without the openers. */
  readonly objects: readonly InputObject[];
  /** What was evaluated: that, and the workloads that only the record shows. */
  readonly evaluated: readonly InputObject[];
}

/** Makes the policies of a cluster ready to be held against recorded traffic. */
export function enforcedCluster(
  read: ReadCluster, flags: ClusterFlags & { readonly marker: string }, observed: readonly ObservedConnection[], run: Run,
): EnforcedCluster {
  // what is staged now is what will be enforced
  const cluster = withStaged(read, flags.staged ?? 'enforced');
  const { objects, leftOut } = asEnforced(cluster.objects, flags.marker);
  if (leftOut.length > 0) run.note(`as if enforced: without ${leftOut.join(', ')}`);
  const workloads = new ObservedWorkloads(readInventory(objects, { readers: POLICY_READERS }));
  for (const { src, dst } of observed) for (const peer of [src, dst]) if (peer.kind === 'pod') workloads.end(peer);
  if (workloads.made.length > 0) {
    run.note(`${workloads.made.length} of the recorded workloads are not in the input: their labels are those of the record, and their container ports are not known (--inventory gives them)`);
  }
  const evaluated = [...objects, ...workloads.made];
  return { judge: new Judge(analyse(evaluated, cluster.profile, flags, run), workloads), objects, evaluated };
}
