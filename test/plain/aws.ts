import { type Address, contains, isAddress, parseAddress, parseCidr, type Range, sameAddress } from './address';
import { type Cluster, readCluster } from './cluster';
import type { KubernetesObject, LabelSelector } from './kubernetes-objects';
import type { Pod } from './pod';
import { selectorMatches } from './selector';

/**
 * Amazon's VPC CNI, packet by packet, where every address is known: for each pod a table of addresses as its agent makes one,
 * looked up as its program does. No domain names, no Services, no more ports than the table keeps.
 *
 * @see https://github.com/aws/aws-network-policy-agent/tree/main/pkg
 */
export interface AwsSettings {
  readonly strict: boolean;
}

interface Port {
  readonly protocol: string;
  readonly first: number;
  readonly last: number;
}

/** A row of a table: undefined ports are every port of every protocol. */
interface Row {
  readonly cidr: Range;
  readonly except: readonly Range[];
  readonly ports: readonly Port[] | undefined;
}

interface ClusterRow extends Row {
  readonly tier: string;
  readonly priority: number;
  readonly action: string;
}

interface Packet {
  readonly protocol: string;
  readonly port: number | undefined;
}

type Direction = 'ingress' | 'egress';
type Json = Readonly<Record<string, unknown>>;

/** "ACTION_DENY 0, ACTION_ALLOW 1, ACTION_PASS 2": of one priority the lowest wins. */
const ACTIONS = ['Deny', 'Accept', 'Pass'];
const EVERYWHERE = ['0.0.0.0/0', '::/0'].map(parseCidr);

export class PlainAws {
  private readonly cluster: Cluster;
  private readonly clusterPolicies: readonly KubernetesObject[];

  public constructor(objects: readonly unknown[], private readonly settings: AwsSettings) {
    this.cluster = readCluster(objects);
    this.clusterPolicies = (objects as KubernetesObject[]).filter(({ apiVersion, kind }) => apiVersion === 'networking.k8s.aws/v1alpha1' && kind === 'ClusterNetworkPolicy');
  }

  public allows(from: string, to: string, text: string): boolean {
    const [number, protocol = 'TCP'] = text === 'ICMP' ? [undefined, 'ICMP'] : text.split('/');
    const packet = { protocol, port: number === undefined ? undefined : Number(number) };
    const [source, destination] = [this.end(from), this.end(to)];
    if (source.pod !== undefined && source.pod === destination.pod) return true;
    return this.passes('egress', source.pod, destination.address, packet) && this.passes('ingress', destination.pod, source.address, packet);
  }

  private end(text: string): { pod: Pod | undefined; address: Address } {
    if (isAddress(text)) return { pod: undefined, address: parseAddress(text) };
    const pod = this.cluster.pods.find(({ namespace, name }) => `${namespace}/${name}` === text)!;
    return { pod, address: pod.addresses[0]! };
  }

  private passes(direction: Direction, pod: Pod | undefined, remote: Address, packet: Packet): boolean {
    // hostNetwork pods are skipped; the program of an IPv4 cluster looks at IPv4 alone; the node IP is seeded into every table
    if (pod === undefined || pod.hostNetwork || remote.family !== 4) return true;
    const node = this.cluster.nodes.find(({ name }) => name === pod.node);
    if (node?.addresses.some((address) => sameAddress(address, remote))) return true;
    const rows = this.clusterPolicies
      .flatMap((policy) => this.clusterRows(policy, direction, pod))
      .filter((row) => contains(row.cidr, remote) && portsHold(row.ports, packet));
    const admin = decision(rows.filter(({ tier }) => tier === 'Admin'));
    if (admin === 'Accept' || admin === 'Deny') return admin === 'Accept';
    const selecting = this.cluster.networkPolicies
      .filter((policy) => policy.metadata?.namespace === pod.namespace && selectorMatches(specOf(policy).podSelector ?? {}, pod.labels));
    if (selecting.length > 0) return this.namespaced(direction, selecting, remote, packet);
    const baseline = decision(rows.filter(({ tier }) => tier === 'Baseline'));
    return baseline === 'Pass' || baseline === undefined ? !this.settings.strict : baseline === 'Accept';
  }

