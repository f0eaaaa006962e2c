import { isIP } from 'node:net';
import { ObservedPeer, ObservedWorkload, PodPeer } from '../observation';
import { workloadLabels } from '../workload-labels';
import { owningWorkload, workloadOfPodName } from '../workload-name';
import { fieldsOf, listOf, textOf } from './fields';
import { Reading, skipped, SourceContext } from './flow-source';

/** One end of a flow, as the products write it: names differ, meanings do not. */
export interface CalicoEndpoint {
  /** The number or the name of a kind of endpoint. Older versions of Whisker write none. */
  readonly type: unknown;
  /** The `generateName` of the pods with a star behind it, or the name of the pod, host or network set, or what kind of network it is. */
  readonly name: unknown;
  readonly namespace: unknown;
  readonly labels: unknown;
  /** The name of the pod, where `name` is that of several. */
  readonly pod?: unknown;
  readonly ip?: unknown;
  /** Names that the address was asked for by. */
  readonly domains?: unknown;
}

type EndpointType = 'workload' | 'host' | 'networkset' | 'network' | 'untold';

/** @see https://github.com/projectcalico/calico/blob/master/goldmane/proto/api.proto and, for the short ones, felix/collector/types/endpoint */
const TYPES: ReadonlyMap<unknown, EndpointType> = new Map<unknown, EndpointType>([
  ...[undefined, null, '', '-', 0, 'EndpointTypeUnspecified'].map((none) => [none, 'untold'] as const),
  ...[1, 'WorkloadEndpoint', 'wep'].map((workload) => [workload, 'workload'] as const),
  ...[2, 'HostEndpoint', 'hep'].map((host) => [host, 'host'] as const),
  ...[3, 'NetworkSet', 'ns'].map((set) => [set, 'networkset'] as const),
  ...[4, 'Network', 'net'].map((network) => [network, 'network'] as const),
]);

/** Private is RFC 1918 and nothing else: any IPv6 address is public to Calico. Whisker spells it out. */
const NETWORKS: ReadonlyMap<string, string> = new Map([['pub', 'public'], ['PUBLIC NETWORK', 'public'], ['pvt', 'private'], ['PRIVATE NETWORK', 'private']]);

/**
 * What ReplicaSets have at the end, where nothing else says that it is one: Kubernetes writes the digits of a hash in these letters,
 * and no word is made of them.
 */
const HASH_OF_TEMPLATE = /-[bcdf4-9]{5,10}$/;
/** Of samples in documentation, which have other letters: a digit tells it from a word. */
const HASH_WITH_DIGIT = /-(?=[a-z]*[0-9])(?=[0-9]*[a-z])[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;

/** Labels that Calico adds to those of the pod, and itself removes where it merges flows. */
const CALICO_LABEL = 'projectcalico.org/';

/** Whose end of a flow it is, or why that cannot be told. */
export function calicoPeer(endpoint: CalicoEndpoint, side: string, time: number, context: SourceContext): ObservedPeer | Reading {
  const type = TYPES.get(endpoint.type);
  const name = given(endpoint.name);
  if (type === undefined) return skipped('malformed', { detail: `has a ${side} of an unknown type` });
  if (name === undefined) return skipped('missing-fields', { detail: `has no name of its ${side}` });
  const ip = given(endpoint.ip);
  if (ip === undefined ? !isNothing(endpoint.ip) : isIP(ip) === 0 || ip.includes('%')) return skipped('malformed', { detail: `has no address where that of its ${side} should be` });
  const namespace = namespaceOf(endpoint.namespace);
  const network = NETWORKS.get(name);
  switch (type === 'untold' ? untoldType(namespace, network) : type) {
    case 'workload':
      return namespace === undefined ? skipped('missing-fields', { detail: `has no namespace of its ${side}` }) : podPeer(endpoint, namespace, name, ip);
    case 'host':
      return { kind: 'entity', entity: 'host', name, ...(ip === undefined ? {} : { ip }) };
    case 'networkset':
      return { kind: 'entity', entity: 'networkset', name, ...(namespace === undefined ? {} : { namespace }), ...(ip === undefined ? {} : { ip }) };
    default:
      return networkPeer(network, ip, namesOf(endpoint.domains), time, context);
  }
}

/** What is in no namespace is a network or a host; a global network set looks like a host then. */
function untoldType(namespace: string | undefined, network: string | undefined): EndpointType {
  if (namespace !== undefined) return 'workload';
  return network === undefined ? 'host' : 'network';
}

function podPeer(endpoint: CalicoEndpoint, namespace: string, name: string, ip: string | undefined): PodPeer {
  const labels = calicoLabels(endpoint.labels);
  const pod = given(endpoint.pod) ?? name;
  return {
    kind: 'pod',
    namespace,
    workload: workloadOf(name, Object.fromEntries(labels)),
    labels: workloadLabels(labels),
    ...(pod.endsWith('*') ? {} : { pod }),
    ...(ip === undefined ? {} : { ip }),
  };
}

/** An address that Calico has no endpoint for may be that of a node or a Service; without one, it is known to be public or private. */
function networkPeer(network: string | undefined, ip: string | undefined, names: readonly string[], time: number, { inventory }: SourceContext): ObservedPeer {
  const known = ip === undefined ? undefined : inventory.peerAt(ip, time);
  if (known !== undefined && known.kind !== 'external') return known;
  if (ip === undefined && names.length === 0 && network !== undefined) return { kind: 'entity', entity: network };
  return { kind: 'external', ip: ip ?? null, ...(names.length === 0 ? {} : { names }) };
}

function workloadOf(name: string, labels: Readonly<Record<string, string>>): ObservedWorkload | null {
  if (!name.endsWith('*')) return workloadOfPodName(name);
  const base = name.replace(/-?\*$/, '');
  if (base === '') return null;
  const hash = labels['pod-template-hash'];
  if (hash !== undefined && base.endsWith(`-${hash}`)) return owningWorkload('ReplicaSet', base, labels);
  const cronJob = owningWorkload('Job', base);
  if (cronJob.kind === 'CronJob') return cronJob;
  const deployment = [HASH_OF_TEMPLATE, HASH_WITH_DIGIT].map((pattern) => base.replace(pattern, '')).find((shorter) => shorter !== base && shorter !== '');
  return deployment === undefined ? { kind: null, name: base } : { kind: 'Deployment', name: deployment };
}

/** `key=value`, in a list, in a list within an object, or in one text with bars between. */
export function calicoLabels(value: unknown): ReadonlyArray<readonly [string, string]> {
  const labels = typeof value === 'string' ? value.split(' | ') : Array.isArray(value) ? listOf(value) : listOf(fieldsOf(value)?.labels);
  return labels.flatMap((label) => {
    const [, key, text] = typeof label === 'string' ? /^([^=]+)=(.*)$/s.exec(label) ?? [] : [];
    return key === undefined || text === undefined || key.startsWith(CALICO_LABEL) ? [] : [[key, text] as const];
  });
}

function namesOf(domains: unknown): readonly string[] {
  return [...new Set(listOf(domains).flatMap((domain) => given(domain)?.replace(/\.$/, '') ?? []))].filter((name) => !name.includes('*'));
}

/** `Global` is no namespace that there can be: Whisker writes it for none. */
function namespaceOf(value: unknown): string | undefined {
  const namespace = given(value);
  return namespace === 'Global' ? undefined : namespace;
}

/** Felix writes a dash for what it does not tell. */
export function given(value: unknown): string | undefined {
  return value === '-' ? undefined : textOf(value);
}

export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '-';
}
