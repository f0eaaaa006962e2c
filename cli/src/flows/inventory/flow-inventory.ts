import { isIP, isIPv6 } from 'node:net';
import { Cidr } from 'cdk8s-netpol/policy';
import { ObservedLabels, ObservedPeer, ObservedProtocol, ObservedWorkload } from '../observation';

/** A pod that had an address for a time. */
export interface PodRecord {
  readonly ip?: string;
  readonly namespace: string;
  readonly name: string;
  readonly workload: ObservedWorkload | null;
  readonly labels: ObservedLabels;
  /** Milliseconds; from when and until when (not included) it had the address. Null: as far as is known. */
  readonly from: number | null;
  readonly until: number | null;
}

export interface NodeRecord {
  readonly name: string;
  readonly ips: readonly string[];
}

export interface ServiceRecord {
  readonly ip: string;
  readonly namespace: string;
  readonly name: string;
}

/** Something that listens on a port: at an address, or in each pod of a workload. Without a protocol: of any. */
export interface Listener {
  readonly ip?: string;
  readonly namespace?: string;
  readonly workload?: ObservedWorkload;
  readonly protocol?: ObservedProtocol;
  readonly port: number;
}

export interface InventoryFacts {
  readonly podCidrs: readonly Cidr[];
  readonly pods: readonly PodRecord[];
  readonly nodes: readonly NodeRecord[];
  readonly services: readonly ServiceRecord[];
  readonly listeners: readonly Listener[];
}

/** What is known of a cluster over time: whose an address was, and who listens. Everything is looked up, nothing searched. */
export class FlowInventory {
  public static readonly NONE = new FlowInventory({ podCidrs: [], pods: [], nodes: [], services: [], listeners: [] });

  private readonly podsByIp = new Map<string, PodRecord[]>();
  private readonly podsByName = new Map<string, PodRecord>();
  private readonly nodesByIp = new Map<string, NodeRecord>();
  private readonly servicesByIp = new Map<string, ServiceRecord>();
  private readonly listening = new Set<string>();

  public constructor(public readonly facts: InventoryFacts) {
    for (const pod of facts.pods) {
      this.podsByName.set(`${pod.namespace}/${pod.name}`, pod);
      if (pod.ip === undefined) continue;
      const ip = plainIp(pod.ip);
      const sharing = this.podsByIp.get(ip);
      if (sharing === undefined) this.podsByIp.set(ip, [pod]);
      else sharing.push(pod);
    }
    for (const node of facts.nodes) for (const ip of node.ips) this.nodesByIp.set(plainIp(ip), node);
    for (const service of facts.services) this.servicesByIp.set(plainIp(service.ip), service);
    for (const listener of facts.listeners) this.listening.add(listenerKey(listener));
  }

  public get isEmpty(): boolean {
    return Object.values(this.facts).every(({ length }) => length === 0);
  }

  public get hasListeners(): boolean {
    return this.listening.size > 0;
  }

  public get pods(): readonly PodRecord[] {
    return this.facts.pods;
  }

  /** The pod that had an address at a time, if one had. Where the time is not known: the pod that had it all along. */
  public podAt(ip: string, time: number | null): PodRecord | undefined {
    return this.podsByIp.get(plainIp(ip))?.find(({ from, until }) => (
      (from === null || (time !== null && from <= time)) && (until === null || (time !== null && time < until))
    ));
  }

  public podNamed(namespace: string, name: string): PodRecord | undefined {
    return this.podsByName.get(`${namespace}/${name}`);
  }

  public nodeAt(ip: string): NodeRecord | undefined {
    return this.nodesByIp.get(plainIp(ip));
  }

  public serviceAt(ip: string): ServiceRecord | undefined {
    return this.servicesByIp.get(plainIp(ip));
  }

  public isPodAddress(ip: string): boolean {
    const { podCidrs } = this.facts;
    if (podCidrs.length === 0 || isIP(ip) === 0) return false;
    const address = Cidr.host(ip);
    return podCidrs.some((cidr) => cidr.contains(address));
  }

  /** Whose an address was, for a source that records nothing but addresses. */
  public peerAt(ip: string, time: number | null): ObservedPeer {
    const pod = this.podAt(ip, time);
    if (pod !== undefined) return { kind: 'pod', namespace: pod.namespace, workload: pod.workload, labels: pod.labels, pod: pod.name, ip };
    const node = this.nodeAt(ip);
    if (node !== undefined) return { kind: 'entity', entity: 'node', ip, name: node.name };
    const service = this.serviceAt(ip);
    if (service !== undefined) return { kind: 'service', namespace: service.namespace, name: service.name };
    return this.isPodAddress(ip) ? { kind: 'unknown', ip } : { kind: 'external', ip };
  }

  /** Whether something is known to listen there: at the address, or in the workload of the peer. */
  public listens(peer: ObservedPeer, ip: string | undefined, protocol: ObservedProtocol, port: number): boolean {
    const keys = [
      ...(ip === undefined ? [] : [{ ip, port }]),
      ...(peer.kind === 'pod' && peer.workload !== null ? [{ namespace: peer.namespace, workload: peer.workload, port }] : []),
    ];
    return keys.some((key) => this.listening.has(listenerKey(key)) || this.listening.has(listenerKey({ ...key, protocol })));
  }
}

function listenerKey({ ip, namespace, workload, protocol, port }: Listener): string {
  const where = ip === undefined ? `${namespace}/${workload?.kind}/${workload?.name}` : plainIp(ip);
  return `${where} ${protocol ?? 'any'} ${port}`;
}

/** One spelling for each address. IPv6 has many. */
function plainIp(ip: string): string {
  return isIPv6(ip) && !ip.includes('%') ? new URL(`http://[${ip}]`).hostname : ip;
}
