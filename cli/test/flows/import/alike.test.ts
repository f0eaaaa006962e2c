import { appendFileSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { AlikeImport } from '../../../src/flows/import/alike-import';
import { digestOf } from '../../../src/flows/import/content-digest';
import { ContentImport, ImportOutcome } from '../../../src/flows/import/import-content';
import { openContent } from '../../../src/flows/import/open-content';
import { FlowInventory } from '../../../src/flows/inventory/flow-inventory';
import { FLOW_SOURCES } from '../../../src/flows/sources';
import { SourceContext } from '../../../src/flows/sources/flow-source';
import { DuckDbStore } from '../../../src/flows/store/duckdb/duckdb-store';
import { ImportSession } from '../../../src/flows/store/flow-sink';
import { netpol } from '../../run-netpol';
import { temporaryFolder, write } from '../../temporary-folder';
import { hubbleLine, hubbleLines, NOW } from './hubble-records';
import { hubbleRecords, usualTime } from './random-records';
import { Stored, stored, totalOf } from './stored';

const folder = temporaryFolder();
const CONTEXT: SourceContext = { inventory: FlowInventory.NONE, now: Date.parse(NOW), marker: 'netpol-audit' };
let stores = 0;

interface Imported {
  readonly outcome: ImportOutcome | undefined;
  readonly answers: Stored;
}

/** Into a store of its own. */
async function imported(read: (session: ImportSession) => Promise<ImportOutcome | undefined>): Promise<Imported> {
  const path = join(folder, `${stores++}.duckdb`);
  const store = await DuckDbStore.write(path, { retentionDays: 90, madeBy: 'a test', now: Date.parse(NOW) });
  let outcome;
  try {
    outcome = await read(await store.begin('default', 1));
  } finally {
    await store.close();
  }
  return { outcome, answers: await stored(path) };
}

function atOnce(path: string, context = CONTEXT, leastBytes = 0): Promise<Imported> {
  return imported((session) => new AlikeImport({ path, sources: FLOW_SOURCES, context }, session, leastBytes).run());
}

function lineByLine(path: string): Promise<Imported> {
  const content = { name: path, sources: FLOW_SOURCES, context: CONTEXT, maxMalformed: 1, chunks: openContent(path, () => undefined) };
  return imported((session) => new ContentImport(content, session).run());
}

function file(name: string, content: string | Uint8Array): string {
  write(folder, { [name]: content });
  return join(folder, name);
}

const HOUR = 3_600_000;
/** What is ahead of the clock does not count. */
const aroundNow = fc.integer({ min: -HOUR, max: HOUR }).map((offset) => Date.parse(NOW) + offset);
const record = hubbleRecords(fc.oneof({ weight: 20, arbitrary: usualTime }, { weight: 1, arbitrary: aroundNow }));
const LOST = '{"lost_events":{"num_events_lost":"3"},"time":"2026-09-01T10:10:00Z","node_name":"n1"}';
const line = fc.oneof(
  { weight: 30, arbitrary: record.map(hubbleLine) },
  { weight: 1, arbitrary: record.map((each) => hubbleLine(each).replaceAll('123456Z', '+00:00')) },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\r', LOST, '{"node_status":{},"node_name":"n1"}') },
);
const content = fc.tuple(fc.array(line, { minLength: 20, maxLength: 120 }), fc.constantFrom('', '\n', '\r\n')).map(([lines, end]) => `${hubbleLines(20)}${lines.join(end || '\n')}${end}`);

test('records that are read by likeness come to what they come to line by line', async () => {
  let files = 0;
  await fc.assert(fc.asyncProperty(content, async (text) => {
    const path = file(`random-${files++}.ndjson`, text);
    const one = await atOnce(path);
    const other = await lineByLine(path);
    expect(one.answers).toEqual(other.answers);
    // blank lines are counted by who sees lines
    expect({ ...one.outcome!.tally, lines: 0 }).toEqual({ ...other.outcome!.tally, lines: 0 });
    expect(one.outcome!.source).toBe(other.outcome!.source);
  }), { numRuns: 20, endOnFailure: true });
}, 120_000);

test.each([
  ['a line that is no record', `${hubbleLines(30)}nonsense\n`],
  ['an address that is none', `${hubbleLines(30)}${hubbleLine().replace(/"source":"10[^"]*"/, '"source":"nowhere"')}\n`],
  ['a last line that was cut off', hubbleLines(30).slice(0, -20)],
  ['too few lines to tell whose they are', hubbleLines(10)],
  ['records of another source', '{"start_time":"2026-09-01T10:00:00Z"}\n'.repeat(30)],
  ['a line that does not end', `${hubbleLines(30)}${' '.repeat(9 * 1024 * 1024)}\n`],
  ['what is packed', gzipSync(hubbleLines(30))],
  ['nothing', ''],
])('%s is left to those who read line by line, and nothing of the file is kept', async (_, text) => {
  const { outcome, answers } = await atOnce(file('other.ndjson', text));
  expect(outcome).toBeUndefined();
  expect(answers).toEqual({ connections: [], coverage: [], pods: [], activity: [] });
});

test('so is a file where more is known of the cluster than its records say', async () => {
  const inventory = new FlowInventory({ podCidrs: [], pods: [], nodes: [{ name: 'n1', ips: ['10.0.0.1'] }], services: [], listeners: [] });
  const path = file('known-cluster.ndjson', hubbleLines(30));
  expect((await atOnce(path, { ...CONTEXT, inventory })).outcome).toBeUndefined();
  expect((await atOnce(path)).outcome?.tally.records).toBe(30);
});

test('so is a small file', async () => {
  expect((await atOnce(file('small.ndjson', hubbleLines(30)), CONTEXT, 1024 * 1024)).outcome).toBeUndefined();
});

test.each([
  ['grows', (path: string) => appendFileSync(path, hubbleLines(1))],
  ['is written to', (path: string) => utimesSync(path, 1, 1)],
  ['goes away', (path: string) => rmSync(path)],
])('so is a file that %s while it is read', async (_, meanwhile) => {
  const path = file('live.ndjson', hubbleLines(3000));
  let told = false;
  const { outcome, answers } = await imported((session) => {
    // a reader is asked for when DuckDB has read the file
    const sources = FLOW_SOURCES.map((source) => ({
      ...source,
      reader: (context: SourceContext) => {
        if (!told) meanwhile(path);
        told = true;
        return source.reader(context);
      },
    }));
    return new AlikeImport({ path, sources, context: CONTEXT }, session, 0).run();
  });
  expect(told).toBe(true);
  expect(outcome).toBeUndefined();
  expect(answers.connections).toEqual([]);
});

test('so is what was imported before, and what begins like it', async () => {
  const path = file('again.ndjson', hubbleLines(30));
  const { outcome } = await imported(async (session) => {
    const read = () => new AlikeImport({ path, sources: FLOW_SOURCES, context: CONTEXT }, session, 0).run();
    const first = await read();
    const known = [(await digestOf(path)).mark];
    const next = Object.create(session, { known: { value: known } }) as ImportSession;
    const again = (): Promise<ImportOutcome | undefined> => new AlikeImport({ path, sources: FLOW_SOURCES, context: CONTEXT }, next, 0).run();
    expect(await again()).toBeUndefined();
    appendFileSync(path, hubbleLines(1));
    expect(await again()).toBeUndefined();
    return first;
  });
  expect(outcome?.tally.records).toBe(30);
});

test('a large file, the same one again and what is added to it: whoever reads, each record counts once', async () => {
  const records = 12_000;
  const text = hubbleLines(records, (index) => ({ src: `shop/web-${index % 7}`, pod: index % 3, isReply: index % 4 === 0, node: `n${index % 3}`, uuid: index }));
  expect(text.length).toBeGreaterThan(8 * 1024 * 1024);
  const [plain, packed] = [file('large.ndjson', text), file('large.ndjson.gz', gzipSync(text))];
  const [one, other] = [join(folder, 'plain.duckdb'), join(folder, 'packed.duckdb')];
  const importing = (path: string, store: string) => netpol(['flows', 'import', path, '--store', store, '--now', NOW, '-o', 'json']);
  expect((await importing(plain, one)).code).toBe(0);
  expect((await importing(packed, other)).code).toBe(0);
  const answers = await stored(one);
  expect(answers).toEqual(await stored(other));
  expect(totalOf(answers)).toBe(records * 0.75);
  const again = await importing(plain, one);
  expect(JSON.parse(again.stdout)).toMatchObject({ files: [{ records: 0, knownBytes: readFileSync(plain).length }] });
  appendFileSync(plain, hubbleLines(5));
  await importing(plain, one);
  expect(totalOf(await stored(one))).toBe(records * 0.75 + 5);
}, 60_000);
