import { contains, isAddress, parseCidr } from '../plain/address';
import { type Cluster, readCluster } from '../plain/cluster';
import type { Protocol } from '../plain/connection';
import type { Party } from '../plain/party';
import { resolve } from '../plain/reference';
import { describeWithShared } from '../shared-data';
import { conformanceCases, type EvalRow, profileOf, readExpected, readObjects } from './cases';
import { ALL } from './connection-text';
import { Connectivity, type End, externalsOf } from './connectivity';
import { checkUnlessContradicting } from './contradictions';

describeWithShared('conformance', 'the plain evaluator answers single packets as other analysers expect', () => {
  test.each(conformanceCases('eval', 'list').filter(({ tags }) => tags.includes('eval')).map((one) => [one.id, one] as const))('%s', (_, one) => {
    const expected = readExpected<{ rows: readonly EvalRow[] }>(one);
    const connectivity = new Connectivity(readObjects(one, 'input'), profileOf(expected));
    const { rows } = expected;
    expect(rows.length).toBeGreaterThan(0);
    checkUnlessContradicting(one.id, () => expect(rows.map((row) => answered(row, connectivity, one.source))).toEqual(rows));
  });
});

/** The row with our answers in place of the expected ones. */
function answered(row: EvalRow, connectivity: Connectivity, source: string): EvalRow {
  // A row of a workload (or pod) with itself is about one pod, which always reaches itself.
  const isSame = row.src === row.dst;
  const { sources: externalSources, destinations: externalDestinations } = externalsOf(connectivity.cluster);
  const sources = ends(row.src, connectivity.cluster, externalSources, source);
  const destinations = isSame ? sources : ends(row.dst, connectivity.cluster, externalDestinations, source);
  const pairs = sources.flatMap((from) => (isSame ? [[from, from] as const] : destinations.map((to) => [from, to] as const)));
  return {
    ...row,
    ...(row.allowed === undefined ? {} : {
      allowed: onlyOne(pairs.map(([from, to]) => connectivity.allows({
        source: from, destination: to, protocol: row.protocol as Protocol, port: row.port,
      }))),
    }),
    ...(row.connections === undefined ? {} : {
      connections: isSame ? ALL : onlyOne(pairs.map(([from, to]) => connectivity.betweenParties(from, to))),
    }),
  };
}

/** A CIDR is every address in it: one of each range that policies see. netpol-analyzer takes every address as an external one. */
function ends(reference: string, cluster: Cluster, externals: readonly End[], source: string): Party[] {
  if (/^[\d.]+\/\d+$/.test(reference)) {
    const whole = parseCidr(reference);
    return externals.flatMap(({ parties }) => parties)
      .filter((party) => party.kind === 'external' && contains(whole, party.address))
      .concat({ kind: 'external', address: { family: whole.family, value: whole.first } });
  }
  return resolve(reference, source === 'netpol-analyzer' && isAddress(reference) ? readCluster([]) : cluster);
}

function onlyOne<T>(answers: readonly T[]): T {
  const [answer, ...others] = new Set(answers);
  if (answer === undefined || others.length > 0) {
    throw new Error(`the pods differ: ${[...answers].join(' | ')}`);
  }
  return answer;
}
