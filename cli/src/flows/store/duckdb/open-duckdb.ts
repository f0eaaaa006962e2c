import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { UsageError } from '../../../usage-error';
import { LAYOUT, TABLES } from './schema';

const load = createRequire(__filename);
const MEMORY = '256MB';

/** A DuckDB file that is open. */
export interface OpenDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly module: typeof import('@duckdb/node-api');
}

/** A database in memory, which takes no more of it than it is given, and nothing of the disk. */
export async function openScratch(memory: string): Promise<OpenDatabase> {
  const module = duckdb();
  const instance = await module.DuckDBInstance.create(':memory:', { memory_limit: memory, temp_directory: '', preserve_insertion_order: 'false' });
  return { instance, module, connection: await instance.connect() };
}

/** Opens a store that there is, for questions only. */
export async function openToRead(path: string): Promise<OpenDatabase> {
  if (!existsSync(path)) throw new UsageError(`there is no flow store ${path}. Instead: fill it with netpol flows import, or name another with --store`);
  const database = await open(path, { access_mode: 'READ_ONLY' });
  await checkLayout(path, database);
  return database;
}

/** Opens a store to write, and makes it where there is none. */
export async function openToWrite(path: string, madeBy: string): Promise<OpenDatabase> {
  if (!existsSync(path)) await make(path, madeBy);
  const database = await open(path, {});
  await makeTables(database, madeBy);
  await checkLayout(path, database);
  return database;
}

/** Under another name first: a process that dies meanwhile leaves no store, and not one without its tables. */
async function make(path: string, madeBy: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.new`;
  rmSync(unfinished, { force: true });
  const database = await open(unfinished, {});
  await makeTables(database, madeBy);
  database.connection.closeSync();
  database.instance.closeSync();
  try {
    // unlike a new name, a link does not take the place of a store that somebody else has made by now
    linkSync(unfinished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(unfinished, path);
  }
  rmSync(unfinished, { force: true });
}

async function makeTables({ connection }: OpenDatabase, madeBy: string): Promise<void> {
  const [[count]] = (await connection.runAndReadAll('SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()')).getRows() as [[bigint]];
  if (count > 0n) return;
  await connection.run(`BEGIN; ${TABLES} INSERT INTO layout VALUES (${LAYOUT}, '${madeBy.replaceAll("'", "''")}'); COMMIT;`);
}

async function open(path: string, settings: Readonly<Record<string, string>>): Promise<OpenDatabase> {
  const module = duckdb();
  try {
    const instance = await module.DuckDBInstance.create(path, { memory_limit: MEMORY, ...settings });
    return { instance, module, connection: await instance.connect() };
  } catch (error) {
    throw new UsageError(`the flow store ${path} cannot be opened: ${reasonOf(error as Error)}`);
  }
}

function reasonOf({ message }: Error): string {
  if (message.includes('Conflicting lock')) return 'another process is writing to it. Instead: wait until it is done';
  return message.split('\n')[0]!;
}

async function checkLayout(path: string, { connection }: OpenDatabase): Promise<void> {
  let version;
  try {
    [[version]] = (await connection.runAndReadAll('SELECT max(version) FROM layout')).getRows() as [[number]];
  } catch {
    throw new UsageError(`${path} is a DuckDB file of somebody else. Instead: name another with --store`);
  }
  if (version !== LAYOUT) throw new UsageError(`the flow store ${path} has the layout ${version}, and this netpol knows ${LAYOUT}. Instead: use the netpol that made it, or import into a new one`);
}

function duckdb(): typeof import('@duckdb/node-api') {
  try {
    return load('@duckdb/node-api') as typeof import('@duckdb/node-api');
  } catch {
    throw new UsageError('recorded traffic needs the package @duckdb/node-api, which is not installed here. Instead: npm install @duckdb/node-api');
  }
}
