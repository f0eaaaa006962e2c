import { matchesPattern } from '../../name-pattern';
import { ObservedPeer, ObservedService } from '../observation';
import { ObservedConnection } from '../store/flow-store';
import { EndPattern } from './end-pattern';
import { Fit } from './fit';
import { areAlike, hostOf, PodsAlike, PodSightings } from './pod-sightings';

/** One end of a connection, with all that its record says of it. */
export interface RecordedEnd {
  readonly peer: ObservedPeer;
  readonly side: 'source' | 'destination';
  /** The Service that was called, at the destination. */
  readonly service?: ObservedService;
}

type Pattern<K extends EndPattern['kind']> = Extract<EndPattern, { readonly kind: K }>;
type Named = Pick<Pattern<'workload'>, 'namespace' | 'name'>;

/** What records call the outside. `{world}` is all of it, addresses that nothing explains among them. */
const OUTSIDE = ['public', 'private'];

export function endsOf({ src, dst, service }: ObservedConnection): readonly [source: RecordedEnd, destination: RecordedEnd] {
  return [{ peer: src, side: 'source' }, { peer: dst, side: 'destination', ...(service === undefined ? {} : { service }) }];
}

/** Whether ends are what a pattern asks for. */
export class EndFit {
  /** @param pods pods that the pattern names itself, by which their connections are found */
  public constructor(public readonly pattern: EndPattern, private readonly sightings: PodSightings, private readonly pods: readonly PodsAlike[] = []) {}

  public of(end: RecordedEnd): Fit {
    const { pattern } = this;
    switch (pattern.kind) {
      case 'namespace':
        return inNamespace(pattern, end);
      case 'workload':
        return this.isWorkload(pattern, end);
      case 'service':
        return isService(pattern, end);
      case 'block':
        return this.isWithin(pattern, end.peer);
      case 'domain':
        return hasName(pattern, end.peer);
      case 'entity':
        return isEntity(pattern, end.peer);
    }
  }

  private isWorkload(pattern: Pattern<'workload'>, { peer, service }: RecordedEnd): Fit {
    const mayBeService = pattern.workload === undefined || pattern.workload === 'Service';
    if (service !== undefined && mayBeService && isNamed(pattern, service)) return true;
    switch (peer.kind) {
      case 'pod':
        return this.isPod(pattern, peer);
      case 'service':
        if (!matchesPattern(pattern.namespace, peer.namespace)) return false;
        return mayBeService && matchesPattern(pattern.name, peer.name) ? true : pattern.workload === 'Service' ? false : 'workload';
      case 'entity':
        return peer.namespace !== undefined && peer.name !== undefined && pattern.workload === undefined
          && isNamed(pattern, { namespace: peer.namespace, name: peer.name });
      case 'unknown':
        return 'owner of an address';
      case 'external':
        return false;
    }
  }

  private isPod(pattern: Pattern<'workload'>, peer: PodsAlike): Fit {
    if (this.pods.some((pod) => areAlike(pod, peer))) return true;
    if (!matchesPattern(pattern.namespace, peer.namespace) || pattern.workload === 'Service') return false;
    if (peer.workload === null) return pattern.name === '*' && pattern.workload === undefined ? true : 'workload';
    if (!matchesPattern(pattern.name, peer.workload.name)) return false;
    if (pattern.workload === undefined || pattern.workload === peer.workload.kind) return true;
    return peer.workload.kind === null ? 'kind of workload' : false;
  }

  private isWithin({ block }: Pattern<'block'>, peer: ObservedPeer): Fit {
    if (peer.kind === 'pod') {
      const addresses = this.sightings.addressesOf(peer);
      return addresses.length === 0 ? 'address' : addresses.some((address) => address.overlaps(block));
    }
    return (peer.kind === 'service' ? undefined : hostOf(peer.ip))?.overlaps(block) ?? 'address';
  }
}

function inNamespace({ namespace }: Pattern<'namespace'>, { peer, service }: RecordedEnd): Fit {
  if (service !== undefined && matchesPattern(namespace, service.namespace)) return true;
  if (peer.kind === 'unknown') return 'owner of an address';
  return peer.kind !== 'external' && peer.namespace !== undefined && matchesPattern(namespace, peer.namespace);
}

function isService(pattern: Pattern<'service'>, { peer, side, service }: RecordedEnd): Fit {
  if (peer.kind === 'service') return isNamed(pattern, peer);
  if (service !== undefined) return isNamed(pattern, service);
  if (side === 'source') return false;
  if (peer.kind === 'unknown') return 'owner of an address';
  return peer.kind === 'pod' && matchesPattern(pattern.namespace, peer.namespace) ? 'Service' : false;
}

function hasName({ name }: Pattern<'domain'>, peer: ObservedPeer): Fit {
  if (peer.kind !== 'external') return false;
  const { names = [] } = peer;
  return names.length === 0 ? 'domain name' : names.some((each) => matchesPattern(name, each.toLowerCase()));
}

function isEntity({ entity, name }: Pattern<'entity'>, peer: ObservedPeer): Fit {
  if (entity === 'world' && name === undefined) return peer.kind === 'external' || (peer.kind === 'entity' && OUTSIDE.includes(peer.entity));
  if (peer.kind !== 'entity' || !matchesPattern(entity, peer.entity)) return false;
  if (name === undefined) return true;
  return peer.name === undefined ? 'name' : matchesPattern(name, peer.name);
}

function isNamed(pattern: Named, { namespace, name }: Named): boolean {
  return matchesPattern(pattern.namespace, namespace) && matchesPattern(pattern.name, name);
}
