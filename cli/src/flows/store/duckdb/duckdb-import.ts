import { HOUR } from '../../durations';
import { BatchConnection, BatchData, HOUR_NUMBERS, hashOf } from '../../import/hourly-batch';
import { ContentMark } from '../../import/known-content';
import { ObservedLabels, ObservedPeer, PodPeer } from '../../observation';
import { ImportFacts, ImportSession } from '../flow-sink';
import { OpenDatabase } from './open-duckdb';
import { STAGING, StagingTable } from './schema';

type Appender = Awaited<ReturnType<OpenDatabase['connection']['createAppender']>>;
type Cell = string | number | bigint | null | undefined;

export interface ImportSettings {
  readonly cluster: string;
  /** One event of so many is recorded. */
  readonly sampled: number;
  /** Hours that are older than this, counted from the newest, leave. */
  readonly retentionDays: number;
  readonly madeBy: string;
  readonly now: number;
}

/** Rows wait in temporary tables; `commit` brings them in by one transaction. */
export class DuckDbImport implements ImportSession {
  public constructor(private readonly database: OpenDatabase, public readonly known: readonly ContentMark[], private readonly settings: ImportSettings) {}

  public async write(batch: BatchData): Promise<void> {
    const peers = new Map<string, bigint>();
    const peerId = (peer: ObservedPeer): bigint => {
      const json = JSON.stringify(peer);
      let id = peers.get(json);
      if (id === undefined) peers.set(json, (id = hashOf(json)));
      return id;
    };
    await this.append('staged_connections', map(batch.connections, (each) => connectionRow(each, peerId)));
    await this.append('staged_peers', map(peers, ([json, hash]) => peerRow(JSON.parse(json) as ObservedPeer, json, hash)));
    await this.append('staged_hours', hourRows(batch));
    await this.append('staged_pods', map(batch.pods, ({ peer, firstSeen, lastSeen }) => podRow(peer, firstSeen, lastSeen)));
    await this.append('staged_coverage', map(batch.coverage, ({ node, hour, events, lost, minutes }) => [node, hour, BigInt(events), BigInt(lost), minutes]));
  }

  public async forget(): Promise<void> {
    for (const table of Object.keys(STAGING)) await this.database.connection.run(`DELETE FROM temp.${table}`);
  }

