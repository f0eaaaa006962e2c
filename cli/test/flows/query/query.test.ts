import { join } from 'node:path';
import { netpol, Outcome, RunOptions } from '../../run-netpol';
import { temporaryFolder } from '../../temporary-folder';
import { addressOf, hubbleLine, lostLine, wholeHour } from './hubble-records';

const NOW = '2026-09-30T16:00:00Z';
/** The first run compiles all that it needs. */
const PATIENCE = 60_000;
const folder = temporaryFolder({
  // two nodes until 13:00, one until 14:00, then both again
  'prod.ndjson': [
    ...wholeHour('2026-09-30T12'), ...wholeHour('2026-09-30T12', 'n2'), ...wholeHour('2026-09-30T13'), ...wholeHour('2026-09-30T14'), ...wholeHour('2026-09-30T14', 'n2'),
    lostLine('2026-09-30T14:30:00Z', 1284, 'n2'),
    hubbleLine({ time: '2026-09-30T12:05:00Z', from: 'shop/web', to: 'pay/api', by: 'pay/api-from-web' }),
    hubbleLine({ time: '2026-09-30T13:05:00Z', from: 'shop/web', to: 'pay/api', by: 'pay/api-from-web' }),
    hubbleLine({ time: '2026-09-30T13:06:00Z', from: 'pay/api', to: 'shop/web', port: '9090/TCP' }),
    hubbleLine({ time: '2026-09-30T12:10:00Z', from: 'shop/cart', to: 'pay/api', verdict: 'DROPPED', direction: 'INGRESS' }),
    hubbleLine({ time: '2026-09-30T12:11:00Z', from: 'shop/cart', to: 'pay/api', verdict: 'DROPPED', direction: 'INGRESS' }),
    hubbleLine({ time: '2026-09-30T14:10:00Z', from: 'ops/backup', to: '203.0.113.7', port: '22/TCP', verdict: 'AUDIT' }),
    hubbleLine({ time: '2026-09-30T14:11:00Z', from: 'shop/web', to: 'api.stripe.com=54.187.174.169', port: '443/TCP' }),
    hubbleLine({ time: '2026-09-30T14:12:00Z', from: '{kube-apiserver}', to: 'ops/webhook', port: '8443/TCP', direction: 'INGRESS' }),
    hubbleLine({ time: '2026-09-30T14:13:00Z', from: 'ops/?solo', to: 'pay/api', port: '53/UDP' }),
    // long before the day that ends with the newest record
    hubbleLine({ time: '2026-09-20T10:00:00Z', from: 'old/report', to: 'pay/api' }),
  ].join('\n'),
  'eu.ndjson': `${hubbleLine({ time: '2026-09-30T12:05:00Z', from: 'shop/web', to: 'pay/api' })}\n`,
});
const store = join(folder, 'flows.duckdb');

