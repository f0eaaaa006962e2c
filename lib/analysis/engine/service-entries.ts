import { FIRST_PORT, Labels, LAST_PORT, NamespaceScope, PodSet, PortMatch, PortRange, Protocol, Rule } from '../../policy';
import { ContainerPort, ServicePort } from '../inventory';
import { PortSet, PortSpace } from './port-space';

/** A Service as a data plane sees it that compares addresses before that of a Service is replaced. */
export interface DialledService {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** The container ports of each pod behind it. */
  readonly backends: ReadonlyArray<readonly ContainerPort[]>;
}

/** Pods stand for a Service where what selects them matches the selector of the Service itself, taken as labels. */
export function standsForService({ namespaces, pods }: PodSet, { namespace, namespaceLabels, selector }: DialledService): boolean {
  return scopeHolds(namespaces, namespace, namespaceLabels) && pods.matches(selector);
}

function scopeHolds(scope: NamespaceScope, namespace: string, labels: Labels): boolean {
  return scope.kind === 'named' ? scope.name === namespace : scope.selector.matches(labels);
}

/**
 * The ports of a Service that a rule about the pods behind it opens: those that lead to the ports of the rule. One that leads to
 * a name is left out where some pod gives the name to a number that the rule does not have.
 * @see https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
 */
export function serviceEntryPorts({ ports }: Rule, service: DialledService, space: PortSpace): { readonly certain: PortSet; readonly possible: PortSet } {
  if (ports === undefined) return { certain: space.all, possible: space.all };
  const certain: PortMatch[] = [];
  const perhaps: PortMatch[] = [];
  for (const match of ports) {
    if (match.kind === 'protocol') continue;
    if (match.kind === 'named') {
      const protocols = match.protocol === undefined ? Object.values(Protocol) : [match.protocol];
      for (const protocol of protocols) certain.push(...single(protocol, listenPort(service, match.name, protocol)));
      continue;
    }
    if (match.first === FIRST_PORT && match.last === LAST_PORT) {
      certain.push(match);
      continue;
    }
    certain.push(...ofRange(match, match.first, service, ports));
    // neighbouring ports may have been written one by one, each with a Service port of its own
    for (const { target } of service.ports) {
      if (typeof target === 'number' && match.first < target && target <= match.last) perhaps.push(...ofRange({ ...match, last: target }, target, service, ports));
    }
  }
  const sure = space.ofMatches(certain, []);
  return { certain: sure, possible: space.or(sure, space.ofMatches(perhaps, [])) };
}

function ofRange({ protocol, last }: PortRange, number: number, service: DialledService, ports: readonly PortMatch[]): PortMatch[] {
  const listen = listenPort(service, number, protocol);
  if (listen === undefined || leadsElsewhere(service, listen, protocol, ports)) return [];
  return [{ kind: 'range', protocol, first: listen, last: Math.max(listen, last) }];
}

function single(protocol: Protocol, port: number | undefined): PortMatch[] {
  return port === undefined ? [] : [{ kind: 'range', protocol, first: port, last: port }];
}

/** The port of the Service whose target is this number or name, by itself or through the containers of a pod behind it. */
function listenPort({ ports, backends }: DialledService, wanted: number | string, of: Protocol): number | undefined {
  const own = ports.filter(({ protocol }) => protocol === of);
  const direct = own.find(({ target }) => target === wanted);
  if (direct !== undefined) return direct.port;
  for (const containers of backends) {
    const container = containers.find((each) => each.protocol === of && (typeof wanted === 'string' ? each.name === wanted : each.number === wanted));
    if (container === undefined) continue;
    const found = own.find(({ target }) => (typeof target === 'string' ? target === container.name : target === container.number));
    if (found !== undefined) return found.port;
  }
  return undefined;
}

/** Whether some pod behind a port that leads to a name listens on a number that the rule does not have. */
function leadsElsewhere({ ports, backends }: DialledService, listen: number, of: Protocol, allowed: readonly PortMatch[]): boolean {
  const target = ports.find(({ port, protocol }) => port === listen && protocol === of)?.target;
  if (typeof target !== 'string') return false;
  return backends.some((containers) => {
    const container = containers.find(({ name, protocol }) => name === target && protocol === of);
    return container !== undefined && !allowed.some((match) => match.kind === 'range' && match.protocol === of && match.first <= container.number && container.number <= match.last);
  });
}
