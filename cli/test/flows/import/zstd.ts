/** Bytes of one block, at most. */
const BLOCK = 128 * 1024;

/**
 * A frame of Zstandard whose blocks are not compressed: each unpacker must know them.
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
 */
export function zstdFrame(content: Uint8Array): Buffer {
  // one segment, with the size of the content in four bytes
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  head.writeUInt32LE(content.length, 5);
  const parts: Uint8Array[] = [head];
  for (let start = 0; start < content.length; start += BLOCK) {
    const block = content.subarray(start, start + BLOCK);
    const blockHead = Buffer.alloc(3);
    blockHead.writeUIntLE((block.length << 3) | Number(start + BLOCK >= content.length), 0, 3);
    parts.push(blockHead, block);
  }
  return Buffer.concat(parts);
}
