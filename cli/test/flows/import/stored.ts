import { DuckDbStore } from '../../../src/flows/store/duckdb/duckdb-store';
import { FlowStore } from '../../../src/flows/store/flow-store';

const ALL_TIME = { from: 0, until: Date.parse('2100-01-01T00:00:00Z') };

/** All that a store answers, but for its ledger. */
export type Stored = Awaited<ReturnType<typeof answersOf>>;

/** What a store has of a cluster. */
export async function stored(path: string, cluster = 'default'): Promise<Stored> {
  return inStore(path, (store) => answersOf(store, cluster));
}

export async function inStore<T>(path: string, ask: (store: FlowStore) => Promise<T>): Promise<T> {
  const store = await DuckDbStore.read(path);
  try {
    return await ask(store);
  } finally {
    await store.close();
  }
}

/** Connections seen, in all. */
export function totalOf({ connections }: Stored): number {
  return connections.reduce((total, { count }) => total + count, 0);
}

async function answersOf(store: FlowStore, cluster: string) {
  return {
    connections: await store.connections(cluster, ALL_TIME),
    coverage: await store.coverage(cluster, ALL_TIME),
    pods: await store.pods(cluster, ALL_TIME),
    activity: await store.activity(cluster, ALL_TIME),
  };
}
