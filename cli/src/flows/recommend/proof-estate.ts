import { SourceObject } from 'cdk8s-netpol/analysis';
import { Labels } from 'cdk8s-netpol/policy';
import { PodEnd } from './recommendation';

const ORIGIN = { file: 'workloads of the record' };

/** The workloads of a record as objects: one for each set of labels that their pods were seen with. */
export class ProofEstate {
  private readonly made = new Map<string, { readonly name: string; readonly end: PodEnd; readonly labels: Labels }>();
  private readonly owners = new Map<string, PodEnd>();

  public constructor(ends: readonly PodEnd[]) {
    for (const end of ends) {
      for (const labels of end.variants) {
        const key = keyOf(end, labels);
        if (this.made.has(key)) continue;
        const name = `w${this.made.size + 1}`;
        this.made.set(key, { name, end, labels });
        this.owners.set(`${end.namespace}/${name}`, end);
      }
    }
  }

  /** What a question calls the pods of an end. */
  public names(end: PodEnd): readonly string[] {
    return end.variants.map((labels) => `${end.namespace}/${this.made.get(keyOf(end, labels))!.name}`);
  }

  /** Whose workload a name of an answer is. */
  public ownerOf(namespace: string, name: string): PodEnd | undefined {
    return this.owners.get(`${namespace}/${name}`);
  }

  public get objects(): readonly SourceObject[] {
    const namespaces = [...new Set([...this.made.values()].map(({ end }) => end.namespace))].sort();
    return [
      ...namespaces.map((name) => ({ object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, origin: ORIGIN })),
      // two replicas: one pod may always talk to itself, and that would prove nothing
      ...[...this.made.values()].map(({ name, end, labels }) => ({
        object: {
          apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: end.namespace },
          spec: { replicas: 2, template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none' }] } } },
        },
        origin: ORIGIN,
      })),
    ];
  }
}

function keyOf({ namespace, text }: PodEnd, labels: Labels): string {
  return JSON.stringify([namespace, text, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
