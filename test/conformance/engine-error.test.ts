import { describeWithShared } from '../shared-data';
import { cases, expectedOf, npGuard, objectsIn } from './conformance-case';
import { readable } from './engine-contradictions';

describeWithShared('conformance', 'netpol-analyzer: input that is refused', () => {
  test.each(cases('error', ['netpol-analyzer']).map((each) => [each.id, each] as const))('%s', (_, each) => {
    const { apiServerRejects } = expectedOf<{ readonly apiServerRejects: boolean }>(each);
    const objects = objectsIn(each.path, 'input');
    if (apiServerRejects) {
      expect(() => npGuard(objects)).toThrow();
    } else {
      // a limit of that tool: Kubernetes takes this input, and so do we
      expect(readable).toContain(each.id);
      expect(npGuard(objects).connections().length).toBeGreaterThan(0);
    }
  });
});
