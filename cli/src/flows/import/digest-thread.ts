import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { compiledScript } from './compiled-script';
import { ContentDigest, digestOf } from './content-digest';

/** Reads a file to its end in a thread of its own. */
export class DigestThread {
  public readonly digest: Promise<ContentDigest>;
  private readonly worker: Worker | undefined;

  public constructor(path: string) {
    const script = compiledScript('digest-thread');
    this.worker = script === undefined ? undefined : new Worker(script, { workerData: path });
    this.digest = this.worker === undefined ? digestOf(path) : answerOf(this.worker);
    // whoever stops it need not wait for it
    this.digest.catch(() => undefined);
  }

  public async stop(): Promise<void> {
    await this.worker?.terminate();
  }
}

function answerOf(worker: Worker): Promise<ContentDigest> {
  return new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the thread that reads a file to its end ended with ${code}`)));
  });
}

async function main(port: NonNullable<typeof parentPort>, path: string): Promise<void> {
  port.postMessage(await digestOf(path));
}

if (!isMainThread && parentPort !== null) void main(parentPort, workerData as string);
