import { createReadStream } from 'node:fs';
import { ContentMark, KnownContent } from './known-content';
import { MAX_LINE } from './line-blocks';

const CHUNK = 1024 * 1024;
const NEWLINE = 10;

/** What a file was when it was read to its end. Plain data, which one thread can hand to another. */
export interface ContentDigest {
  readonly mark: ContentMark;
  /** A line of it is longer than any record. */
  readonly hasLongLine: boolean;
}

export async function digestOf(path: string): Promise<ContentDigest> {
  const content = new KnownContent([]);
  let [line, longest] = [0, 0];
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    content.take(chunk);
    const last = chunk.lastIndexOf(NEWLINE);
    // lines that begin and end within a chunk are not long
    longest = Math.max(longest, line + (last < 0 ? chunk.length : chunk.indexOf(NEWLINE)));
    line = last < 0 ? line + chunk.length : chunk.length - last - 1;
  }
  return { mark: content.mark, hasLongLine: Math.max(longest, line) > MAX_LINE };
}
