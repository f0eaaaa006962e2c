import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { netpol, Outcome, RunOptions } from '../../run-netpol';
import { temporaryFolder, write } from '../../temporary-folder';
import { hubbleLine, hubbleLines, NOW, START } from './hubble-records';
import { inStore, stored, totalOf } from './stored';
import { zstdFrame } from './zstd';

const folder = temporaryFolder();
const WHISKER = {
  start_time: '2026-09-01T10:00:00Z', end_time: '2026-09-01T10:00:15Z', action: 'Allow', source_name: 'web-645b68dcf7-*', source_namespace: 'shop',
  source_labels: 'app=web', dest_name: 'api-5d9c7f6b4d-*', dest_namespace: 'pay', dest_labels: 'app=api', protocol: 'tcp', dest_port: 8080, reporter: 'Dst',
  policies: { enforced: [{ kind: 'Profile', name: 'kns.pay', namespace: '', tier: '', action: 'Allow', policy_index: 0, rule_index: 0, trigger: null }], pending: [] },
  packets_in: 12, packets_out: 10, bytes_in: 4096, bytes_out: 2048,
};
let stores = 0;

/** A store that there is not yet. */
function newStore(): string {
  return join(folder, `store-${stores++}.duckdb`);
}

/** A file with this content. */
function file(name: string, content: string | Uint8Array): string {
  write(folder, { [name]: content });
  return join(folder, name);
}

interface Report {
  readonly files: ReadonlyArray<{
    readonly records: number;
    readonly observations: number;
    readonly skipped: Record<string, number>;
    readonly knownBytes: number;
    readonly malformed: ReadonlyArray<{ readonly line: number; readonly detail: string }>;
  }>;
}

function importing(store: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return netpol(['flows', 'import', ...args, '--store', store, '--now', NOW, '-o', 'json'], options);
}

/** Imports what must be good. */
async function imported(store: string, args: readonly string[], options: RunOptions = {}): Promise<Report> {
  const outcome = await importing(store, args, options);
  if (outcome.code !== 0) throw new Error(outcome.stderr);
  return JSON.parse(outcome.stdout) as Report;
}

/** Imports what must be refused. */
async function refused(store: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await importing(store, args, options);
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: 2, stdout: '' });
  return outcome.stderr;
}

async function entries(store: string): Promise<number> {
  return inStore(store, async (opened) => (await opened.imports()).length);
}

