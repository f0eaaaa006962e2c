import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FLOW_SOURCES } from '../sources';
import { FlowSource, SourceContext } from '../sources/flow-source';
import { ImportSession } from '../store/flow-sink';
import { BlockReaders } from './block-readers';
import { compiledScript } from './compiled-script';
import { BatchData } from './hourly-batch';
import { LineBlock } from './line-blocks';
import type { FromThread, ThreadSettings, ToThread } from './reader-thread';
import { Tally, TallyData } from './tally';

export interface Threads {
  readonly count: number;
  /** Compiled: a thread knows nothing of TypeScript. */
  readonly script: string;
  /** The bytes that a thread is given at once, at least. */
  readonly blockBytes: number;
  /** They start once so much was read: less is read sooner than they start. */
  readonly after: number;
}

const MOST_THREADS = 4;
/** Blocks that wait for a thread, the one that it reads included. */
const MOST_WAITING = 2;
const BLOCK_BYTES = 1024 * 1024;
/** Of each thread. Its batches are a tenth of that; without a limit it collects garbage only once it has a gigabyte. */
const HEAP = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 24 };
const AFTER = 8 * 1024 * 1024;

/** As many threads as help; undefined where this thread must do. */
export function usualThreads(): Threads | undefined {
  const script = compiledScript('reader-thread');
  return script === undefined ? undefined : { count: Math.min(MOST_THREADS, availableParallelism()), script, blockBytes: BLOCK_BYTES, after: AFTER };
}

interface Thread {
  readonly worker: Worker;
  waiting: number;
  flushed: boolean;
}

/** Reads blocks in several threads. Each adds up what it reads; the store adds up what they bring. */
export class ReadersInThreads implements BlockReaders {
  private readonly threads: readonly Thread[];
  private collected: Buffer;
  private collectedBytes = 0;
  private tally = new Tally();
  /** Blocks that were given out, and those whose lines are counted. */
  private given = 0;
  private counted = 0;
  private readonly tallies = new Map<number, TallyData>();
  private writing: Promise<void> = Promise.resolve();
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  public constructor(source: FlowSource, context: SourceContext, private readonly session: ImportSession, private readonly settings: Threads) {
    const { inventory: { facts }, now, marker } = context;
    const workerData: ThreadSettings = { source: FLOW_SOURCES.indexOf(source), now, marker, inventory: { ...facts, podCidrs: facts.podCidrs.map(String) } };
    this.threads = Array.from({ length: settings.count }, () => this.start(workerData));
    this.collected = Buffer.allocUnsafeSlow(settings.blockBytes);
  }

  public get lines(): number {
    return this.tally.lines;
  }

  public async read(block: LineBlock): Promise<void> {
    const { bytes, knownOfFirst, isTooLong } = block;
    // only the first block of what a thread is given has lines that are special
    if (knownOfFirst > 0 || isTooLong || this.collectedBytes + bytes.length > this.collected.length) await this.giveCollected();
    if (knownOfFirst > 0 || isTooLong || bytes.length > this.collected.length) {
      await this.give({ bytes: Buffer.from(new Uint8Array(bytes).buffer), knownOfFirst, isTooLong });
      return;
    }
    // a copy: whoever gave the block uses its memory again
    bytes.copy(this.collected, this.collectedBytes);
    this.collectedBytes += bytes.length;
  }

  public async finish(): Promise<TallyData> {
    await this.giveCollected();
    for (const thread of this.threads) {
      thread.flushed = false;
      this.post(thread, { kind: 'flush' });
    }
    await this.until(() => this.threads.every(({ flushed }) => flushed));
    await this.writing;
    this.check();
    const { tally } = this;
    this.tally = new Tally();
    return tally;
  }

  public async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private start(workerData: ThreadSettings): Thread {
    const worker = new Worker(this.settings.script, { workerData, resourceLimits: HEAP });
    const thread: Thread = { worker, waiting: 0, flushed: true };
    worker.on('message', (message: FromThread) => this.hear(thread, message));
    worker.on('messageerror', (error) => this.fail(error));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', (code) => this.fail(new Error(`a thread that reads records ended with ${code}`)));
    return thread;
  }

  private hear(thread: Thread, message: FromThread): void {
    if (message.kind === 'flushed') thread.flushed = true;
    else {
      thread.waiting--;
      this.tallies.set(message.index, message.tally);
      this.countInOrder();
    }
    if (message.batch !== undefined) this.write(message.batch);
    this.wake();
  }

  /** Lines are numbered by those before them, which another thread may still be reading. */
  private countInOrder(): void {
    for (let tally = this.tallies.get(this.counted); tally !== undefined; tally = this.tallies.get(this.counted)) {
      this.tallies.delete(this.counted++);
      this.tally.add(tally, this.tally.lines);
    }
  }

  private write(batch: BatchData): void {
    this.writing = this.writing.then(() => this.session.write(batch));
    this.writing.catch((error: unknown) => this.fail(error as Error));
  }

  private async giveCollected(): Promise<void> {
    if (this.collectedBytes === 0) return;
    const bytes = this.collected.subarray(0, this.collectedBytes);
    this.collected = Buffer.allocUnsafeSlow(this.settings.blockBytes);
    this.collectedBytes = 0;
    await this.give({ bytes, knownOfFirst: 0, isTooLong: false });
  }

  /** @param block whose memory goes to the thread */
  private async give({ bytes, knownOfFirst, isTooLong }: LineBlock): Promise<void> {
    await this.until(() => this.threads.some(({ waiting }) => waiting < MOST_WAITING));
    await this.writing;
    const [idlest] = [...this.threads].sort((a, b) => a.waiting - b.waiting);
    idlest!.waiting++;
    this.post(idlest!, { kind: 'block', index: this.given++, bytes, knownOfFirst, isTooLong }, [bytes.buffer as ArrayBuffer]);
  }

  private post({ worker }: Thread, message: ToThread, moved: readonly ArrayBuffer[] = []): void {
    worker.postMessage(message, moved);
  }

  private async until(condition: () => boolean): Promise<void> {
    for (this.check(); !condition(); this.check()) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private check(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
