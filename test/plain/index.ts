import { parseAddress } from './address';
import { type Cluster, readCluster } from './cluster';
import { type Connection, parsePort } from './connection';
import type { Labels } from './kubernetes-objects';
import type { Party } from './party';
import type { Pod } from './pod';
import { GENERIC, type PlainProfile } from './profile';
import { resolve } from './reference';
import { pathsThroughService } from './service';
import { isAllowed } from './verdict';
import { type Answer, inEveryWorld, type Question } from './world';

export { GENERIC, type PlainProfile } from './profile';
export type { Answer } from './world';

/** A pod that is not among the objects. */
export interface ExtraPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Labels;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly ip?: string;
  readonly ips?: readonly string[];
  readonly node?: string;
  readonly hostNetwork?: boolean;
}

/**
 * A cluster as tests ask it, evaluated pod by pod straight from the API reference.
 *
 * ```ts
 * const cluster = plainCluster(Testing.synth(chart)).withPods([{ namespace: 'shop', name: 'probe', labels: { app: 'probe' } }]);
 * expect(cluster.allows('shop/web', 'pay/api', '8080/TCP')).toBe(true);
 * expect(cluster.allows('pay/api', '169.254.169.254', '80/TCP')).toBe(false);
 * expect(cluster.allowedPairs('8080/TCP')).toEqual(['shop/web -> pay/api']);
 * ```
 *
 * @param objects Parsed manifests, lists of them, or charts (anything with `toJson()`), nested as they come.
 * @param profile What is known of the cluster. @default GENERIC, under which everything that depends on the CNI is `depends`.
 */
export function plainCluster(objects: readonly unknown[], profile: PlainProfile = GENERIC): PlainCluster {
  return new PlainCluster(objects.flatMap(objectsOf), [], profile);
}

export class PlainCluster {
  private readonly cluster: Cluster;

  public constructor(
    private readonly objects: readonly unknown[],
    private readonly extraPods: readonly Pod[],
    private readonly profile: PlainProfile,
  ) {
    this.cluster = readCluster(objects, extraPods);
  }

  public withPods(pods: readonly ExtraPod[]): PlainCluster {
    return new PlainCluster(this.objects, [...this.extraPods, ...pods.map(podOf)], this.profile);
  }

  public withObjects(objects: readonly unknown[]): PlainCluster {
    return new PlainCluster([...this.objects, ...objects.flatMap(objectsOf)], this.extraPods, this.profile);
  }

  public withProfile(profile: PlainProfile): PlainCluster {
    return new PlainCluster(this.objects, this.extraPods, profile);
  }

  /**
   * May `from` open a connection to `to`?
   *
   * @param from `namespace/name` of a pod or workload, an IP address, or `node/name`.
   * @param to The same, or `svc/namespace/name` for the pods behind a Service, with the port of the Service.
   * @param port `8080/TCP`, `53/UDP`, `ICMP`.
   * @throws if the answer depends on something that is not known, or an end is not in the cluster.
   */
  public allows(from: string, to: string, port: string): boolean {
    const { verdict, conditions } = this.answer(from, to, port);
    if (verdict === 'depends') {
      const questions = conditions.map(({ kind, about }) => `\n  ${kind}: ${about}`).join('');
      throw new Error(`whether ${from} may reach ${to} on ${port} depends:${questions}`);
    }
    return verdict === 'allowed';
  }

  /** The same with three values. All pods of a workload must agree; otherwise the answer depends on which one it is. */
  public answer(from: string, to: string, port: string): Answer {
    const pairs = resolve(from, this.cluster).flatMap((source) => this.ends(to, port).map((end) => ({ source, ...end })));
    // A workload towards itself means from one of its pods to another one, if there can be another one.
    const betweenTwo = pairs.filter(({ source, destination }) => !isSame(source, destination));
    const answers = (betweenTwo.length > 0 ? betweenTwo : pairs)
      .map((pair) => inEveryWorld((world) => isAllowed(pair, this.cluster, this.profile, world)));
    return agreed(answers, `which pods of ${from} and ${to} are meant?`);
  }

  private ends(to: string, port: string): Omit<Connection, 'source'>[] {
    return to.startsWith('svc/')
      ? pathsThroughService(to.slice('svc/'.length), parsePort(port), this.cluster)
      : resolve(to, this.cluster).map((destination) => ({ destination, ...parsePort(port) }));
  }

  /** Every allowed pair of workloads, as `shop/web -> pay/api`, in alphabetic order. For small clusters. */
  public allowedPairs(port: string): string[] {
    const names = this.workloads();
    return names
      .flatMap((from) => names.map((to) => ({ from, to })))
      .filter(({ from, to }) => from !== to || resolve(from, this.cluster).length > 1)
      .filter(({ from, to }) => this.allows(from, to, port))
      .map(({ from, to }) => `${from} -> ${to}`);
  }

  /** `namespace/name` of every workload and of every pod without one; with `[Kind]` where two share a name. */
  public workloads(): string[] {
    const plain = (pod: Pod): string => `${pod.namespace}/${pod.workload.name}`;
    const kinds = (name: string): number =>
      new Set(this.cluster.pods.filter((pod) => plain(pod) === name).map((pod) => pod.workload.kind)).size;
    return [...new Set(this.cluster.pods.map((pod) =>
      (kinds(plain(pod)) > 1 ? `${plain(pod)}[${pod.workload.kind}]` : plain(pod))))].sort();
  }
}

function objectsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(objectsOf);
  }
  const chart = value as { toJson?: () => unknown } | null;
  return typeof chart?.toJson === 'function' ? objectsOf(chart.toJson()) : [value];
}

function podOf(extra: ExtraPod): Pod {
  return {
    namespace: extra.namespace,
    name: extra.name,
    labels: extra.labels ?? {},
    workload: { kind: 'Pod', name: extra.name },
    ports: (extra.ports ?? []).flatMap(({ name, containerPort, protocol }) =>
      (name === undefined ? [] : [{ name, number: containerPort, protocol: protocol ?? 'TCP' }])),
    addresses: [...(extra.ip === undefined ? [] : [extra.ip]), ...(extra.ips ?? [])].map(parseAddress),
    node: extra.node,
    nodeAddresses: [],
    hostNetwork: extra.hostNetwork ?? false,
  };
}

function isSame(source: Party, destination: Party): boolean {
  return source.kind === 'pod' && destination.kind === 'pod' && source.pod === destination.pod;
}

function agreed(answers: readonly Answer[], question: string): Answer {
  const verdicts = new Set(answers.map(({ verdict }) => verdict));
  const [first] = answers;
  if (first !== undefined && verdicts.size === 1 && first.verdict !== 'depends') {
    return first;
  }
  const differ: Question[] = verdicts.has('allowed') && verdicts.has('denied') ? [{ kind: 'pods-differ', about: question }] : [];
  const asked = new Map(answers.flatMap(({ conditions }) => conditions).map((condition) => [condition.about, condition]));
  return { verdict: 'depends', conditions: [...differ, ...asked.values()] };
}
