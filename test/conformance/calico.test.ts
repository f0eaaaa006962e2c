import { Analysis, type AskedPort, parsePort, profileOf } from '../../lib/analysis';
import { describeWithShared } from '../shared-data';
import { cases, expectedOf, inventoryOf, objectsIn } from './conformance-case';

interface Row {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly port: number | null;
  readonly srcPort?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
  readonly allowed: boolean | 'depends';
}

interface Expected {
  readonly profile: { readonly name: string; readonly version: string; readonly settings?: Readonly<Record<string, string>> };
  readonly rows: readonly Row[];
}

function asked({ protocol, port, srcPort, icmp }: Row): AskedPort {
  const text = icmp !== undefined ? `${protocol}/${icmp.type}/${icmp.code}` : port !== null ? `${port}/${protocol}` : /^\d+$/.test(protocol) ? `IP/${protocol}` : protocol;
  return { ...parsePort(text), ...(srcPort === undefined ? {} : { sourcePort: srcPort }) };
}

describeWithShared('conformance', 'Calico: packets of its own tests', () => {
  test.each(cases('eval', ['calico']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const { rows, profile } = expectedOf<Expected>(each);
    const { name, ...options } = profile;
    const analysis = new Analysis(inventoryOf(objectsIn(each.path, 'input')), profileOf(name, options));
    const answers = rows.map((row) => {
      const { verdict } = analysis.allows(row.src, row.dst, asked(row));
      return { ...row, allowed: verdict === 'depends' ? verdict : verdict === 'allowed' };
    });
    expect(answers).toEqual(rows);
    expect(rows.length).toBeGreaterThan(0);
  });
});
