import { Labels, Selector } from 'cdk8s-netpol/policy';
import { ObservedWorkload, PodPeer } from '../observation';
import { ObservedConnection, PodSighting } from '../store/flow-store';
import { KnownCluster, KnownWorkload } from './known-cluster';
import { chooseLabels, lastingLabels, Other } from './label-choice';
import { PodEnd } from './recommendation';

const NAME = 'app.kubernetes.io/name';

type SeenPods = Pick<PodPeer, 'namespace' | 'workload' | 'labels'>;

/** The pods of one workload, as far as they are known. */
interface Group {
  readonly namespace: string;
  readonly workload: ObservedWorkload | undefined;
  readonly known: KnownWorkload | undefined;
  readonly text: string;
  /** Distinct label sets, by their text. */
  readonly seen: Map<string, Labels>;
}

/**
 * The pods of all records, by workload, and how a rule selects each of them. A manifest says best what the labels of a workload
 * are; else they are those that all of its pods were seen with. Pods whose workload nobody knows are told apart by their labels.
 */
export class PodEnds {
  private readonly groups = new Map<string, Group>();
  private readonly ends = new Map<string, PodEnd | undefined>();

  /** @param asked the namespaces in which policies are written */
  public constructor(
    connections: readonly ObservedConnection[], sightings: readonly PodSighting[],
    private readonly known: KnownCluster, private readonly asked: ReadonlySet<string>,
  ) {
    const peers = connections.flatMap(({ src, dst }) => [src, dst]).filter((peer) => peer.kind === 'pod');
    const pods: SeenPods[] = [...peers, ...sightings];
    for (const workload of known.workloads) this.group({ namespace: workload.namespace, workload, labels: {} });
    // those with a workload first: pods without one may be of theirs
    for (const each of [...pods.filter(({ workload }) => workload !== null), ...pods.filter(({ workload }) => workload === null)]) {
      const group = this.group(each);
      if (Object.keys(each.labels).length > 0) group.seen.set(textOf(each.labels), each.labels);
    }
  }

  /** Undefined where no label selects them for good. */
  public of(peer: SeenPods): PodEnd | undefined {
    const [key, group] = this.find(peer);
    if (group === undefined) return undefined;
    // where the labels of a workload have changed altogether, each set of them is an end of its own
    return this.end(key, group, variantsOf(group)) ?? this.end(`${key} ${textOf(peer.labels)}`, group, [peer.labels]);
  }

  public ofWorkload(workload: KnownWorkload): PodEnd | undefined {
    return this.of({ namespace: workload.namespace, workload, labels: {} });
  }

  /** The manifest of the pods, where there is one. */
  public manifestOf(peer: SeenPods): KnownWorkload | undefined {
    return this.find(peer)[1]?.known;
  }

  /** Workloads of a namespace, whether or not anybody talked to them; undefined for those that no label selects. */
  public in(namespace: string): ReadonlyArray<{ readonly text: string; readonly end: PodEnd | undefined; readonly hostNetwork: boolean }> {
    return [...this.groups].filter(([, group]) => group.namespace === namespace)
      .map(([key, group]) => ({ text: group.text, end: this.end(key, group, variantsOf(group)), hostNetwork: group.known?.hostNetwork ?? false }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
  }

  /** Every workload of the records that has labels of its own. */
  public get all(): readonly PodEnd[] {
    return [...this.groups].flatMap(([key, group]) => this.end(key, group, variantsOf(group)) ?? []);
  }

  public get namespaces(): ReadonlySet<string> {
    return new Set([...this.groups.values()].map(({ namespace }) => namespace));
  }

  private group(peer: SeenPods): Group {
    const [key, found] = this.find(peer);
    if (found !== undefined) return found;
    const known = this.manifest(peer);
    const workload = known ?? peer.workload ?? undefined;
    const group: Group = {
      namespace: peer.namespace,
      workload: workload === undefined ? undefined : { kind: workload.kind, name: workload.name },
      known,
      text: `${peer.namespace}/${workload === undefined ? labelText(peer.labels) : workload.name}`,
      seen: new Map(),
    };
    this.groups.set(key, group);
    return group;
  }

  private find(peer: SeenPods): readonly [string, Group | undefined] {
    const { namespace, labels } = peer;
    const workload = this.manifest(peer) ?? peer.workload;
    if (workload === null) {
      const same = [...this.groups].filter(([, group]) => group.namespace === namespace && group.workload !== undefined && group.seen.has(textOf(labels)));
      if (same.length === 1) return same[0]!;
      const key = `${namespace} ${textOf(lastingLabels(labels))}`;
      return [key, this.groups.get(key)];
    }
    const key = `${namespace}/${workload.kind ?? ''}/${workload.name}`;
    if (workload.kind !== null || this.groups.has(key)) return [key, this.groups.get(key)];
    // the kind is not certain, the name is
    const named = [...this.groups].filter(([, group]) => group.namespace === namespace && group.workload?.name === workload.name);
    return named.length === 1 ? named[0]! : [key, undefined];
  }

  private manifest({ namespace, workload, labels }: SeenPods): KnownWorkload | undefined {
    return workload === null ? this.known.workloadOf(namespace, labels) : this.known.workload(namespace, workload.kind, workload.name);
  }

  private end(key: string, group: Group, variants: readonly Labels[]): PodEnd | undefined {
    if (this.ends.has(key)) return this.ends.get(key);
    const { namespace, workload, known, text } = group;
    const choice = variants.length === 0 ? undefined : chooseLabels(variants, known?.selector, this.others(group, variants));
    const end: PodEnd | undefined = choice === undefined ? undefined : {
      kind: 'pods', namespace, workload, text, variants, pods: this.selector(group, choice.labels), alsoSelects: choice.alsoSelects,
    };
    this.ends.set(key, end);
    return end;
  }

  /**
   * The library names a policy after `app`, or after `app.kubernetes.io/name`, where that is all that selects: two kinds of pods
   * with the same word would get the same policy. That the label exists is said besides, and changes nothing but the name.
   */
  private selector(group: Group, labels: Labels): Selector {
    const name = labels[NAME];
    const isShared = this.asked.has(group.namespace) && name !== undefined && Object.keys(labels).length === 1
      && [...this.groups.values()].some((each) => each !== group && each.namespace === group.namespace && variantsOf(each).some(({ app }) => app === name));
    return isShared ? Selector.of({ matchLabels: labels, matchExpressions: [{ key: NAME, operator: 'Exists', values: [] }] }) : Selector.labels(labels);
  }

  /** Pods of the namespace that are certainly other ones: of another workload, or with labels that contradict. */
  private others(group: Group, variants: readonly Labels[]): Other[] {
    return [...this.groups.values()].filter((each) => each !== group && each.namespace === group.namespace)
      .map((each) => ({ text: each.text, variants: variantsOf(each), certain: each.workload !== undefined && group.workload !== undefined }))
      .filter((each) => each.certain || each.variants.every((labels) => variants.every((own) => contradicts(own, labels))));
  }
}

function variantsOf({ known, seen }: Group): readonly Labels[] {
  return known === undefined ? [...seen.values()] : known.variants;
}

function contradicts(a: Labels, b: Labels): boolean {
  return Object.entries(a).some(([key, value]) => b[key] !== undefined && b[key] !== value);
}

function textOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function labelText(labels: Labels): string {
  return Object.entries(lastingLabels(labels)).map(([key, value]) => `${key}=${value}`).join(',') || '(no labels)';
}
