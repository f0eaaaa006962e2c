import { Analysis, readInventory } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { ClusterFlags } from '../../cluster-flags';
import { InputObject } from '../../input';
import { analyse, ReadCluster, withStaged } from '../../load-cluster';
import { Run } from '../../run';
import { ObservedConnection } from '../store/flow-store';
import { CoverageReport, coverageOf } from './coverage';
import { asEnforced } from './enforced-objects';
import { ObservedWorkloads } from './observed-workloads';

/** Policies as they will be once they are enforced, held against a record. */
export interface LoadedCoverage {
  readonly report: CoverageReport;
  readonly analysis: Analysis;
  readonly cluster: ReadCluster;
  /** The input without the openers. */
  readonly objects: readonly InputObject[];
  /** What was evaluated: that, and the workloads that only the record shows. */
  readonly evaluated: readonly InputObject[];
  readonly workloads: ObservedWorkloads;
}

/** Holds the policies of a cluster against recorded traffic. */
export function loadCoverage(
  read: ReadCluster, flags: ClusterFlags & { readonly marker: string }, observed: readonly ObservedConnection[], namespaces: readonly string[], run: Run,
): LoadedCoverage {
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
  const analysis = analyse(evaluated, cluster.profile, flags, run);
  return { report: coverageOf(analysis, observed, workloads, namespaces), analysis, cluster, objects, evaluated, workloads };
}
