import { Command } from 'commander';
import { FlowsConfig } from '../config/flows-config';
import { findConfig } from '../config/netpol-yaml';
import { UsageError } from '../usage-error';
import { FlowStore } from './store/flow-store';
import { timeOf } from './timestamps';

/** Where recorded traffic is, and which cluster of it is meant. */
export interface StoreFlags {
  readonly store?: string;
  readonly recorded?: string;
  readonly now?: string;
}

const STORE = '.netpol/flows.duckdb';

export function withStore(command: Command): Command {
  return command
    .option('--store <FILE>', `where recorded traffic is kept (default: what netpol.yaml says, else ${STORE})`)
    .option('--now <TIME>', 'the time to assume, such as 2026-09-30T12:00:00Z (default: that of the clock)');
}

export function storePath(flags: StoreFlags, config: FlowsConfig | undefined = findConfig('.')?.flows): string {
  return flags.store ?? config?.store ?? STORE;
}

/** Milliseconds. */
export function nowOf({ now }: StoreFlags): number {
  if (now === undefined) return Date.now();
  return timeOf(now) ?? timeOf(`${now}T00:00:00Z`) ?? refuse(now);
}

/** The recorded cluster that is meant: the one that is named, else the only one there is. */
export async function recordedCluster(store: FlowStore, named: string | undefined): Promise<string> {
  const clusters = await store.clusters();
  if (named !== undefined) {
    if (clusters.includes(named)) return named;
    throw new UsageError(`the flow store has nothing of the cluster "${named}"; it has ${clusters.join(', ') || 'none'}`, { word: named, candidates: clusters });
  }
  const [only, ...more] = clusters;
  if (only === undefined) throw new UsageError('the flow store is empty. Instead: fill it with netpol flows import');
  if (more.length > 0) throw new UsageError(`the flow store has several clusters: choose one with --recorded ${clusters.join(' | ')}`);
  return only;
}

function refuse(now: string): never {
  throw new UsageError(`--now: "${now}" is no time. Instead: RFC 3339, such as 2026-09-30T12:00:00Z`);
}
