import fc from 'fast-check';
import { writeAntreaGroup, writeAntreaPolicy, writeAntreaTier, type WrittenAntreaObject } from '../../../lib/dialects/antrea';
import { peerKey, policyKey } from '../../../lib/policy';
import { describeWithShared } from '../../shared-data';
import { specErrors } from '../crd-schema';
import { antreaGroup, antreaPolicy } from './arbitraries';
import { readBack } from './documents';

/** The document of a written object, as it comes back from a file. */
function manifest({ apiVersion, kind, name, namespace, spec }: WrittenAntreaObject): unknown {
  return JSON.parse(JSON.stringify({ apiVersion, kind, metadata: { name, namespace }, spec }));
}

test('what is written is read as the same policy, logs included, without an issue', () => {
  fc.assert(fc.property(antreaPolicy, (policy) => {
    const { policy: again, issues } = readBack(manifest(writeAntreaPolicy(policy)));
    expect(policyKey(again!)).toBe(policyKey(policy));
    expect(again!.rules.map(({ log }) => log)).toEqual(policy.rules.map(({ log }) => log));
    expect(issues).toEqual([]);
  }), { numRuns: 500 });
});

test('groups and tiers are read as they were written', () => {
  fc.assert(fc.property(antreaGroup, (group) => {
    const { group: again, issues } = readBack(manifest(writeAntreaGroup(group)));
    expect({ ...again, members: again!.members.map(peerKey) }).toEqual({ ...group, members: group.members.map(peerKey) });
    expect(issues).toEqual([]);
  }));
  const tier = { tier: { name: 'antrea/mine' }, order: 50, defaultAction: 'pass' as const };
  expect(readBack(manifest(writeAntreaTier(tier))).tier).toEqual(tier);
});

const PLURALS: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies', ClusterNetworkPolicy: 'clusternetworkpolicies', Tier: 'tiers', Group: 'groups', ClusterGroup: 'clustergroups',
};

function schemaErrors(written: WrittenAntreaObject): readonly string[] {
  return specErrors(JSON.parse(JSON.stringify(written.spec)), 'crd.antrea.io', 'v1beta1', PLURALS[written.kind]!);
}

describeWithShared('schemas', 'the published schemas', () => {
  test('every written object passes, unknown fields refused', () => {
    fc.assert(fc.property(antreaPolicy, (policy) => {
      expect(schemaErrors(writeAntreaPolicy(policy))).toEqual([]);
    }));
    fc.assert(fc.property(antreaGroup, (group) => {
      expect(schemaErrors(writeAntreaGroup(group))).toEqual([]);
    }));
    expect(schemaErrors(writeAntreaTier({ tier: { name: 'antrea/mine' }, order: 50 }))).toEqual([]);
  });

  test('they refuse what they do not know', () => {
    expect(specErrors({ priority: 1, selector: {} }, 'crd.antrea.io', 'v1beta1', 'networkpolicies')).toEqual([' must NOT have additional properties']);
  });
});
