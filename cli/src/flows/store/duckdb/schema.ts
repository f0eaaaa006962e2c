/** The layout of a store. It changes with the first number; a store of another one is refused. */
export const LAYOUT = 1;

/**
 * Hours say which connection was seen how often, and no more: all that is long, and the same in each hour, is in a dimension. `hour`
 * is hours since 1970, `first_ms` and `last_ms` milliseconds into it.
 */
export const TABLES = `
  CREATE TABLE layout (version INTEGER NOT NULL, made_by VARCHAR NOT NULL);
  CREATE TABLE imports (
    id INTEGER NOT NULL, cluster VARCHAR NOT NULL, source VARCHAR NOT NULL, name VARCHAR NOT NULL, bytes BIGINT NOT NULL, digest VARCHAR NOT NULL,
    head VARCHAR NOT NULL, records BIGINT NOT NULL, observations BIGINT NOT NULL, skipped VARCHAR NOT NULL, lost BIGINT NOT NULL, first_seen BIGINT, last_seen BIGINT,
    imported_at BIGINT NOT NULL, made_by VARCHAR NOT NULL);
  CREATE TABLE label_sets (id INTEGER NOT NULL, labels VARCHAR NOT NULL);
  CREATE TABLE peers (
    id INTEGER NOT NULL, hash UBIGINT NOT NULL, kind VARCHAR NOT NULL, namespace VARCHAR, workload_kind VARCHAR, workload_name VARCHAR,
    label_set INTEGER, name VARCHAR, ip VARCHAR, peer VARCHAR NOT NULL);
  CREATE TABLE connections (
    id INTEGER NOT NULL, hash UBIGINT NOT NULL, cluster VARCHAR NOT NULL, source VARCHAR NOT NULL, src INTEGER NOT NULL, dst INTEGER NOT NULL,
    port INTEGER, protocol VARCHAR NOT NULL, direction VARCHAR NOT NULL, verdict VARCHAR NOT NULL, decided_by VARCHAR, service VARCHAR,
    evidence VARCHAR, icmp_type INTEGER, sample VARCHAR NOT NULL);
  CREATE TABLE flow_hours (hour INTEGER NOT NULL, connection INTEGER NOT NULL, count BIGINT NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL);
  CREATE TABLE pods (
    cluster VARCHAR NOT NULL, namespace VARCHAR NOT NULL, pod VARCHAR NOT NULL, ip VARCHAR, workload_kind VARCHAR, workload_name VARCHAR,
    label_set INTEGER NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL);
  CREATE TABLE coverage (
    cluster VARCHAR NOT NULL, source VARCHAR NOT NULL, node VARCHAR NOT NULL, hour INTEGER NOT NULL, events BIGINT NOT NULL, lost BIGINT NOT NULL,
    sampled INTEGER NOT NULL, minutes UBIGINT NOT NULL);
  CREATE VIEW flows AS
    SELECT make_timestamp(hour * 3600000000) AS hour, c.cluster, c.source, s.namespace AS src_namespace, coalesce(s.workload_name, s.name, s.ip) AS src,
      d.namespace AS dst_namespace, coalesce(d.workload_name, d.name, d.ip) AS dst, c.port, c.protocol, c.direction, c.verdict, f.count
    FROM flow_hours f JOIN connections c ON c.id = f.connection JOIN peers s ON s.id = c.src JOIN peers d ON d.id = c.dst;
`;

/** What an import brings, before it counts. Temporary: a process that dies takes it along. */
export const STAGING = {
  staged_peers: `hash UBIGINT, kind VARCHAR, namespace VARCHAR, workload_kind VARCHAR, workload_name VARCHAR, labels VARCHAR, name VARCHAR, ip VARCHAR,
    peer VARCHAR`,
  staged_connections: `hash UBIGINT, src UBIGINT, dst UBIGINT, port INTEGER, protocol VARCHAR, direction VARCHAR, verdict VARCHAR, decided_by VARCHAR,
    service VARCHAR, evidence VARCHAR, icmp_type INTEGER, sample VARCHAR`,
  staged_hours: 'hour INTEGER, connection UBIGINT, count BIGINT, first_ms INTEGER, last_ms INTEGER',
  staged_pods: `namespace VARCHAR, pod VARCHAR, ip VARCHAR, workload_kind VARCHAR, workload_name VARCHAR, labels VARCHAR, first_seen BIGINT,
    last_seen BIGINT`,
  staged_coverage: 'node VARCHAR, hour INTEGER, events BIGINT, lost BIGINT, minutes UBIGINT',
} as const;
export type StagingTable = keyof typeof STAGING;
