import { parseAddress } from './address';
import type { Cluster } from './cluster';
import type { Connection } from './connection';
import type { KubernetesObject, Labels } from './kubernetes-objects';
import type { Party } from './party';
import type { Pod } from './pod';

interface ServiceSpec {
  readonly type?: string;
  readonly externalTrafficPolicy?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[] | null;
  readonly selector?: Labels | null;
  readonly ports?: readonly ServicePort[] | null;
}

interface ServicePort {
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

/** A connection to a Service ends at one of the pods behind it: one entry for each. */
export type ServicePath = Pick<Connection, 'destination' | 'protocol' | 'port' | 'dialled'>;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
export function pathsThroughService(name: string, asked: Pick<Connection, 'protocol' | 'port'>, cluster: Cluster): ServicePath[] {
  const service = cluster.services.find((candidate) => nameOf(candidate) === name);
  if (service === undefined) {
    throw new Error(`there is no Service '${name}'; there are: ${cluster.services.map(nameOf).join(', ')}`);
  }
  const spec = (service.spec ?? {}) as unknown as ServiceSpec;
  const ports = (spec.ports ?? []).filter(({ port, protocol }) => port === asked.port && (protocol ?? 'TCP') === asked.protocol);
  if (ports.length === 0) {
    throw new Error(`Service ${name} has no port ${asked.port}/${asked.protocol}`);
  }
  const paths = podsBehind(service, cluster).flatMap((pod) => ports.flatMap((port) => pathTo(pod, port, service, asked)));
  if (paths.length === 0) {
    throw new Error(`no pod is behind port ${asked.port}/${asked.protocol} of Service ${name}`);
  }
  return paths;
}

function nameOf(service: KubernetesObject): string {
  return `${service.metadata?.namespace ?? 'default'}/${service.metadata?.name}`;
}

/**
 * "Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service is
 * assumed to have an external process managing its endpoints"
 */
function podsBehind(service: KubernetesObject, cluster: Cluster): Pod[] {
  const selector = Object.entries(((service.spec ?? {}) as unknown as ServiceSpec).selector ?? {});
  return selector.length === 0 ? [] : cluster.pods.filter((pod) =>
    pod.namespace === (service.metadata?.namespace ?? 'default')
    && selector.every(([key, value]) => pod.labels[key] === value));
}

function pathTo(pod: Pod, port: ServicePort, service: KubernetesObject, asked: Pick<Connection, 'protocol' | 'port'>): ServicePath[] {
  const destination: Party = { kind: 'pod', pod };
  // "clusterIP: None": the name of the Service resolves to the addresses of the pods, and nobody changes the port.
  if (((service.spec ?? {}) as unknown as ServiceSpec).clusterIP === 'None') {
    return [{ destination, ...asked }];
  }
  const dialled = { party: addressOfService(service), port: asked.port, hidesClient: hidesClient(service) };
  return targetPorts(pod, port).map((number) => ({ destination, protocol: asked.protocol, port: number, dialled }));
}

/**
 * "If this is a string, it will be looked up as a named port in the target Pod's container ports. If this is not specified, the
 * value of the 'port' field is used".
 */
function targetPorts(pod: Pod, { port, protocol, targetPort }: ServicePort): number[] {
  return typeof targetPort === 'string'
    ? pod.ports.filter((candidate) => candidate.name === targetPort && candidate.protocol === (protocol ?? 'TCP')).map(({ number }) => number)
    : [targetPort ?? port];
}

/**
 * "Cluster: [...] obscures the source IP", and is the default of externalTrafficPolicy: from outside, a pod may see the node
 * where the connection entered the cluster.
 *
 * @see https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip
 */
function hidesClient(service: KubernetesObject): boolean {
  const { type, externalTrafficPolicy } = (service.spec ?? {}) as unknown as ServiceSpec;
  return (type === 'NodePort' || type === 'LoadBalancer') && externalTrafficPolicy !== 'Local';
}

function addressOfService(service: KubernetesObject): Party {
  const { clusterIP, clusterIPs } = (service.spec ?? {}) as unknown as ServiceSpec;
  const texts = new Set([...(clusterIP === undefined ? [] : [clusterIP]), ...(clusterIPs ?? [])].filter((text) => text !== ''));
  return { kind: 'service', description: `Service ${nameOf(service)}`, addresses: [...texts].map(parseAddress) };
}
