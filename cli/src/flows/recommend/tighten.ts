import { Inventory, PolicyDocument } from 'cdk8s-netpol/analysis';
import { Cidr, Direction, DIRECTIONS, Labels, Peer, PeerTerm, PortMatch, Rule, Selector } from 'cdk8s-netpol/policy';
import { inScope } from '../../migrate/statement';
import { ObservedConnection } from '../store/flow-store';
import { KnownCluster } from './known-cluster';
import { Peers } from './peers';
import { PodEnds } from './pod-ends';
import { End, PodEnd } from './recommendation';

/** Something that a policy opens and that nobody was seen to use. */
export interface Tightening {
  readonly kind: 'rule-never-used' | 'port-never-used' | 'peer-never-used' | 'peer-wider-than-used';
  readonly policy: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly file?: string;
  readonly line?: number;
  /** `ingress[0]`. */
  readonly rule: string;
  readonly what: string;
}

export interface Tightenings {
  readonly findings: readonly Tightening[];
  /** Rules that were looked at. */
  readonly judged: number;
  /** Policies that were not looked at, and why. */
  readonly notJudged: readonly string[];
}

/** One connection as one end has it; what is not known of it may be anything. */
interface Use {
  readonly direction: Direction;
  readonly own: PodEnd;
  readonly other: End | undefined;
  readonly protocol: string;
  readonly port: number | null;
  /** Ports of the destination by name. */
  readonly named: ReadonlyArray<{ readonly name?: string; readonly number: number }> | undefined;
}

/** What is not certain counts as a use: a rule that may be needed is not called unused. */
type Match = 'yes' | 'maybe' | 'no';

const LISTED = 6;

/** Compares the rules of namespaces with what was seen of them. What was denied is no use of a rule. */
export class Tighten {
  private readonly uses: readonly Use[];

  public constructor(
    connections: readonly ObservedConnection[], peers: Peers, private readonly ends: PodEnds, private readonly known: KnownCluster,
    private readonly inventory: Inventory, private readonly asked: ReadonlySet<string>,
  ) {
    this.uses = connections.filter(({ verdict }) => verdict !== 'denied').flatMap((connection) => this.usesOf(connection, peers));
  }

  public findings(): Tightenings {
    const notJudged: string[] = [];
    const findings: Tightening[] = [];
    let judged = 0;
    for (const document of this.inventory.policies) {
      const { policy, kind } = document;
      if (policy.namespace === undefined) {
        notJudged.push(`${kind} ${policy.name}: a policy of the whole cluster, of which the record of some namespaces says too little`);
        continue;
      }
      if (!this.asked.has(policy.namespace) || policy.stage !== 'enforced') continue;
      for (const direction of DIRECTIONS) {
        for (const [index, rule] of policy.rules.filter((each) => each.direction === direction).entries()) {
          if (rule.action !== 'allow') continue;
          judged++;
          findings.push(...this.judge(document, rule, rule.place ?? `${direction}[${rule.index ?? index}]`));
        }
      }
    }
    return { findings, judged, notJudged: notJudged.sort() };
  }

  private usesOf({ src, dst, port, protocol }: ObservedConnection, peers: Peers): Use[] {
    const [from, to] = [peers.of(src, null, protocol), peers.of(dst, port, protocol)];
    const sources: ReadonlyArray<End | undefined> = from.ends?.map(({ end }) => end) ?? [undefined];
    const destinations: ReadonlyArray<{ end: End | undefined; port: number | null }> = to.ends ?? [{ end: undefined, port }];
    return sources.flatMap((source) => destinations.flatMap(({ end, port: number }): Use[] => {
      const common = { protocol, port: number, named: this.portsOf(end) };
      return [
        ...(source?.kind === 'pods' ? [{ ...common, direction: 'egress' as const, own: source, other: end }] : []),
        ...(end?.kind === 'pods' ? [{ ...common, direction: 'ingress' as const, own: end, other: source }] : []),
      ];
    }));
  }

  private portsOf(end: End | undefined): Use['named'] {
    if (end?.kind !== 'pods' || end.workload === undefined) return undefined;
    return this.known.workload(end.namespace, end.workload.kind, end.workload.name)?.ports;
  }

  private judge({ policy, kind }: PolicyDocument, rule: Rule, place: string): Tightening[] {
    const namespace = policy.namespace!;
    const finding = (word: Tightening['kind'], what: string): Tightening => ({
      kind: word, policy: { kind, namespace, name: policy.name }, ...(policy.origin?.file === undefined ? {} : { file: policy.origin.file }),
      ...(policy.origin?.line === undefined ? {} : { line: policy.origin.line }), rule: place, what,
    });
    const isSubject = ({ namespace: own, variants }: PodEnd): boolean => own === namespace && variants.some((labels) => policy.subject.pods.matches(labels));
    const spoken = this.uses.filter(({ direction, own }) => direction === rule.direction && isSubject(own));
    const ofPeers = spoken.filter((use) => rule.peers === undefined || rule.peers.some((peer) => this.isPeer(peer, use) !== 'no'));
    const used = ofPeers.filter((use) => rule.ports === undefined || rule.ports.some((port) => isPort(port, use) !== 'no'));
    if (used.length === 0) return [finding('rule-never-used', 'nothing was seen that it lets through')];
    const ports = (rule.ports ?? []).flatMap((port) => this.judgePort(port, used)).map((what) => finding('port-never-used', what));
    const everyPort = rule.ports === undefined ? [finding('port-never-used', `every port is open; seen: ${portsSeen(used)}`)] : [];
    const everybody = rule.peers === undefined ? [finding('peer-wider-than-used', `everybody is let through; seen: ${listed(used.map(({ other }) => other?.text ?? 'somebody unknown'))}`)] : [];
    return [...ports, ...everyPort, ...everybody, ...(rule.peers ?? []).flatMap((peer) => this.judgePeer(peer, used, finding))];
  }

