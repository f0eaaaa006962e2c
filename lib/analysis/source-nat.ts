import { ClusterModel } from './engine/cluster-model';
import { Condition, distinctConditions } from './engine/condition';
import { Endpoint, NodeEndpoint, placesOf, PodEndpoint } from './engine/endpoint';
import { PortSet } from './engine/port-space';
import { PairVerdict } from './engine/verdict';
import { Inventory, Service } from './inventory';
import { selects, targetMatches } from './paths';
import { Profile } from './profile';

/**
 * Clients from outside of a Service with `externalTrafficPolicy: Cluster` may be seen as the node that their packet arrived
 * at: an allow-list of client addresses then does not hold, neither as a fence nor as a door.
 * @see https://kubernetes.io/docs/tutorials/services/source-ip/
 */
export class SourceNat {
  private readonly services: readonly Service[];
  private readonly node: NodeEndpoint;

  public constructor(private readonly model: ClusterModel) {
    const { inventory, profile } = model;
    this.services = hidingServices(inventory, profile);
    this.node = { kind: 'node', text: 'the node in front of the Service', name: undefined, labels: undefined, places: placesOf([], profile.nodeCidrs) };
  }

  /** The ports of a pod on which clients from outside may be seen as a node. */
  public ports({ namespace, labels, ports }: PodEndpoint): PortSet {
    const { space } = this.model;
    return this.services
      .filter((service) => service.namespace === namespace && selects(service, labels))
      .flatMap((service) => service.ports)
      .reduce((set, port) => space.or(set, space.ofMatches(targetMatches(port), ports)), space.none);
  }

  /** The verdict for addresses outside where it is not known whose address the pod sees. */
  public verdict(source: Endpoint, destination: PodEndpoint, ports: PortSet): PairVerdict {
    const { space, pairs } = this.model;
    const seen = pairs.verdict(source, destination);
    const hidden = pairs.verdict(this.node, destination);
    const possible = space.or(space.or(seen.allowed, seen.depends), space.or(hidden.allowed, hidden.depends));
    const certain = space.and(seen.allowed, hidden.allowed);
    const direct = space.minus(space.all, ports);
    const allowed = space.or(space.and(ports, certain), space.and(direct, seen.allowed));
    const depends = space.or(space.and(ports, space.minus(possible, certain)), space.and(direct, seen.depends));
    const isHidden = space.and(space.and(depends, ports), space.transport) !== space.none;
    const others = !isHidden || space.and(seen.depends, space.transport) !== space.none ? seen.conditions : [];
    return { allowed, depends, conditions: isHidden ? distinctConditions([conditionAt(destination.text), ...others]) : others };
  }
}

/** The Services that may hide their clients. */
export function hidingServices({ services }: Inventory, { clientsMayBeHidden }: Profile): readonly Service[] {
  if (!clientsMayBeHidden) return [];
  return services.filter(({ external, externalTrafficPolicy, selector }) => external && externalTrafficPolicy === 'Cluster' && selector !== undefined);
}

function conditionAt(at: string): Condition {
  return { kind: 'source-nat', at, why: 'a Service with externalTrafficPolicy: Cluster may show the address of a node in place of the client' };
}
