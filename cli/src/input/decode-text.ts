import { isUtf8 } from 'node:buffer';
import { DocumentError } from './input-problem';

const LINE_FEED = 0x0a;

/**
 * The text of a file. UTF-8, or UTF-16 with a byte order mark, as PowerShell writes what is redirected to a file. Line breaks
 * become line feeds where they are carriage returns alone; the length stays, so that offsets hold.
 */
export function decodeText(file: string, bytes: Uint8Array): string {
  const text = withoutMark(decode(file, bytes));
  const nul = text.indexOf('\0');
  if (nul >= 0) throw binary(file, text.slice(0, nul).split('\n').length, 'a NUL byte');
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
}

function decode(file: string, bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  throw binary(file, lineThatIsNotUtf8(bytes), 'a byte that is not UTF-8');
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function lineThatIsNotUtf8(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}

function binary(file: string, line: number, what: string): DocumentError {
  return new DocumentError({ place: { file, line }, reason: `has ${what}: a binary file, or text in another encoding. Instead: a manifest in UTF-8` });
}
