import { recognised } from '../sources';
import { FlowSource } from '../sources/flow-source';

/** So many lines tell what a file is of, */
export const HEAD_LINES = 20;
/** or so much of a document, which need not have lines. */
export const HEAD_BYTES = 4096;

/** Whose records these are, by the beginning of them. There is nothing to tell where only one source is possible. */
export function sourceOf(beginning: Buffer, sources: readonly FlowSource[]): FlowSource | undefined {
  const [only, ...more] = sources;
  return only !== undefined && more.length === 0 ? only : recognised({ lines: firstLines(beginning), text: beginning.toString('utf8', 0, HEAD_BYTES) }, sources);
}

export function firstLines(beginning: Buffer): readonly string[] {
  return beginning.toString('utf8').split(/\r?\n/).slice(0, HEAD_LINES).filter((line) => line !== '');
}
