import fc from 'fast-check';
import { writeCalicoPolicy, writeNetworkSet, writeTier } from '../../../lib/dialects/calico';
import { Cidr, policyKey } from '../../../lib/policy';
import { networkPolicy } from '../../policy/arbitraries';
import { describeWithShared } from '../../shared-data';
import { calicoPolicy } from './arbitraries';
import { manifest, readBack } from './documents';
import { schemaErrors } from './published-schema';

test('what is written is read as the same policy, without an issue', () => {
  fc.assert(fc.property(calicoPolicy, (policy) => {
    const { policy: again, issues } = readBack(manifest(writeCalicoPolicy(policy)));
    expect(policyKey(again!)).toBe(policyKey(policy));
    expect(issues).toEqual([]);
  }), { numRuns: 400 });
});

test('a staged NetworkPolicy of Kubernetes is read as the same policy', () => {
  fc.assert(fc.property(networkPolicy, (policy) => {
    const staged = { ...policy, stage: 'staged' as const };
    const { policy: again, issues } = readBack(manifest(writeCalicoPolicy(staged)));
    expect(policyKey(again!)).toBe(policyKey(staged));
    expect(issues).toEqual([]);
  }));
});

test('a staged removal has nothing but its name', () => {
  const { policy } = readBack({ kind: 'StagedKubernetesNetworkPolicy', metadata: { name: 'x', namespace: 'shop' }, spec: { stagedAction: 'Delete' } });
  expect(policy!.stage).toBe('staged-removal');
  expect(writeCalicoPolicy(policy!).spec).toEqual({ stagedAction: 'Delete' });
});

test('tiers and sets are read as they were written', () => {
  const tier = { tier: { name: 'calico/guard' }, order: 50, defaultAction: 'pass' as const };
  expect(readBack(manifest(writeTier(tier))).tier).toEqual(tier);
  const set = { name: 'corp', labels: { net: 'corp' }, blocks: [{ kind: 'ipBlock' as const, cidr: Cidr.parse('10.0.0.0/8'), except: [] }] };
  expect(readBack(manifest(writeNetworkSet(set))).addressSet).toEqual(set);
  expect(writeNetworkSet({ ...set, namespace: 'shop' }).kind).toBe('NetworkSet');
});

describeWithShared('schemas', 'the published schemas', () => {
  test('every written policy passes, unknown fields refused', () => {
    fc.assert(fc.property(calicoPolicy, (policy) => {
      expect(schemaErrors(manifest(writeCalicoPolicy(policy)))).toEqual([]);
    }));
    fc.assert(fc.property(networkPolicy, (policy) => {
      expect(schemaErrors(manifest(writeCalicoPolicy({ ...policy, stage: 'staged' })))).toEqual([]);
    }));
    expect(schemaErrors(manifest(writeTier({ tier: { name: 'calico/guard' }, order: 50 })))).toEqual([]);
    expect(schemaErrors(manifest(writeNetworkSet({ name: 'corp', namespace: 'shop', labels: {}, blocks: [] })))).toEqual([]);
  });

  test('they refuse what they do not know', () => {
    expect(schemaErrors({ kind: 'NetworkPolicy', metadata: {}, spec: { selectors: 'all()' } })).toEqual(['/spec must NOT have additional properties']);
  });
});
