import fc from 'fast-check';
import { writeCiliumPolicy } from '../../../lib/dialects/cilium';
import { policyKey } from '../../../lib/policy';
import { describeWithShared } from '../../shared-data';
import { ciliumPolicy } from './arbitraries';
import { manifest, readBack } from './documents';
import { schemaErrors } from './published-schema';

test('what is written is read as the same policy, without an issue', () => {
  fc.assert(fc.property(ciliumPolicy, (policy) => {
    const { policies, issues } = readBack(manifest(writeCiliumPolicy(policy)));
    expect(policies.map(policyKey)).toEqual([policyKey(policy)]);
    expect(issues).toEqual([]);
  }));
});

test('what was read is written as before', () => {
  fc.assert(fc.property(ciliumPolicy, (policy) => {
    const written = writeCiliumPolicy(policy);
    const [again] = readBack(manifest(written)).policies;
    expect(writeCiliumPolicy(again!)).toEqual(written);
  }));
});

describeWithShared('schemas', 'the published schema', () => {
  test('every written policy passes it, unknown fields refused', () => {
    fc.assert(fc.property(ciliumPolicy, (policy) => {
      const written = writeCiliumPolicy(policy, { log: 'netpol-audit' });
      expect(schemaErrors(written.kind, manifest(written))).toEqual([]);
    }));
  });

  test('refuses what it does not know', () => {
    expect(schemaErrors('CiliumNetworkPolicy', { metadata: {}, spec: { endpointSelector: {}, ingress: [{ fromEndpoint: [{}] }] } })).toEqual(['/spec/ingress/0 must NOT have additional properties']);
  });
});
