import { closeSync, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs';
import { fileProblem } from './find-files';
import { DocumentError } from './input-problem';
import { MAX_BYTES } from './limits';

/** The bytes of a file or stream, up to a limit: a file of many gigabytes is refused before it is read. */
export async function readBytes(source: string | NodeJS.ReadableStream, file: string): Promise<Uint8Array> {
  try {
    return typeof source === 'string' ? await readFileBytes(source, file) : await readStream(source, file);
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    throw new DocumentError({ place: { file }, reason: fileProblem(error) });
  }
}

/** Pipes and devices (`<(helm template ...)`) have no size to go by. */
async function readFileBytes(path: string, file: string): Promise<Uint8Array> {
  const descriptor = openSync(path, 'r');
  let piped = false;
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile()) {
      if (stats.size > MAX_BYTES) throw tooLarge(file, `${stats.size} bytes`);
      return readFileSync(descriptor);
    }
    piped = true;
  } finally {
    if (!piped) closeSync(descriptor);
  }
  return readStream(createReadStream(path, { fd: descriptor }), file);
}

async function readStream(stream: NodeJS.ReadableStream, file: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    chunks.push(bytes);
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge(file, `more than ${MAX_BYTES} bytes`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(file: string, size: string): DocumentError {
  const limit = Math.ceil(MAX_BYTES / 1e6);
  return new DocumentError({ place: { file, line: 1 }, reason: `has ${size}; ${limit} MB and more are refused. Instead: several smaller files, or --context for a live cluster` });
}