  public async commit(facts: ImportFacts): Promise<void> {
    const { connection } = this.database;
    await connection.run('BEGIN');
    try {
      for (const statement of MERGE) await connection.run(statement, this.parameters(statement, facts));
      await this.record(facts);
      await this.expire();
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
    await this.forget();
  }

  private parameters(statement: string, { source }: ImportFacts): Record<string, string | number> {
    const all = { cluster: this.settings.cluster, source, sampled: this.settings.sampled };
    return Object.fromEntries(Object.entries(all).filter(([name]) => statement.includes(`$${name}`)));
  }

  private async record({ name, source, tally, mark }: ImportFacts): Promise<void> {
    const { cluster, now, madeBy } = this.settings;
    await this.database.connection.run(
      `INSERT INTO imports SELECT coalesce(max(id), 0) + 1, $cluster, $source, $name, $bytes::BIGINT, $digest, $head, $records::BIGINT, $observations::BIGINT, $skipped, $lost::BIGINT,
        $firstSeen::BIGINT, $lastSeen::BIGINT, $now::BIGINT, $madeBy FROM imports`,
      {
        cluster, source, name, madeBy,
        bytes: String(mark.bytes),
        digest: mark.digest,
        head: mark.head,
        records: String(tally.records),
        observations: String(tally.observations),
        skipped: JSON.stringify(Object.fromEntries(tally.skipped)),
        lost: String(tally.lost),
        firstSeen: tally.firstSeen === null ? null : String(tally.firstSeen),
        lastSeen: tally.lastSeen === null ? null : String(tally.lastSeen),
        now: String(now),
      },
    );
  }

  /** Counted from the newest hour, so that nothing goes away only because nobody imports any more. */
  private async expire(): Promise<void> {
    const { connection } = this.database;
    const { cluster, retentionDays } = this.settings;
    const [[newest]] = (await connection.runAndReadAll('SELECT max(hour) FROM coverage WHERE cluster = $cluster', { cluster })).getRows() as [[number | null]];
    if (newest === null) return;
    const oldest = newest - retentionDays * 24;
    const [[expired]] = (await connection.runAndReadAll('SELECT count(*) FROM coverage WHERE cluster = $cluster AND hour < $oldest', { cluster, oldest })).getRows() as [[bigint]];
    if (expired === 0n) return;
    await connection.run('DELETE FROM flow_hours WHERE hour < $oldest AND connection IN (SELECT id FROM connections WHERE cluster = $cluster)', { cluster, oldest });
    await connection.run('DELETE FROM coverage WHERE cluster = $cluster AND hour < $oldest', { cluster, oldest });
    await connection.run('DELETE FROM pods WHERE cluster = $cluster AND last_seen < $oldest::BIGINT * 3600000', { cluster, oldest });
    await connection.run('DELETE FROM connections WHERE cluster = $cluster AND id NOT IN (SELECT DISTINCT connection FROM flow_hours)', { cluster });
    await connection.run('DELETE FROM peers WHERE id NOT IN (SELECT src FROM connections UNION SELECT dst FROM connections)');
  }

  private async append(table: StagingTable, rows: Iterable<readonly Cell[]>): Promise<void> {
    const appender = await this.database.connection.createAppender(table, 'main', 'temp');
    const kinds = columnKinds(table);
    for (const row of rows) {
      row.forEach((cell, column) => appendCell(appender, kinds[column]!, cell));
      appender.endRow();
    }
    appender.closeSync();
  }
}

/** Brings in what waits. Every dimension numbers what is new; rows of the same hour and connection become one. */
const MERGE = [
  `INSERT INTO label_sets SELECT coalesce((SELECT max(id) FROM label_sets), 0) + row_number() OVER (ORDER BY labels), labels
    FROM (SELECT labels FROM staged_peers UNION SELECT labels FROM staged_pods)
    WHERE labels IS NOT NULL AND labels NOT IN (SELECT labels FROM label_sets)`,
  `INSERT INTO peers SELECT coalesce((SELECT max(id) FROM peers), 0) + row_number() OVER (ORDER BY s.hash), s.hash, s.kind, s.namespace, s.workload_kind,
      s.workload_name, l.id, s.name, s.ip, s.peer
    FROM (SELECT hash, any_value(COLUMNS(* EXCLUDE hash)) FROM staged_peers GROUP BY hash) s LEFT JOIN label_sets l ON l.labels = s.labels
    WHERE s.hash NOT IN (SELECT hash FROM peers)`,
  `INSERT INTO connections SELECT coalesce((SELECT max(id) FROM connections), 0) + row_number() OVER (ORDER BY s.hash), s.hash, $cluster, $source, a.id, b.id,
      s.port, s.protocol, s.direction, s.verdict, s.decided_by, s.service, s.evidence, s.icmp_type, s.sample
    FROM (SELECT hash, any_value(COLUMNS(* EXCLUDE hash)) FROM staged_connections GROUP BY hash) s
      JOIN peers a ON a.hash = s.src JOIN peers b ON b.hash = s.dst
    WHERE s.hash NOT IN (SELECT hash FROM connections WHERE cluster = $cluster AND source = $source)`,
  `CREATE OR REPLACE TEMP TABLE arriving AS SELECT s.hour, c.id AS connection, s.count, s.first_ms, s.last_ms
    FROM staged_hours s JOIN connections c ON c.hash = s.connection AND c.cluster = $cluster AND c.source = $source`,
  `INSERT INTO arriving SELECT f.* FROM flow_hours f WHERE f.hour IN (SELECT DISTINCT hour FROM arriving)
    AND (f.hour, f.connection) IN (SELECT hour, connection FROM arriving)`,
  'DELETE FROM flow_hours WHERE hour IN (SELECT DISTINCT hour FROM arriving) AND (hour, connection) IN (SELECT hour, connection FROM arriving)',
  `INSERT INTO flow_hours SELECT hour, connection, sum(count), min(first_ms), max(last_ms) FROM arriving GROUP BY ALL ORDER BY hour, connection`,
  'DROP TABLE temp.arriving',
  `CREATE OR REPLACE TEMP TABLE arriving_pods AS SELECT s.namespace, s.pod, s.ip, s.workload_kind, s.workload_name, l.id AS label_set, s.first_seen, s.last_seen
    FROM staged_pods s JOIN label_sets l ON l.labels = s.labels`,
  `INSERT INTO arriving_pods SELECT namespace, pod, ip, workload_kind, workload_name, label_set, first_seen, last_seen FROM pods
    WHERE cluster = $cluster AND (namespace, pod) IN (SELECT namespace, pod FROM arriving_pods)`,
  'DELETE FROM pods WHERE cluster = $cluster AND (namespace, pod) IN (SELECT namespace, pod FROM arriving_pods)',
  `INSERT INTO pods SELECT $cluster, namespace, pod, ip, max(workload_kind), max(workload_name), arg_max(label_set, last_seen), min(first_seen), max(last_seen)
    FROM arriving_pods GROUP BY namespace, pod, ip`,
  'DROP TABLE temp.arriving_pods',
  `CREATE OR REPLACE TEMP TABLE arriving_coverage AS SELECT node, hour, events, lost, $sampled::INTEGER AS sampled, minutes FROM staged_coverage`,
  `INSERT INTO arriving_coverage SELECT node, hour, events, lost, sampled, minutes FROM coverage
    WHERE cluster = $cluster AND source = $source AND (node, hour) IN (SELECT node, hour FROM arriving_coverage)`,
  'DELETE FROM coverage WHERE cluster = $cluster AND source = $source AND (node, hour) IN (SELECT node, hour FROM arriving_coverage)',
  `INSERT INTO coverage SELECT $cluster, $source, node, hour, sum(events), sum(lost), max(sampled), bit_or(minutes) FROM arriving_coverage GROUP BY node, hour`,
  'DROP TABLE temp.arriving_coverage',
];

function* map<T>(items: Iterable<T>, row: (item: T) => readonly Cell[]): Generator<readonly Cell[]> {
  for (const item of items) yield row(item);
}

function connectionRow({ id, observation, src, dst }: BatchConnection, peerId: (peer: ObservedPeer) => bigint): readonly Cell[] {
  const { port, protocol, direction, verdict, decidedBy, service, evidence, icmpType, time } = observation;
  const sample = { time, src: shownEnd(observation.src), dst: shownEnd(observation.dst) };
  const deciders = decidedBy === null ? null : JSON.stringify(decidedBy);
  const called = service === undefined ? null : JSON.stringify(service);
  return [id, peerId(src), peerId(dst), port, protocol, direction, verdict, deciders, called, evidence, icmpType, JSON.stringify(sample)];
}

function shownEnd(peer: ObservedPeer): string | undefined {
  return peer.kind === 'pod' ? peer.pod ?? peer.ip : 'ip' in peer ? peer.ip ?? undefined : undefined;
}

function peerRow(peer: ObservedPeer, json: string, hash: bigint): readonly Cell[] {
  switch (peer.kind) {
    case 'pod':
      return [hash, peer.kind, peer.namespace, peer.workload?.kind, peer.workload?.name, labelsText(peer.labels), null, null, json];
    case 'service':
      return [hash, peer.kind, peer.namespace, null, null, null, peer.name, null, json];
    case 'entity':
      return [hash, peer.kind, peer.namespace, null, null, null, peer.name ?? peer.entity, peer.ip, json];
    case 'external':
      return [hash, peer.kind, null, null, null, null, peer.names?.[0], peer.ip, json];
    case 'unknown':
      return [hash, peer.kind, null, null, null, null, null, peer.ip, json];
  }
}

function* hourRows({ connections, hours }: BatchData): Generator<readonly Cell[]> {
  for (let at = 0; at < hours.length; at += HOUR_NUMBERS) {
    const [place, hour, count, firstSeen, lastSeen] = hours.subarray(at, at + HOUR_NUMBERS) as unknown as [number, number, number, number, number];
    yield [hour, connections[place]!.id, BigInt(count), firstSeen - hour * HOUR, lastSeen - hour * HOUR];
  }
}

function podRow({ namespace, pod, ip, workload, labels }: PodPeer, firstSeen: number, lastSeen: number): readonly Cell[] {
  return [namespace, pod, ip, workload?.kind, workload?.name, labelsText(labels), BigInt(firstSeen), BigInt(lastSeen)];
}

function labelsText(labels: ObservedLabels): string {
  return JSON.stringify(labels);
}

type Kind = 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'UBIGINT';

function columnKinds(table: StagingTable): readonly Kind[] {
  return STAGING[table].split(',').map((column) => column.trim().split(/\s+/)[1] as Kind);
}

function appendCell(appender: Appender, kind: Kind, cell: Cell): void {
  if (cell === null || cell === undefined) appender.appendNull();
  else if (kind === 'VARCHAR') appender.appendVarchar(cell as string);
  else if (kind === 'INTEGER') appender.appendInteger(cell as number);
  else if (kind === 'BIGINT') appender.appendBigInt(cell as bigint);
  else appender.appendUBigInt(cell as bigint);
}
