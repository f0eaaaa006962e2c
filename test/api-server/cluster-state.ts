import { Client, expectDone, KubernetesObject } from './client';
import { admin, clear } from './cluster';

type Kind = Pick<KubernetesObject, 'apiVersion' | 'kind'>;

/** An object as far as people wrote it: what the server adds, such as its uid and who manages which field, is left out. */
export interface Written {
  readonly id: string;
  readonly labels: unknown;
  readonly annotations: unknown;
  readonly spec: unknown;
  readonly data: unknown;
}

/** All objects of some kinds in some namespaces, but for those that were there before. */
export class ClusterState {
  public static async from(objects: readonly KubernetesObject[]): Promise<ClusterState> {
    // Namespaces stay: only a controller could take them away
    const kinds = new Map(objects.filter(({ kind }) => kind !== 'Namespace').map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
    const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
    const state = new ClusterState([...kinds.values()], [...namespaces].sort());
    for (const object of await state.objects()) state.before.add(idOf(object));
    return state;
  }

  private readonly before = new Set<string>();

  private constructor(private readonly kinds: readonly Kind[], private readonly namespaces: readonly string[]) {}

  public async written(): Promise<Written[]> {
    return (await this.objects()).map((object) => ({
      id: idOf(object), labels: object.metadata.labels, annotations: object.metadata.annotations, spec: asWritten(object.spec), data: object['data'],
    }));
  }

  public async clear(): Promise<void> {
    await clear(await this.objects());
  }

  private async objects(): Promise<KubernetesObject[]> {
    const found: KubernetesObject[] = [];
    for (const kind of this.kinds) {
      const { namespaced } = await admin.resource(kind);
      for (const namespace of namespaced ? this.namespaces : ['']) found.push(...await admin.list({ ...kind, metadata: { name: '', namespace } }));
    }
    return found.filter((object) => !this.before.has(idOf(object))).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  }
}

/** Addresses of Services are drawn by the server, where nobody wrote one. */
function asWritten(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null || !('clusterIPs' in spec)) return spec;
  const { clusterIP, clusterIPs, ...written } = spec as Readonly<Record<string, unknown>>;
  return clusterIP === 'None' ? { ...written, clusterIP, clusterIPs } : written;
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${kind}/${metadata.name}`;
}

/** Applies objects one after the other, and prunes nothing: kubectl and Argo CD in their usual setting. */
export async function applyAll(objects: readonly KubernetesObject[], by: Client = admin): Promise<void> {
  for (const object of objects) {
    try {
      expectDone(await by.apply(object));
    } catch (error) {
      throw new Error(`${object.kind} ${object.metadata.namespace}/${object.metadata.name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
