// How fast recorded traffic is imported, against what DuckDB alone takes for the same answers from the same file; how much memory that takes; and how
// soon a year of it answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { hubbleTraffic, RECORDED, WORKLOADS } from './flows/hubble-traffic';

const root = join(__dirname, '..');
const load = createRequire(join(root, 'cli', 'package.json'));
const { DuckDBInstance } = load('@duckdb/node-api') as typeof import('@duckdb/node-api');
const BINARY = join(root, 'cli', 'bin', 'netpol');

/** Threads of the SQL: what is promised is for small machines. With more of them SQL gains more than an import does. */
const THREADS = 2;
const RECORDS = 1_000_000;
const RUNS = 3;
/** Records a second of an import, as a share of those of SQL that gives the same. */
const LEAST_SHARE = 0.6;
const MOST_MEGABYTES = 1000;
const MOST_SECONDS = 2;
const YEAR = 365 * 24;
const EDGES = 2300;

const END = `STRUCT(namespace VARCHAR, pod_name VARCHAR, cluster_name VARCHAR, identity UBIGINT, labels VARCHAR[],
  workloads STRUCT(name VARCHAR, kind VARCHAR)[])`;
const POLICIES = 'STRUCT(name VARCHAR, namespace VARCHAR, kind VARCHAR)[]';

/** The fields that an import looks at. */
const RECORDS_SQL = (file: string) => `
  CREATE OR REPLACE TEMP TABLE records AS
  SELECT node_name AS node, flow.time::TIMESTAMP AS time, date_trunc('hour', flow.time::TIMESTAMP) AS hour, flow.* EXCLUDE (time)
  FROM read_json('${file}', format = 'newline_delimited', columns = {node_name: 'VARCHAR', flow: 'STRUCT(
    time VARCHAR, verdict VARCHAR, drop_reason_desc VARCHAR, is_reply BOOLEAN, traffic_direction VARCHAR, policy_match_type INTEGER,
    event_type STRUCT(type INTEGER), IP STRUCT(source VARCHAR, destination VARCHAR),
    l4 STRUCT(TCP STRUCT(destination_port INTEGER, flags STRUCT(SYN BOOLEAN, ACK BOOLEAN)), UDP STRUCT(destination_port INTEGER)),
    source ${END}, destination ${END},
    ingress_allowed_by ${POLICIES}, egress_allowed_by ${POLICIES}, ingress_denied_by ${POLICIES}, egress_denied_by ${POLICIES})'})`;

/** The three things that a store has of them: who talked to whom in which hour, the pods with their addresses, and what was watched. */
const ANSWERS_SQL = [
  `SELECT hour, source.namespace, source.workloads[1], source.labels, destination.namespace, destination.workloads[1], destination.labels,
      coalesce(l4.TCP.destination_port, l4.UDP.destination_port) AS port, l4.TCP IS NOT NULL AS is_tcp, traffic_direction, verdict, drop_reason_desc,
      policy_match_type, event_type, ingress_allowed_by, egress_allowed_by, ingress_denied_by, egress_denied_by,
      count(*), min(time), max(time), any_value(source.pod_name), any_value(destination.pod_name)
    FROM records WHERE NOT is_reply GROUP BY ALL`,
  `SELECT peer.namespace, peer.pod_name, ip, peer.workloads, peer.labels, min(time), max(time)
    FROM (SELECT source AS peer, IP.source AS ip, time FROM records WHERE NOT is_reply
      UNION ALL SELECT destination, IP.destination, time FROM records WHERE NOT is_reply)
    GROUP BY ALL`,
  'SELECT node, hour, count(*), bit_or(1::UBIGINT << minute(time)) FROM records GROUP BY ALL',
];

/** The first of the three alone, from no more than it needs: what the rest costs is the difference. */
const HOURS_SQL = (file: string) => `
  SELECT date_trunc('hour', flow.time::TIMESTAMP) AS hour, flow.source.namespace, flow.source.workloads[1].name, flow.source.labels,
    flow.destination.namespace, flow.destination.workloads[1].name, flow.destination.labels,
    coalesce(flow.l4.TCP.destination_port, flow.l4.UDP.destination_port) AS port, flow.traffic_direction, flow.verdict, flow.policy_match_type,
    count(*), min(flow.time), max(flow.time)
  FROM read_json('${file}', format = 'newline_delimited', columns = {flow: 'STRUCT(
    time VARCHAR, verdict VARCHAR, is_reply BOOLEAN, traffic_direction VARCHAR, policy_match_type INTEGER,
    l4 STRUCT(TCP STRUCT(destination_port INTEGER), UDP STRUCT(destination_port INTEGER)),
    source STRUCT(namespace VARCHAR, labels VARCHAR[], workloads STRUCT(name VARCHAR, kind VARCHAR)[]),
    destination STRUCT(namespace VARCHAR, labels VARCHAR[], workloads STRUCT(name VARCHAR, kind VARCHAR)[]))'})
  WHERE NOT flow.is_reply GROUP BY ALL`;

