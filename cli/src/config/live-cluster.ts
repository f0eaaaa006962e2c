import { isDeepStrictEqual } from 'node:util';
import { POLICY_READERS } from 'cdk8s-netpol/dialects';
import { InputError, InputObject, InputOrigin, InputProblem } from '../input';
import { UsageError } from '../usage-error';
import { ApiClient, ApiFailure, connect } from './api-client';

/** A kind that the API server serves. */
interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** The path of its list: `/apis/apps/v1/deployments`. */
  readonly path: string;
}

/** Kinds with a bearing on traffic. Pods tell what runs, whatever made them; ReplicaSets and Jobs tell who did. */
const KINDS: ReadonlySet<string> = new Set([
  'Namespace', 'Node', 'Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob',
  'HorizontalPodAutoscaler', 'Ingress', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'Route', 'Rollout', 'VirtualMachine', 'VirtualMachineInstance',
]);
/** Kinds that police traffic: read, or reported as not evaluated. */
const POLICY_KIND = /(?:NetworkPolicy|NetworkPolicies|AuthorizationPolicy|EgressFirewall)$/;
/** Where our constructs write who owns a namespace. No other ConfigMap is read, and no Secret ever. */
const STAGE_RECORDS: Resource = { apiVersion: 'v1', kind: 'ConfigMap', path: '/api/v1/configmaps?fieldSelector=metadata.name%3Dnetpol-stage' };
/** Without these the answer has more "depends" in it; it is not wrong. */
const OPTIONAL: ReadonlySet<string> = new Set(['Node', 'ConfigMap']);

export interface LiveOptions {
  readonly warn: (text: string) => void;
  readonly onStep?: (done: number, total: number) => void;
}

/** What a live cluster has, as far as traffic is concerned, read through the user's kubeconfig. Nothing is written. */
export async function readLiveCluster(context: string, options: LiveOptions): Promise<readonly InputObject[]> {
  const client = await connect(context);
  try {
    const resources = await discover(client);
    const objects: InputObject[] = [];
    for (const [index, resource] of resources.entries()) {
      options.onStep?.(index, resources.length);
      objects.push(...await readAll(client, context, resource, options));
    }
    return objects;
  } catch (error) {
    if (error instanceof ApiFailure) throw new UsageError(`the cluster of context ${context}: ${error.message}`);
    throw error;
  }
}

interface ApiResourceList {
  readonly resources: ReadonlyArray<{ readonly name: string; readonly kind: string; readonly verbs: readonly string[] }>;
}

interface ApiGroupList {
  readonly groups: ReadonlyArray<{
    readonly name: string;
    readonly preferredVersion: { readonly groupVersion: string };
    readonly versions: ReadonlyArray<{ readonly groupVersion: string }>;
  }>;
}

/** The kinds that the cluster serves and that matter, each in one version: the one that is known here, where there is one. */
async function discover(client: ApiClient): Promise<readonly Resource[]> {
  const { groups } = await client.get<ApiGroupList>('/apis');
  const known = new Set(POLICY_READERS.map(({ apiVersion }) => apiVersion));
  const versions = groups.map(({ preferredVersion, versions: served }) => served.find(({ groupVersion }) => known.has(groupVersion)) ?? preferredVersion);
  const resources = await resourcesOf(client, '/api/v1', 'v1');
  for (const { groupVersion } of versions) resources.push(...await resourcesOf(client, `/apis/${groupVersion}`, groupVersion));
  // a kind of its own name in several groups (Ingress, once) would be the same objects twice
  const distinct = resources.filter((each, index) => resources.findIndex((other) => isDeepStrictEqual(other, each)) === index);
  return [...distinct, STAGE_RECORDS];
}

async function resourcesOf(client: ApiClient, path: string, apiVersion: string): Promise<Resource[]> {
  const { resources } = await client.get<ApiResourceList>(path);
  return resources
    .filter(({ name, kind, verbs }) => !name.includes('/') && verbs.includes('list') && (KINDS.has(kind) || POLICY_KIND.test(kind)))
    .map(({ name, kind }) => ({ apiVersion, kind, path: `${path}/${name}` }));
}

async function readAll(client: ApiClient, context: string, resource: Resource, { warn }: LiveOptions): Promise<InputObject[]> {
  const { apiVersion, kind, path } = resource;
  try {
    const items = await client.list(path);
    return items.map((item) => ({ object: { ...item, apiVersion, kind }, origin: new LiveOrigin(context, kind, item) }));
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status !== 403) throw error;
    const reason = `the user of context ${context} may not list ${kind} objects of ${apiVersion}`;
    if (!OPTIONAL.has(kind)) throw new InputError([{ place: { file: context }, reason: `${reason}: an answer without them would look whole. Instead: a user with the ClusterRole view, or more` }]);
    warn(`${reason}: the answer goes without them`);
    return [];
  }
}

/** An object in a cluster: it has a name there and no line. */
class LiveOrigin implements InputOrigin {
  public readonly file: string;

  public constructor(context: string, kind: string, { metadata }: { readonly metadata?: { readonly name?: string; readonly namespace?: string } }) {
    const { name = '', namespace } = metadata ?? {};
    this.file = `${context}: ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  }

  public at(): { readonly file: string } {
    return { file: this.file };
  }

  public problemIn(path: string, reason: string): InputProblem {
    return { place: this.at(), reason: path === '' ? reason : `${path}: ${reason}` };
  }
}
