import { type Address, parseAddress } from './address';
import type { Container, KubernetesObject, Labels, PodSpec } from './kubernetes-objects';

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** What people call it: the controller it belongs to, or the pod itself. */
  readonly workload: { readonly kind: string; readonly name: string };
  readonly ports: readonly NamedPort[];
  /** Empty when the input does not tell (pods that a workload will create). */
  readonly addresses: readonly Address[];
  readonly node: string | undefined;
  readonly nodeAddresses: readonly Address[];
  readonly hostNetwork: boolean;
}

export interface NamedPort {
  readonly name: string;
  readonly protocol: string;
  readonly number: number;
}

/** A Pod object. `undefined` for a completed one: it keeps an address that another pod may have by now. */
export function readPod(object: KubernetesObject): Pod | undefined {
  const status = (object.status ?? {}) as PodStatus;
  const spec = (object.spec ?? {}) as PodSpec;
  // "Succeeded: All containers in the Pod have terminated in success"; "Failed: All containers in the Pod have terminated".
  // https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
  if (status.phase === 'Succeeded' || status.phase === 'Failed') {
    return undefined;
  }
  const name = object.metadata?.name ?? object.metadata?.generateName ?? '';
  const owners = (object.metadata?.ownerReferences ?? []).filter((owner) => owner.kind !== 'Node');
  const owner = owners.find((candidate) => candidate.controller === true) ?? owners[0];
  return {
    namespace: object.metadata?.namespace ?? 'default',
    name,
    labels: object.metadata?.labels ?? {},
    workload: owner === undefined ? { kind: 'Pod', name } : { kind: owner.kind ?? 'Pod', name: owner.name },
    ports: namedPorts(spec),
    addresses: unique([status.podIP, ...(status.podIPs ?? []).map(({ ip }) => ip)]).map(parseAddress),
    node: spec.nodeName ?? undefined,
    nodeAddresses: unique([status.hostIP, ...(status.hostIPs ?? []).map(({ ip }) => ip)]).map(parseAddress),
    hostNetwork: spec.hostNetwork === true,
  };
}

interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip?: string }[] | null;
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip?: string }[] | null;
}

function unique(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined && text !== ''))] as string[];
}

/** The ports of the containers that run: the containers, and the init containers that are sidecars. */
export function namedPorts(spec: PodSpec): NamedPort[] {
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  return [...(spec.containers ?? []), ...sidecars].flatMap((container) => (container.ports ?? [])
    .filter((port) => port.name !== undefined)
    .map((port) => ({ name: port.name ?? '', protocol: port.protocol ?? 'TCP', number: port.containerPort })));
}

/**
 * "If you specify restartPolicy: Always for an init container, then that init container becomes a sidecar"
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}
