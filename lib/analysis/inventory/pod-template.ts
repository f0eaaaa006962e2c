import { Cidr, Labels, PolicyError, Protocol, tryParseAddress } from '../../policy';
import { ContainerPort, RunningPod } from './inventory';
import { Json, labelsAt, listAt, objectAt, portNumberAt, textAt } from './json';

/** The part of a pod spec that matters to policies. */
export interface PodSpecFacts {
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  readonly node?: string;
  readonly nodeLabels?: Labels;
  readonly serviceAccount: string;
  /** Ports that cannot be read and are left out. */
  readonly notes: readonly string[];
}

/**
 * Containers, and the init containers that keep running beside them.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function readPodSpec(spec: Json, path: string): PodSpecFacts {
  const containers = listAt(spec.containers, `${path}.containers`).map((value, index) => ({ value, at: `${path}.containers[${index}]` }));
  const sidecars = listAt(spec.initContainers, `${path}.initContainers`)
    .map((value, index) => ({ value, at: `${path}.initContainers[${index}]` }))
    .filter(({ value, at }) => objectAt(value, at).restartPolicy === 'Always');
  const node = textAt(spec.nodeName, `${path}.nodeName`);
  const nodeLabels = readNodeLabels(spec, path);
  const notes: string[] = [];
  return {
    ports: [...containers, ...sidecars].flatMap(({ value, at }) => readPorts(objectAt(value, at), at, notes)),
    notes,
    hostNetwork: spec.hostNetwork === true,
    serviceAccount: textAt(spec.serviceAccountName ?? spec.serviceAccount, `${path}.serviceAccountName`) ?? 'default',
    ...(node === undefined ? {} : { node }),
    ...(nodeLabels === undefined ? {} : { nodeLabels }),
  };
}

/**
 * The labels that a node must have to run the pod. A pod that names its operating system runs on nodes of that alone.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodeselector
 * @see https://kubernetes.io/docs/concepts/workloads/pods/#pod-os
 */
function readNodeLabels(spec: Json, path: string): Labels | undefined {
  const system = textAt(objectAt(spec.os, `${path}.os`).name, `${path}.os.name`);
  const labels = { ...(system === undefined ? {} : { 'kubernetes.io/os': system }), ...labelsAt(spec.nodeSelector, `${path}.nodeSelector`) };
  return Object.keys(labels).length === 0 ? undefined : labels;
}

function readPorts(container: Json, path: string, notes: string[]): ContainerPort[] {
  return listAt(container.ports, `${path}.ports`).flatMap((value, index) => {
    const at = `${path}.ports[${index}]`;
    const port = objectAt(value, at);
    const name = textAt(port.name, `${at}.name`);
    if (port.containerPort === undefined || port.containerPort === null) {
      notes.push(`${at} has no containerPort: rules that name this port do not find it`);
      return [];
    }
    const number = portNumberAt(port.containerPort, `${at}.containerPort`);
    return [{ ...(name === undefined ? {} : { name }), protocol: readProtocol(port.protocol, `${at}.protocol`), number }];
  });
}

export function readProtocol(value: unknown, path: string): Protocol {
  const text = textAt(value, path) ?? Protocol.TCP;
  const known = Object.values(Protocol).find((protocol) => protocol === text);
  if (known !== undefined) return known;
  throw new PolicyError({ given: text, where: path, problem: 'is not a protocol of ports', instead: 'TCP, UDP or SCTP' });
}

/** A pod that runs: its addresses in both families and its node. */
export function readRunningPod(name: string, pod: Json, node: string | undefined): RunningPod {
  const status = objectAt(pod.status, 'status');
  return {
    name,
    addresses: readAddresses(status, 'podIP', 'podIPs'),
    nodeAddresses: readAddresses(status, 'hostIP', 'hostIPs'),
    ...(node === undefined ? {} : { node }),
  };
}

function readAddresses(status: Json, single: string, several: string): readonly Cidr[] {
  const texts = [
    textAt(status[single], `status.${single}`),
    ...listAt(status[several], `status.${several}`).map((item, index) => {
      const at = `status.${several}[${index}]`;
      return typeof item === 'string' ? item : textAt(objectAt(item, at).ip, `${at}.ip`);
    }),
  ];
  const hosts = texts.filter((text) => text !== undefined).map((text) => Cidr.host(text));
  return [...new Map(hosts.map((host) => [host.toString(), host])).values()];
}

/** The addresses among texts of which some are host names. */
export function addressesAmong(texts: readonly (string | undefined)[]): readonly Cidr[] {
  return texts.flatMap((text) => (text !== undefined && tryParseAddress(text)?.mapped === false ? [Cidr.host(text)] : []));
}
