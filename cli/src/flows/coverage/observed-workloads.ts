import { createHash } from 'node:crypto';
import { groupBy, Inventory, Workload } from 'cdk8s-netpol/analysis';
import { InputObject, InputOrigin } from '../../input';
import { PodPeer } from '../observation';

/** Where what only the record shows stands. */
const RECORD: InputOrigin = {
  file: '<recorded traffic>',
  at: () => ({ file: RECORD.file }),
  problemIn: (_path, reason) => ({ place: { file: RECORD.file }, reason }),
};
const WITH_TEMPLATES: readonly unknown[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** The pods of records as workloads that the engine can be asked about: those of the manifests, and the others made from their labels. */
export class ObservedWorkloads {
  /** Workloads that only the record shows. Their container ports are not known. */
  public readonly made: InputObject[] = [];
  private readonly byName: ReadonlyMap<string, readonly Workload[]>;
  private readonly inNamespace: ReadonlyMap<string, readonly Workload[]>;
  private readonly madeNames = new Map<string, string>();
  private readonly taken = new Set<string>();

  public constructor({ workloads }: Pick<Inventory, 'workloads'>) {
    this.byName = groupBy(workloads, ({ namespace, name }) => `${namespace}/${name}`);
    this.inNamespace = groupBy(workloads, ({ namespace }) => namespace);
  }

  /** How the engine is asked for it, and whether the manifests have it. */
  public end(peer: PodPeer): { readonly text: string; readonly isMade: boolean } {
    const known = this.known(peer);
    return known === undefined ? { text: this.make(peer), isMade: true } : { text: `${known.namespace}/${known.name}[${known.kind}]`, isMade: false };
  }

  private known({ namespace, workload, labels, pod }: PodPeer): Workload | undefined {
    const named = workload === null ? [] : this.byName.get(`${namespace}/${workload.name}`) ?? [];
    const ofKind = named.filter(({ kind }) => workload?.kind === null || kind === workload?.kind);
    if (ofKind.length === 1) return ofKind[0];
    const here = this.inNamespace.get(namespace) ?? [];
    const running = here.filter(({ groups }) => groups.some(({ pods }) => pods.some(({ name }) => name === pod)));
    if (running.length === 1) return running[0];
    // a workload that is named is that one or none: another of the same labels may fare otherwise
    if ((workload !== null && workload.kind !== null) || Object.keys(labels).length === 0) return undefined;
    const alike = here.filter(({ groups }) => groups.some((group) => Object.entries(labels).every(([key, value]) => group.labels[key] === value)));
    return alike.length === 1 ? alike[0] : undefined;
  }

  private make(peer: PodPeer): string {
    const { namespace, workload, labels } = peer;
    const key = JSON.stringify([namespace, workload, labels]);
    const known = this.madeNames.get(key);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 8);
    const kind = WITH_TEMPLATES.includes(workload?.kind) ? workload!.kind! : 'Deployment';
    const isTaken = this.taken.has(`${namespace}/${workload?.name}[${kind}]`);
    const name = workload === null || isTaken || this.byName.has(`${namespace}/${workload.name}`) ? `${workload?.name ?? 'pods'}-${hash}` : workload.name;
    this.made.push({
      origin: RECORD,
      object: {
        apiVersion: 'apps/v1',
        kind,
        metadata: { namespace, name },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'recorded', image: 'recorded' }] } } },
      },
    });
    const text = `${namespace}/${name}[${kind}]`;
    this.madeNames.set(key, text);
    this.taken.add(text);
    return text;
  }
}
