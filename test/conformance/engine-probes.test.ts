import { describeWithShared } from '../shared-data';
import { asSpecified, cases, expectedOf, objectsIn } from './conformance-case';

interface Probe {
  readonly from: string;
  readonly to: string;
  readonly toIP?: string;
  readonly protocol: string;
  readonly port: number;
  readonly allowed: boolean;
}

interface Expected {
  readonly steps: ReadonlyArray<{ readonly state: string; readonly probes: readonly Probe[] }>;
}

describeWithShared('conformance', 'network-policy-api: probes', () => {
  test.each(cases('probes', ['network-policy-api']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const { steps } = expectedOf<Expected>(each);
    const pods = objectsIn(each.path, 'input', 'pods.yaml');
    const wrong = steps.flatMap(({ state, probes }) => {
      const analysis = asSpecified([...pods, ...objectsIn(each.path, state)]);
      return probes.flatMap(({ from, to, protocol, port, allowed }) => {
        const { verdict, conditions } = analysis.allows(from, to, `${port}/${protocol}`);
        return verdict === (allowed ? 'allowed' : 'denied') ? [] : [`${state}: ${from} -> ${to} ${port}/${protocol}: ${verdict} ${JSON.stringify(conditions)}`];
      });
    });
    expect(wrong).toEqual([]);
    expect(steps.flatMap(({ probes }) => probes).length).toBeGreaterThan(0);
  });
});
