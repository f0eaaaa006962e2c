import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DuckDbStore } from '../../../src/flows/store/duckdb/duckdb-store';
import { netpol } from '../../run-netpol';
import { BINARY, spawnNetpol } from '../../spawn-netpol';
import { temporaryFolder } from '../../temporary-folder';
import { hubbleLines, NOW } from '../import/hubble-records';

const folder = temporaryFolder({ 'flows.ndjson': hubbleLines(3) });
const FLOWS = join(folder, 'flows.ndjson');
const { DuckDBInstance } = createRequire(__filename)('@duckdb/node-api') as typeof import('@duckdb/node-api');
const settings = { retentionDays: 90, madeBy: 'a test', now: Date.parse(NOW) };

async function sql(path: string, statement: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

async function refusal(store: string): Promise<string> {
  const { code, stderr } = await netpol(['flows', 'import', FLOWS, '--store', store, '--now', NOW]);
  expect(code).toBe(2);
  return stderr;
}

test('a store that there is not yet is made, with its folder', async () => {
  const path = join(folder, 'new', 'folder', 'flows.duckdb');
  expect((await netpol(['flows', 'import', FLOWS, '--store', path, '--now', NOW])).code).toBe(0);
  expect(existsSync(path)).toBe(true);
});

test('a store that is there has its tables: whoever makes it may be killed as soon as it is', async () => {
  for (let round = 0; round < 5; round++) {
    const own = join(folder, `round-${round}`);
    const path = join(own, 'flows.duckdb');
    const child = spawn(process.execPath, [BINARY, 'flows', 'import', FLOWS, '--store', path, '--now', NOW], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (child.exitCode === null && !existsSync(path)) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await ended;
    const store = await DuckDbStore.read(path);
    expect((await store.imports()).length).toBeLessThanOrEqual(1);
    await store.close();
  }
}, 60_000);

test('one that was never finished is in nobody\'s way, and of two that are made at once one is taken', async () => {
  const path = join(folder, 'twice', 'flows.duckdb');
  const both = await Promise.all([1, 2].map(() => spawnNetpol(['flows', 'import', FLOWS, '--store', path, '--now', NOW])));
  expect(both.map(({ code }) => code).sort()).not.toEqual([2, 2]);
  expect(readdirSync(join(folder, 'twice')).filter((name) => name.endsWith('.new'))).toEqual([]);
  expect((await netpol(['flows', 'import', FLOWS, '--store', path, '--now', NOW])).code).toBe(0);
});

test('questions do not make a store', async () => {
  const path = join(folder, 'none.duckdb');
  await expect(DuckDbStore.read(path)).rejects.toThrow(`there is no flow store ${path}. Instead: fill it with netpol flows import`);
  expect(existsSync(path)).toBe(false);
});

test('what is no database is refused, and stays as it is', async () => {
  const path = join(folder, 'text.duckdb');
  writeFileSync(path, 'not a database, and long enough to look at'.repeat(1000));
  expect(await refusal(path)).toContain(`the flow store ${path} cannot be opened`);
  await expect(DuckDbStore.read(path)).rejects.toThrow('cannot be opened');
});

test('a DuckDB file of somebody else is refused, and stays as it is', async () => {
  const path = join(folder, 'foreign.duckdb');
  await sql(path, 'CREATE TABLE sales (id INTEGER)');
  expect(await refusal(path)).toContain(`${path} is a DuckDB file of somebody else. Instead: name another with --store`);
  await expect(DuckDbStore.read(path)).rejects.toThrow('of somebody else');
  await sql(path, 'INSERT INTO sales VALUES (1)');
});

test('a store of another layout is refused', async () => {
  const path = join(folder, 'later.duckdb');
  await (await DuckDbStore.write(path, settings)).close();
  await sql(path, 'UPDATE layout SET version = 99');
  expect(await refusal(path)).toContain('has the layout 99, and this netpol knows 1');
});

test('while one process writes, another is told to wait', async () => {
  const path = join(folder, 'locked.duckdb');
  const store = await DuckDbStore.write(path, settings);
  try {
    const { code, stderr } = await spawnNetpol(['flows', 'import', FLOWS, '--store', path, '--now', NOW]);
    expect(code).toBe(2);
    expect(stderr).toContain(`the flow store ${path} cannot be opened: another process is writing to it. Instead: wait until it is done`);
  } finally {
    await store.close();
  }
});
