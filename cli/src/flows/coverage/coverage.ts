import { groupBy } from 'cdk8s-netpol/analysis';
import { Direction, DIRECTIONS } from 'cdk8s-netpol/policy';
import { ObservedDirection, ObservedPeer, ObservedVerdict } from '../observation';
import { ObservedConnection } from '../store/flow-store';
import { DirectionJudgement, Judge, Judgement, Outcome } from './judge';
import { RuleUse, RuleUses } from './rule-uses';

/** A connection of the record, whatever was decided about it, with what the policies would do. */
export interface JudgedConnection {
  readonly src: ObservedPeer;
  readonly dst: ObservedPeer;
  readonly port: number | null;
  readonly protocol: ObservedConnection['protocol'];
  readonly count: number;
  readonly peak: number;
  readonly hours: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly sources: readonly string[];
  readonly outcome: Outcome | 'denied-today';
  /** The ends that are looked at, with their judgement. */
  readonly ends: ReadonlyArray<DirectionJudgement & { readonly direction: Direction }>;
  readonly why: readonly string[];
}

/** The record and the engine say different things about one end. */
export interface Disagreement {
  readonly connection: JudgedConnection;
  readonly direction: Direction;
  readonly recorded: ObservedVerdict;
  readonly judged: Outcome;
  readonly lastSeen: number;
  readonly count: number;
}

export interface CoverageReport {
  readonly connections: readonly JudgedConnection[];
  readonly rules: readonly RuleUse[];
  readonly disagreements: readonly Disagreement[];
}

/** The worst first: what one end would drop is dropped, whatever the other says. */
const ORDER: readonly Outcome[] = ['would-drop', 'undecided', 'unprotected', 'covered'];

/**
 * Holds policies against recorded traffic.
 * @param namespaces whose ends count; all of them where none is named
 */
export function coverageOf(judge: Judge, observed: readonly ObservedConnection[], namespaces: readonly string[]): CoverageReport {
  const uses = new RuleUses(judge.analysis.inventory, namespaces);
  const connections: JudgedConnection[] = [];
  const disagreements: Disagreement[] = [];
  for (const records of alike(observed)) {
    const directions = DIRECTIONS.filter((direction) => isLookedAt(direction === 'egress' ? records[0]!.src : records[0]!.dst, namespaces));
    if (directions.length === 0) continue;
    const judgement = judge.judge(records[0]!);
    const connection = judged(records, judgement, directions);
    connections.push(connection);
    for (const { direction, reasons } of connection.ends) uses.use(direction, reasons, connection);
    disagreements.push(...disagreementsOf(connection, records));
  }
  return { connections: connections.sort(byNeed), rules: uses.all(), disagreements };
}

/** How many connections have which outcome. */
export function countsOf({ connections }: CoverageReport): Readonly<Record<JudgedConnection['outcome'], number>> {
  const counts = { 'would-drop': 0, 'undecided': 0, 'unprotected': 0, 'covered': 0, 'denied-today': 0 };
  for (const { outcome } of connections) counts[outcome]++;
  return counts;
}

/** Records of one connection, whichever end and decision they are of. */
function alike(observed: readonly ObservedConnection[]): Iterable<readonly ObservedConnection[]> {
  return groupBy(observed, ({ src, dst, port, protocol }) => JSON.stringify([src, dst, port, protocol])).values();
}

function isLookedAt(peer: ObservedPeer, namespaces: readonly string[]): boolean {
  if (peer.kind !== 'pod' && peer.kind !== 'service') return false;
  return namespaces.length === 0 || namespaces.includes(peer.namespace);
}

function judged(records: readonly ObservedConnection[], judgement: Judgement, directions: readonly Direction[]): JudgedConnection {
  const [{ src, dst, port, protocol }] = records as readonly [ObservedConnection];
  const ends = directions.map((direction) => ({ direction, ...judgement[direction] }));
  const worst = ORDER.find((outcome) => ends.some((end) => end.outcome === outcome))!;
  // one end that denies always is enough, whatever the other one lets through
  const isDenied = directions.some((direction) => alwaysDenied(records.filter((each) => each.direction === direction))) || alwaysDenied(records);
  // both ends of a connection are recorded: what was seen twice is not twice as much
  const most = (of: (each: ObservedConnection) => number) => Math.max(...sumsByDirection(records, of));
  return {
    src, dst, port, protocol, ends,
    outcome: isDenied && worst !== 'covered' ? 'denied-today' : worst,
    count: most(({ count }) => count),
    peak: most(({ peak }) => peak),
    hours: Math.max(...records.map(({ hours }) => hours)),
    firstSeen: Math.min(...records.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...records.map(({ lastSeen }) => lastSeen)),
    sources: [...new Set(records.flatMap(({ sources }) => sources))].sort(),
    why: worst === 'undecided' ? judgement.why.length > 0 ? judgement.why : ['its pods, or the ends that it may have, fare differently'] : [],
  };
}

function alwaysDenied(records: readonly ObservedConnection[]): boolean {
  return records.length > 0 && records.every(({ verdict }) => verdict === 'denied');
}

function sumsByDirection(records: readonly ObservedConnection[], of: (each: ObservedConnection) => number): readonly number[] {
  const sums = new Map<ObservedDirection, number>();
  for (const each of records) sums.set(each.direction, (sums.get(each.direction) ?? 0) + of(each));
  return [...sums.values()];
}

/** Would-be drops that the engine allows, and what a policy allowed and the engine would drop: one of the two is wrong, or of another time. */
function disagreementsOf(connection: JudgedConnection, records: readonly ObservedConnection[]): Disagreement[] {
  return records.flatMap((record) => {
    const end = connection.ends.find(({ direction }) => direction === record.direction);
    if (end === undefined || !disagrees(record, end.outcome)) return [];
    const { verdict, lastSeen, count, direction } = record;
    return [{ connection, direction: direction as Direction, recorded: verdict, judged: end.outcome, lastSeen, count }];
  });
}

function disagrees({ verdict, decidedBy }: ObservedConnection, outcome: Outcome): boolean {
  if (verdict === 'audited' || verdict === 'would-deny') return outcome === 'covered' || outcome === 'unprotected';
  return (verdict === 'allowed' && decidedBy !== null && outcome === 'would-drop') || (verdict === 'denied' && outcome === 'covered');
}

function byNeed(a: JudgedConnection, b: JudgedConnection): number {
  const rank = ({ outcome }: JudgedConnection) => (outcome === 'denied-today' ? ORDER.length : ORDER.indexOf(outcome));
  return rank(a) - rank(b) || b.count - a.count;
}
