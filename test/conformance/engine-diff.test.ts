import { type Analysis, type Connection, type EndpointJson, type PortsJson } from '../../lib/analysis';
import { Cidr } from '../../lib/policy';
import { describeWithShared } from '../shared-data';
import { cases, expectedOf, npGuard, objectsIn } from './conformance-case';
import { connText, rangeText } from './np-guard-notation';

interface Row {
  readonly type: string;
  readonly src: string;
  readonly dst: string;
  readonly conn1: string;
  readonly conn2: string;
  readonly workloadsDiffInfo: string;
}

interface Expected {
  readonly rows?: readonly Row[];
  readonly rowBlocks?: ReadonlyArray<Omit<Row, 'src' | 'dst'> & { readonly src: readonly string[]; readonly dst: readonly string[] }>;
}

const NONE = 'No Connections';

describeWithShared('conformance', 'netpol-analyzer: diff', () => {
  test.each(cases('diff', ['netpol-analyzer']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const { rows = [], rowBlocks = [] } = expectedOf<Expected>(each);
    const [before, after] = ['dir1', 'dir2'].map((dir) => npGuard(objectsIn(each.path, 'input', dir))) as [Analysis, Analysis];
    const { verdict, added, removed, changed } = after.changesFrom(before);
    const info = workloadsInfo(before, after);
    const row = (type: string, { source, destination }: Pick<Connection, 'source' | 'destination'>, conn1: PortsJson | undefined, conn2: PortsJson | undefined): Row[] =>
      namesOf(source).flatMap((src) => namesOf(destination).filter((dst) => dst !== src).map((dst) => ({
        type, src, dst, conn1: text(conn1), conn2: text(conn2), workloadsDiffInfo: info(src, dst),
      })));
    const actual = [
      ...added.flatMap((each1) => row('added', each1, undefined, each1.ports)),
      ...removed.flatMap((each1) => row('removed', each1, each1.ports, undefined)),
      ...changed.flatMap((each1) => row('changed', each1, each1.before, each1.after)),
    ];
    const expected = [
      ...rows,
      ...rowBlocks.flatMap((block) => block.src.flatMap((src) => block.dst.filter((dst) => dst !== src).map((dst) => ({ ...block, src, dst })))),
    ];
    expect(actual.map(rowText).sort()).toEqual(expected.map(rowText).sort());
    if (rows.some(({ type }) => type === 'added') && rows.some(({ type }) => type === 'removed')) expect(verdict).toBe('mixed');
  });
});

function rowText({ type, src, dst, conn1, conn2, workloadsDiffInfo }: Row): string {
  return `${type} ${src} => ${dst} : ${conn1} -> ${conn2} ${workloadsDiffInfo}`;
}

function text(ports: PortsJson | undefined): string {
  return ports === undefined ? NONE : connText(ports);
}

function namesOf(end: EndpointJson): string[] {
  if (end.kind === 'workload') return [`${end.namespace}/${end.name}[${end.workload}]`];
  if (end.kind === 'entity') return [`{${end.entity}}`];
  if (end.kind !== 'external') return [`unexpected ${end.kind}`];
  const runs: Array<{ first: bigint; last: bigint }> = [];
  for (const { first, last } of end.cidrs.map((cidr) => Cidr.parse(cidr)).filter(({ family }) => family === 4)) {
    const run = runs.at(-1);
    if (run?.last === first - 1n) run.last = last;
    else runs.push({ first, last });
  }
  return runs.map(rangeText);
}

function workloadsInfo(before: Analysis, after: Analysis): (src: string, dst: string) => string {
  const names = ({ inventory }: Analysis): Set<string> => new Set(inventory.workloads.map(({ namespace, name, kind }) => `${namespace}/${name}[${kind}]`));
  const [old, now] = [names(before), names(after)];
  const list = (ends: readonly string[], has: Set<string>, hasNot: Set<string>, what: string): string => {
    const found = ends.filter((end) => has.has(end) && !hasNot.has(end));
    return found.length === 0 ? '' : `workload ${found.join(' and ')} ${what}`;
  };
  return (src, dst) => [list([src, dst], now, old, 'added'), list([src, dst], old, now, 'removed')].filter((part) => part !== '').join(', ');
}
