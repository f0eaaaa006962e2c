import { describeWithShared } from '../shared-data';
import { conformanceCases, profileOf, readExpected, readObjects } from './cases';
import { Connectivity, externalsOf } from './connectivity';
import { isContradiction } from './contradictions';

interface Refused {
  readonly fatal: boolean;
  readonly apiServerRejects: boolean;
}

/** The plain evaluator assumes what the API server accepted, so it says nothing about input that the API server refuses. */
describeWithShared('conformance', 'input that another analyser refuses and Kubernetes accepts', () => {
  const cases = conformanceCases('error').map((one) => ({ one, expected: readExpected<Refused>(one) }));

  test('is listed as a contradiction', () => {
    const legal = cases.filter(({ expected }) => expected.fatal && !expected.apiServerRejects).map(({ one }) => one.id);
    expect(legal).toEqual(cases.map(({ one }) => one.id).filter(isContradiction));
    expect(legal.length).toBeGreaterThan(0);
  });

  test.each(cases.filter(({ one }) => isContradiction(one.id)).map((each) => [each.one.id, each] as const))('%s is answered', (_, { one, expected }) => {
    const connectivity = new Connectivity(readObjects(one, 'input'), profileOf(expected));
    const { destinations } = externalsOf(connectivity.cluster);
    const parties = [...connectivity.workloads, ...destinations].flatMap((end) => end.parties);
    const sources = connectivity.workloads.flatMap((source) => source.parties);
    expect(() => sources.map((from) => parties.map((to) => connectivity.betweenParties(from, to)))).not.toThrow();
  });
});