  /** "trie_val == NULL: DENY"; a pod that is selected in the other direction alone has an entry for everything. */
  private namespaced(direction: Direction, policies: readonly KubernetesObject[], remote: Address, packet: Packet): boolean {
    const isolating = policies.filter((policy) => typesOf(policy).includes(direction));
    if (isolating.length === 0) return true;
    const rows = isolating.flatMap((policy) => this.rowsOf(policy, direction));
    const holding = rows.filter(({ cidr }) => contains(cidr, remote));
    const longestRow = Math.max(-1, ...holding.map(({ cidr }) => prefixOf(cidr)));
    const exceptions = rows.flatMap(({ except }) => except).filter((cidr) => contains(cidr, remote));
    if (exceptions.some((cidr) => prefixOf(cidr) > longestRow)) return false;
    return holding.some(({ except, ports }) => !except.some((cidr) => contains(cidr, remote)) && portsHold(ports, packet));
  }

  private rowsOf(policy: KubernetesObject, direction: Direction): Row[] {
    const namespace = policy.metadata?.namespace ?? '';
    const { podSelector = {}, [direction]: rules } = specOf(policy);
    return (rules ?? []).flatMap((rule): Row[] => {
      const written = rule.ports ?? [];
      const selected = this.cluster.pods.filter((pod) => pod.namespace === namespace && !pod.hostNetwork && selectorMatches(podSelector ?? {}, pod.labels));
      const peers = (direction === 'ingress' ? rule.from : rule.to) ?? [];
      const numbers = numbersOf(written, direction === 'ingress' ? selected : []);
      if (peers.length === 0) return rowsFor(EVERYWHERE, [], written, numbers);
      return peers.flatMap((peer): Row[] => {
        if (peer.ipBlock !== undefined) return rowsFor([parseCidr(peer.ipBlock.cidr)], (peer.ipBlock.except ?? []).map(parseCidr), written, numbers);
        const inNamespace = (pod: Pod): boolean => (peer.namespaceSelector === undefined
          ? pod.namespace === namespace
          : selectorMatches(peer.namespaceSelector, this.cluster.labelsOfNamespace(pod.namespace)));
        return this.cluster.pods.filter((pod) => inNamespace(pod) && selectorMatches(peer.podSelector ?? {}, pod.labels))
          .flatMap((pod) => rowsFor(pod.addresses.map(host), [], written, direction === 'ingress' ? numbers : numbersOf(written, [pod])));
      });
    });
  }

  private clusterRows(policy: KubernetesObject, direction: Direction, pod: Pod): ClusterRow[] {
    const { tier, priority, subject, [direction]: rules = [] } = policy.spec as unknown as ClusterSpec;
    if (!this.isIn(subject, pod)) return [];
    return rules.flatMap(({ action, from, to, ports }) => (from ?? to ?? []).flatMap((peer) => {
      const pods = this.cluster.pods.filter((each) => this.isIn(peer, each));
      const cidrs = peer.networks === undefined ? pods.flatMap(({ addresses }) => addresses.map(host)) : peer.networks.map(parseCidr);
      const own = ports?.map(({ portNumber, portRange }): Port => {
        const range = portRange ?? { protocol: portNumber!.protocol, start: portNumber!.port, end: portNumber!.port };
        return { protocol: range.protocol, first: range.start, last: range.end };
      });
      return cidrs.map((cidr): ClusterRow => ({ tier, priority, action, cidr, except: [], ports: own }));
    }));
  }

  private isIn({ namespaces, pods }: ClusterPeer, pod: Pod): boolean {
    const labels = this.cluster.labelsOfNamespace(pod.namespace);
    if (namespaces !== undefined) return selectorMatches(namespaces, labels);
    return pods !== undefined && selectorMatches(pods.namespaceSelector, labels) && selectorMatches(pods.podSelector, pod.labels);
  }
}

interface ClusterPeer {
  readonly namespaces?: LabelSelector;
  readonly pods?: { readonly namespaceSelector: LabelSelector; readonly podSelector: LabelSelector };
  readonly networks?: readonly string[];
}

interface ClusterRule {
  readonly action: string;
  readonly from?: readonly ClusterPeer[];
  readonly to?: readonly ClusterPeer[];
  readonly ports?: ReadonlyArray<{
    readonly portNumber?: { readonly protocol: string; readonly port: number };
    readonly portRange?: { readonly protocol: string; readonly start: number; readonly end: number };
  }>;
}

interface ClusterSpec {
  readonly tier: string;
  readonly priority: number;
  readonly subject: ClusterPeer;
  readonly ingress?: readonly ClusterRule[];
  readonly egress?: readonly ClusterRule[];
}

interface WrittenPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface WrittenRule {
  readonly from?: readonly WrittenPeer[];
  readonly to?: readonly WrittenPeer[];
  readonly ports?: readonly WrittenPort[];
}

interface WrittenPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface WrittenSpec {
  readonly podSelector?: LabelSelector | null;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly WrittenRule[];
  readonly egress?: readonly WrittenRule[];
}

