import { Analysis, profileOf } from '../../lib/analysis';
import { describeWithShared } from '../shared-data';
import { cases, type ConformanceCase, expectedOf, inventoryOf, objectsIn } from './conformance-case';

interface Row {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly port: number | null;
  readonly allowed: boolean | 'depends';
  readonly why?: string;
}

interface Expected {
  readonly profile: { readonly version: string; readonly settings?: Readonly<Record<string, string | boolean>> };
  readonly rows: readonly Row[];
}

/** Packets of the tests and the code of Amazon's network policy agent and controller, under the settings that each case names. */
describeWithShared('conformance', 'packets of the VPC CNI', () => {
  test.each(cases('eval', ['aws']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const { rows } = expectedOf<Expected>(each);
    const analysis = analysisOf(each);
    expect(rows.flatMap((row) => wrongIn(analysis, row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('every case says in explanations what it answers', () => {
    const wrong = cases('eval', ['aws']).flatMap((each) => {
      const analysis = analysisOf(each);
      return expectedOf<Expected>(each).rows.flatMap((row) => {
        const { verdict, egress, ingress } = analysis.explain(row.src, row.dst, askedPort(row));
        const verdicts = [egress.verdict, ingress.verdict];
        const joined = verdicts.includes('denied') ? 'denied' : verdicts.includes('depends') ? 'depends' : 'allowed';
        return verdict === joined ? [] : [`${each.id}: ${row.src} -> ${row.dst} ${askedPort(row)}: ${verdict}, explained ${joined}`];
      });
    });
    expect(wrong).toEqual([]);
  });
});

function analysisOf(each: ConformanceCase): Analysis {
  const { version, settings = {} } = expectedOf<Expected>(each).profile;
  const texts = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const inventory = inventoryOf(objectsIn(each.path, 'input'));
  expect(inventory.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Analysis(inventory, profileOf('aws', { version, settings: texts }));
}

function askedPort({ protocol, port }: Row): string {
  return port === null ? protocol : `${port}/${protocol}`;
}

function wrongIn(analysis: Analysis, row: Row): string[] {
  const expected = row.allowed === 'depends' ? 'depends' : row.allowed ? 'allowed' : 'denied';
  const { verdict, conditions } = analysis.allows(row.src, row.dst, askedPort(row));
  const kind = row.why === 'fqdn' ? 'fqdn' : undefined;
  const fits = verdict === expected && (kind === undefined || conditions.some((condition) => condition.kind === kind));
  return fits ? [] : [`${row.src} -> ${row.dst} ${askedPort(row)}: ${verdict} (${conditions.map(({ why }) => why).join()}), expected ${expected}`];
}
