import { deployment, lines, missing, namespace, policy } from './check';

const rule = 'host-network-escapes';
const only = { only: [rule], cni: 'calico' };
const AGENT = deployment('logs/agent', '{ app: agent }', '[]', ', hostNetwork: true');
const closing = (selector: string, place = 'logs/a') => policy(place, `{ podSelector: ${selector}, policyTypes: [Ingress, Egress] }`);

describe('reports', () => {
  test('pods that a policy selects by their labels', () => {
    expect(lines(rule, AGENT + closing('{ matchLabels: { app: agent } }'), only)).toEqual([
      'warning Deployment logs/agent: its pods are in the network of their node: NetworkPolicy logs/a selects their labels and does not speak about them under calico',
    ]);
  });

  test('pods below a default deny, on every CNI that says so', () => {
    for (const cni of ['calico', 'cilium', 'aws']) {
      expect(lines(rule, AGENT + closing('{}'), { ...only, cni })).toEqual([expect.stringContaining(`under ${cni}`) as unknown]);
    }
  });

  test('policies of the cluster', () => {
    expect(lines(rule, `${namespace('logs')}${AGENT}apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: metadata }
spec: { tier: Admin, priority: 0, subject: { namespaces: {} }, egress: [{ action: Deny, to: [{ networks: [169.254.169.254/32] }] }] }
`, { ...only, cni: 'generic' })).toEqual([expect.stringContaining('ClusterNetworkPolicy metadata selects their labels and does not speak about them') as unknown]);
  });

  test('what a CNI that was named leaves open, as open', () => {
    expect(lines(rule, AGENT + closing('{}'), { ...only, cni: 'generic' })).toEqual([
      'warning Deployment logs/agent: its pods are in the network of their node: whether NetworkPolicy logs/a speaks about them, nobody says for generic',
    ]);
  });
});

describe('does not report', () => {
  test('ordinary pods', () => {
    expect(lines(rule, deployment('logs/agent', '{ app: agent }') + closing('{}'), only)).toEqual([]);
    expect(lines(rule, deployment('logs/agent', '{ app: agent }', '[]', ', hostNetwork: false') + closing('{}'), only)).toEqual([]);
  });

  test('pods that no policy seems to protect', () => {
    expect(lines(rule, AGENT, only)).toEqual([]);
    expect(lines(rule, AGENT + closing('{ matchLabels: { app: other } }') + closing('{}', 'shop/a'), only)).toEqual([]);
  });

  test('agents of kube-system', () => {
    expect(lines(rule, deployment('kube-system/proxy', '{ app: proxy }', '[]', ', hostNetwork: true') + closing('{}', 'kube-system/a'), only)).toEqual([]);
  });

  test('a cluster that takes such pods for ordinary ones', () => {
    expect(lines(rule, AGENT + closing('{}'), { ...only, cni: 'generic,hostNetworkPodsAreOrdinary=true' })).toEqual([]);
  });
});

test('is not evaluated where nobody named the CNI', () => {
  expect(lines(rule, AGENT + closing('{}'), { only: [rule], profileIsAssumed: true })).toEqual([]);
  expect(missing(rule, AGENT + closing('{}'), { only: [rule], profileIsAssumed: true })).toEqual([
    'logs: whether policies select pods in the network of their node is up to the CNI, and nobody said which one the cluster has: --cni',
  ]);
});
