import { ContainerPort, Inventory, Service } from 'cdk8s-netpol/analysis';
import { Cidr, Labels } from 'cdk8s-netpol/policy';
import { InputObject } from '../../input';
import { mapping, metadataOf, text } from '../../owners/object-metadata';

/** A workload of the manifests. */
export interface KnownWorkload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Those by which it finds its own pods; undefined where it says none, as a CronJob. */
  readonly selector: Labels | undefined;
  readonly variants: readonly Labels[];
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
}

/** What manifests, or the live cluster, say about workloads and Services. */
export class KnownCluster {
  public static of(objects: readonly InputObject[], { workloads, services }: Inventory): KnownCluster {
    const selectors = new Map(objects.map(({ object }) => {
      const { name, namespace } = metadataOf(object);
      return [keyOf({ kind: object.kind, namespace: namespace ?? 'default', name }), selectorOf(object.spec)] as const;
    }));
    return new KnownCluster(workloads.map(({ kind, namespace, name, groups }) => ({
      namespace, kind, name,
      selector: selectors.get(keyOf({ kind, namespace, name })),
      variants: groups.map(({ labels }) => labels),
      ports: groups.flatMap(({ ports }) => ports),
      hostNetwork: groups.length > 0 && groups.every(({ hostNetwork }) => hostNetwork),
    })), services);
  }

  private constructor(public readonly workloads: readonly KnownWorkload[], private readonly services: readonly Service[]) {}

  /** The workload of this name; a kind that nobody knows is any, where only one has the name. */
  public workload(namespace: string, kind: string | null, name: string): KnownWorkload | undefined {
    const named = this.workloads.filter((each) => each.namespace === namespace && each.name === name && (kind === null || each.kind === kind));
    return named.length === 1 ? named[0] : undefined;
  }

  /** The one workload whose pods have these labels, by its selector. */
  public workloadOf(namespace: string, labels: Labels): KnownWorkload | undefined {
    const found = this.workloads.filter((each) => each.namespace === namespace && each.selector !== undefined && has(labels, each.selector));
    return found.length === 1 ? found[0] : undefined;
  }

  public service(namespace: string, name: string): Service | undefined {
    return this.services.find((each) => each.namespace === namespace && each.name === name);
  }

  /** The Service that has this address. */
  public serviceAt(ip: string): Service | undefined {
    const address = Cidr.host(ip);
    return this.services.find(({ clusterAddresses }) => clusterAddresses.some((each) => each.sameAs(address)));
  }

  /** Whether a port of a workload is one that its manifest, or a Service in front of it, names. */
  public listens(workload: KnownWorkload, protocol: string, port: number): boolean {
    if (workload.ports.some((each) => each.protocol === protocol && each.number === port)) return true;
    return this.services.some(({ namespace, selector, ports }) => namespace === workload.namespace && selector !== undefined
      && workload.variants.some((labels) => has(labels, selector)) && ports.some((each) => each.protocol === protocol && each.target === port));
  }
}

/** Whether pods with these labels have all of those. */
export function has(labels: Labels, wanted: Labels): boolean {
  const entries = Object.entries(wanted);
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

function keyOf({ kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string }): string {
  return `${kind} ${namespace}/${name}`;
}

function selectorOf(spec: unknown): Labels | undefined {
  const { matchLabels } = mapping(mapping(spec).selector);
  const labels = Object.entries(mapping(matchLabels)).flatMap(([key, value]) => (text(value) === undefined ? [] : [[key, text(value)!] as const]));
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}
