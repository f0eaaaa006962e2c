import { lines, namespace, policy } from './check';

const rule = 'require-enforcing-cni';
const DENY = policy('shop/deny', '{ podSelector: {}, policyTypes: [Ingress] }');

describe('reports', () => {
  test('a network policy agent that does not run', () => {
    expect(lines(rule, DENY, { cni: 'aws,enable-network-policy=false' })).toEqual([
      'error Cluster aws: aws with enable-network-policy=false enforces no policy: the policy that was given has no effect',
    ]);
  });

  test.each(['cilium,enable-policy=never', 'cilium,policy-audit-mode=true'])('an agent that only watches: %s', (cni) => {
    expect(lines(rule, DENY + policy('pay/deny', '{ podSelector: {} , policyTypes: [Ingress] }'), { cni })).toEqual([expect.stringContaining('enforces no policy: the 2 policies that were given have no effect') as unknown]);
  });
});

describe('does not report', () => {
  test.each(['generic', 'aws', 'aws,enforcingMode=strict', 'calico', 'cilium', 'cilium,enable-policy=always', 'antrea', 'gke-dpv2', 'gke-calico', 'ovn-kubernetes'])('%s', (cni) => {
    expect(lines(rule, DENY, { cni })).toEqual([]);
  });

  test('input without policies', () => {
    expect(lines(rule, namespace('shop'), { cni: 'cilium,enable-policy=never' })).toEqual([]);
  });

  test('a profile that nobody chose', () => {
    expect(lines(rule, DENY, { profileIsAssumed: true })).toEqual([]);
  });
});
