import type { KubernetesObject, Labels, Metadata, PodSpec } from './kubernetes-objects';
import { namedPorts, type Pod } from './pod';

interface PodTemplate {
  readonly metadata?: Metadata | null;
  readonly spec?: PodSpec | null;
}

/**
 * The pods that a workload will create, labelled as its pod *template* says (the labels of the workload itself mean nothing
 * to a policy). One pod where the object says `replicas: 1`, else two: what matters is whether there can be a second one.
 */
export function podsOfWorkload(object: KubernetesObject): Pod[] {
  const template = podTemplateOf(object);
  if (template === undefined) {
    return [];
  }
  const kind = object.kind ?? '';
  const name = object.metadata?.name ?? object.metadata?.generateName ?? '';
  const spec = template.spec ?? {};
  return ordinals(object).map((ordinal) => ({
    namespace: object.metadata?.namespace ?? 'default',
    name: `${name}-${ordinal}`,
    labels: { ...template.metadata?.labels, ...labelsSetByController(kind, name, ordinal) },
    workload: { kind, name },
    ports: namedPorts(spec),
    addresses: [],
    node: spec.nodeName ?? undefined,
    nodeAddresses: [],
    hostNetwork: spec.hostNetwork === true,
  }));
}

/** Any kind that holds a pod template holds it at `spec.template`; a CronJob at `spec.jobTemplate.spec.template`. */
function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const spec = (object.spec ?? {}) as { template?: PodTemplate | null; jobTemplate?: { spec?: { template?: PodTemplate | null } } };
  const template = object.kind === 'CronJob' ? spec.jobTemplate?.spec?.template : spec.template;
  return template?.spec?.containers === undefined || template.spec.containers === null ? undefined : template;
}

function ordinals(object: KubernetesObject): number[] {
  const spec = (object.spec ?? {}) as { replicas?: number; ordinals?: { start?: number } | null };
  const first = object.kind === 'StatefulSet' ? spec.ordinals?.start ?? 0 : 0;
  return spec.replicas === 1 ? [first] : [first, first + 1];
}

/**
 * "When the StatefulSet controller creates a Pod, it adds a label, statefulset.kubernetes.io/pod-name, that is set to the
 * name of the Pod"; "the new Pod is labelled with apps.kubernetes.io/pod-index". The Job controller adds the job's name.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-name-label
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#batch-kubernetes-io-job-name
 */
function labelsSetByController(kind: string, name: string, ordinal: number): Labels {
  switch (kind) {
    case 'StatefulSet':
      return { 'statefulset.kubernetes.io/pod-name': `${name}-${ordinal}`, 'apps.kubernetes.io/pod-index': `${ordinal}` };
    case 'Job':
      return { 'batch.kubernetes.io/job-name': name, 'job-name': name };
    default:
      return {};
  }
}
