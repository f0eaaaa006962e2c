import type { Cluster } from '../plain/cluster';
import { describeObject, type KubernetesObject } from '../plain/kubernetes-objects';
import type { Pod } from '../plain/pod';
import { pathsThroughService } from '../plain/service';

/** A Service that an Ingress or a Route points at, with the port it names (of the Service, by number or name), if it names one. */
interface Backend {
  readonly service: string;
  readonly port?: number | string;
}

interface IngressBackend {
  readonly service?: { readonly name: string; readonly port?: { readonly number?: number; readonly name?: string } };
}

/** The TCP ports that the Ingress and Route objects of an input open, per pod. */
export function routedPods(input: readonly unknown[], cluster: Cluster): Map<Pod, number[]> {
  const objects = input.flatMap((value) => flatten(value as KubernetesObject));
  const open = new Map<Pod, number[]>();
  for (const { service, port } of objects.flatMap(backendsOf)) {
    for (const servicePort of portsOfService(service, port, cluster)) {
      for (const path of pathsThroughService(service, { protocol: 'TCP', port: servicePort }, cluster)) {
        if (path.destination.kind === 'pod' && path.port !== undefined) {
          open.set(path.destination.pod, [...(open.get(path.destination.pod) ?? []), path.port]);
        }
      }
    }
  }
  return open;
}

function flatten(object: KubernetesObject): KubernetesObject[] {
  return Array.isArray(object.items) ? object.items.flatMap((item: unknown) => flatten(item as KubernetesObject)) : [object];
}

function backendsOf(object: KubernetesObject): Backend[] {
  const namespace = object.metadata?.namespace ?? 'default';
  if (object.kind === 'Ingress' && object.apiVersion?.startsWith('networking.k8s.io/')) {
    const spec = (object.spec ?? {}) as {
      defaultBackend?: IngressBackend;
      rules?: readonly { http?: { paths?: readonly { backend: IngressBackend }[] } }[];
    };
    const backends = [spec.defaultBackend, ...(spec.rules ?? []).flatMap((rule) => (rule.http?.paths ?? []).map(({ backend }) => backend))];
    return backends.flatMap((backend) => (backend?.service === undefined ? [] : [{
      service: `${namespace}/${backend.service.name}`,
      port: backend.service.port?.number ?? backend.service.port?.name,
    }]));
  }
  if (object.kind === 'Route' && object.apiVersion?.startsWith('route.openshift.io/')) {
    const spec = (object.spec ?? {}) as {
      to?: { kind?: string; name: string };
      alternateBackends?: readonly { kind?: string; name: string }[];
      port?: { targetPort?: number | string };
    };
    return [spec.to, ...(spec.alternateBackends ?? [])].flatMap((target) =>
      (target === undefined ? [] : [{ service: `${namespace}/${target.name}`, port: spec.port?.targetPort }]));
  }
  return [];
}

/** The ports of the Service that the name or number means: its own, or (as a Route says it) the target port's. */
function portsOfService(name: string, wanted: number | string | undefined, cluster: Cluster): number[] {
  const service = cluster.services.find((candidate) => describeObject(candidate) === `Service ${name}`
    || describeObject(candidate) === `Service ${name.replace(/^default\//, '')}`);
  const ports = ((service?.spec ?? {}) as {
    ports?: readonly { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
  }).ports ?? [];
  return ports
    .filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP')
    .filter((port) => wanted === undefined || [port.name, port.port, port.targetPort].includes(wanted))
    .map(({ port }) => port);
}
