import { PortsJson } from 'cdk8s-netpol/analysis';
import { Cidr } from 'cdk8s-netpol/policy';
import { ChangeRow } from './fold-rows';
import { endText, isOutside, WideEnd } from './wide-end';

/** The widest first: what came before what went; addresses outside, the cluster, a namespace, a workload; all ports, ranges, single ports. */
export function widestFirst(rows: readonly ChangeRow[]): ChangeRow[] {
  const ranked = rows.map((row) => ({ row, rank: rank(row), text: `${endText(row.source)} ${endText(row.destination)}` }));
  return ranked.sort((a, b) => {
    for (const [index, value] of a.rank.entries()) {
      if (value !== b.rank[index]) return value - b.rank[index]!;
    }
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  }).map(({ row }) => row);
}

function rank(row: ChangeRow): readonly number[] {
  const { source, destination, opened, before, after } = row;
  const side = opened ? after : before;
  const ports = [side.allowed, side.depends].flatMap((each) => (each === undefined ? [] : [portsRank(each)]));
  const ends = [source, destination];
  const widest = Math.min(...ends.map(endRank));
  return [opened ? 0 : 1, widest, Math.min(...ends.map(prefixOf)), Math.min(...ports), endRank(source) + endRank(destination)];
}

function endRank(end: WideEnd): number {
  if (isOutside(end)) return 0;
  switch (end.kind) {
    case 'cluster':
      return 1;
    case 'namespace':
      return 2;
    case 'endpoint':
      return { workload: 3, service: 3, selector: 2, entity: 1, nodes: 1, cluster: 1, external: 0, fqdn: 0 }[end.endpoint.kind];
  }
}

/** The length of the shortest prefix: half of the Internet comes before one office. An IPv6 network of /64 is one network. */
function prefixOf(end: WideEnd): number {
  if (end.kind !== 'endpoint' || end.endpoint.kind !== 'external') return 32;
  return Math.min(...end.endpoint.cidrs.map((text) => {
    const { prefix, family } = Cidr.parse(text);
    return family === 4 ? prefix : prefix / 2;
  }));
}

function portsRank(ports: PortsJson): number {
  if (ports === 'all') return 0;
  const texts = Object.values(ports);
  return texts.some((text) => text === 'all' || text.includes('-')) ? 1 : texts.length > 1 || texts[0]!.includes(',') ? 2 : 3;
}
