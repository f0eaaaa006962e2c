import { EndpointSlice } from './inventory';
import { Json, labelsAt, listAt, objectAt, portNumberAt, textAt } from './json';
import { addressesAmong, readProtocol } from './pod-template';

/** The Service that a slice belongs to stands in this label. */
const SERVICE_NAME = 'kubernetes.io/service-name';

/**
 * The addresses of a slice; none for a slice of no Service. A port without a number is left out.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
 */
export function readEndpointSlice(document: Json, namespace: string): EndpointSlice[] {
  const service = labelsAt(objectAt(document.metadata, 'metadata').labels, 'metadata.labels')[SERVICE_NAME];
  if (service === undefined) return [];
  const addresses = listAt(document.endpoints, 'endpoints').flatMap((value, index) => {
    const at = `endpoints[${index}]`;
    return listAt(objectAt(value, at).addresses, `${at}.addresses`).map((address, number) => textAt(address, `${at}.addresses[${number}]`));
  });
  const ports = listAt(document.ports, 'ports').flatMap((value, index) => {
    const at = `ports[${index}]`;
    const { port, protocol } = objectAt(value, at);
    if (port === undefined || port === null) return [];
    return [{ protocol: readProtocol(protocol, `${at}.protocol`), number: portNumberAt(port, `${at}.port`) }];
  });
  return [{ namespace, service, addresses: addressesAmong(addresses), ports }];
}