beforeAll(async () => {
  const { code, stderr } = await netpol(['flows', 'import', '--store', store, '--cluster', 'prod', '--now', NOW, '--source', 'hubble', join(folder, 'prod.ndjson')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, PATIENCE);

async function query(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return netpol(['flows', 'query', '--store', store, '--now', NOW, ...args], options);
}

/** `from to port verdict count` of each row, in order. */
async function rows(...args: string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await query([...args, '-o', 'csv']);
  expect({ code, stderr: /error|warning/.test(stderr) ? stderr : '' }).toEqual({ code: 0, stderr: '' });
  return stdout.trimEnd().split('\r\n').slice(1).map((line) => line.split(',')).map((cells) => [0, 1, 2, 3, 7].map((index) => cells[index]).join(' '));
}

const SOLO = 'ops/{app=solo} pay/api 53/UDP allowed 1';
const WEBHOOK = '{kube-apiserver} ops/webhook 8443/TCP allowed 1';
const STRIPE = 'shop/web api.stripe.com 443/TCP allowed 1';
const BACKUP = 'ops/backup 203.0.113.7 22/TCP audited 1';
const REVERSE = 'pay/api shop/web 9090/TCP allowed 1';
const WEB = 'shop/web pay/api 8080/TCP allowed 2';
const DROPPED = 'shop/cart pay/api 8080/TCP denied 2';
const OLD = 'old/report pay/api 8080/TCP allowed 1';

test('everything of the last recorded day, the newest first', async () => {
  expect(await rows()).toEqual([SOLO, WEBHOOK, STRIPE, BACKUP, REVERSE, WEB, DROPPED]);
});

describe('only what is asked for', () => {
  test.each<[string, string[], string[]]>([
    ['a workload', ['--from', 'shop/web'], [STRIPE, WEB]],
    ['a namespace', ['--from', 'shop'], [STRIPE, WEB, DROPPED]],
    ['a pattern', ['--from', 'shop/c*'], [DROPPED]],
    ['two ends', ['--from', 'shop', '--to', 'pay/api[Deployment]'], [WEB, DROPPED]],
    ['a pod by its name', ['--to', 'shop/web-645b68dcf7-2jmrw'], [REVERSE]],
    ['a pod of which only the workload was recorded', ['--to', 'shop/web-645b68dcf7-zzzzz'], [REVERSE]],
    ['a pod without a workload', ['--from', 'ops/solo'], [SOLO]],
    ['a pod by its address', ['--to', addressOf('shop/web')], [REVERSE]],
    ['an address outside', ['--to', '203.0.113.0/24'], [BACKUP]],
    ['a domain name', ['--to', 'API.stripe.com'], [STRIPE]],
    ['domain names', ['--to', '*.stripe.com'], [STRIPE]],
    ['an entity', ['--from', '{kube-apiserver}'], [WEBHOOK]],
    ['an entity of which nothing was recorded', ['--from', '{remote-node}'], []],
    ['the outside', ['--to', '{world}'], [STRIPE, BACKUP]],
    ['either way round', ['--between', 'pay/api, shop/web'], [REVERSE, WEB]],
    ['either way round of namespaces', ['--between', 'shop,pay'], [REVERSE, WEB, DROPPED]],
    ['a port', ['--port', '8080'], [WEB, DROPPED]],
    ['a port of a protocol', ['--port', '53/TCP'], []],
    ['a verdict', ['--verdict', 'denied'], [DROPPED]],
    ['verdicts', ['--verdict', 'denied', '--verdict', 'audited'], [BACKUP, DROPPED]],
    ['a window', ['--since', '2026-09-30T13:00:00Z', '--until', '2026-09-30T14:00:00Z'], [REVERSE, 'shop/web pay/api 8080/TCP allowed 1']],
    ['a duration', ['--since', '2h'], [SOLO, WEBHOOK, STRIPE, BACKUP]],
    ['somebody who was recorded at another time', ['--from', 'old/report'], []],
    ['a longer window', ['--from', 'old', '--since', '14d'], [OLD]],
    ['so many', ['--limit', '2'], [SOLO, WEBHOOK]],
  ])('%s', async (_, args, expected) => {
    expect(await rows(...args)).toEqual(expected);
  });
});

test('the window, and how completely it was observed, are said before the answer', async () => {
  const { stderr } = await query([]);
  expect(stderr.split('\n')).toEqual([
    'prod, 2026-09-29 15:00 to 2026-09-30 15:00 UTC, the day that ends with the newest record',
    'hubble has events of 5 of 48 node-hours (10 %, 2 nodes), and lost 1,284',
    '',
  ]);
});

describe('what an answer leaves open is said', () => {
  test.each<[string, string[], RegExp]>([
    ['nothing fits', ['--port', '4711'], /^nothing that was recorded fits$/m],
    ['nobody recorded', ['--since', '2026-09-25', '--until', '2026-09-26'], /^warning: nobody recorded in this window, .* newest record is of 2026-09-30 14:59$/m],
    ['there is more', ['--limit', '2'], /^5 more, which are older: --limit 7 shows them$/m],
    ['an address has no name', ['--to', 'api.stripe.com'], /^1 more may fit: their records do not say the domain name \(1\)$/m],
    ['a pod has no workload', ['--from', 'ops/backup'], /^1 more may fit: their records do not say the workload \(1\)$/m],
    ['a name that no record has', ['--to', 'api.strip.com'], /^no record names api\.strip\.com \(did you mean api\.stripe\.com\?\)$/m],
    ['a pod stands for its workload', ['--to', 'shop/web-645b68dcf7-2jmrw'], /^shop\/web-645b68dcf7-2jmrw is a pod of shop\/web: connections are kept by workload, /m],
    ['a pod is known by its name only', ['--to', 'shop/web-645b68dcf7-zzzzz'], /^shop\/web-645b68dcf7-zzzzz is, by its name, a pod of shop\/web: /m],
    ['an address stands for workloads', ['--to', addressOf('shop/web')], /^pods of shop\/web had addresses of 10\.244\.\S+: connections are kept by workload, /m],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await query(args);
    expect(code).toBe(0);
    expect(stderr).toMatch(message);
  });
});

describe('a question that cannot be answered is an error, not an empty answer', () => {
  test.each<[string, string[], RegExp]>([
    ['a namespace that is mistyped', ['--from', 'shoop'], /^error: nothing was ever recorded of "shoop" in the cluster prod\n\(Did you mean shop\?\)\n$/],
    ['a workload that is mistyped', ['--from', 'shop/wbe'], /^error: nothing was ever recorded of "shop\/wbe" in the cluster prod\n\(Did you mean shop\/web\?\)\n$/],
    ['an entity without braces', ['--from', 'kube-apiserver'], /\(Did you mean \{kube-apiserver\}\?\)\n$/],
    ['an entity that is mistyped', ['--from', '{kube-apisever}'], /\(Did you mean \{kube-apiserver\}\?\)\n$/],
    ['a Service that nothing names', ['--to', 'svc/other/api'], /^error: nothing was ever recorded of "svc\/other\/api"/],
    ['a verdict that is mistyped', ['--verdict', 'deneid'], /'deneid' is invalid\. It is one of allowed, denied, audited, would-deny, unknown\.\n\(Did you mean denied\?\)/],
    ['an address that is none', ['--to', '10.0.0.300'], /^error: "10\.0\.0\.300" is not an IP address/],
    ['an end that is none', ['--to', 'Shop/web'], /^error: "Shop\/web" is not an end of a connection/],
    ['one end of two', ['--between', 'shop'], /^error: --between: "shop" is not two ends\. Instead: A,B/],
    ['three ends', ['--between', 'shop,pay,ops'], /is not two ends/],
    ['ends twice', ['--between', 'shop,pay', '--from', 'shop'], /^error: --between names both ends\. Instead: leave out --from and --to/],
    ['a port that is none', ['--port', 'http'], /^error: --port: "http" is not a port/],
    ['a time that is none', ['--since', 'yesterday'], /^error: --since: "yesterday" is no time/],
    ['a limit that is none', ['--limit', '0'], /It is a whole number, 1 or more/],
    ['a picture in JSON', ['--strip', '-o', 'json'], /^error: --strip is a picture above a table/],
    ['a cluster that is not there', ['--recorded', 'prd'], /^error: the flow store has nothing of the cluster "prd".*\n\(Did you mean prod\?\)/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await query(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a store that is not there', async () => {
    const { code, stderr } = await netpol(['flows', 'query', '--store', join(folder, 'none.duckdb')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: there is no flow store .*none\.duckdb\. Instead: fill it with netpol flows import/);
  });
});

test('a name from a log does not write to the terminal, in a suggestion neither', async () => {
  const odd = temporaryFolder({ 'odd.ndjson': `${hubbleLine({ time: '2026-09-30T12:05:00Z', from: 'shop/we\u001b[2Jb', to: 'pay/api' })}\n` });
  const own = ['--store', join(odd, 'flows.duckdb'), '--now', NOW];
  await netpol(['flows', 'import', ...own, join(odd, 'odd.ndjson')]);
  const [shown, suggested] = [await netpol(['flows', 'query', ...own]), await netpol(['flows', 'query', ...own, '--from', 'shop/we.u001b.2jb'])];
  expect(shown.stdout).toContain('shop/we\\u001b[2Jb');
  expect(suggested.stderr).toContain('Did you mean shop/we\\u001b[2Jb?');
  expect(shown.stdout + shown.stderr + suggested.stderr).not.toContain('\u001b');
});

test('JSON has the shape that pipelines read', async () => {
  const { stdout } = await query(['--from', 'shop/web', '--to', 'pay', '-o', 'json']);
  const labels = (app: string): unknown => ({ app });
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    cluster: 'prod',
    from: '2026-09-29T15:00:00.000Z',
    until: '2026-09-30T15:00:00.000Z',
    total: 1,
    open: {},
    observation: [{ source: 'hubble', nodes: 2, nodeHours: 48, withEvents: 5, lostEvents: 1284, sampled: 1 }],
    connections: [{
      src: { kind: 'pod', namespace: 'shop', workload: { kind: 'Deployment', name: 'web' }, labels: labels('web') },
      dst: { kind: 'pod', namespace: 'pay', workload: { kind: 'Deployment', name: 'api' }, labels: labels('api') },
      port: 8080,
      protocol: 'TCP',
      direction: 'egress',
      verdict: 'allowed',
      decidedBy: [{ kind: 'CiliumNetworkPolicy', namespace: 'pay', name: 'api-from-web' }],
      count: 2,
      firstSeen: '2026-09-30T12:05:00.000Z',
      lastSeen: '2026-09-30T13:05:00.000Z',
      hours: 2,
      peak: 1,
      sources: ['hubble'],
    }],
  });
});

test('a table says who, whom, what became of it, and when', async () => {
  const { stdout } = await query(['--from', 'shop/web', '--to', 'pay']);
  expect(stdout.split('\n').map((line) => line.split(/ {3,}/))).toEqual([
    ['FROM', 'TO', 'PORT', 'VERDICT', 'DIRECTION', 'DECIDED BY', 'COUNT', 'HOURS', 'FIRST SEEN', 'LAST SEEN', 'SOURCES'],
    ['shop/web', 'pay/api', '8080/TCP', 'allowed', 'egress', 'CiliumNetworkPolicy pay/api-from-web', '2', '2', '2026-09-30 12:05', '2026-09-30 13:05', 'hubble'],
    [''],
  ]);
});

describe('the strip above the table', () => {
  const WINDOW = ['--since', '2026-09-30T11:00:00Z', '--until', '2026-09-30T16:00:00Z'];

  test('shows when traffic was observed and dropped', async () => {
    const { stdout } = await query([...WINDOW, '--strip']);
    expect(stdout.split('\n').slice(0, 8)).toEqual([
      'prod, 2026-09-30 11:00 to 2026-09-30 16:00 UTC; a sign is an hour',
      'observed    ?#+!?',
      'dropped     ?1..?',
      'would drop  ?..1?',
      '            |09-30 11:00',
      'observed:   # every node, all the time   + half of it or more   ! events were lost or sampled   ? nobody recorded',
      'drops:      . none   1 up to 9',
      '',
    ]);
  });

  test('is there on a terminal, where it is not refused', async () => {
    const [shown, refused, piped] = [await query(WINDOW, { tty: true }), await query([...WINDOW, '--no-strip'], { tty: true }), await query(WINDOW)];
    expect(shown.stdout).toMatch(/^prod, .*\nobserved +.*\?.*#/);
    for (const { stdout } of [refused, piped]) expect(stdout).not.toMatch(/^observed/m);
  });

  test('has colours on a terminal only, and not where NO_COLOR is set', async () => {
    const [coloured, plain, piped] = [
      await query(WINDOW, { tty: true }), await query(WINDOW, { tty: true, env: { NO_COLOR: '1' } }), await query([...WINDOW, '--strip']),
    ];
    expect(coloured.stdout).toContain('\u001b[32m#\u001b[39m');
    expect(plain.stdout).toBe(piped.stdout);
    expect(plain.stdout).not.toContain('\u001b');
  });

  test.each<[string, string[], string, string]>([
    ['the namespace that is asked for', ['--from', 'ops'], 'drops of ops', '?...?'],
    ['the namespaces of a pattern', ['--from', 's*/*'], 'drops of shop', '?1..?'],
    ['one of two ends', ['--to', 'pay/api', '--from', '{kube-apiserver}'], 'drops of pay', '?1..?'],
  ])('shows the drops of %s', async (_, args, title, dropped) => {
    const { stdout } = await query([...WINDOW, '--strip', ...args]);
    expect(stdout).toContain(`UTC, ${title}; a sign is an hour\n`);
    expect(stdout).toContain(`\ndropped     ${dropped}\n`);
  });
});

test('a table ends after a hundred connections, and JSON does not', async () => {
  const many = temporaryFolder({
    'many.ndjson': Array.from({ length: 120 }, (_, index) => hubbleLine({ time: '2026-09-30T12:05:00Z', from: 'shop/web', to: `192.0.2.${index + 1}` })).join('\n'),
  });
  const own = ['--store', join(many, 'flows.duckdb'), '--now', NOW];
  await netpol(['flows', 'import', ...own, join(many, 'many.ndjson')]);
  const [shown, all, csv] = await Promise.all(['table', 'json', 'csv'].map((form) => netpol(['flows', 'query', ...own, '-o', form])));
  expect(shown!.stdout.trimEnd().split('\n')).toHaveLength(101);
  expect(shown!.stderr).toMatch(/^20 more, which are older: --limit 120 shows them$/m);
  expect((JSON.parse(all!.stdout) as { connections: unknown[] }).connections).toHaveLength(120);
  expect(csv!.stdout.trimEnd().split('\r\n')).toHaveLength(121);
  expect(all!.stderr + csv!.stderr).not.toMatch(/more/);
});

test('of several clusters one has to be named, and the others are not in the answer', async () => {
  const two = temporaryFolder();
  const own = ['--store', join(two, 'flows.duckdb'), '--now', NOW];
  for (const cluster of ['prod', 'eu']) await netpol(['flows', 'import', ...own, '--cluster', cluster, '--source', 'hubble', join(folder, `${cluster}.ndjson`)]);
  const unnamed = await netpol(['flows', 'query', ...own]);
  expect(unnamed.code).toBe(2);
  expect(unnamed.stderr).toMatch(/choose one with --recorded eu \| prod/);
  const { stdout } = await netpol(['flows', 'query', ...own, '--recorded', 'eu', '-o', 'csv']);
  expect(stdout.trimEnd().split('\r\n')).toHaveLength(2);
});

test('records that do not say when they were are of the time of their import, and prove no observation', async () => {
  const end = (namespace: string, name: string): unknown => ({ namespace, name, podOwnerKind: { kind: 'Deployment' }, labels: [{ key: 'app', value: name }] });
  const edges = temporaryFolder({ 'edges.ndjson': `${JSON.stringify({ client: end('shop', 'web'), server: end('pay', 'api'), type: null })}\n` });
  const own = ['--store', join(edges, 'flows.duckdb'), '--now', NOW];
  await netpol(['flows', 'import', ...own, join(edges, 'edges.ndjson')]);
  const { stdout, stderr } = await netpol(['flows', 'query', ...own, '--port', '8080', '-o', 'json']);
  expect(stderr).toMatch(/^warning: otterize is not known to have recorded in this window, so what is missing here may have happened$/m);
  // the source knows no port: it may be this one
  expect(stderr).toMatch(/^1 more may fit: their records do not say the port \(1\)$/m);
  expect(JSON.parse(stdout)).toMatchObject({ total: 0, open: { port: 1 }, observation: [], connections: [] });
  const unasked = await netpol(['flows', 'query', ...own, '-o', 'csv']);
  expect(unasked.stdout.split('\r\n')[1]).toMatch(/^shop\/web,pay\/api,/);
});
