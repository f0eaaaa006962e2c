import { Analysis, Connection, ConnectionDiff, diffConnections, endpointText, Inventory, Profile, readInventory, SourceObject } from 'cdk8s-netpol/analysis';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { mapping, text } from '../owners/object-metadata';
import { possiblePods, type PossiblePods } from './possible-pods';

export type Differences = Pick<ConnectionDiff, 'added' | 'removed' | 'changed'>;

/** Whether two clusters let the same through, and what was compared. */
export interface Proof {
  readonly equal: boolean;
  readonly diff: Differences;
  /** Workloads of the input. */
  readonly workloads: number;
  /** Workloads that may come to exist, made up for the comparison. */
  readonly possible: number;
  /** Connections that the manifests let through between all of these and addresses outside. */
  readonly connections: number;
}

/** Up to how many workloads every pair of them is compared. */
const ALL_PAIRS = 300;

/**
 * Compares what two sets of objects let through: between the workloads that there are, those that may come to exist, and any pod.
 *
 * Many workloads are compared a namespace at a time, with the namespaces that its policies name and one for each selector of
 * namespaces. That misses nothing: a connection passes where egress of the one end and ingress of the other let it, each by the
 * policies of its own end, and each of the two shows against a pod that the other one leaves open.
 * @param allPairs up to how many workloads every pair is compared
 */
export function prove(before: readonly SourceObject[], after: readonly SourceObject[], profile: Profile, allPairs = ALL_PAIRS): Proof {
  const [old, now] = [read(before), read(after)];
  const possible = possiblePods([old, now]);
  const workloads = old.workloads.length;
  const rows = new RowsCompared();
  for (const namespaces of workloads + possible.workloads.length <= allPairs ? [undefined] : slices([old, now], possible)) {
    const part = (objects: readonly SourceObject[]): Analysis => {
      const own = namespaces === undefined ? [...objects, ...possible.objects] : [...objects, ...possible.objects].filter((each) => isPart(each, namespaces));
      return new Analysis(read(own), profile);
    };
    rows.compare(part(before), part(after));
  }
  return { equal: rows.isEqual, diff: rows.differences, workloads, possible: possible.workloads.length, connections: rows.connections };
}

function read(objects: readonly SourceObject[]): Inventory {
  return readInventory(objects, { readers: POLICY_READERS });
}

/** Each namespace with those that its policies name; and those made for selectors, in which somebody of every kind is. */
function slices(sides: readonly Inventory[], { madeNamespaces, namespaces }: PossiblePods): Array<ReadonlySet<string>> {
  const named = new Map(namespaces.map((name) => [name, new Set([name, ...madeNamespaces])]));
  for (const { policy } of sides.flatMap(({ policies }) => policies)) {
    const own = named.get(policy.namespace ?? '');
    for (const term of policy.rules.flatMap(({ peers }) => peers ?? []).flatMap(({ terms }) => terms)) {
      if (term.kind === 'pods' && term.namespaces.kind === 'named') own?.add(term.namespaces.name);
    }
  }
  return [...named.values()];
}

/** Objects of a few namespaces, and those of none. What has no namespace may be of `default`, or of the whole cluster. */
function isPart({ object }: SourceObject, namespaces: ReadonlySet<string>): boolean {
  const namespace = text(mapping(mapping(object).metadata).namespace);
  return namespace === undefined || namespaces.has(namespace);
}

/** The rows of several comparisons, each once. */
class RowsCompared {
  private readonly seen = new Set<string>();
  private readonly added = new Map<string, Differences['added'][number]>();
  private readonly removed = new Map<string, Differences['removed'][number]>();
  private readonly changed = new Map<string, Differences['changed'][number]>();

  public compare(before: Analysis, after: Analysis): void {
    const [was, is] = [before.connections(), after.connections()];
    for (const row of was) this.seen.add(endsOf(row));
    for (const { added, removed, changed } of [diffConnections(was, is), diffExposure(exposureOf(before), exposureOf(after))]) {
      for (const row of added) this.added.set(endsOf(row), row);
      for (const row of removed) this.removed.set(endsOf(row), row);
      for (const row of changed) this.changed.set(endsOf(row), row);
    }
  }

  public get isEqual(): boolean {
    return this.added.size + this.removed.size + this.changed.size === 0;
  }

  public get differences(): Differences {
    return { added: [...this.added.values()], removed: [...this.removed.values()], changed: [...this.changed.values()] };
  }

  public get connections(): number {
    return this.seen.size;
  }
}

function endsOf({ source, destination, conditions }: Pick<Connection, 'source' | 'destination' | 'conditions'>): string {
  return `${endpointText(source)} -> ${endpointText(destination)}${conditions.length === 0 ? '' : ' perhaps'}`;
}

/** What any pod reaches and is reached by. Kinds of pods are among the possible ones, each with rows of its own. */
function exposureOf(analysis: Analysis): Connection[] {
  return analysis.exposure().connections.filter(({ source, destination }) => source.kind === 'cluster' || destination.kind === 'cluster');
}

/** Ports of any pod are numbers and names: the same ones in whatever order are the same. Conditions name policies, which have other names. */
function diffExposure(before: readonly Connection[], after: readonly Connection[]): Differences {
  const byEnds = (rows: readonly Connection[]) => new Map(rows.map((row) => [`${endpointText(row.source)} -> ${endpointText(row.destination)}`, row]));
  const [old, now] = [byEnds(before), byEnds(after)];
  return {
    added: [...now].filter(([key]) => !old.has(key)).map(([, row]) => row),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, row]) => row),
    changed: [...now].flatMap(([key, row]) => {
      const was = old.get(key);
      if (was === undefined || sortedText(was) === sortedText(row)) return [];
      return [{ source: row.source, destination: row.destination, before: was.ports, after: row.ports, conditions: row.conditions }];
    }),
  };
}

function sortedText({ ports, conditions }: Connection): string {
  const sorted = ports === 'all' ? ports : Object.entries(ports).map(([protocol, list]) => `${protocol} ${list.split(',').sort().join(',')}`).sort().join(';');
  return conditions.length === 0 ? sorted : `${sorted}, some of them perhaps`;
}
