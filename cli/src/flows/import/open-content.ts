import { createReadStream, openSync, readSync, closeSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

const CHUNK = 1024 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);
/** @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1 */
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const MAGIC = Math.max(GZIP.length, ZSTD.length);

/** The content of a file, unpacked where its first bytes say that it is packed, whatever it is called. */
export function openContent(path: string, onBytes: (read: number) => void): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK });
  return unpacked(counted(file, onBytes), firstBytes(path, MAGIC));
}

/** The same of a stream, such as standard input. */
export async function* streamContent(stream: NodeJS.ReadableStream, onBytes: (read: number) => void): AsyncIterable<Buffer> {
  const chunks = counted(stream, onBytes)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  yield* unpacked(chain(first.value, chunks), first.value);
}

async function* counted(stream: AsyncIterable<string | Buffer>, onBytes: (read: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    onBytes(bytes.length);
    yield bytes;
  }
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Whether what is read from a file is something else than its bytes. */
export function isPacked(path: string): boolean {
  const head = firstBytes(path, MAGIC);
  return isGzip(head) || isZstd(head);
}

function unpacked(chunks: AsyncIterable<Buffer>, head: Buffer): AsyncIterable<Buffer> {
  if (isGzip(head)) return gunzip(chunks);
  return isZstd(head) ? unzstd(chunks) : chunks;
}

function isGzip(head: Buffer): boolean {
  return head.subarray(0, GZIP.length).equals(GZIP);
}

function isZstd(head: Buffer): boolean {
  return head.subarray(0, ZSTD.length).equals(ZSTD);
}

function gunzip(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const unpacking = createGunzip({ chunkSize: CHUNK });
  // an error of either end is one of what is read
  pipeline(Readable.from(chunks), unpacking, () => undefined);
  return unpacking;
}

async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let ready: Buffer[] = [];
  const stream = new Decompress((bytes) => void ready.push(Buffer.from(bytes)));
  for await (const chunk of chunks) {
    stream.push(chunk);
    yield* ready;
    ready = [];
  }
  stream.push(new Uint8Array(0), true);
  yield* ready;
}

/** As many as there are, and no more than so many. */
export function firstBytes(path: string, most: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(most);
    return head.subarray(0, readSync(descriptor, head, 0, most, 0));
  } finally {
    closeSync(descriptor);
  }
}
