import { AUDIT_POLICY } from 'cdk8s-netpol/policy';
import { Command } from 'commander';
import { Config } from '../config/netpol-yaml';
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

/** For a verb that answers from the store. */
export function withRecorded(command: Command): Command {
  return withStore(command).option('--recorded <NAME>', 'the cluster of the store (default: the only one there is)');
}

/** For a verb that evaluates policies as they will be once they are enforced. */
export function withMarker(command: Command): Command {
  return command.option('--marker <NAME>', 'the policy that opens a namespace in AUDIT', AUDIT_POLICY);
}

export function withStore(command: Command): Command {
  return command
    .option('--store <FILE>', `where recorded traffic is kept (default: what netpol.yaml says, else ${STORE})`)
    .option('--now <TIME>', 'the time to assume, such as 2026-09-30T12:00:00Z (default: that of the clock)');
}

/** @param config netpol.yaml of this folder, where there is one */
export function storePath(flags: StoreFlags, config: Pick<Config, 'flows'> | undefined): string {
  return flags.store ?? config?.flows.store ?? STORE;
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