  private judgePort(port: PortMatch, used: readonly Use[]): string[] {
    const users = used.filter((use) => isPort(port, use) !== 'no');
    const text = portWords(port);
    if (users.length === 0) return [`${text} was never called`];
    const isWide = port.kind === 'range' && port.first < port.last;
    if (!isWide || users.some(({ port: number }) => number === null)) return [];
    const seen = new Set(users.map(({ port: number }) => number));
    return seen.size === port.last - port.first + 1 ? [] : [`${text} is open; seen: ${portsSeen(users)}`];
  }

  private judgePeer(peer: Peer, used: readonly Use[], finding: (kind: Tightening['kind'], what: string) => Tightening): Tightening[] {
    const users = used.filter((use) => this.isPeer(peer, use) !== 'no');
    const [term, ...more] = peer.terms;
    const text = peer.terms.map(termWords).join(' and ');
    if (users.length === 0) return [finding('peer-never-used', `${text} was never seen`)];
    if (more.length > 0 || users.some(({ other }) => other === undefined)) return [];
    if (term?.kind === 'pods') {
      const seen = new Set(users.map(({ other }) => other!.text));
      const idle = this.ends.all.filter((end) => this.isSelected(term.namespaces, term.pods, end) && !seen.has(end.text)).map((end) => end.text);
      return idle.length === 0 ? [] : [finding('peer-wider-than-used', `${text} takes in ${listed(idle)}, never seen; seen: ${listed([...seen])}`)];
    }
    if (term?.kind !== 'ipBlock' || term.cidr.first === term.cidr.last) return [];
    const addresses = users.flatMap(({ other }) => (other?.kind === 'address' && other.ip !== undefined ? [other.ip] : []));
    return addresses.length === 0 ? [] : [finding('peer-wider-than-used', `${text} is open; seen: ${listed(addresses)}`)];
  }

  private isPeer({ terms }: Peer, use: Use): Match {
    return every(terms.map((term) => this.isTerm(term, use)));
  }

  private isTerm(term: PeerTerm, { other }: Use): Match {
    if (other === undefined) return 'maybe';
    switch (term.kind) {
      case 'pods':
        return other.kind !== 'pods' ? 'no' : this.isSelected(term.namespaces, term.pods, other) ? 'yes' : 'no';
      case 'ipBlock': {
        // some CNIs match pods and nodes by their addresses, which the record does not have
        if (other.kind !== 'address' || other.ip === undefined) return 'maybe';
        const address = Cidr.host(other.ip);
        return term.cidr.contains(address) && !term.except.some((each) => each.contains(address)) ? 'yes' : 'no';
      }
      default:
        return 'maybe';
    }
  }

  private isSelected(scope: Parameters<typeof inScope>[0], pods: Selector, end: PodEnd): boolean {
    const labels: Labels = this.inventory.namespaces.get(end.namespace)?.labels ?? {};
    return inScope(scope, end.namespace, labels) && end.variants.some((each) => pods.matches(each));
  }
}

function isPort(port: PortMatch, { protocol, port: number, named }: Use): Match {
  if (port.kind === 'protocol') return protocol === 'ICMP' || protocol === 'ICMPv6' || protocol === 'unknown' ? 'maybe' : 'no';
  if (protocol === 'unknown') return 'maybe';
  if (port.protocol !== undefined && port.protocol !== protocol) return 'no';
  if (number === null) return 'maybe';
  if (port.kind === 'range') return port.first <= number && number <= port.last ? 'yes' : 'no';
  if (named === undefined) return 'maybe';
  return named.some((each) => each.name === port.name && each.number === number) ? 'yes' : 'no';
}

function every(all: readonly Match[]): Match {
  return all.includes('no') ? 'no' : all.includes('maybe') ? 'maybe' : 'yes';
}

function portWords(port: PortMatch): string {
  switch (port.kind) {
    case 'range':
      return `${port.protocol} ${port.first === port.last ? port.first : `${port.first}-${port.last}`}`;
    case 'named':
      return `the port ${port.name}`;
    case 'protocol':
      return `protocol ${port.number}`;
  }
}

function termWords(term: PeerTerm): string {
  switch (term.kind) {
    case 'pods': {
      const where = term.namespaces.kind === 'named' ? term.namespaces.name : term.namespaces.selector.matchesEverything ? 'any namespace' : `{${term.namespaces.selector.toString()}}`;
      return `${where}/${term.pods.matchesEverything ? '*' : term.pods.toString()}`;
    }
    case 'ipBlock':
      return term.cidr.toString();
    case 'domain':
      return term.pattern;
    case 'entity':
      return `{${term.entity}}`;
    default:
      return term.kind;
  }
}

function portsSeen(uses: readonly Use[]): string {
  return listed(uses.map(({ protocol, port }) => (port === null ? protocol : `${protocol} ${port}`)));
}

function listed(words: readonly string[]): string {
  const distinct = [...new Set(words)].sort();
  return distinct.length <= LISTED ? distinct.join(', ') : `${distinct.slice(0, LISTED).join(', ')} and ${distinct.length - LISTED} more`;
}
