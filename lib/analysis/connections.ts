import { Cidr } from '../policy';
import { Connection, EndpointJson } from './connection';
import { ClusterModel } from './engine/cluster-model';
import { Condition } from './engine/condition';
import { Member, PodClass } from './engine/pod-classes';
import { PortsJson, PortSet } from './engine/port-space';
import { PairVerdict } from './engine/verdict';

/** Rows in the order of their endpoints. */
export function connectionsOf(model: ClusterModel): Connection[] {
  return new Listing(model).rows();
}

const NOTHING: readonly Condition[] = [];
const INGRESS_CONTROLLER: EndpointJson = { kind: 'entity', entity: 'ingress-controller' };

interface Row {
  readonly rank: number;
  readonly connection: Connection;
}

/** External addresses with equal verdicts are one row. */
class ExternalGroups {
  private readonly groups = new Map<string, { verdict: PairVerdict; classes: number[] }>();

  public add(verdict: PairVerdict, addressClass: number): void {
    const key = `${verdict.allowed} ${verdict.depends} ${verdict.conditions.map(({ at, why }) => `${at} ${why}`).join('\n')}`;
    const group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, { verdict, classes: [addressClass] });
    else group.classes.push(addressClass);
  }

  public get all(): Iterable<{ readonly verdict: PairVerdict; readonly classes: readonly number[] }> {
    return this.groups.values();
  }
}

class Listing {
  private readonly bySource: Row[][] = [];
  private readonly ranks: ReadonlyMap<Member, number>;
  private readonly ends = new Map<Member, EndpointJson>();
  private readonly blocks = new Map<string, EndpointJson>();
  private readonly hiddenPorts = new Map<PodClass, PortSet>();

  public constructor(private readonly model: ClusterModel) {
    const members = [...model.axis.pods, ...model.axis.hostPods].flatMap((each) => each.members);
    const sorted = members.map((member) => ({ member, text: sortText(member) })).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    this.ranks = new Map(sorted.map(({ member }, rank) => [member, rank]));
  }

  public rows(): Connection[] {
    this.addMatrix();
    this.addHostPods();
    this.addRoutes();
    return this.bySource.flatMap((rows) => rows.sort((a, b) => a.rank - b.rank).map(({ connection }) => connection));
  }

  private addMatrix(): void {
    const { axis, matrix } = this.model;
    const intoPods = new Map<number, ExternalGroups>();
    let outOf: { source: number; groups: ExternalGroups } | undefined;
    const flush = (): void => {
      if (outOf !== undefined) this.addExternal(axis.pods[outOf.source]!, outOf.groups, 'destination');
      outOf = undefined;
    };
    for (const { source, destination, verdict } of matrix.cells()) {
      if (source === axis.controller || destination === axis.controller) continue;
      if (source >= axis.firstExternal) {
        if (this.hidden(axis.pods[destination]!) !== this.model.space.none) continue;
        let groups = intoPods.get(destination);
        if (groups === undefined) intoPods.set(destination, (groups = new ExternalGroups()));
        groups.add(verdict, source - axis.firstExternal);
      } else if (destination >= axis.firstExternal) {
        if (outOf?.source !== source) flush();
        outOf ??= { source, groups: new ExternalGroups() };
        outOf.groups.add(verdict, destination - axis.firstExternal);
      } else {
        this.addPods(axis.pods[source]!, axis.pods[destination]!, verdict);
      }
    }
    flush();
    for (const [destination, groups] of intoPods) this.addExternal(axis.pods[destination]!, groups, 'source');
    for (const pods of [...axis.pods, ...axis.hostPods]) this.addHiddenClients(pods);
  }

  /** Behind some Services a pod may see a node in place of the client, whatever address that has. */
  private addHiddenClients(pods: PodClass): void {
    const { axis, sourceNat, space } = this.model;
    const ports = this.hidden(pods);
    if (ports === space.none) return;
    const groups = new ExternalGroups();
    for (let address = axis.firstExternal; address < axis.controller; address++) {
      groups.add(sourceNat.verdict(axis.endpoints[address]!, pods.endpoint, ports), address - axis.firstExternal);
    }
    this.addExternal(pods, groups, 'source');
  }

  /** The ports on which that is so. */
  private hidden(pods: PodClass): PortSet {
    const { sourceNat } = this.model;
    let ports = this.hiddenPorts.get(pods);
    if (ports === undefined) {
      this.hiddenPorts.set(pods, (ports = sourceNat.ports(pods.endpoint)));
    }
    return ports;
  }

