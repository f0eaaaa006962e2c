import { Cidr, Decision, IpBlock, isNamed, namespaceSelector, Peer, PeerTerm, PodSet, Policy, PortMatch, Protocol, Rule, Selector } from '../../policy';
import { Inventory, PodGroup, RunningPod, Workload } from '../inventory';
import { AddressEntries } from '../layers';

/** Its place in a table of addresses: the longest prefix that holds an address decides. */
export interface EntryPlace {
  readonly prefix: number;
  /** An exception of a block: it denies, whatever wider entries say. */
  readonly isException: boolean;
}

/** What of a rule is one entry of such a table. */
export interface AddressEntry {
  readonly rule: Rule;
  readonly action: Decision;
  readonly entry: EntryPlace;
}

/** Pods in the network of their node, and the nodes that they may run on. */
interface HostPods {
  readonly group: PodGroup;
  readonly nodes: readonly Peer[];
}

/** Longer than any block: the address of one pod. */
const ONE_ADDRESS = 200;

/**
 * A rule for a data plane that compares addresses alone. Pods are their addresses, those in the network of a node open the whole
 * node; each block and each exception is an entry of its own; names of ports become numbers, at ingress those of all selected
 * pods together, at egress those of each destination, and towards blocks none.
 */
export class AddressTable {
  public constructor(private readonly inventory: Inventory, private readonly options: AddressEntries) {}

  public entries(policy: Policy, written: Rule): AddressEntry[] {
    const { action, direction } = written;
    if (action === 'log') return [];
    const named = direction === 'ingress' ? this.pooled(policy, written.ports) : written.ports;
    const numbers = named?.filter(({ kind }) => kind !== 'named');
    const hasNames = named !== undefined && numbers !== undefined && numbers.length < named.length;
    const hosts: HostPods[] = [];
    const entry = (peers: readonly Peer[] | undefined, ports: readonly PortMatch[] | undefined, prefix: number): AddressEntry[] => {
      if (ports?.length === 0) return [];
      return [{ rule: withEnds(written, peers, ports), action, entry: { prefix, isException: false } }];
    };
    if (written.peers === undefined) return entry(undefined, numbers, 0);
    const blocks: IpBlock[] = [];
    const pods: Peer[] = [];
    const domains: Peer[] = [];
    const others: Peer[] = [];
    for (const peer of written.peers) {
      const [term, ...more] = peer.terms;
      if (term?.kind === 'ipBlock' && more.length === 0) blocks.push(term);
      else if (term?.kind === 'pods' && more.length === 0) {
        pods.push(peer);
        for (const host of this.hostsOf(term)) {
          if (hasNames) hosts.push(host);
          else pods.push(...host.nodes);
        }
      }
      else if (term?.kind === 'domain' && more.length === 0) domains.push(peer);
      else others.push(peer);
    }
    // a name alone towards a domain is dropped from the list of its ports, and an empty list opens all of them
    const towardDomains = numbers?.length === 0 ? undefined : numbers;
    return [
      ...(pods.length > 0 ? entry(pods, named, ONE_ADDRESS) : []),
      // a node has no container ports: a name is that of the pod through which it is reached
      ...hosts.flatMap(({ group, nodes }) => entry(nodes, named?.flatMap((match) => numbersOf(match, [group])), ONE_ADDRESS)),
      ...blocks.flatMap((block) => this.blockEntries(written, block, entry([{ terms: [block] }], numbers, block.cidr.prefix))),
      ...(domains.length > 0 && this.options.domains ? entry(domains, towardDomains, ONE_ADDRESS) : []),
      ...(others.length > 0 ? entry(others, named, 0) : []),
    ];
  }

