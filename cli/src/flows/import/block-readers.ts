import { ImportSession } from '../store/flow-sink';
import { BlockReader } from './block-reader';
import { LineBlock } from './line-blocks';
import { TallyData } from './tally';

/** Who reads the blocks of a file: this thread, or others. */
export interface BlockReaders {
  /** Takes a block over, which may be read later. */
  read(block: LineBlock): Promise<void>;
  /** All blocks were read and written to the session. Tells what became of those since it was called last, as if they were all there is. */
  finish(): Promise<TallyData>;
  /** Lines that were read since then, for those who wait. */
  readonly lines: number;
  close(): Promise<void>;
}

export class ReaderInThisThread implements BlockReaders {
  public constructor(private readonly reader: BlockReader, private readonly session: ImportSession) {}

  public get lines(): number {
    return this.reader.lines;
  }

  public async read(block: LineBlock): Promise<void> {
    this.reader.readBlock(block);
    if (this.reader.isFull) await this.session.write(this.reader.takeBatch());
  }

  public async finish(): Promise<TallyData> {
    await this.session.write(this.reader.takeBatch());
    return this.reader.takeTally();
  }

  public close(): Promise<void> {
    return Promise.resolve();
  }
}
