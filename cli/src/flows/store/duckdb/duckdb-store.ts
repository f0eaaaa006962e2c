import { HOUR } from '../../durations';
import { ContentMark } from '../../import/known-content';
import { Decider, ObservedDirection, ObservedLabels, ObservedPeer, ObservedProtocol, ObservedService, ObservedVerdict } from '../../observation';
import { FlowSink, ImportSession } from '../flow-sink';
import { ActivityHour, ConnectionFilter, CoverageHour, FlowStore, ImportEntry, ObservedConnection, PodSighting, Window } from '../flow-store';
import { DuckDbImport, ImportSettings } from './duckdb-import';
import { OpenDatabase, openToRead, openToWrite } from './open-duckdb';
import { STAGING } from './schema';

type Value = string | number | bigint | null;
type Row = Readonly<Record<string, Value>>;

/** A store in one DuckDB file. One process writes to it at a time. */
export class DuckDbStore implements FlowStore, FlowSink {
  /** A store that there is, for questions only. */
  public static async read(path: string): Promise<DuckDbStore> {
    return new DuckDbStore(await openToRead(path));
  }

  /** A store to import into, made where there is none. */
  public static async write(path: string, settings: Omit<ImportSettings, 'cluster' | 'sampled'>): Promise<DuckDbStore> {
    const database = await openToWrite(path, settings.madeBy);
    for (const [table, columns] of Object.entries(STAGING)) await database.connection.run(`CREATE TEMP TABLE ${table} (${columns})`);
    return new DuckDbStore(database, settings);
  }

  private constructor(private readonly database: OpenDatabase, private readonly settings?: Omit<ImportSettings, 'cluster' | 'sampled'>) {}

  public async begin(cluster: string, sampled: number): Promise<ImportSession> {
    const marks = await this.rows('SELECT bytes, digest, head FROM imports WHERE cluster = $cluster', { cluster });
    const known = marks.map(({ bytes, digest, head }): ContentMark => ({ bytes: Number(bytes), digest: String(digest), head: String(head) }));
    const session = new DuckDbImport(this.database, known, { ...this.settings!, cluster, sampled });
    await session.forget();
    return session;
  }

  public async connections(cluster: string, window: Window, filter: ConnectionFilter = {}): Promise<readonly ObservedConnection[]> {
    const rows = await this.rows(
      `SELECT any_value(s.peer) AS src, any_value(d.peer) AS dst, c.port, c.protocol, c.direction, c.verdict, c.decided_by, c.service,
          sum(f.count)::BIGINT AS count, min(f.first_seen) AS first_seen, max(f.last_seen) AS last_seen, max(f.hours) AS hours, max(f.peak) AS peak,
          string_agg(DISTINCT c.source, ' ' ORDER BY c.source) AS sources
        FROM (
          SELECT connection, sum(count)::BIGINT AS count, min(hour::BIGINT * ${HOUR} + first_ms) AS first_seen, max(hour::BIGINT * ${HOUR} + last_ms) AS last_seen,
            count(*) AS hours, max(count) AS peak
          FROM flow_hours WHERE hour < $last AND (hour >= $first OR hour::BIGINT * ${HOUR} + last_ms >= $first::BIGINT * ${HOUR}) GROUP BY connection
        ) f JOIN connections c ON c.id = f.connection JOIN peers s ON s.id = c.src JOIN peers d ON d.id = c.dst
        WHERE c.cluster = $cluster AND ${condition(filter)}
        GROUP BY c.src, c.dst, c.port, c.protocol, c.direction, c.verdict, c.decided_by, c.service
        ORDER BY src, dst, c.protocol, c.port NULLS FIRST, c.direction, c.verdict, c.decided_by NULLS FIRST, c.service NULLS FIRST`,
      { cluster, ...hoursOf(window) },
    );
    return rows.map(connectionOf);
  }

  public async coverage(cluster: string, window: Window): Promise<readonly CoverageHour[]> {
    const rows = await this.rows(
      'SELECT hour, node, source, events, lost, sampled, minutes FROM coverage WHERE cluster = $cluster AND hour >= $first AND hour < $last ORDER BY hour, node, source',
      { cluster, ...hoursOf(window) },
    );
    return rows.map(({ hour, node, source, events, lost, sampled, minutes }) => ({
      hour: Number(hour) * HOUR,
      node: String(node),
      source: String(source),
      events: Number(events),
      lost: Number(lost),
      sampled: Number(sampled),
      ...silenceOf(BigInt(minutes!)),
    }));
  }

