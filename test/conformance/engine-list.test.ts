import { describeWithShared } from '../shared-data';
import { cases, expectedOf, npGuard, objectsIn } from './conformance-case';
import { type Focus, focused } from './focus';
import { expectedRows, npGuardRows, rowTexts } from './np-guard-notation';

interface Expected {
  readonly options?: { readonly focus?: Focus };
}

describeWithShared('conformance', 'netpol-analyzer: list', () => {
  test.each(cases('list', ['netpol-analyzer']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const expected = expectedOf<Expected & Parameters<typeof expectedRows>[0]>(each);
    const analysis = npGuard(objectsIn(each.path, 'input'));
    const rows = focused(npGuardRows(analysis, analysis.connections()), expected.options?.focus);
    expect(rowTexts(rows)).toEqual(rowTexts(expectedRows(expected)));
  });
});
