import { ObservedLabels, ObservedWorkload } from './observation';

/**
 * A pod-template-hash: the digits of a number, each drawn as one of ten signs. Names in documentation have hexadecimal ones, or any of
 * those that Kubernetes draws random names from: a digit tells such a hash from a word.
 * @see https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go
 */
const HASH = '(?:[bcdf456789]{5,10}|(?=[a-z]*[0-9])(?:[bcdfghjklmnpqrstvwxz2456789]{6,10}|[a-f0-9]{8,10}))';
const OF_REPLICA_SET = new RegExp(`^(.+)-${HASH}$`);
const POD_OF_DEPLOYMENT = new RegExp(`^(.+)-${HASH}-[a-z0-9]{5}$`);
/** The minutes since 1970 at which a Job of a CronJob was due. */
const OF_CRON_JOB = /^(.+)-\d{8}$/;
const POD_OF_CRON_JOB = /^(.+)-\d{8}-[a-z0-9]{5}$/;

/** What marks the pods of a ReplicaSet, and what makes such ReplicaSets. */
const OWNERS_OF_REPLICA_SETS = [['rollouts-pod-template-hash', 'Rollout'], ['pod-template-hash', 'Deployment']] as const;

/**
 * The workload that a person knows, for one that the record states: the ReplicaSet of a Deployment is the Deployment, a Job of a
 * CronJob the CronJob.
 */
export function owningWorkload(kind: string | null, name: string, labels: ObservedLabels = {}): ObservedWorkload {
  if (kind === 'ReplicaSet') {
    for (const [label, owner] of OWNERS_OF_REPLICA_SETS) {
      const hash = labels[label];
      if (hash !== undefined && hash !== '' && name.endsWith(`-${hash}`) && name.length > hash.length + 1) return { kind: owner, name: name.slice(0, -hash.length - 1) };
    }
    const [, deployment] = OF_REPLICA_SET.exec(name) ?? [];
    return deployment === undefined ? { kind, name } : { kind: 'Deployment', name: deployment };
  }
  if (kind === 'Job') {
    const [, cronJob] = OF_CRON_JOB.exec(name) ?? [];
    return cronJob === undefined ? { kind, name } : { kind: 'CronJob', name: cronJob };
  }
  return { kind, name };
}

/** The workload of a pod, from nothing but its name; null where the name does not tell. */
export function workloadOfPodName(pod: string): ObservedWorkload | null {
  const [, cronJob] = POD_OF_CRON_JOB.exec(pod) ?? [];
  if (cronJob !== undefined) return { kind: 'CronJob', name: cronJob };
  const [, deployment] = POD_OF_DEPLOYMENT.exec(pod) ?? [];
  return deployment === undefined ? null : { kind: 'Deployment', name: deployment };
}
