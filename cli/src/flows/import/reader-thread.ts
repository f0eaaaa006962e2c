import { parentPort, workerData } from 'node:worker_threads';
import { Cidr } from 'cdk8s-netpol/policy';
import { FlowInventory, InventoryFacts } from '../inventory/flow-inventory';
import { FLOW_SOURCES } from '../sources';
import { BlockReader } from './block-reader';
import { BatchData } from './hourly-batch';
import { TallyData } from './tally';

/** What a thread is told when it starts. */
export interface ThreadSettings {
  /** The place in the list of sources: two of them can share a name. */
  readonly source: number;
  readonly now: number;
  readonly marker: string;
  /** Blocks of addresses are text, as objects lose their class on the way. */
  readonly inventory: Omit<InventoryFacts, 'podCidrs'> & { readonly podCidrs: readonly string[] };
}

export type ToThread =
  | { readonly kind: 'block'; readonly index: number; readonly bytes: Uint8Array; readonly knownOfFirst: number; readonly isTooLong: boolean }
  | { readonly kind: 'flush' };

export type FromThread =
  | { readonly kind: 'read'; readonly index: number; readonly tally: TallyData; readonly batch?: BatchData }
  | { readonly kind: 'flushed'; readonly batch: BatchData };

/** Runs in a thread of its own, started by `ReadersInThreads`. */
function main(port: NonNullable<typeof parentPort>, { source, now, marker, inventory }: ThreadSettings): void {
  const known = new FlowInventory({ ...inventory, podCidrs: inventory.podCidrs.map((text) => Cidr.parse(text)) });
  const reader = new BlockReader(FLOW_SOURCES[source]!, { inventory: known, now, marker });
  const answer = (message: FromThread) => port.postMessage(message);
  port.on('message', (message: ToThread) => {
    if (message.kind === 'flush') {
      answer({ kind: 'flushed', batch: reader.takeBatch() });
      return;
    }
    const { bytes, index } = message;
    reader.readBlock({ ...message, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
    answer({ kind: 'read', index, tally: reader.takeTally(), ...(reader.isFull ? { batch: reader.takeBatch() } : {}) });
  });
}

if (parentPort !== null) main(parentPort, workerData as ThreadSettings);