  public async pods(cluster: string, { from, until }: Window, namespaces?: readonly string[]): Promise<readonly PodSighting[]> {
    const rows = await this.rows(
      `SELECT p.*, l.labels FROM pods p JOIN label_sets l ON l.id = p.label_set
        WHERE cluster = $cluster AND last_seen >= $from::BIGINT AND first_seen < $until::BIGINT
          AND ${namespaces === undefined ? 'true' : `namespace IN (${namespaces.map(literal).join(', ')})`}
        ORDER BY namespace, pod, ip`,
      { cluster, from: String(from), until: String(until) },
    );
    return rows.map((row) => ({
      namespace: String(row.namespace),
      pod: String(row.pod),
      ip: row.ip === null ? null : String(row.ip),
      workload: row.workload_name === null ? null : { kind: row.workload_kind as string | null, name: String(row.workload_name) },
      labels: JSON.parse(String(row.labels)) as ObservedLabels,
      firstSeen: Number(row.first_seen),
      lastSeen: Number(row.last_seen),
    }));
  }

  public async activity(cluster: string, window: Window, filter: ConnectionFilter = {}): Promise<readonly ActivityHour[]> {
    const rows = await this.rows(
      `SELECT f.hour, sum(f.count)::BIGINT AS count, sum(f.count) FILTER (c.verdict = 'denied')::BIGINT AS denied,
          sum(f.count) FILTER (c.verdict IN ('audited', 'would-deny'))::BIGINT AS would_deny
        FROM flow_hours f JOIN connections c ON c.id = f.connection JOIN peers s ON s.id = c.src JOIN peers d ON d.id = c.dst
        WHERE f.hour >= $first AND f.hour < $last AND c.cluster = $cluster AND ${condition(filter)}
        GROUP BY f.hour ORDER BY f.hour`,
      { cluster, ...hoursOf(window) },
    );
    return rows.map(({ hour, count, denied, would_deny: wouldDeny }) => (
      { hour: Number(hour) * HOUR, count: Number(count), denied: Number(denied ?? 0), wouldDeny: Number(wouldDeny ?? 0) }
    ));
  }

  public async imports(cluster?: string): Promise<readonly ImportEntry[]> {
    const rows = await this.rows(`SELECT * FROM imports WHERE ${cluster === undefined ? 'true' : `cluster = ${literal(cluster)}`} ORDER BY id`);
    return rows.map((row) => ({
      id: Number(row.id),
      name: String(row.name),
      source: String(row.source),
      cluster: String(row.cluster),
      records: Number(row.records),
      observations: Number(row.observations),
      skipped: JSON.parse(String(row.skipped)) as Readonly<Record<string, number>>,
      lost: Number(row.lost),
      firstSeen: row.first_seen === null ? null : Number(row.first_seen),
      lastSeen: row.last_seen === null ? null : Number(row.last_seen),
      importedAt: Number(row.imported_at),
    }));
  }

  public async clusters(): Promise<readonly string[]> {
    return (await this.rows('SELECT DISTINCT cluster FROM imports ORDER BY cluster')).map(({ cluster }) => String(cluster));
  }

  public async close(): Promise<void> {
    this.database.connection.closeSync();
    this.database.instance.closeSync();
    return Promise.resolve();
  }

  private async rows(sql: string, parameters: Record<string, string | number> = {}): Promise<readonly Row[]> {
    return (await this.database.connection.runAndReadAll(sql, parameters)).getRowObjects() as readonly Row[];
  }
}

/** Of the connection `c` with its ends `s` and `d`. */
function condition({ namespaces, verdicts }: ConnectionFilter): string {
  return `${isOneOf('c.verdict', verdicts)} AND (${isOneOf('s.namespace', namespaces)} OR ${isOneOf('d.namespace', namespaces)})`;
}

function isOneOf(column: string, words: readonly string[] | undefined): string {
  if (words === undefined) return 'true';
  return words.length === 0 ? 'false' : `coalesce(${column} IN (${words.map(literal).join(', ')}), false)`;
}

function hoursOf({ from, until }: Window): { readonly first: number; readonly last: number } {
  return { first: Math.floor(from / HOUR), last: Math.ceil(until / HOUR) };
}

function connectionOf(row: Row): ObservedConnection {
  return {
    src: JSON.parse(String(row.src)) as ObservedPeer,
    dst: JSON.parse(String(row.dst)) as ObservedPeer,
    port: row.port as number | null,
    protocol: row.protocol as ObservedProtocol,
    direction: row.direction as ObservedDirection,
    verdict: row.verdict as ObservedVerdict,
    decidedBy: row.decided_by === null ? null : JSON.parse(String(row.decided_by)) as Decider[],
    ...(row.service === null ? {} : { service: JSON.parse(String(row.service)) as ObservedService }),
    count: Number(row.count),
    firstSeen: Number(row.first_seen),
    lastSeen: Number(row.last_seen),
    hours: Number(row.hours),
    peak: Number(row.peak),
    sources: String(row.sources).split(' '),
  };
}

function silenceOf(minutes: bigint): Pick<CoverageHour, 'silentMinutes' | 'longestSilence'> {
  const bits = minutes.toString(2).padStart(60, '0');
  const runs = bits.split('1').map(({ length }) => length);
  return { silentMinutes: runs.reduce((sum, length) => sum + length, 0), longestSilence: Math.max(...runs) };
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
