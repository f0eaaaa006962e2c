import { workloadLabels } from '../../src/flows/workload-labels';
import { owningWorkload, workloadOfPodName } from '../../src/flows/workload-name';

describe('the owner of a workload', () => {
  it.each([
    ['ReplicaSet', 'shop-web-5bd7c9f84c', 'Deployment', 'shop-web'],
    ['ReplicaSet', 'web-5bd7c9', 'Deployment', 'web'],
    ['ReplicaSet', 'kv-db', 'ReplicaSet', 'kv-db'],
    ['ReplicaSet', 'shop-frontend', 'ReplicaSet', 'shop-frontend'],
    ['ReplicaSet', '5bd7c9f84c', 'ReplicaSet', '5bd7c9f84c'],
    ['Job', 'backup-29512345', 'CronJob', 'backup'],
    ['Job', 'migrate-2', 'Job', 'migrate-2'],
    ['StatefulSet', 'db-5bd7c9f84c', 'StatefulSet', 'db-5bd7c9f84c'],
    [null, 'web-5bd7c9f84c', null, 'web-5bd7c9f84c'],
  ])('of the %s %s is the %s %s', (kind, name, owner, owned) => {
    expect(owningWorkload(kind, name)).toEqual({ kind: owner, name: owned });
  });

  it('is the one that the label of its pods tells, whatever the hash looks like', () => {
    expect(owningWorkload('ReplicaSet', 'web-abc', { 'pod-template-hash': 'abc' })).toEqual({ kind: 'Deployment', name: 'web' });
    expect(owningWorkload('ReplicaSet', 'web-abc', { 'pod-template-hash': '' })).toEqual({ kind: 'ReplicaSet', name: 'web-abc' });
    expect(owningWorkload('ReplicaSet', '-abc', { 'pod-template-hash': 'abc' })).toEqual({ kind: 'ReplicaSet', name: '-abc' });
  });

  it('is a Rollout where Argo made the ReplicaSet', () => {
    expect(owningWorkload('ReplicaSet', 'web-5bd7c9f84c', { 'rollouts-pod-template-hash': '5bd7c9f84c' })).toEqual({ kind: 'Rollout', name: 'web' });
  });
});

describe('the workload of a pod, by its name alone', () => {
  it.each([
    ['shop-web-5bd7c9f84c-x7k2p', 'Deployment', 'shop-web'],
    ['web-78d4f9c56-zzzzz', 'Deployment', 'web'],
    ['web-0a1b2c3d4e-aaaaa', 'Deployment', 'web'],
    ['backup-29512345-x7k2p', 'CronJob', 'backup'],
  ])('%s is of the %s %s', (pod, kind, name) => {
    expect(workloadOfPodName(pod)).toEqual({ kind, name });
  });

  it.each(['my-favorite-thing', 'node-control-plane', 'redis-0', 'kube-proxy-x7k2p', 'kured-linux2022-x7k2p', 'web', '5bd7c9f84c-x7k2p', 'web-5bd7c9f84c'])('%s does not tell', (pod) => {
    expect(workloadOfPodName(pod)).toBeNull();
  });
});

it('labels that controllers add are not those of the workload', () => {
  const generated = [
    'pod-template-hash', 'rollouts-pod-template-hash', 'controller-revision-hash', 'pod-template-generation', 'job-name', 'controller-uid',
    'batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-completion-index', 'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index', 'io.cilium.k8s.policy.cluster', 'io.kubernetes.pod.namespace',
  ].map((key) => [key, 'x'] as const);
  expect(workloadLabels([['tier', 'web'], ...generated, ['app', 'shop']])).toEqual({ app: 'shop', tier: 'web' });
});
