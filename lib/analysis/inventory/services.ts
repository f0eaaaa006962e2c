import { locate, Origin, Selector } from '../../policy';
import { Service, ServicePort } from './inventory';
import { Json, labelsAt, listAt, objectAt, portNumberAt, textAt } from './json';
import { addressesAmong, readProtocol } from './pod-template';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
export function readService(document: Json, namespace: string, name: string, origin?: Origin): Service {
  const spec = objectAt(document.spec, 'spec');
  const type = textAt(spec.type, 'spec.type') ?? 'ClusterIP';
  const selector = labelsAt(spec.selector, 'spec.selector');
  locate('spec.selector', () => Selector.of({ matchLabels: selector }));
  const clusterAddresses = [textAt(spec.clusterIP, 'spec.clusterIP'), ...listAt(spec.clusterIPs, 'spec.clusterIPs').map((value, index) => textAt(value, `spec.clusterIPs[${index}]`))];
  return {
    namespace,
    name,
    type,
    ...(Object.keys(selector).length > 0 && type !== 'ExternalName' ? { selector } : {}),
    ports: listAt(spec.ports, 'spec.ports').map((value, index) => readServicePort(objectAt(value, `spec.ports[${index}]`), `spec.ports[${index}]`)),
    clusterAddresses: addressesAmong([...new Set(clusterAddresses)]),
    headless: clusterAddresses.includes('None'),
    external: type === 'LoadBalancer' || type === 'NodePort' || listAt(spec.externalIPs, 'spec.externalIPs').length > 0,
    externalTrafficPolicy: spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
    ...(origin === undefined ? {} : { origin }),
  };
}

function readServicePort(item: Json, path: string): ServicePort {
  const name = textAt(item.name, `${path}.name`);
  const port = portNumberAt(item.port, `${path}.port`);
  const target = item.targetPort;
  return {
    ...(name === undefined ? {} : { name }),
    protocol: readProtocol(item.protocol, `${path}.protocol`),
    port,
    target: readTarget(target, `${path}.targetPort`) ?? port,
  };
}

/** A port number or name; digits in quotes are a number to the API server as well. */
export function readTarget(value: unknown, path: string): number | string | undefined {
  if (value === undefined || value === null || value === '' || value === 0) return undefined;
  if (typeof value === 'string') return /^\d+$/.test(value) ? portNumberAt(Number(value), path) : value;
  return portNumberAt(value, path);
}