async function measureSql(statements: readonly string[]): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET threads = ${THREADS}`);
  const start = performance.now();
  for (const statement of statements) await connection.runAndReadAll(statement);
  const took = performance.now() - start;
  connection.closeSync();
  instance.closeSync();
  return took;
}

/** All of the process, from its start to its end. */
async function measureImport(file: string, store: string): Promise<{ readonly took: number; readonly megabytes: number }> {
  // what the system counts for a child begins with the memory of its parent; this begins with the program
  const tellMemory = 'data:text/javascript,import{readFileSync}from"node:fs";process.on("exit",()=>process.stderr.write("peak="+/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status","utf8"))[1]))';
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', tellMemory, BINARY, 'flows', 'import', file, '--store', store, '--now', RECORDED.now], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = await once(child, 'close') as [number];
  const took = performance.now() - start;
  const [, kilobytes] = /peak=(\d+)$/.exec(stderr) ?? [];
  if (code !== 0 || kilobytes === undefined) throw new Error(`the import ended with ${code}: ${stderr}`);
  return { took, megabytes: Number(kilobytes) / 1000 };
}

async function measureRate(folder: string): Promise<void> {
  const file = join(folder, 'flows.ndjson');
  const out = createWriteStream(file);
  for (const lines of hubbleTraffic(RECORDS, EDGES)) if (!out.write(lines)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
  // once before, so that the file is in memory for whoever is first
  await measureSql([HOURS_SQL(file)]);
  const shares: number[] = [];
  let most = 0;
  for (let run = 0; run < RUNS; run++) {
    const hours = await measureSql([HOURS_SQL(file)]);
    const sql = await measureSql([RECORDS_SQL(file), ...ANSWERS_SQL]);
    const { took, megabytes } = await measureImport(file, join(folder, `${run}.duckdb`));
    shares.push(sql / took);
    most = Math.max(most, megabytes);
    const rate = (time: number): string => `${Math.round(RECORDS / time)} k records/s`;
    console.log(`  SQL ${rate(sql)} (hours alone ${rate(hours)}), import ${rate(took)}: ${(sql / took).toFixed(2)} (${(hours / took).toFixed(2)}); ${megabytes.toFixed(0)} MB`);
  }
  const share = shares.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
  console.log(`${RECORDS} records on ${availableParallelism()} processors: import at ${share.toFixed(2)} of the rate of the SQL on ${THREADS} (limit ${LEAST_SHARE}), ${most.toFixed(0)} MB (limit ${MOST_MEGABYTES})`);
  if (share < LEAST_SHARE || most >= MOST_MEGABYTES) process.exitCode = 1;
  rmSync(file);
}

/** A store whose hours were not imported, but made: as many as a year has. */
async function measureYear(folder: string): Promise<void> {
  const path = join(folder, 'year.duckdb');
  const sample = join(folder, 'sample.ndjson');
  const out = createWriteStream(sample);
  for (const lines of hubbleTraffic(20 * EDGES, EDGES)) out.write(lines);
  out.end();
  await once(out, 'close');
  await measureImport(sample, path);
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`
    CREATE TEMP TABLE chosen AS SELECT id FROM connections LIMIT ${EDGES};
    DELETE FROM flow_hours;
    INSERT INTO flow_hours SELECT ${RECORDED.hour} + h, id, 1 + (id * 31 + h) % 1000, 0, 3599999 FROM range(${YEAR}) hours(h), chosen ORDER BY ALL;
    INSERT INTO coverage SELECT 'default', 'hubble', 'prod/n' || n, ${RECORDED.hour} + h, 100000, 0, 1, 1152921504606846975 FROM range(${YEAR}) hours(h), range(12) nodes(n)
      WHERE ('prod/n' || n, ${RECORDED.hour} + h) NOT IN (SELECT node, hour FROM coverage);`);
  connection.closeSync();
  instance.closeSync();
  const { DuckDbStore } = load('./lib/flows/store/duckdb/duckdb-store.js') as typeof import('../cli/src/flows/store/duckdb/duckdb-store');
  const window = { from: RECORDED.hour * 3_600_000, until: (RECORDED.hour + YEAR) * 3_600_000 };
  const start = performance.now();
  const store = await DuckDbStore.read(path);
  const connections = await store.connections('default', window);
  const told = performance.now();
  const hours = await store.coverage('default', window);
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  const isWhole = connections.length === EDGES && connections.every((each) => each.hours === YEAR) && hours.length === 12 * YEAR;
  if (!isWhole) throw new Error(`the year has ${connections.length} connections and ${hours.length} hours of nodes`);
  console.log(`a year of ${WORKLOADS} workloads, ${EDGES * YEAR} hours of ${EDGES} connections: ${seconds.toFixed(2)} s (limit ${MOST_SECONDS}), of which connections ${((told - start) / 1000).toFixed(2)} s`);
  if (seconds >= MOST_SECONDS) process.exitCode = 1;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'netpol-bench-'));
  try {
    await measureRate(folder);
    await measureYear(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