describe('content that was imported before', () => {
  test('a file that is given twice counts once, under another name too', async () => {
    const store = newStore();
    const content = hubbleLines(50);
    await imported(store, [file('once.ndjson', content)]);
    const before = await stored(store);
    const [again] = (await imported(store, [file('once.ndjson', content)])).files;
    const [renamed] = (await imported(store, [file('renamed.ndjson', content)])).files;
    expect([again, renamed].map((each) => [each!.records, each!.knownBytes])).toEqual([[0, content.length], [0, content.length]]);
    expect(await stored(store)).toEqual(before);
    expect(totalOf(before)).toBe(50);
    expect(await entries(store)).toBe(1);
  });

  test('of a log that has grown only what is new counts', async () => {
    const store = newStore();
    const path = file('growing.ndjson', hubbleLines(30));
    await imported(store, [path]);
    appendFileSync(path, hubbleLines(12, (index) => ({ time: START + (30 + index) * 1000 })));
    expect((await imported(store, [path])).files[0]!.records).toBe(12);
    expect(totalOf(await stored(store))).toBe(42);
  });

  test('a log that was cut within a line: the line counts when it is whole', async () => {
    const store = newStore();
    const content = hubbleLines(30);
    const path = file('cut.ndjson', content.slice(0, -40));
    expect((await imported(store, [path])).files[0]).toMatchObject({ observations: 29, skipped: { malformed: 1 } });
    writeFileSync(path, content);
    expect((await imported(store, [path])).files[0]).toMatchObject({ records: 1, observations: 1 });
    expect(totalOf(await stored(store))).toBe(30);
  });

  test.each(['\n', '\r\n'])('a line without its end counts once, also when %j has come since', async (end) => {
    const store = newStore();
    const lines = hubbleLines(10).split('\n').slice(0, -1);
    const path = file('unended.ndjson', lines.join(end));
    expect((await imported(store, [path])).files[0]!.records).toBe(10);
    appendFileSync(path, `${end}${hubbleLine({ time: START + 60_000 })}${end}`);
    expect((await imported(store, [path])).files[0]!.records).toBe(1);
    expect(totalOf(await stored(store))).toBe(11);
  });

  test('a line that was cut between the two signs of its end counts once', async () => {
    const store = newStore();
    const path = file('return.ndjson', `${hubbleLine()}\r`);
    await imported(store, [path]);
    appendFileSync(path, '\n');
    expect((await imported(store, [path])).files[0]!.records).toBe(0);
    expect(totalOf(await stored(store))).toBe(1);
  });

  test('the same beginning with another end is another file', async () => {
    const store = newStore();
    await imported(store, [file('a.ndjson', `${hubbleLines(5)}${hubbleLine({ dst: 'shop/cache' })}\n`)]);
    await imported(store, [file('b.ndjson', `${hubbleLines(5)}${hubbleLine({ dst: 'shop/other' })}\n`)]);
    expect(totalOf(await stored(store))).toBe(12);
  });

  test('another cluster has not seen it', async () => {
    const store = newStore();
    const path = file('clusters.ndjson', hubbleLines(5));
    await imported(store, [path, '--cluster', 'a']);
    await imported(store, [path, '--cluster', 'b']);
    expect([totalOf(await stored(store, 'a')), totalOf(await stored(store, 'b'))]).toEqual([5, 5]);
  });

  test('a document that is given twice counts once', async () => {
    const store = newStore();
    const document = file('whisker.json', JSON.stringify({ items: [WHISKER] }));
    await imported(store, [document]);
    const before = await stored(store);
    expect((await imported(store, [document])).files[0]).toMatchObject({ records: 0 });
    expect(await stored(store)).toEqual(before);
    expect(totalOf(before)).toBeGreaterThan(0);
  });
});

describe('packed content', () => {
  const content = hubbleLines(200, (index) => ({ dst: `shop/db-${index % 7}` }));
  const half = content.indexOf('\n', content.length / 2) + 1;

  test.each([
    ['gzip', gzipSync(content)],
    ['gzip of several members', Buffer.concat([gzipSync(content.slice(0, half + 100)), gzipSync(content.slice(half + 100))])],
    ['zstd', zstdFrame(Buffer.from(content))],
    ['zstd of several frames', Buffer.concat([zstdFrame(Buffer.from(content.slice(0, half))), zstdFrame(Buffer.from(content.slice(half)))])],
  ])('%s gives what it is plain', async (name, packed) => {
    const [plain, unpacked] = [newStore(), newStore()];
    await imported(plain, [file('plain.ndjson', content)]);
    // whatever it is called
    expect((await imported(unpacked, [file(`${name}.log`, packed)])).files[0]!.records).toBe(200);
    expect(await stored(unpacked)).toEqual(await stored(plain));
    // and is the same content
    expect((await imported(unpacked, [file('plain.ndjson', content)])).files[0]!.records).toBe(0);
  });

  test.each([
    ['gzip', gzipSync(content).subarray(0, -200)],
    ['the second member of gzip', Buffer.concat([gzipSync(content.slice(0, half)), gzipSync(content.slice(half)).subarray(0, -100)])],
    ['zstd', zstdFrame(Buffer.from(content)).subarray(0, -200)],
    ['the second frame of zstd', Buffer.concat([zstdFrame(Buffer.from(content.slice(0, half))), zstdFrame(Buffer.from(content.slice(half))).subarray(0, -100)])],
    ['the head of the second frame of zstd', Buffer.concat([zstdFrame(Buffer.from(content)), zstdFrame(Buffer.from(content)).subarray(0, 5)])],
  ])('of %s that was cut off nothing is kept', async (name, packed) => {
    const store = newStore();
    await imported(store, [file('good.ndjson', hubbleLines(3))]);
    const before = await stored(store);
    const path = file(`truncated ${name}`, packed);
    expect(await refused(store, [path])).toContain(`${path}: cannot be read to its end`);
    expect(await stored(store)).toEqual(before);
    expect(await entries(store)).toBe(1);
  });
});

