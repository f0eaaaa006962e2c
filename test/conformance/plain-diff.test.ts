import { parseAddress } from '../plain/address';
import { describeWithShared } from '../shared-data';
import { type ConformanceCase, conformanceCases, type Expected, profileOf, readExpected, readObjects } from './cases';
import { NONE } from './connection-text';
import { Connectivity, type Externals, externalsOf } from './connectivity';
import { checkUnlessContradicting } from './contradictions';
import { reportSample, sample } from './sampling';

interface DiffRow {
  readonly type: 'added' | 'removed' | 'changed';
  readonly src: string;
  readonly dst: string;
  readonly conn1: string;
  readonly conn2: string;
  readonly workloadsDiffInfo: string;
}

interface DiffBlock extends Omit<DiffRow, 'src' | 'dst'> {
  readonly src: readonly string[];
  readonly dst: readonly string[];
}

describeWithShared('conformance', 'the plain evaluator finds the differences that other analysers expect', () => {
  test.each(conformanceCases('diff').map((one) => [one.id, one] as const))('%s', (_, one) => {
    const expected = readExpected<{ rows?: readonly DiffRow[]; rowBlocks?: readonly DiffBlock[] }>(one);
    const [before, after] = ['dir1', 'dir2'].map((folder) => connectivity(one, folder, expected)) as [Connectivity, Connectivity];
    const externals = externalsOf(before.cluster, after.cluster);
    const asked = { sources: sample(externals.sources), destinations: sample(externals.destinations) };
    reportSample(one.id, count(asked), count(externals), 'external ranges');
    const rows = expected.rows ?? (expected.rowBlocks ?? []).flatMap(expand);
    checkUnlessContradicting(one.id, () =>
      expect(differences(before, after, asked)).toEqual(refined(rows, asked).map(rowText).sort()));
  });
});

function connectivity(one: ConformanceCase, folder: string, expected: Expected): Connectivity {
  return new Connectivity(readObjects(one, 'input', folder), profileOf(expected));
}

function count({ sources, destinations }: Externals): number {
  return sources.length + destinations.length;
}

function expand(block: DiffBlock): DiffRow[] {
  return block.src.flatMap((src) => block.dst.filter((dst) => dst !== src).map((dst) => ({ ...block, src, dst })));
}

/** Rows as the case has them, its merged external ranges split into those that were asked about. */
function refined(rows: readonly DiffRow[], { sources, destinations }: Externals): DiffRow[] {
  const partsOf = (name: string, ends: Externals['sources']): string[] =>
    (name.endsWith('[External]') ? ends.map((end) => end.name).filter((part) => liesIn(part, name)) : [name]);
  return rows.flatMap((row) => partsOf(row.src, sources).flatMap((src) => partsOf(row.dst, destinations).map((dst) => ({ ...row, src, dst }))));
}

function liesIn(part: string, whole: string): boolean {
  const [first, last] = bounds(part);
  const [wholeFirst, wholeLast] = bounds(whole);
  return wholeFirst <= first && last <= wholeLast;
}

function bounds(range: string): [bigint, bigint] {
  const [first, last] = range.replace('[External]', '').split('-').map((text) => parseAddress(text).value);
  return [first ?? 0n, last ?? 0n];
}

function differences(before: Connectivity, after: Connectivity, externals: Externals): string[] {
  const [old, now] = [before.all(externals), after.all(externals)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((pair) => old.get(pair) !== now.get(pair))
    .map((pair) => {
      const [src, dst] = pair.split(' => ') as [string, string];
      const [conn1, conn2] = [old.get(pair) ?? NONE, now.get(pair) ?? NONE];
      const type = conn1 === NONE ? 'added' : conn2 === NONE ? 'removed' : 'changed';
      return rowText({ type, src, dst, conn1, conn2, workloadsDiffInfo: comeAndGone([src, dst], before, after) });
    })
    .sort();
}

/** `workload W added`, `workload W and V removed` */
function comeAndGone(ends: readonly string[], before: Connectivity, after: Connectivity): string {
  const isMissing = (end: string, there: Connectivity, elsewhere: Connectivity): boolean =>
    !there.workloads.some(({ name }) => name === end) && elsewhere.workloads.some(({ name }) => name === end);
  const added = ends.filter((end) => isMissing(end, before, after));
  const removed = ends.filter((end) => isMissing(end, after, before));
  return [[added, 'added'] as const, [removed, 'removed'] as const]
    .flatMap(([names, verb]) => (names.length === 0 ? [] : [`workload ${names.join(' and ')} ${verb}`]))
    .join(', ');
}

function rowText({ type, src, dst, conn1, conn2, workloadsDiffInfo }: DiffRow): string {
  return `${type}: ${src} => ${dst}: ${conn1} -> ${conn2} (${workloadsDiffInfo})`;
}
