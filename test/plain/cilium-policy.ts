import { contains, parseCidr, type Range } from './address';
import { identityLabels, identityMatches, keysOf } from './cilium-identity';
import type { CiliumPlainProfile } from './cilium-profile';
import type { Cluster } from './cluster';
import { type Connection, hasNamedPort, type View } from './connection';
import { describeObject, type KubernetesObject, type LabelSelector, refuseUnknownFields } from './kubernetes-objects';
import { addressOf, isNodeOf, type Party } from './party';
import type { PlainProfile } from './profile';
import type { World } from './world';

/** One `spec` of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy. */
interface Spec {
  readonly endpointSelector: LabelSelector;
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean } | null;
  readonly ingress?: readonly RawRule[] | null;
  readonly ingressDeny?: readonly RawRule[] | null;
  readonly egress?: readonly RawRule[] | null;
  readonly egressDeny?: readonly RawRule[] | null;
}

type RawRule = Readonly<Record<string, unknown>>;

interface PortRule {
  readonly ports?: readonly { readonly port?: string; readonly endPort?: number; readonly protocol?: string }[];
}

/** A spec with the policy that it stands in. */
interface Place {
  readonly namespace: string | undefined;
  readonly where: string;
  readonly spec: Spec;
}

/** What the policies of Cilium say beside NetworkPolicy. "Deny policies take precedence over allow policies". */
export interface CiliumOpinion {
  readonly denies: boolean;
  readonly allows: boolean;
  readonly isolates: boolean;
}

export function ciliumOpinion(view: View, cluster: Cluster, profile: PlainProfile, cilium: CiliumPlainProfile, world: World): CiliumOpinion {
  const places = cluster.ciliumPolicies.flatMap(placesOf).filter((place) => selects(place, view, cluster));
  const matching = (kind: 'allow' | 'deny'): boolean => places.some((place) => rulesOf(place.spec, view, kind)
    .some((rule) => ruleMatches(rule, place, view, cluster, profile, world)));
  return {
    denies: matching('deny'),
    allows: matching('allow'),
    isolates: cilium.enablePolicy === 'always' || places.some(({ spec }) => isolates(spec, view, cilium)),
  };
}

function placesOf(policy: KubernetesObject): Place[] {
  const { spec, specs } = policy as { readonly spec?: unknown; readonly specs?: readonly unknown[] | null };
  const namespace = policy.kind === 'CiliumNetworkPolicy' ? policy.metadata?.namespace ?? 'default' : undefined;
  return [...(spec === undefined || spec === null ? [] : [spec]), ...(specs ?? [])]
    .map((each) => ({ namespace, where: describeObject(policy), spec: each as Spec }));
}

/** "CiliumNetworkPolicy: policies are namespaced" and select pods of their own namespace alone. */
function selects({ namespace, spec }: Place, { local }: View, cluster: Cluster): boolean {
  return (namespace === undefined || namespace === local.namespace) && identityMatches(spec.endpointSelector, identityLabels(local, cluster));
}

function rulesOf(spec: Spec, { direction }: View, kind: 'allow' | 'deny'): readonly RawRule[] {
  const rules = direction === 'ingress' ? { allow: spec.ingress, deny: spec.ingressDeny } : { allow: spec.egress, deny: spec.egressDeny };
  return rules[kind] ?? [];
}

/** "If not specified, the default is true for each traffic direction that has rules, and false otherwise." */
function isolates(spec: Spec, view: View, { defaultDenyIsForced }: CiliumPlainProfile): boolean {
  const hasRules = rulesOf(spec, view, 'allow').length > 0 || rulesOf(spec, view, 'deny').length > 0;
  return hasRules && (defaultDenyIsForced || spec.enableDefaultDeny?.[view.direction] !== false);
}

/** "nil ToEndpoints is implicitly treated as a wildcard selector if ToPorts are also specified"; a rule without anything matches nobody. */
function ruleMatches(rule: RawRule, place: Place, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  const end = view.direction === 'ingress' ? 'from' : 'to';
  refuseUnknownFields(rule, [`${end}Endpoints`, `${end}CIDR`, `${end}CIDRSet`, `${end}Entities`, 'toPorts', 'icmps'], place.where);
  const lists = ['Endpoints', 'CIDR', 'CIDRSet', 'Entities'].map((kind) => ({ kind, items: rule[`${end}${kind}`] as readonly unknown[] | undefined }));
  const named = lists.filter(({ items }) => items !== undefined);
  const toPorts = (rule.toPorts ?? []) as readonly PortRule[];
  const icmps = (rule.icmps ?? []) as readonly { readonly fields: readonly { readonly type: number }[] }[];
  if (named.length === 0 && toPorts.length === 0 && icmps.length === 0) {
    return false;
  }
  if (!portsMatch(toPorts, icmps, view.connection)) {
    return false;
  }
  return named.length === 0 || named.some(({ kind, items }) => (items ?? []).some((item) => peerMatches(kind, item, place, view, cluster, profile, world)));
}