describe('lines', () => {
  test('empty ones are no records, and keep their numbers', async () => {
    const path = file('empty-lines.ndjson', `\n${hubbleLine()}\n\n\r\n{broken\n${hubbleLine()}\n`);
    const [report] = (await imported(newStore(), [path, '--max-malformed', '50%'])).files;
    expect(report).toMatchObject({ records: 3, observations: 2, malformed: [{ line: 5 }] });
  });

  test('an empty file is an error', async () => {
    expect(await refused(newStore(), [file('nothing.ndjson', '')])).toContain('nothing.ndjson: is empty');
  });

  test('text that is damaged is one malformed record, or a name with a hole', async () => {
    const damaged = Buffer.from(`${hubbleLines(20)}${hubbleLine({ uuid: 99 })}\n`);
    damaged[damaged.lastIndexOf('web-7f9c')] = 0xff;
    const wild = Buffer.concat([Buffer.from(hubbleLines(20)), Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a])]);
    const store = newStore();
    expect((await imported(store, [file('damaged.ndjson', damaged)])).files[0]).toMatchObject({ records: 21, observations: 21 });
    expect((await stored(store)).pods.map(({ pod }) => pod)).toContain('\ufffdeb-7f9c6d8b5f-abcd0');
    expect((await imported(newStore(), [file('wild.ndjson', wild)])).files[0]).toMatchObject({ records: 21, observations: 20, malformed: [{ line: 21 }] });
  });

  test('one that is longer than any record is malformed, and what follows it is read', async () => {
    const long = Buffer.alloc(9 * 1024 * 1024, 'x');
    const path = file('long.ndjson', Buffer.concat([Buffer.from(hubbleLines(10)), long, Buffer.from(`\n${hubbleLine({ dst: 'shop/late' })}\n`)]));
    const store = newStore();
    const [report] = (await imported(store, [path])).files;
    expect(report).toMatchObject({ records: 12, observations: 11, malformed: [{ line: 11, detail: 'is longer than any record' }] });
  });

  test('a share of malformed records above the limit keeps nothing, and says which they are', async () => {
    const store = newStore();
    const path = file('bad.ndjson', `${hubbleLines(6)}nonsense\n{"flow"\n`);
    const message = await refused(store, [path]);
    expect(message).toContain('2 of 8 records cannot be read as hubble, more than 20 % (--max-malformed)');
    expect(message).toContain('line 7 is no JSON object');
    expect(message).toContain('line 8 is no JSON object');
    expect(await stored(store)).toEqual({ connections: [], coverage: [], pods: [], activity: [] });
    expect((await imported(store, [path, '--max-malformed', '0.25'])).files[0]!.records).toBe(8);
  });

  test('a file that fails leaves those before it', async () => {
    const store = newStore();
    await refused(store, [file('first.ndjson', hubbleLines(4)), file('second.ndjson', `${hubbleLine()}\n${'nonsense\n'.repeat(9)}`)]);
    expect(totalOf(await stored(store))).toBe(4);
  });
});

describe('standard input', () => {
  test('counts up to its end, and again not', async () => {
    const store = newStore();
    const stdin = hubbleLines(25);
    expect((await imported(store, ['-'], { stdin })).files[0]!.records).toBe(25);
    expect((await imported(store, ['-'], { stdin })).files[0]!.records).toBe(0);
    // the same stream, saved by somebody and longer
    expect((await imported(store, [file('saved.ndjson', `${stdin}${hubbleLine({ time: START + 99_000 })}\n`)])).files[0]!.records).toBe(1);
    expect(totalOf(await stored(store))).toBe(26);
  });

  test('is there only once', async () => {
    expect(await refused(newStore(), ['-', '-'], { stdin: hubbleLines(1) })).toContain('only once');
  });
});