  /** Pods in the network of their node, workload by workload: what they meet depends on the nodes of both. */
  private addHostPods(): void {
    const { axis, pairs } = this.model;
    const others = axis.pods.flatMap(({ members }) => members);
    const hosts = axis.hostPods.flatMap(({ members }) => members);
    const add = (from: Member, to: Member): void => {
      if (isOnePod(from, to)) return;
      this.addRows(this.ranks.get(from)!, this.end(from), this.ranks.get(to)!, this.end(to), pairs.verdict(from.endpoint, to.endpoint));
    };
    for (const host of hosts) {
      for (const other of others) {
        add(host, other);
        add(other, host);
      }
      for (const other of hosts) add(host, other);
    }
    for (const host of axis.hostPods) this.addHostPodsOutside(host);
  }

  private addHostPodsOutside(host: PodClass): void {
    const { axis, pairs, space } = this.model;
    const [into, outOf] = [new ExternalGroups(), new ExternalGroups()];
    for (let address = axis.firstExternal; address < axis.controller; address++) {
      const block = axis.endpoints[address]!;
      if (this.hidden(host) === space.none) into.add(pairs.verdict(block, host.endpoint), address - axis.firstExternal);
      outOf.add(pairs.verdict(host.endpoint, block), address - axis.firstExternal);
    }
    this.addExternal(host, into, 'source');
    this.addExternal(host, outOf, 'destination');
  }

  /** The ingress controller reaches what routes lead to, on the ports that they name, as far as policies let it. */
  private addRoutes(): void {
    const { axis, pairs, space, paths } = this.model;
    for (const { endpoint, members } of [...axis.pods, ...axis.hostPods]) {
      for (const member of members) {
        const ports = paths.portsTo(member.endpoint);
        if (ports === space.none) continue;
        const { allowed, depends, conditions } = pairs.verdict(axis.endpoints[axis.controller]!, endpoint);
        const verdict = { allowed: space.and(allowed, ports), depends: space.and(depends, ports), conditions };
        this.addRows(this.ranks.size + 1, INGRESS_CONTROLLER, this.ranks.get(member)!, this.end(member), verdict);
      }
    }
  }

  private addPods(source: PodClass, destination: PodClass, verdict: PairVerdict): void {
    for (const from of source.members) {
      for (const to of destination.members) {
        if (isOnePod(from, to)) continue;
        this.addRows(this.ranks.get(from)!, this.end(from), this.ranks.get(to)!, this.end(to), verdict);
      }
    }
  }

  private addExternal(pods: PodClass, groups: ExternalGroups, end: 'source' | 'destination'): void {
    for (const { verdict, classes } of groups.all) {
      const block = this.external(classes);
      const beyond = this.ranks.size;
      for (const member of pods.members) {
        if (end === 'source') this.addRows(beyond, block, this.ranks.get(member)!, this.end(member), verdict);
        else this.addRows(this.ranks.get(member)!, this.end(member), beyond + classes[0]!, block, verdict);
      }
    }
  }

  private addRows(sourceRank: number, source: EndpointJson, rank: number, destination: EndpointJson, { allowed, depends, conditions }: PairVerdict): void {
    const rows = (this.bySource[sourceRank] ??= []);
    const { space } = this.model;
    const add = (ports: PortsJson, told: readonly Condition[]): void => {
      rows.push({ rank, connection: { source, destination, ports, conditions: told } });
    };
    if (this.isListed(allowed)) add(space.toJson(allowed, space.or(allowed, depends)), NOTHING);
    if (this.isListed(depends)) add(space.toJson(depends), conditions);
  }

  /** ICMP alone makes no row: whether policies apply to it is up to most CNIs. */
  private isListed(ports: PortSet): boolean {
    const { space } = this.model;
    return space.and(ports, space.transport) !== space.none;
  }

  private end(member: Member): EndpointJson {
    let json = this.ends.get(member);
    if (json === undefined) {
      const { workload: { namespace, name, kind }, pods } = member;
      json = { kind: 'workload', namespace, name, workload: kind, ...(pods === undefined ? {} : { pods }) };
      this.ends.set(member, json);
    }
    return json;
  }

  private external(classes: readonly number[]): EndpointJson {
    const key = classes.join(',');
    let json = this.blocks.get(key);
    if (json === undefined) {
      const cidrs = Cidr.merge(classes.flatMap((index) => [...this.model.axis.cuts.classes[index]!.cidrs]));
      json = { kind: 'external', cidrs: cidrs.map(String) };
      this.blocks.set(key, json);
    }
    return json;
  }
}

/** Only a pod's traffic to itself is exempt: a workload that can have several pods is another end to itself. */
function isOnePod(from: Member, to: Member): boolean {
  if (from.workload !== to.workload) return false;
  if (!from.workload.replicated) return true;
  return from === to && from.pods?.length === 1;
}

function sortText({ workload: { namespace, name, kind }, pods }: Member): string {
  return `${namespace}\u0000${name}\u0000${kind}\u0000${pods?.join(',') ?? ''}`;
}
