import { Cidr } from '../policy';
import { Connection, endpointText, portsText } from './connection';

/**
 * Blocks of the two sides cut alike: for each end inside, the addresses outside are put together again where they fare alike on
 * both sides, so that equal text means the same addresses.
 */
export function alignAddresses(before: readonly Connection[], after: readonly Connection[]): [Connection[], Connection[]] {
  const sides = [split(before), split(after)] as const;
  const result: [Connection[], Connection[]] = [sides[0].others, sides[1].others];
  for (const key of new Set([...sides[0].external.keys(), ...sides[1].external.keys()])) {
    const [old, now] = [sides[0].external.get(key) ?? [], sides[1].external.get(key) ?? []];
    const groups = groupsOf(old, now);
    for (const { cidrs, rows } of groups) {
      for (const side of [0, 1] as const) {
        for (const row of rows[side]) result[side].push(withCidrs(row, cidrs));
      }
    }
  }
  return result;
}

/** Rows with addresses at one end, by the other end. */
function split(connections: readonly Connection[]): { external: Map<string, Connection[]>; others: Connection[] } {
  const external = new Map<string, Connection[]>();
  const others: Connection[] = [];
  for (const connection of connections) {
    const { source, destination } = connection;
    const key = source.kind === 'external' ? `from ${endpointText(destination)}` : destination.kind === 'external' ? `to ${endpointText(source)}` : undefined;
    if (key === undefined) {
      others.push(connection);
      continue;
    }
    const known = external.get(key);
    if (known === undefined) external.set(key, [connection]);
    else known.push(connection);
  }
  return { external, others };
}

interface Group {
  readonly cidrs: readonly string[];
  readonly rows: readonly [readonly Connection[], readonly Connection[]];
}

/** The address space in pieces that each row holds or not, pieces with equal rows together. */
function groupsOf(old: readonly Connection[], now: readonly Connection[]): Group[] {
  const rows = [[0, old] as const, [1, now] as const]
    .flatMap(([side, own]) => own.map((row) => ({ row, side, blocks: cidrsOf(row).map((text) => Cidr.parse(text)) })));
  const found = new Map<string, { cidrs: Cidr[]; rows: [Connection[], Connection[]] }>();
  for (const family of [4, 6] as const) {
    const blocks = rows.flatMap((row) => row.blocks.filter((block) => block.family === family));
    const starts = [...new Set(blocks.flatMap(({ first, last }) => [first, last + 1n]))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1];
      if (end === undefined) continue;
      const holding = rows.filter((row) => row.blocks.some((block) => block.family === family && block.first <= start && start <= block.last));
      if (holding.length === 0) continue;
      const key = holding.map(({ row, side }) => `${side} ${portsText(row.ports)} ${row.conditions.map(({ at, why }) => `${at} ${why}`).join(';')}`).join('|');
      let group = found.get(key);
      if (group === undefined) {
        group = { cidrs: [], rows: [[], []] };
        for (const { row, side } of holding) group.rows[side].push(row);
        found.set(key, group);
      }
      group.cidrs.push(...Cidr.range(family, start, end - 1n));
    }
  }
  return [...found.values()].map((group) => ({ rows: group.rows, cidrs: Cidr.merge(group.cidrs).map(String) }));
}

function cidrsOf({ source, destination }: Connection): readonly string[] {
  return source.kind === 'external' ? source.cidrs : destination.kind === 'external' ? destination.cidrs : [];
}

function withCidrs(row: Connection, cidrs: readonly string[]): Connection {
  const end = { kind: 'external' as const, cidrs };
  return row.source.kind === 'external' ? { ...row, source: end } : { ...row, destination: end };
}
