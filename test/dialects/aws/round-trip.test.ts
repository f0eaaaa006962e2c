import fc from 'fast-check';
import { writeApplicationNetworkPolicySpec, writeClusterNetworkPolicy } from '../../../lib/dialects/aws';
import { policyKey } from '../../../lib/policy';
import { describeWithShared } from '../../shared-data';
import { specErrors } from '../crd-schema';
import { applicationPolicy, clusterPolicy } from './arbitraries';
import { readApplication, readCluster } from './documents';

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a ClusterNetworkPolicy that is written is read as the same policy, without an issue', () => {
  fc.assert(fc.property(clusterPolicy, (policy) => {
    const [written, ...more] = writeClusterNetworkPolicy(policy);
    const { policy: again, issues } = readCluster(asJson(written?.spec), { name: written?.name });
    expect(more).toEqual([]);
    expect(policyKey(again)).toBe(policyKey(policy));
    expect(issues).toEqual([]);
  }));
});

test('an ApplicationNetworkPolicy that is written is read as the same policy, without an issue', () => {
  fc.assert(fc.property(applicationPolicy, (policy) => {
    const { policies, issues } = readApplication(asJson(writeApplicationNetworkPolicySpec(policy)), { name: policy.name, namespace: policy.namespace });
    expect(policies.map(policyKey)).toEqual([policyKey(policy)]);
    expect(issues).toEqual([]);
  }));
});

describeWithShared('schemas', 'the published definitions', () => {
  test('accept every ClusterNetworkPolicy that is written', () => {
    fc.assert(fc.property(clusterPolicy, (policy) => {
      expect(writeClusterNetworkPolicy(policy).flatMap(({ spec }) => specErrors(asJson(spec), 'networking.k8s.aws', 'v1alpha1', 'clusternetworkpolicies'))).toEqual([]);
    }));
  });

  test('accept every ApplicationNetworkPolicy that is written', () => {
    fc.assert(fc.property(applicationPolicy, (policy) => {
      expect(specErrors(asJson(writeApplicationNetworkPolicySpec(policy)), 'networking.k8s.aws', 'v1alpha1', 'applicationnetworkpolicies')).toEqual([]);
    }));
  });

  test('refuse a field that they do not have', () => {
    expect(specErrors({ podSelector: {}, ingres: [] }, 'networking.k8s.aws', 'v1alpha1', 'applicationnetworkpolicies')).toEqual([' must NOT have additional properties']);
  });
});
