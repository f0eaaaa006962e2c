import { type Analysis, type Connection, type EndpointJson, type PortsJson } from '../../lib/analysis';
import { Cidr, type Direction, formatAddress } from '../../lib/policy';

/** One row as netpol-analyzer writes it. */
export interface NpGuardRow {
  readonly src: string;
  readonly dst: string;
  readonly conn: string;
}

export function connText(ports: PortsJson): string {
  if (ports === 'all') return 'All Connections';
  const parts = Object.entries(ports);
  if (parts.length === 3 && parts.every(([, numbers]) => numbers === 'all')) return 'All Connections';
  return parts.map(([protocol, numbers]) => `${protocol} ${numbers === 'all' ? '1-65535' : numbers}`).join(',');
}

/** The rows of a list in the notation of netpol-analyzer: its address ranges, no connection of a workload with itself. */
export function npGuardRows(analysis: Analysis, connections: readonly Connection[]): NpGuardRow[] {
  const ranges = { source: rangesOf(analysis, 'ingress'), destination: rangesOf(analysis, 'egress') };
  return connections.flatMap(({ source, destination, ports, conditions }) => {
    const conn = conditions.length > 0 ? `DEPENDS ${connText(ports)}` : connText(ports);
    return namesOf(source, ranges.source).flatMap((src) => namesOf(destination, ranges.destination)
      .filter((dst) => src !== dst)
      .map((dst) => ({ src, dst, conn })));
  });
}

/** A range of IPv4 addresses. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

export function rangeText({ first, last }: Range): string {
  return `${formatAddress(4, first)}-${formatAddress(4, last)}[External]`;
}

function namesOf(end: EndpointJson, ranges: readonly Range[]): string[] {
  switch (end.kind) {
    case 'workload':
      return [`${end.namespace}/${end.name}[${end.workload}]`];
    case 'external': {
      const blocks = end.cidrs.map((text) => Cidr.parse(text)).filter(({ family }) => family === 4);
      return ranges.filter(({ first }) => blocks.some((block) => block.first <= first && first <= block.last)).map(rangeText);
    }
    case 'entity':
      return [`{${end.entity}}`];
    default:
      return [`unexpected ${end.kind}`];
  }
}

/** IPv4 cut at the bounds of all blocks of one direction. */
export function rangesOf({ inventory }: Analysis, direction: Direction): Range[] {
  const starts = new Set<bigint>([0n]);
  for (const { policy } of inventory.policies) {
    for (const rule of policy.rules.filter((each) => each.direction === direction)) {
      for (const term of (rule.peers ?? []).flatMap(({ terms }) => terms)) {
        if (term.kind !== 'ipBlock') continue;
        for (const { first, last } of runsOf(term.cidr.minus(term.except).filter(({ family }) => family === 4))) {
          starts.add(first);
          if (last + 1n < 1n << 32n) starts.add(last + 1n);
        }
      }
    }
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, index) => ({ first, last: (sorted[index + 1] ?? 1n << 32n) - 1n }));
}

/** Blocks in order, those that touch put together. */
function runsOf(blocks: readonly Range[]): Range[] {
  const runs: Array<{ first: bigint; last: bigint }> = [];
  for (const { first, last } of blocks) {
    const run = runs.at(-1);
    if (run?.last === first - 1n) run.last = last;
    else runs.push({ first, last });
  }
  return runs;
}

interface Block {
  readonly src: readonly string[];
  readonly dst: readonly string[];
  readonly conn: string;
}

interface ExpectedConnections {
  readonly connections?: readonly NpGuardRow[];
  readonly connectionBlocks?: readonly Block[];
}

/** The rows that a case expects, blocks taken apart. */
export function expectedRows({ connections = [], connectionBlocks = [] }: ExpectedConnections): NpGuardRow[] {
  return [
    ...connections,
    ...connectionBlocks.flatMap(({ src, dst, conn }) => src.flatMap((from) => dst.filter((to) => to !== from).map((to) => ({ src: from, dst: to, conn })))),
  ];
}

export function rowTexts(rows: readonly NpGuardRow[]): string[] {
  return rows.map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`).sort();
}
