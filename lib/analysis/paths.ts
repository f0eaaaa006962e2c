import { Labels, Protocol } from '../policy';
import { ClusterModel } from './engine/cluster-model';
import { PodEndpoint } from './engine/endpoint';
import { PortSet } from './engine/port-space';
import { Inventory, Route, RouteBackend, Service, ServicePort } from './inventory';

/** A way in from outside to a pod: a route, the Service that it names, and the ports of the pod that it leads to. */
export interface Path {
  readonly route: Route;
  readonly service: Service;
  readonly ports: PortSet;
}

interface Backend {
  readonly route: Route;
  readonly service: Service;
  readonly ports: readonly ServicePort[];
}

/** Follows Ingresses, Gateway API routes and OpenShift Routes through Services to pods. */
export class Paths {
  private readonly byNamespace: ReadonlyMap<string, readonly Backend[]>;

  public constructor(private readonly model: ClusterModel) {
    this.byNamespace = byKey(backendsOf(model.inventory), ({ service }) => service.namespace);
  }

  public to(endpoint: PodEndpoint): Path[] {
    const { space } = this.model;
    return (this.byNamespace.get(endpoint.namespace) ?? [])
      .filter(({ service }) => selects(service, endpoint.labels))
      .map(({ route, service, ports }) => ({
        route,
        service,
        ports: ports.reduce((set, port) => space.or(set, space.ofMatches(targetMatches(port), endpoint.ports)), space.none),
      }));
  }

  public portsTo(endpoint: PodEndpoint): PortSet {
    const { space } = this.model;
    return this.to(endpoint).reduce((set, { ports }) => space.or(set, ports), space.none);
  }
}

function backendsOf({ routes, services }: Inventory): Backend[] {
  const byName = byKey(services, ({ namespace, name }) => `${namespace}/${name}`);
  return routes.flatMap((route) => route.backends.flatMap((backend) => (byName.get(`${backend.namespace}/${backend.service}`) ?? [])
    .filter(({ selector }) => selector !== undefined)
    .map((service) => ({ route, service, ports: portsOf(route, backend, service) }))));
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [item]);
    else list.push(item);
  }
  return lists;
}

export function selects({ selector }: Service, labels: Labels): boolean {
  return selector !== undefined && Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/**
 * The ports of a Service that a route uses. Controllers find them by the port, its name, or the target port (OpenShift by
 * design, ingress-nginx in practice): what one of them would follow is followed.
 * @see https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/controller/controller.go
 */
function portsOf(route: Route, { port }: RouteBackend, service: Service): readonly ServicePort[] {
  const protocol = route.kind === 'UDPRoute' ? Protocol.UDP : Protocol.TCP;
  const own = service.ports.filter((candidate) => candidate.protocol === protocol);
  return port === undefined ? own : own.filter((candidate) => [candidate.port, candidate.name, candidate.target].includes(port));
}

/** A target port as a rule would name it, to be resolved at the pod. */
export function targetMatches({ protocol, target }: ServicePort): Parameters<ClusterModel['space']['ofMatches']>[0] {
  return typeof target === 'number' ? [{ kind: 'range', protocol, first: target, last: target }] : [{ kind: 'named', protocol, name: target }];
}