  private blockEntries(written: Rule, { except }: IpBlock, own: readonly AddressEntry[]): AddressEntry[] {
    if (own.length === 0) return [];
    const exceptions = except.map((cidr): AddressEntry => ({
      rule: withEnds(written, [{ terms: [{ kind: 'ipBlock', cidr, except: [] }] }], undefined),
      action: 'deny',
      entry: { prefix: cidr.prefix, isException: true },
    }));
    return [...own, ...exceptions];
  }

  /** The numbers that a name has at any pod that the policy selects hold for all of them. */
  private pooled(policy: Policy, ports: readonly PortMatch[] | undefined): readonly PortMatch[] | undefined {
    if (ports === undefined || !ports.some(({ kind }) => kind === 'named')) return ports;
    const selected = this.groupsOf(policy);
    return ports.flatMap((match) => numbersOf(match, selected));
  }

  /** The pods of a policy of a namespace; for a policy of the cluster, those of the first of its namespaces by name. */
  private groupsOf({ subject, namespace }: Policy): readonly PodGroup[] {
    const inScope = [...this.inventory.namespaces.values()]
      .filter(({ labels, name }) => (namespace === undefined ? namespaceSelector(subject.namespaces).matches(labels) : name === namespace));
    const [first] = inScope.map(({ name }) => name).sort();
    return this.inventory.workloads
      .filter((workload) => workload.namespace === first)
      .flatMap(({ groups }) => groups.filter(({ labels, hostNetwork }) => !hostNetwork && subject.pods.matches(labels)));
  }

  /** The pods in a pod set that share the network of their node, and those nodes. */
  private hostsOf(set: PodSet): HostPods[] {
    return this.inventory.workloads.flatMap((workload) => (this.isIn(workload, set) ? workload.groups : [])
      .filter(({ hostNetwork, labels }) => hostNetwork && set.pods.matches(labels))
      .map((group) => ({
        group,
        nodes: group.pods.length > 0 ? group.pods.flatMap((pod) => this.nodeOf(workload, group, pod)) : this.nodeOf(workload, group, undefined),
      })));
  }

  private isIn({ namespace }: Workload, { namespaces }: PodSet): boolean {
    if (namespaces.kind === 'named') return namespaces.name === namespace;
    return namespaces.selector.matches(this.inventory.namespaces.get(namespace)?.labels ?? {});
  }

  private nodeOf({ namespace, name }: Workload, group: PodGroup, pod: RunningPod | undefined): Peer[] {
    const node = this.inventory.nodes.find((each) => each.name === (pod?.node ?? group.node));
    const addresses = [...(node?.addresses ?? []), ...(pod?.nodeAddresses ?? []), ...(pod?.addresses ?? [])];
    if (addresses.length > 0) return addresses.map((cidr: Cidr): Peer => ({ terms: [{ kind: 'ipBlock', cidr, except: [] }] }));
    const where: PeerTerm = { kind: 'nodes', nodes: Selector.everything };
    return [{ terms: [where, { kind: 'unevaluated', what: `which node ${namespace}/${pod?.name ?? name} runs on is not known: its whole node is meant` }] }];
  }
}

/** The numbers that a name has at some pods, at each the first container port of it; what is a number already stays. */
function numbersOf(match: PortMatch, groups: readonly PodGroup[]): PortMatch[] {
  if (match.kind !== 'named') return [match];
  const found = groups.flatMap(({ ports }) => ports.filter((port) => isNamed(match, port)).slice(0, 1));
  return [...new Map(found.map(({ protocol, number }) => [`${number}/${protocol}`, range(protocol, number)])).values()];
}

function range(protocol: Protocol, number: number): PortMatch {
  return { kind: 'range', protocol, first: number, last: number };
}

function withEnds(written: Rule, peers: readonly Peer[] | undefined, ports: readonly PortMatch[] | undefined): Rule {
  const made: { -readonly [Field in keyof Rule]: Rule[Field] } = { ...written };
  delete made.peers;
  delete made.ports;
  return { ...made, ...(peers === undefined ? {} : { peers }), ...(ports === undefined ? {} : { ports }) };
}
