import { describeWithShared } from '../shared-data';
import { conformanceCases, profileOf, readExpected, readObjects } from './cases';
import { ALL, boundsIn, includesConnection, PROTOCOLS } from './connection-text';
import { Connectivity, type End, externalsOf } from './connectivity';
import { checkUnlessContradicting } from './contradictions';

interface Explained {
  readonly pairs: readonly { readonly src: string; readonly dst: string; readonly entries: readonly Entry[] }[];
  readonly allByDefault: readonly { readonly src: string; readonly dst: string }[];
}

interface Entry {
  readonly conn: string;
  readonly verdict: 'allowed' | 'denied';
}

/** The verdicts only: the plain evaluator gives no reasons. Ends that are not in the input (exposure) are left out. */
describeWithShared('conformance', 'the plain evaluator agrees with the verdicts that other analysers explain', () => {
  test.each(conformanceCases('explain').map((one) => [one.id, one] as const))('%s', (_, one) => {
    const expected = readExpected<Explained>(one);
    const connectivity = new Connectivity(readObjects(one, 'input'), profileOf(expected));
    const { sources, destinations } = externalsOf(connectivity.cluster);
    const find = (name: string, externals: readonly End[]): End | undefined =>
      [...connectivity.workloads, ...externals].find((end) => end.name === name);
    const pairs = [
      ...expected.pairs,
      ...expected.allByDefault.map((pair) => ({ ...pair, entries: [{ conn: ALL, verdict: 'allowed' as const }] })),
    ].flatMap(({ src, dst, entries }) => {
      const [source, destination] = [find(src, sources), find(dst, destinations)];
      return source === undefined || destination === undefined ? [] : [{ source, destination, entries }];
    });
    expect(pairs.length).toBeGreaterThan(0);
    checkUnlessContradicting(one.id, () => expect(pairs.flatMap((pair) => disagreements(pair, connectivity))).toEqual([]));
  });
});

function disagreements(
  { source, destination, entries }: { source: End; destination: End; entries: readonly Entry[] }, connectivity: Connectivity,
): string[] {
  const text = connectivity.between(source, destination);
  const ports = [1, 65535, ...entries.flatMap(({ conn }) => boundsIn(conn)), ...boundsIn(text)];
  return entries.flatMap(({ conn, verdict }) => PROTOCOLS.flatMap((protocol) => ports
    .filter((port) => includesConnection(conn, protocol, port))
    .filter((port) => includesConnection(text, protocol, port) !== (verdict === 'allowed'))
    .map((port) => `${source.name} => ${destination.name} ${port}/${protocol}: expected ${verdict}`)));
}
