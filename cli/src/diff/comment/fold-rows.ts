import { EndpointJson, PairChange, portsText, SidePorts, Workload } from 'cdk8s-netpol/analysis';
import { endText, WideEnd } from './wide-end';

/** Pairs that changed alike, told in one row. */
export interface ChangeRow extends Omit<PairChange, 'source' | 'destination'> {
  readonly source: WideEnd;
  readonly destination: WideEnd;
  /** How many pairs it stands for. */
  readonly pairs: number;
}

export type Workloads = readonly Workload[];
type Side = 'source' | 'destination';

/**
 * Tells together what changed alike for every workload of a namespace, or of the cluster: a rule for a namespace is one row,
 * however many workloads there are. What holds for some only stays apart.
 */
export function foldRows(changes: readonly PairChange[], before: Workloads, after: Workloads): ChangeRow[] {
  const rows = changes.map((change): ChangeRow => ({
    ...change, pairs: 1, source: { kind: 'endpoint', endpoint: change.source }, destination: { kind: 'endpoint', endpoint: change.destination },
  }));
  const [old, now] = [new Estate(before), new Estate(after)];
  return fold(fold(rows, 'source', old, now), 'destination', old, now);
}

/** The workloads that can be told together. */
class Estate {
  public readonly all: ReadonlyMap<string, Workload>;
  public readonly byNamespace = new Map<string, string[]>();

  public constructor(workloads: Workloads) {
    this.all = new Map(workloads.map((workload) => [keyOf(workload), workload]));
    for (const [key, { namespace }] of this.all) {
      const known = this.byNamespace.get(namespace);
      if (known === undefined) this.byNamespace.set(namespace, [key]);
      else known.push(key);
    }
  }
}

function fold(rows: readonly ChangeRow[], side: Side, old: Estate, now: Estate): ChangeRow[] {
  const groups = new Map<string, ChangeRow[]>();
  for (const row of rows) {
    const key = `${endText(row[side === 'source' ? 'destination' : 'source'])}\n${changeKey(row)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((group) => foldGroup(group, side, hasPorts(group[0]!.after) ? now : old));
}

/** One change of one other end, for many workloads. */
function foldGroup(group: readonly ChangeRow[], side: Side, estate: Estate): ChangeRow[] {
  const other = group[0]![side === 'source' ? 'destination' : 'source'];
  const byKey = new Map<string, ChangeRow>();
  for (const row of group) {
    const key = wholeWorkload(row[side]);
    if (key !== undefined && estate.all.has(key)) byKey.set(key, row);
  }
  // the only pod of a workload opens no connection to itself that a policy could see
  const exempt = wholeWorkload(other);
  const isCovered = (keys: Iterable<string>): boolean =>
    [...keys].every((key) => byKey.has(key) || (key === exempt && estate.all.get(key)?.replicated === false));
  const join = (keys: readonly string[], end: WideEnd): ChangeRow => {
    const joined = keys.flatMap((key) => byKey.get(key) ?? []);
    return { ...joined[0]!, [side]: end, pairs: joined.reduce((sum, { pairs }) => sum + pairs, 0) };
  };
  if (estate.byNamespace.size > 1 && isCovered(estate.all.keys())) {
    const keys = [...estate.all.keys()];
    const rest = group.filter((row) => !byKey.has(wholeWorkload(row[side]) ?? ''));
    return [join(keys, { kind: 'cluster', workloads: keys.length }), ...rest];
  }
  const folded = [...estate.byNamespace].filter(([, keys]) => keys.length > 1 && isCovered(keys));
  const told = new Set(folded.flatMap(([, keys]) => keys));
  return [
    ...folded.map(([namespace, keys]) => join(keys, { kind: 'namespace', namespace, workloads: keys.length })),
    ...group.filter((row) => !told.has(wholeWorkload(row[side]) ?? '')),
  ];
}

/** A workload with all of its pods: a part of one stands for itself. */
function wholeWorkload(end: WideEnd): string | undefined {
  if (end.kind !== 'endpoint' || end.endpoint.kind !== 'workload' || end.endpoint.pods !== undefined) return undefined;
  return endpointKey(end.endpoint);
}

function endpointKey({ workload, namespace, name }: Extract<EndpointJson, { readonly kind: 'workload' }>): string {
  return `${workload} ${namespace}/${name}`;
}

function keyOf({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

function changeKey({ before, after, conditions }: ChangeRow): string {
  return [sideKey(before), sideKey(after), ...conditions.map(({ kind, at, why }) => `${kind} ${at} ${why}`)].join('\n');
}

function sideKey({ allowed, depends }: SidePorts): string {
  return `${allowed === undefined ? '' : portsText(allowed)} ? ${depends === undefined ? '' : portsText(depends)}`;
}

function hasPorts({ allowed, depends }: SidePorts): boolean {
  return allowed !== undefined || depends !== undefined;
}
