import { type Address, formatAddress, parseCidr, type Range } from '../plain/address';
import { type Cluster, readCluster } from '../plain/cluster';
import type { Connection } from '../plain/connection';
import type { Party } from '../plain/party';
import type { Pod } from '../plain/pod';
import type { PlainProfile } from '../plain/profile';
import { isAllowed } from '../plain/verdict';
import { inEveryWorld } from '../plain/world';
import { connectionText, NONE } from './connection-text';
import { routedPods } from './ingress-routes';

/** An end of a row: a workload with its pods, or a range of external IPv4 addresses. */
export interface End {
  readonly name: string;
  readonly parties: readonly Party[];
}

/** Who can connect to whom in one input, by the plain evaluator, in the notation of the conformance data. */
export class Connectivity {
  public readonly cluster: Cluster;
  public readonly workloads: readonly End[];
  private readonly ports: readonly number[];

  public constructor(private readonly objects: readonly unknown[], private readonly profile: PlainProfile) {
    this.cluster = readCluster(objects);
    this.workloads = workloadsOf(this.cluster);
    this.ports = portsWhereAnswersChange(this.cluster);
  }

  /** The verdict for one packet; the input must leave nothing open. */
  public allows(connection: Connection): boolean {
    const { verdict, conditions } = inEveryWorld((world) => isAllowed(connection, this.cluster, this.profile, world));
    if (verdict === 'depends') {
      throw new Error(`depends: ${conditions.map(({ about }) => about).join(' ')}`);
    }
    return verdict === 'allowed';
  }

  /** All connections between two ends. The pods of a workload must agree. */
  public between(source: End, destination: End): string {
    const texts = new Set(source.parties.flatMap((from) => destination.parties.map((to) => this.betweenParties(from, to))));
    const [text, ...others] = texts;
    if (text === undefined || others.length > 0) {
      throw new Error(`the pods of ${source.name} and ${destination.name} differ: ${[...texts].join(' | ')}`);
    }
    return text;
  }

  public betweenParties(source: Party, destination: Party): string {
    return connectionText(this.ports, (protocol, port) => this.allows({ source, destination, protocol, port }));
  }

  /**
   * Every ordered pair and its connections, keyed `src => dst`. Pairs without a connection are left out.
   *
   * @param externals The external ends to ask about, as sources and as destinations.
   */
  public all(externals: Externals): Map<string, string> {
    const pairs = this.workloads.flatMap((workload) => [
      ...this.workloads.filter((other) => other !== workload).map((other) => [workload, other] as const),
      ...externals.sources.map((range) => [range, workload] as const),
      ...externals.destinations.map((range) => [workload, range] as const),
    ]);
    const rows = pairs.map(([source, destination]) => [`${source.name} => ${destination.name}`, this.between(source, destination)] as const);
    return new Map([...rows, ...this.fromIngressController()].filter(([, text]) => text !== NONE));
  }

  /** What an Ingress or Route opens: a pod of no known namespace reaches the target ports of the Services behind it. */
  private fromIngressController(): [string, string][] {
    const routed = routedPods(this.objects, this.cluster);
    return this.workloads.flatMap((workload) => {
      const ports = new Set(workload.parties.flatMap((party) => (party.kind === 'pod' ? routed.get(party.pod) ?? [] : [])));
      const open = [...ports].filter((port) => workload.parties.every((destination) =>
        this.allows({ source: INGRESS_CONTROLLER, destination, protocol: 'TCP', port })));
      const starts = [...new Set([1, ...open.flatMap((port) => [port, port + 1])])].sort((one, other) => one - other);
      const text = connectionText(starts, (protocol, port) => protocol === 'TCP' && open.includes(port));
      return [[`{ingress-controller} => ${workload.name}`, text]];
    });
  }
}

