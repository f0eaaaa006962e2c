import { BatchData } from '../import/hourly-batch';
import { ContentMark } from '../import/known-content';
import { Tally } from '../import/tally';

/** What is known of an import, for the ledger. */
export interface ImportFacts {
  readonly name: string;
  readonly source: string;
  readonly tally: Tally;
  /** All of the content up to here, what was known before included. */
  readonly mark: ContentMark;
}

/** One file on its way into a store: nothing of it counts before `commit`, and all of it after. */
export interface ImportSession {
  /** The content that was imported for this cluster before. */
  readonly known: readonly ContentMark[];
  /** Takes rows over, so that they need not stay in memory. */
  write(batch: BatchData): Promise<void>;
  /** Forgets what was written since the last commit. */
  forget(): Promise<void>;
  commit(facts: ImportFacts): Promise<void>;
}

/** The side of a store that imports see. */
export interface FlowSink {
  begin(cluster: string, sampled: number): Promise<ImportSession>;
}
