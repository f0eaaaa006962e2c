import { existsSync } from 'node:fs';
import { AUDIT_POLICY } from 'cdk8s-netpol/policy';
import { ClusterFlags } from '../cluster-flags';
import { GATE_DEFAULTS } from '../config/gate-config';
import { GateRun } from '../flows/gate/run-gate';
import { DuckDbStore } from '../flows/store/duckdb/duckdb-store';
import { nowOf, recordedCluster, StoreFlags, storePath } from '../flows/store-flags';
import { ReadCluster } from '../load-cluster';
import { Run } from '../run';
import { RecordedTraffic } from './namespace-status';

/** What was recorded of each namespace, held against its policies; nothing where there is no store, and nobody asked for one. */
export async function readTraffic(read: ReadCluster, flags: ClusterFlags & StoreFlags, run: Run): Promise<ReadonlyMap<string, RecordedTraffic>> {
  const { config } = read;
  const file = storePath(flags, config);
  if (flags.store === undefined && !existsSync(file)) return new Map();
  const store = await DuckDbStore.read(file);
  try {
    const cluster = await recordedCluster(store, flags.recorded);
    const asked = { namespaces: 'all', cluster, rehearsedIn: undefined, config: config?.gate ?? GATE_DEFAULTS, now: nowOf(flags), against: [] } as const;
    const { results } = await new GateRun(store, run).ask(asked, read, { ...flags, marker: AUDIT_POLICY });
    return new Map(results.map(({ namespace, verdict, criteria, counts }) => [namespace, {
      covered: counts.covered,
      connections: Object.values(counts).reduce((sum, count) => sum + count, 0),
      gate: verdict,
      missing: criteria.filter(({ passed }) => !passed).map(({ id }) => id),
    }]));
  } finally {
    await store.close();
  }
}