const INGRESS_CONTROLLER: Party = {
  kind: 'pod',
  pod: {
    namespace: 'ingress-controller-ns',
    name: 'ingress-controller',
    labels: {},
    workload: { kind: 'Pod', name: 'ingress-controller' },
    ports: [],
    addresses: [],
    node: undefined,
    nodeAddresses: [],
    hostNetwork: false,
  },
};

/** `namespace/name[Kind]` with its pods; of pods that no policy can tell apart only one. */
function workloadsOf(cluster: Cluster): End[] {
  const pods = new Map<string, Map<string, Pod>>();
  for (const pod of cluster.pods) {
    const name = `${pod.namespace}/${pod.workload.name}[${pod.workload.kind}]`;
    const alike = JSON.stringify([pod.labels, pod.ports, pod.hostNetwork]);
    pods.set(name, (pods.get(name) ?? new Map<string, Pod>()).set(alike, pod));
  }
  return [...pods].map(([name, distinct]) => ({
    name,
    parties: [...distinct.values()].map((pod) => ({ kind: 'pod', pod })),
  }));
}

/** Any number in a policy or the port of a container may be where a port range starts or, plus one, has ended. */
function portsWhereAnswersChange(cluster: Cluster): number[] {
  const policies = [
    ...cluster.networkPolicies, ...cluster.clusterNetworkPolicies,
    ...cluster.adminNetworkPolicies, ...cluster.baselineAdminNetworkPolicies,
  ];
  const mentioned = [...policies.flatMap((policy) => numbersIn(policy.spec)), ...cluster.pods.flatMap((pod) => pod.ports.map(({ number }) => number))];
  return [...new Set([1, ...mentioned.flatMap((port) => [port, port + 1])])]
    .filter((port) => port >= 1 && port <= 65535)
    .sort((one, other) => one - other);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') {
    return [value];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
}

export interface Externals {
  readonly sources: readonly End[];
  readonly destinations: readonly End[];
}

/** The IPv4 space, cut where policies of the clusters cut it: sources by ingress rules, destinations by egress rules. */
export function externalsOf(...clusters: readonly Cluster[]): Externals {
  const cuts = (direction: 'ingress' | 'egress'): bigint[] => clusters
    .flatMap((cluster) => [...cluster.networkPolicies, ...cluster.adminNetworkPolicies, ...cluster.baselineAdminNetworkPolicies])
    .flatMap((policy) => rangesIn(policy.spec?.[direction]))
    .flatMap(({ first, last }) => [first, last + 1n]);
  return { sources: rangesBetween(cuts('ingress')), destinations: rangesBetween(cuts('egress')) };
}

/** The ranges of the `networks`, and what the exceptions leave of each `ipBlock`, wherever they stand. IPv4 only. */
function rangesIn(value: unknown): Range[] {
  if (typeof value === 'string') {
    return /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(value) ? [parseCidr(value)] : [];
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  const { cidr, except } = value as { cidr?: string; except?: readonly string[] | null };
  return cidr === undefined
    ? Object.values(value).flatMap(rangesIn)
    : (except ?? []).flatMap(rangesIn).reduce((left, hole) => left.flatMap((range) => without(range, hole)), rangesIn(cidr));
}

function without({ family, first, last }: Range, hole: Range): Range[] {
  const before = { family, first, last: hole.first - 1n < last ? hole.first - 1n : last };
  const after = { family, first: hole.last + 1n > first ? hole.last + 1n : first, last };
  return [before, after].filter((range) => range.first <= range.last);
}

function rangesBetween(cuts: readonly bigint[]): End[] {
  const firsts = [...new Set([0n, ...cuts])].filter((first) => first < 2n ** 32n).sort((one, other) => (one < other ? -1 : 1));
  return firsts.map((first, index) => externalRange(first, (firsts[index + 1] ?? 2n ** 32n) - 1n));
}

function externalRange(first: bigint, last: bigint): End {
  const address = (value: bigint): Address => ({ family: 4, value });
  return {
    name: `${formatAddress(address(first))}-${formatAddress(address(last))}[External]`,
    parties: [{ kind: 'external', address: address(first) }],
  };
}