function peerMatches(kind: string, item: unknown, place: Place, view: View, cluster: Cluster, profile: PlainProfile, world: World): boolean {
  const { remote, local } = view;
  switch (kind) {
    case 'Endpoints':
      return remote.kind === 'pod' && endpointMatches(item as LabelSelector, place, identityLabels(remote.pod, cluster), remote.pod.namespace);
    case 'Entities':
      return entityMatches(item as string, view, world);
    default: {
      const { cidr, except } = typeof item === 'string' ? { cidr: item, except: [] } : item as { cidr: string; except?: readonly string[] };
      if (!isSeenByBlocks(remote, profile, world)) {
        return false;
      }
      const address = addressOf(remote, local, () => cidrsOfCiliumPolicies(cluster), profile, world);
      return contains(parseCidr(cidr), address) && !(except ?? []).some((hole) => contains(parseCidr(hole), address));
    }
  }
}

/** Without a namespace of its own a selector means that of the policy; that of a policy of the cluster every pod. */
function endpointMatches(selector: LabelSelector, { namespace }: Place, labels: Readonly<Record<string, string>>, of: string): boolean {
  const namesNamespace = keysOf(selector).some((key) => key === 'io.kubernetes.pod.namespace' || key.startsWith('io.cilium.k8s.namespace.labels.'));
  return identityMatches(selector, labels) && (namesNamespace || namespace === undefined || namespace === of);
}

/** @see https://docs.cilium.io/en/stable/security/policy/language/#entities-based */
function entityMatches(entity: string, { remote, local }: View, world: World): boolean {
  const isNode = remote.kind === 'node';
  switch (entity) {
    case 'all': return true;
    case 'world': return remote.kind === 'external';
    case 'cluster': return remote.kind === 'pod' || isNode;
    case 'host': return isNode && isNodeOf(remote, local, world);
    case 'remote-node': return isNode && !isNodeOf(remote, local, world);
    case 'none': return false;
    // no party of a plain cluster is the API server
    case 'kube-apiserver': return false;
    default: throw new Error(`the plain evaluator does not know the entity '${entity}'`);
  }
}

function isSeenByBlocks(remote: Party, profile: PlainProfile, world: World): boolean {
  switch (remote.kind) {
    case 'pod': return world.setting(profile.ipBlockMatchesPods, 'do CIDRs match pods?');
    case 'node': return world.setting(profile.ipBlockMatchesNodes, 'do CIDRs match nodes?');
    default: return true;
  }
}

/** "If any ICMP policy is specified, layer 4 is blocked", and the other way round. Port 0 is every port. */
function portsMatch(
  toPorts: readonly PortRule[], icmps: readonly { readonly fields: readonly { readonly type: number }[] }[], connection: Connection,
): boolean {
  if (toPorts.length === 0 && icmps.length === 0) {
    return true;
  }
  if (connection.protocol === 'ICMP') {
    return false;
  }
  return toPorts.some(({ ports }) => (ports ?? []).some(({ port = '', endPort = 0, protocol = 'ANY' }) => {
    if (protocol !== 'ANY' && protocol !== connection.protocol) {
      return false;
    }
    if (!/^\d+$/.test(port)) {
      return hasNamedPort(connection, port, connection.protocol);
    }
    const first = Number(port);
    const last = endPort === 0 ? first : endPort;
    return first === 0 || (connection.port !== undefined && first <= connection.port && connection.port <= last);
  }));
}

/** Every CIDR that a policy of Cilium mentions. */
export function cidrsOfCiliumPolicies(cluster: Cluster): Range[] {
  const rules = cluster.ciliumPolicies.flatMap(placesOf)
    .flatMap(({ spec }) => [spec.ingress, spec.ingressDeny, spec.egress, spec.egressDeny].flatMap((list) => list ?? []));
  return rules.flatMap((rule) => ['fromCIDR', 'toCIDR', 'fromCIDRSet', 'toCIDRSet'].flatMap((field) => (rule[field] ?? []) as readonly unknown[]))
    .flatMap((item) => (typeof item === 'string' ? [item] : [(item as { cidr: string }).cidr, ...((item as { except?: readonly string[] }).except ?? [])]))
    .map(parseCidr);
}
