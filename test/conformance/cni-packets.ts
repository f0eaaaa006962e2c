import { Analysis, profileOf } from '../../lib/analysis';
import { describeWithShared } from '../shared-data';
import { cases, type ConformanceCase, expectedOf, inventoryOf, objectsIn } from './conformance-case';

/** A packet of a CNI's own tests, and what becomes of it. */
export interface PacketRow {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly port: number | null;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly allowed: boolean | 'depends';
  readonly why?: string;
}

interface Expected {
  readonly profile: { readonly version: string; readonly settings?: Readonly<Record<string, string | boolean>> };
  readonly rows: readonly PacketRow[];
}

/** The condition that an answer has to give, where the case names one. */
type ConditionOf = (row: PacketRow) => string | undefined;

/** All packets of a CNI, under the version and settings that each case names; and that explanations say what answers say. */
export function describePackets(cni: string, title: string, conditionOf: ConditionOf): void {
  describeWithShared('conformance', title, () => {
    test.each(cases('eval', [cni]).map((each) => [each.id, each] as const))('%s', (_, each) => {
      const { rows } = expectedOf<Expected>(each);
      const analysis = analysisOf(cni, each);
      expect(rows.flatMap((row) => wrongIn(analysis, row, conditionOf))).toEqual([]);
      expect(rows.length).toBeGreaterThan(0);
    });

    test('every case says in explanations what it answers', () => {
      const wrong = cases('eval', [cni]).flatMap((each) => {
        const analysis = analysisOf(cni, each);
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
}

function analysisOf(cni: string, each: ConformanceCase): Analysis {
  const { version, settings = {} } = expectedOf<Expected>(each).profile;
  const texts = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const inventory = inventoryOf(objectsIn(each.path, 'input'));
  expect(inventory.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Analysis(inventory, profileOf(cni, { version, settings: texts }));
}

function askedPort({ protocol, port, icmpType, icmpCode }: PacketRow): string {
  if (port !== null) return `${port}/${protocol}`;
  return [protocol, icmpType, icmpCode].filter((part) => part !== undefined).join('/');
}

function wrongIn(analysis: Analysis, row: PacketRow, conditionOf: ConditionOf): string[] {
  const expected = row.allowed === 'depends' ? 'depends' : row.allowed ? 'allowed' : 'denied';
  const { verdict, conditions } = analysis.allows(row.src, row.dst, askedPort(row));
  const kind = conditionOf(row);
  const fits = verdict === expected && (kind === undefined || conditions.some((condition) => condition.kind === kind));
  const said = conditions.map((condition) => `${condition.kind}: ${condition.why}`).join();
  return fits ? [] : [`${row.src} -> ${row.dst} ${askedPort(row)}: ${verdict} (${said}), expected ${expected} ${kind ?? ''}`];
}
