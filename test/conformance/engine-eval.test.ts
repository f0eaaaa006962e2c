import { type Analysis } from '../../lib/analysis';
import { describeWithShared } from '../shared-data';
import { asSpecified, cases, expectedOf, npGuard, objectsIn } from './conformance-case';

interface Row {
  readonly src: string;
  readonly dst: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly allowed?: boolean;
  readonly connections?: string;
}

interface Expected {
  readonly profile: { readonly name: string };
  readonly rows: readonly Row[];
}

/** Ports that stand for all others when a case lists everything that is allowed. */
const PROBED = [1, 2, 52, 53, 54, 79, 80, 81, 443, 5353, 7070, 8000, 8080, 9003, 9090, 65535];

describeWithShared('conformance', 'packets', () => {
  test.each(cases('eval', ['netpol-analyzer', 'kube-network-policies']).map((each) => [`${each.source}: ${each.id}`, each] as const))('%s', (_, each) => {
    const { rows, profile } = expectedOf<Expected>(each);
    const objects = objectsIn(each.path, 'input');
    const analysis = profile.name === 'np-guard' ? npGuard(objects) : asSpecified(objects);
    expect(rows.flatMap((row) => wrongIn(analysis, row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });
});

function wrongIn(analysis: Analysis, { src, dst, protocol, port, allowed, connections }: Row): string[] {
  const found: string[] = [];
  const expectVerdict = (expected: boolean, asked: string): void => {
    const { verdict } = analysis.allows(src, dst, asked);
    if (verdict !== (expected ? 'allowed' : 'denied')) found.push(`${src} -> ${dst} ${asked}: ${verdict}, expected ${expected ? 'allowed' : 'denied'}`);
  };
  if (allowed !== undefined) expectVerdict(allowed, `${port ?? 80}/${protocol ?? 'TCP'}`);
  if (connections !== undefined) {
    const allowedPorts = parseConnections(connections);
    for (const each of ['TCP', 'UDP', 'SCTP']) for (const number of PROBED) expectVerdict(allowedPorts(each, number), `${number}/${each}`);
  }
  return found;
}

function parseConnections(text: string): (protocol: string, port: number) => boolean {
  if (text === 'All Connections') return () => true;
  if (text === 'No Connections') return () => false;
  const ranges: Array<{ protocol: string; first: number; last: number }> = [];
  let current = '';
  for (const part of text.split(',')) {
    const [word, numbers] = part.trim().split(' ') as [string, string | undefined];
    if (numbers !== undefined) current = word;
    const [first, last] = (numbers ?? word).split('-').map(Number) as [number, number | undefined];
    ranges.push({ protocol: current, first, last: last ?? first });
  }
  return (protocol, port) => ranges.some((range) => range.protocol === protocol && range.first <= port && port <= range.last);
}
