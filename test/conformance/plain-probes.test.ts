import { type PlainCluster, plainCluster } from '../plain';
import { describeWithShared } from '../shared-data';
import { conformanceCases, profileOf, readExpected, readObjects } from './cases';
import { checkUnlessContradicting } from './contradictions';

interface Step {
  readonly state: string;
  readonly probes: readonly Probe[];
}

interface Probe {
  readonly from: string;
  readonly to: string | null;
  readonly toIP: string;
  readonly protocol: string;
  readonly port: number;
  readonly allowed: boolean;
}

describeWithShared('conformance', 'the plain evaluator passes the conformance probes of ClusterNetworkPolicy', () => {
  test.each(conformanceCases('probes').map((one) => [one.id, one] as const))('%s', (_, one) => {
    const expected = readExpected<{ steps: readonly Step[] }>(one);
    const pods = readObjects(one, 'input', 'pods.yaml');
    const steps = expected.steps.map(({ state, probes }) => {
      const cluster = plainCluster([...pods, ...readObjects(one, state)], profileOf(expected));
      return probes.map((probe) => ({ ...probe, allowed: reaches(probe, cluster) }));
    });
    checkUnlessContradicting(one.id, () => expect(steps).toEqual(expected.steps.map(({ probes }) => probes)));
  });
});

/** By address and, where the probe names the pod, by name: both must say the same. */
function reaches({ from, to, toIP, protocol, port }: Probe, cluster: PlainCluster): boolean {
  const [byAddress, byName] = [toIP, to ?? toIP].map((end) => cluster.allows(from, end, `${port}/${protocol}`));
  expect(byName).toBe(byAddress);
  return byAddress ?? false;
}