describe('the store', () => {
  test('two files that share an hour are added up', async () => {
    const [together, apart] = [newStore(), newStore()];
    const lines = hubbleLines(40, (index) => ({ dst: `shop/db-${index % 3}`, node: `n${index % 2}`, pod: index % 4 })).split('\n').slice(0, -1);
    await imported(together, [file('all.ndjson', `${lines.join('\n')}\n`)]);
    await imported(apart, [file('even.ndjson', `${lines.filter((_, index) => index % 2 === 0).join('\n')}\n`)]);
    await imported(apart, [file('odd.ndjson', `${lines.filter((_, index) => index % 2 === 1).join('\n')}\n`)]);
    expect(await stored(apart)).toEqual(await stored(together));
  });

  test('connections differ by end, port, verdict and policy, and not by pod or source port', async () => {
    const store = newStore();
    const records = [{}, { pod: 1 }, { sourcePort: 50_000 }, { port: 80 }, { verdict: 'DROPPED' as const }, { policy: 'let-in' }, { dst: 'shop/cache' }, { isReply: true }];
    await imported(store, [file('kinds.ndjson', hubbleLines(records.length, (index) => records[index]!))]);
    const shown = (await stored(store)).connections.map(({ dst, port, verdict, decidedBy, count }) => [dst.kind === 'pod' ? dst.workload?.name : '', port, verdict, decidedBy?.[0]?.name, count]);
    expect(shown).toEqual([
      ['cache', 5432, 'allowed', undefined, 1],
      ['db', 80, 'allowed', undefined, 1],
      ['db', 5432, 'allowed', undefined, 3],
      ['db', 5432, 'allowed', 'let-in', 1],
      ['db', 5432, 'denied', undefined, 1],
    ]);
  });

  test('coverage is events by node and hour, with the minutes in which nothing came', async () => {
    const store = newStore();
    const minutes = [0, 1, 2, 30, 59];
    await imported(store, [file('coverage.ndjson', hubbleLines(6, (index) => (index < 5 ? { time: START + minutes[index]! * 60_000, isReply: true } : { time: START + 3_600_000, node: 'n2' })))]);
    expect((await stored(store)).coverage).toEqual([
      { hour: START, node: 'n1', source: 'hubble', events: 5, lost: 0, sampled: 1, silentMinutes: 55, longestSilence: 28 },
      { hour: START + 3_600_000, node: 'n2', source: 'hubble', events: 1, lost: 0, sampled: 1, silentMinutes: 59, longestSilence: 59 },
    ]);
  });

  test('pods keep their addresses, and when they had them', async () => {
    const store = newStore();
    const at = (index: number) => START + index * 60_000;
    await imported(store, [file('pods-1.ndjson', hubbleLines(2, (index) => ({ time: at(index) })))]);
    await imported(store, [file('pods-2.ndjson', hubbleLines(2, (index) => ({ time: at(10 + index), pod: index })))]);
    const web = (await stored(store)).pods.filter(({ pod }) => pod.startsWith('web'));
    expect(web.map(({ pod, firstSeen, lastSeen, workload }) => ({ pod, firstSeen, lastSeen, workload }))).toEqual([
      { pod: 'web-7f9c6d8b5f-abcd0', firstSeen: at(0), lastSeen: at(10), workload: { kind: 'Deployment', name: 'web' } },
      { pod: 'web-7f9c6d8b5f-abcd1', firstSeen: at(11), lastSeen: at(11), workload: { kind: 'Deployment', name: 'web' } },
    ]);
    expect(new Set(web.map(({ ip }) => ip)).size).toBe(2);
  });

  test('hours leave by the newest one, and with them what only they had', async () => {
    const store = newStore();
    const day = 86_400_000;
    const now = '2027-01-01T00:00:00Z';
    const importNow = async (name: string, records: string) => {
      const { code, stderr } = await netpol(['flows', 'import', file(name, records), '--store', store, '--now', now, '--retention', '30d']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    };
    await importNow('old.ndjson', hubbleLines(2, (index) => ({ time: START + index * day, dst: `shop/old-${index}` })));
    // time goes by, and nobody imports: nothing leaves
    expect(totalOf(await stored(store))).toBe(2);
    await importNow('new.ndjson', hubbleLines(1, () => ({ time: START + 31 * day })));
    const { connections, coverage, pods } = await stored(store);
    expect(connections.map(({ dst }) => dst.kind === 'pod' && dst.workload?.name)).toEqual(['db', 'old-1']);
    expect(coverage.map(({ hour }) => hour)).toEqual([START + day, START + 31 * day]);
    expect(pods.map(({ pod }) => pod.replace(/-7f.*/, ''))).toEqual(['db', 'old-1', 'web']);
  });
});
