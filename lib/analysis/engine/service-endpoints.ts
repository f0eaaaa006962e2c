import { Cidr, FIRST_PORT, IpBlock, LAST_PORT, namedNamespace, PeerTerm, PortMatch, Selector, ServiceEndpoints, ServicePods } from '../../policy';
import { Inventory, Service } from '../inventory';

/** Addresses behind a Service and the ports that they listen on. */
interface Endpoints {
  readonly terms: readonly PeerTerm[];
  /** Undefined where nothing is known of them. */
  readonly ports: readonly PortMatch[] | undefined;
}

/**
 * What is behind a Service: the addresses of its slices; where the input has none, the pods that its selector matches. A Service
 * that the input does not have stands for nothing, unless the input says nothing of Services at all.
 */
function endpointsOf({ endpointSlices, services }: Inventory, { namespace, name }: Pick<ServiceEndpoints, 'namespace' | 'name'>): Endpoints[] {
  if (endpointSlices.length === 0 && services.length === 0) {
    return [{ terms: [{ kind: 'unevaluated', what: `the input has no Services: what is behind ${namespace}/${name} is not known` }], ports: undefined }];
  }
  const slices = endpointSlices.filter((slice) => slice.namespace === namespace && slice.service === name);
  if (slices.length > 0) {
    return slices.map(({ addresses, ports }) => ({
      terms: addresses.map(block),
      ports: ports.map(({ protocol, number }) => ({ kind: 'range', protocol, first: number, last: number })),
    }));
  }
  return services
    .filter((service) => service.namespace === namespace && service.name === name && service.selector !== undefined)
    .map((service) => ({ terms: [podsBehind(service)], ports: service.ports.map(targetOf) }));
}

/** Those that a Service has as a source: addresses alone. */
export function serviceTerms(inventory: Inventory, service: ServiceEndpoints): readonly PeerTerm[] {
  return endpointsOf(inventory, service).flatMap(({ terms }) => terms);
}

/** Those that it has as a destination: addresses, each with its ports, as far as the rule's own ports reach. */
export function servicePorts(
  inventory: Inventory, service: Pick<ServiceEndpoints, 'namespace' | 'name'>, ports: readonly PortMatch[] | undefined,
): readonly Endpoints[] {
  return endpointsOf(inventory, service)
    .map(({ terms, ports: own }) => ({ terms, ports: own?.filter((port) => ports === undefined || ports.some((wanted) => covers(wanted, port))) ?? ports }))
    .filter((endpoints) => endpoints.ports?.length !== 0 && endpoints.terms.length > 0);
}

/**
 * The pods that the selector of a Service matches; nobody behind one that has none, or that the input does not have, unless that
 * says nothing of Services at all.
 */
export function servicePods({ services }: Inventory, { namespace, name }: ServicePods): readonly PeerTerm[] {
  if (services.length === 0) return [{ kind: 'unevaluated', what: `the input has no Services: which pods are behind ${namespace}/${name} is not known` }];
  return services.filter((service) => service.namespace === namespace && service.name === name && service.selector !== undefined).map(podsBehind);
}

function covers(own: PortMatch, port: PortMatch): boolean {
  if (own.kind !== 'range' || port.kind === 'protocol' || own.protocol !== port.protocol) return false;
  return port.kind === 'range' ? own.first <= port.first && port.last <= own.last : own.first === FIRST_PORT && own.last === LAST_PORT;
}

function block(cidr: Cidr): IpBlock {
  return { kind: 'ipBlock', cidr, except: [] };
}

function podsBehind({ namespace, selector }: Service): PeerTerm {
  return { kind: 'pods', namespaces: namedNamespace(namespace), pods: Selector.of({ matchLabels: selector ?? {} }) };
}

function targetOf({ protocol, target }: Service['ports'][number]): PortMatch {
  return typeof target === 'number' ? { kind: 'range', protocol, first: target, last: target } : { kind: 'named', protocol, name: target };
}
