import { type NpGuardRow } from './np-guard-notation';

/** What of an answer a case wants to see. */
export interface Focus {
  readonly workloads?: readonly string[];
  readonly peers?: readonly string[];
  readonly direction?: 'ingress' | 'egress';
  /** `udp-52` */
  readonly connection?: string;
  readonly explainOnly?: 'allow' | 'deny';
}

/** The rows that touch the focus; with a connection, those that allow it. */
export function focused(rows: readonly NpGuardRow[], focus: Focus | undefined): NpGuardRow[] {
  if (focus === undefined) return [...rows];
  const { workloads, peers, direction, connection } = focus;
  return rows.flatMap((row) => {
    if (workloads !== undefined) {
      const into = direction !== 'egress' && isOneOf(row.dst, workloads) && (peers === undefined || isOneOf(row.src, peers));
      const outOf = direction !== 'ingress' && isOneOf(row.src, workloads) && (peers === undefined || isOneOf(row.dst, peers));
      if (!into && !outOf) return [];
    }
    if (connection === undefined) return [row];
    const [protocol, port] = connection.toUpperCase().split('-') as [string, string];
    return allows(row.conn, protocol, Number(port)) ? [{ ...row, conn: `${protocol} ${port}` }] : [];
  });
}

export function isOneOf(end: string, names: readonly string[]): boolean {
  const [, namespace, name] = /^(?:([^/]+)\/)?([^/[]+)(?:\[[^\]]*\])?$/.exec(end.replace(/^\{(.*)\}$/, '$1')) ?? [];
  return names.some((wanted) => wanted === name || wanted === `${namespace}/${name}`);
}

export function allows(conn: string, protocol: string, port: number): boolean {
  if (conn === 'All Connections') return true;
  let current = '';
  return conn.split(',').some((part) => {
    const [first, second] = part.split(' ') as [string, string | undefined];
    if (second !== undefined) current = first;
    const [from, to] = (second ?? first).split('-').map(Number);
    return current === protocol && from !== undefined && from <= port && port <= (to ?? from);
  });
}
