import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { ContentImport, ImportedContent, ImportOutcome } from '../../../src/flows/import/import-content';
import { Threads } from '../../../src/flows/import/readers-in-threads';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { FLOW_SOURCES } from '../../../src/flows/sources';
import { DuckDbStore } from '../../../src/flows/store/duckdb/duckdb-store';
import { temporaryFolder, write } from '../../temporary-folder';
import { hubbleLine, hubbleLines, NOW } from './hubble-records';
import { hubbleRecords } from './random-records';
import { Stored, stored } from './stored';

const folder = temporaryFolder();
const SCRIPT = join(__dirname, '..', '..', '..', 'lib', 'flows', 'import', 'reader-thread.js');
/** So small that even a few lines are several blocks. */
const THREADS: Threads = { count: 2, script: SCRIPT, blockBytes: 2048, after: 0 };
const NONE: Threads = { ...THREADS, after: Infinity };
let stores = 0;

beforeAll(() => {
  if (!existsSync(SCRIPT)) throw new Error('the command line is not compiled: npm run build');
});

async function* cut(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += size) yield await Promise.resolve(content.subarray(start, start + size));
}

interface Imported {
  readonly outcome: ImportOutcome;
  readonly answers: Stored;
}

/** Imports contents into a store of their own, one after the other. */
async function imported(contents: readonly Buffer[], chunkSize: number, threads: Threads, more: Partial<ImportedContent> = {}): Promise<Imported> {
  const path = join(folder, `${stores++}.duckdb`);
  const store = await DuckDbStore.write(path, { retentionDays: 90, madeBy: 'a test', now: Date.parse(NOW) });
  let outcome: ImportOutcome | undefined;
  try {
    for (const content of contents) {
      const shared = { name: 'file', sources: FLOW_SOURCES.filter(({ id }) => id === 'hubble'), maxMalformed: 1, threads };
      const context = { inventory: FlowInventory.NONE, now: Date.parse(NOW), marker: 'netpol-audit' };
      outcome = await new ContentImport({ ...shared, context, chunks: cut(content, chunkSize), ...more }, await store.begin('default', 1)).run();
    }
  } finally {
    await store.close();
  }
  return { outcome: outcome!, answers: await stored(path) };
}

const line = fc.oneof(
  { weight: 12, arbitrary: hubbleRecords().map(hubbleLine) },
  { weight: 1, arbitrary: fc.constantFrom('', '\r', 'nonsense', '{"flow":{"time":"2026-', '{"lost_events":{"num_events_lost":"3"},"time":"2026-09-01T10:10:00Z","node_name":"n1"}') },
);
const content = fc.tuple(fc.array(line, { minLength: 1, maxLength: 60 }), fc.constantFrom('', '\n')).map(([lines, end]) => Buffer.from(`${hubbleLine()}\n${lines.join('\n')}${end}`));

test('it does not matter how many threads read, nor in what pieces the content comes', async () => {
  await fc.assert(fc.asyncProperty(content, fc.integer({ min: 100, max: 20_000 }), async (bytes, chunkSize) => {
    const one = await imported([bytes], bytes.length, NONE);
    const several = await imported([bytes], chunkSize, THREADS);
    expect(several.answers).toEqual(one.answers);
    expect(several.outcome.tally).toEqual(one.outcome.tally);
  }), { numRuns: 15 });
}, 60_000);

test('a file that grows, cut anywhere, is what it is when it comes at once', async () => {
  await fc.assert(fc.asyncProperty(content, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(THREADS, NONE), async (bytes, share, threads) => {
    const at = Math.max(1, Math.floor(bytes.length * share));
    const once = await imported([bytes], bytes.length, NONE);
    const grown = await imported([bytes.subarray(0, at), bytes, bytes], 1000, threads);
    expect(grown.answers).toEqual(once.answers);
  }), { numRuns: 15 });
}, 60_000);

test('numbers of malformed lines are those of the file, whichever thread found them', async () => {
  const lines = hubbleLines(200).split('\n');
  for (const index of [20, 90, 150]) lines[index] = 'nonsense';
  const { outcome } = await imported([Buffer.from(lines.join('\n'))], 5000, THREADS);
  expect(outcome.tally.malformed.map(({ line: number }) => number)).toEqual([21, 91, 151]);
  expect(outcome.tally.records).toBe(200);
});

test('a line longer than any record, and one longer than what a thread is given, are one record each', async () => {
  const long = JSON.stringify({ flow: { uuid: 'x'.repeat(10_000) } });
  const bytes = Buffer.from(`${hubbleLines(20)}${long}\n${'x'.repeat(9 * 1024 * 1024)}\n${hubbleLines(20)}`);
  const { outcome } = await imported([bytes], 64 * 1024, THREADS);
  expect(outcome.tally).toMatchObject({ records: 42, observations: 40, malformed: [{ line: 22, detail: 'is longer than any record' }] });
});

test('a stream is kept now and then, at the end of a line', async () => {
  const path = join(folder, 'stream.duckdb');
  const store = await DuckDbStore.write(path, { retentionDays: 90, madeBy: 'a test', now: Date.parse(NOW) });
  const bytes = Buffer.from(hubbleLines(100));
  async function* breaking(): AsyncGenerator<Buffer> {
    yield* cut(bytes.subarray(0, -1000), 9000);
    throw new Error('the pipe broke');
  }
  try {
    const context = { inventory: FlowInventory.NONE, now: Date.parse(NOW), marker: 'netpol-audit' };
    const shared = { name: '<stdin>', sources: FLOW_SOURCES.filter(({ id }) => id === 'hubble'), context, maxMalformed: 0.2, commitAfter: 0, threads: THREADS };
    await expect(new ContentImport({ ...shared, chunks: breaking() }, await store.begin('default', 1)).run()).rejects.toThrow('cannot be read to its end');
    const kept = (await store.connections('default', { from: 0, until: Date.parse(NOW) }))[0]!.count;
    expect(kept).toBeGreaterThan(80);
    // again from its beginning: only the rest counts
    await new ContentImport({ ...shared, chunks: cut(bytes, 10_000) }, await store.begin('default', 1)).run();
    expect((await store.connections('default', { from: 0, until: Date.parse(NOW) }))[0]!.count).toBe(100);
  } finally {
    await store.close();
  }
});

test('a thread that dies is an error, and not a file that is shorter', async () => {
  const script = join(folder, 'dies.js');
  write(folder, { 'dies.js': 'process.exit(3)' });
  await expect(imported([Buffer.from(hubbleLines(100))], 5000, { ...THREADS, script })).rejects.toThrow('a thread that reads records ended with 3');
});
