import { ObservedLabels, ObservedWorkload } from './observation';

/** What Kubernetes draws random names from: no vowels, nothing that looks like another sign. */
const HASH = '[bcdfghjklmnpqrstvwxz2456789]';
/** `x-<pod-template-hash>`: the hash of a ReplicaSet has one to ten signs. */
const OF_REPLICA_SET = new RegExp(`^(.+)-(${HASH}{1,10})$`);
/** The minutes since 1970 at which a Job of a CronJob was due. */
const OF_CRON_JOB = /^(.+)-\d{8}$/;
/** The name of a pod of a Deployment; samples of documentation have other letters in the hash. */
const POD_OF_DEPLOYMENT = /^(.+)-[a-z0-9]{6,10}-[a-z0-9]{5}$/;
const POD_OF_CRON_JOB = /^(.+)-\d{8}-[a-z0-9]{5}$/;

/**
 * The workload that a person knows, for one that the record states: the ReplicaSet of a Deployment is the Deployment, a Job of a
 * CronJob the CronJob.
 */
export function owningWorkload(kind: string | null, name: string, labels: ObservedLabels = {}): ObservedWorkload {
  if (kind === 'ReplicaSet') {
    const hash = labels['pod-template-hash'];
    if (hash !== undefined && name.endsWith(`-${hash}`)) return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
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