function specOf(policy: KubernetesObject): WrittenSpec {
  return (policy.spec ?? {});
}

function typesOf(policy: KubernetesObject): readonly Direction[] {
  const { policyTypes = [], egress = [] } = specOf(policy);
  if (policyTypes.length > 0) return policyTypes.map((type) => type.toLowerCase() as Direction);
  return egress.length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

/** Rows for addresses; "a non-empty list of ports of which none can be resolved: skipped". */
function rowsFor(cidrs: readonly Range[], except: readonly Range[], written: readonly unknown[], ports: readonly Port[]): Row[] {
  if (written.length > 0 && ports.length === 0) return [];
  return cidrs.map((cidr) => ({ cidr, except, ports: written.length === 0 ? undefined : ports }));
}

/** Names are looked up at these pods: at ingress all that the policy selects, at egress the one that is dialled. */
function numbersOf(written: readonly WrittenPort[], pods: readonly Pod[]): Port[] {
  return written.flatMap(({ protocol = 'TCP', port, endPort }): Port[] => {
    if (port === undefined) return [{ protocol, first: 1, last: 65535 }];
    if (typeof port === 'number') return [{ protocol, first: port, last: endPort ?? port }];
    return pods.flatMap(({ ports }) => ports
      .filter((own) => own.name === port && own.protocol === protocol)
      .map(({ number }) => ({ protocol, first: number, last: number })));
  });
}

function portsHold(ports: readonly Port[] | undefined, packet: Packet): boolean {
  const { port } = packet;
  return ports === undefined
    || ports.some(({ protocol, first, last }) => protocol === packet.protocol && port !== undefined && first <= port && port <= last);
}

/** "Enforce the lowest priority action. Deny always takes precedence on same priority". */
function decision(rows: readonly ClusterRow[]): string | undefined {
  const lowest = Math.min(...rows.map(({ priority }) => priority));
  return ACTIONS.find((action) => rows.some((row) => row.priority === lowest && row.action === action));
}

function host(address: Address): Range {
  return { family: address.family, first: address.value, last: address.value };
}

function prefixOf({ family, first, last }: Range): number {
  let [size, bits] = [last - first + 1n, family === 4 ? 32 : 128];
  while (size > 1n) {
    size /= 2n;
    bits--;
  }
  return bits;
}

/** The objects of a random cluster as Amazon's CNI has them: pods with IPv4 addresses, its own ClusterNetworkPolicy. */
export function asAwsObjects(objects: readonly Json[]): Json[] {
  let last = 0;
  return objects.map((object): Json => {
    const metadata = object.metadata as { readonly name: string; readonly namespace?: string; readonly labels?: Json };
    if (object.kind === 'Deployment') {
      const template = (object.spec as { readonly template: { readonly metadata: Json; readonly spec: Json } }).template;
      return withAddress({ apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: metadata.name, namespace: metadata.namespace }, spec: template.spec }, ++last);
    }
    if (object.kind === 'Pod') return withAddress(object, ++last);
    if (object.kind !== 'ClusterNetworkPolicy') return object;
    const spec = object.spec as Json;
    return { ...object, apiVersion: 'networking.k8s.aws/v1alpha1', spec: { ...spec, ingress: withPorts(spec.ingress), egress: withPorts(spec.egress) } };
  });
}

function withAddress(pod: Json, number: number): Json {
  const spec = { nodeName: number % 2 === 0 ? 'n1' : 'n2', ...(pod.spec as Json) } as { readonly nodeName: string; readonly hostNetwork?: boolean };
  const podIP = spec.hostNetwork === true ? `192.0.2.${spec.nodeName.slice(1)}` : `10.${number % 2}.2.${number}`;
  return { ...pod, spec, status: { podIP, podIPs: [{ ip: podIP }] } };
}

interface WrittenDestination {
  readonly number?: number;
  readonly range?: Json;
}

function withPorts(rules: unknown): unknown {
  return (rules as ReadonlyArray<{ readonly protocols?: readonly Json[] }>).map(({ protocols, ...rule }) => ({
    ...rule,
    ...(protocols === undefined ? {} : {
      ports: protocols.map((entry) => {
        const [[protocol, { destinationPort }]] = Object.entries(entry) as [[string, { readonly destinationPort: WrittenDestination }]];
        return destinationPort.number === undefined
          ? { portRange: { protocol: protocol.toUpperCase(), ...destinationPort.range } }
          : { portNumber: { protocol: protocol.toUpperCase(), port: destinationPort.number } };
      }),
    }),
  }));
}
