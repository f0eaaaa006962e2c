import { describeWithShared } from '../shared-data';
import { conformanceCases, type ConnectionRow, type Expected, expandBlocks, type Focus, profileOf, readExpected, readObjects } from './cases';
import { includesConnection, NONE } from './connection-text';
import { Connectivity, type Externals, externalsOf } from './connectivity';
import { checkUnlessContradicting } from './contradictions';
import { reportSample, sample } from './sampling';

describeWithShared('conformance', 'the plain evaluator lists the connections that other analysers expect', () => {
  test.each(conformanceCases('list', 'exposure').map((one) => [one.id, one] as const))('%s', (_, one) => {
    const expected = readExpected(one);
    const connectivity = new Connectivity(readObjects(one, 'input'), profileOf(expected));
    const externals = externalsOf(connectivity.cluster);
    const asked = { sources: sample(externals.sources), destinations: sample(externals.destinations) };
    reportSample(one.id, count(asked), count(externals), 'external ranges');
    checkUnlessContradicting(one.id, () =>
      expect(inFocus(connectivity.all(asked), expected.options?.focus)).toEqual(rowsOf(expected, asked)));
  });
});

function count({ sources, destinations }: Externals): number {
  return sources.length + destinations.length;
}

/** The expected rows whose external ends are among those asked about. */
function rowsOf({ connections, connectionBlocks }: Expected, asked: Externals): string[] {
  const rows: readonly ConnectionRow[] = connections ?? expandBlocks(connectionBlocks ?? []);
  const sources = new Set(asked.sources.map(({ name }) => name));
  const destinations = new Set(asked.destinations.map(({ name }) => name));
  return rows
    .filter(({ src, dst }) => (!isExternal(src) || sources.has(src)) && (!isExternal(dst) || destinations.has(dst)))
    .map(({ src, dst, conn }) => `${src} => ${dst}: ${conn}`)
    .sort();
}

function isExternal(end: string): boolean {
  return end.endsWith('[External]');
}

function inFocus(all: ReadonlyMap<string, string>, focus: Focus = {}): string[] {
  const [protocol, port] = (focus.connection ?? '').toUpperCase().split('-');
  return [...all].flatMap(([pair, text]) => {
    const [source, destination] = pair.split(' => ') as [string, string];
    if (!touches(source, destination, focus)) {
      return [];
    }
    if (focus.connection === undefined || protocol === undefined) {
      return [`${pair}: ${text}`];
    }
    return text !== NONE && includesConnection(text, protocol, Number(port)) ? [`${pair}: ${protocol} ${port}`] : [];
  }).sort();
}

/** The focused workload is the destination for ingress, the source for egress; the other end is one of the peers, if given. */
function touches(source: string, destination: string, { workloads, peers, direction }: Focus): boolean {
  const isIn = (end: string, names: readonly string[] | undefined): boolean =>
    names === undefined || names.some((name) => isCalled(end, name));
  const asIngress = isIn(destination, workloads) && isIn(source, peers);
  const asEgress = isIn(source, workloads) && isIn(destination, peers);
  return (direction !== 'egress' && asIngress) || (direction !== 'ingress' && asEgress);
}

function isCalled(end: string, name: string): boolean {
  const plain = end.replace(/\[[^[\]]+\]$/, '').replace(/^\{(.+)\}$/, '$1');
  return plain === name || plain.endsWith(`/${name}`);
}
