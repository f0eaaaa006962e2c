import { contains, parseAddress, parseCidr } from './address';
import type { Labels } from './kubernetes-objects';

/** One packet. Source ports are not part of it. */
export interface AntreaPacket {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: ReadonlyArray<{ readonly key: string; readonly operator: string; readonly values?: readonly string[] }>;
}

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly namespaces?: { readonly match?: string; readonly sameLabels?: readonly string[] };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly group?: string;
  readonly serviceAccount?: { readonly name: string; readonly namespace: string };
}

interface Rule {
  readonly action?: 'Allow' | 'Drop' | 'Reject' | 'Pass';
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: ReadonlyArray<{ readonly protocol?: string; readonly port?: number; readonly endPort?: number }>;
  readonly appliedTo?: readonly Peer[];
}

export interface AntreaObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly spec: {
    readonly tier?: string;
    readonly priority?: number;
    readonly appliedTo?: readonly Peer[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
    readonly podSelector?: LabelSelector;
    readonly namespaceSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ipBlocks?: ReadonlyArray<{ readonly cidr: string; readonly except?: readonly string[] }>;
    readonly serviceReference?: { readonly name: string; readonly namespace: string };
    readonly childGroups?: readonly string[];
    readonly serviceAccountName?: string;
    readonly selector?: Labels;
  };
  readonly status?: { readonly podIP?: string };
}

type Direction = 'ingress' | 'egress';
type Verdict = 'allowed' | 'denied' | 'undefined';

const API = 'crd.antrea.io/v1beta1';
const STATIC: Readonly<Record<string, number>> = { emergency: 50, securityops: 100, networkops: 150, platform: 200, application: 250, baseline: 253 };

/** A rule with the numbers by which it is put in order. */
interface Place {
  readonly tier: number;
  readonly priority: number;
  readonly index: number;
  readonly action: string;
}

/**
 * Antrea rule by rule, as its documents say: all regular tiers, NetworkPolicy, the baseline. No nodes, domain names, source ports
 * or names of ports: those have tests of their own.
 *
 * @see https://github.com/antrea-io/antrea/blob/main/docs/antrea-network-policy.md
 */
export class PlainAntrea {
  public constructor(private readonly objects: readonly AntreaObject[]) {}

  public verdict(packet: AntreaPacket): Verdict {
    const both = [this.direction('egress', packet), this.direction('ingress', packet)];
    return both.includes('denied') ? 'denied' : both.includes('undefined') ? 'undefined' : 'allowed';
  }

  private direction(direction: Direction, packet: AntreaPacket): Verdict {
    const pod = this.podAt(direction === 'egress' ? packet.source : packet.destination);
    if (pod === undefined) return 'allowed';
    const matching = this.matching(direction, pod, packet);
    const regular = this.decide(matching.filter(({ tier }) => tier < 252));
    return agreed(regular.map((action) => {
      if (action !== 'Pass') return action === 'Deny' ? 'denied' : 'allowed';
      const native = this.nativePolicies(direction, pod);
      if (native.length > 0) return native.some((policy) => this.nativeAllows(policy, direction, packet)) ? 'allowed' : 'denied';
      return agreed(this.decide(matching.filter(({ tier }) => tier >= 252)).map((each) => (each === 'Deny' ? 'denied' : 'allowed')));
    }));
  }

  /** The actions of the rules that come first: priorities are "only considered equal" where tier, policy and rule have the same. */
  private decide(places: readonly Place[]): string[] {
    const [first] = [...places].sort((a, b) => a.tier - b.tier || a.priority - b.priority || a.index - b.index);
    if (first === undefined) return ['Pass'];
    const firsts = places.filter(({ tier, priority, index }) => tier === first.tier && priority === first.priority && index === first.index);
    return firsts.map(({ action }) => action);
  }

  private matching(direction: Direction, pod: AntreaObject, packet: AntreaPacket): Place[] {
    const policies = this.objects.filter(({ apiVersion, kind }) => apiVersion === API && kind.endsWith('NetworkPolicy'));
    return policies.flatMap((policy) => (policy.spec[direction] ?? []).flatMap((rule, index) => {
      const applied = [...policy.spec.appliedTo ?? [], ...rule.appliedTo ?? []];
      if (!applied.some((peer) => this.isAppliedTo(peer, policy, pod))) return [];
      const peers = direction === 'ingress' ? rule.from ?? [] : rule.to ?? [];
      const other = direction === 'ingress' ? packet.source : packet.destination;
      if (peers.length > 0 && !peers.some((peer) => this.isPeer(peer, policy, pod, other))) return [];
      if (!hasPort(rule, packet)) return [];
      const action = rule.action === 'Drop' || rule.action === 'Reject' ? 'Deny' : rule.action!;
      return [{ tier: this.tierOf(policy), priority: policy.spec.priority!, index, action }];
    }));
  }

  private tierOf({ spec: { tier = 'application' } }: AntreaObject): number {
    return this.objects.find(({ kind, metadata }) => kind === 'Tier' && metadata.name === tier)?.spec.priority ?? STATIC[tier]!;
  }

  /** Address blocks of groups are ignored there. */
  private isAppliedTo(peer: Peer, { metadata: { namespace } }: AntreaObject, pod: AntreaObject): boolean {
    if (namespace !== undefined && pod.metadata.namespace !== namespace) return false;
    if (peer.group !== undefined) return this.inGroup(peer.group, namespace, pod.status!.podIP!, false);
    return this.isSelected(peer, namespace, pod);
  }

  private isPeer(peer: Peer, { metadata: { namespace } }: AntreaObject, subject: AntreaObject, address: string): boolean {
    if (peer.ipBlock !== undefined) return inBlock(peer.ipBlock, address);
    if (peer.group !== undefined) return this.inGroup(peer.group, namespace, address, true);
    const pod = this.podAt(address);
    if (pod === undefined) return false;
    if (peer.namespaces !== undefined) return this.isAlike(peer.namespaces, subject, pod) && selects(peer.podSelector ?? {}, pod.metadata.labels ?? {});
    return this.isSelected(peer, namespace, pod);
  }

  /** "Namespaces that have the same values for the keys"; a namespace without one of them is in no group. */
  private isAlike({ match, sameLabels = [] }: NonNullable<Peer['namespaces']>, subject: AntreaObject, pod: AntreaObject): boolean {
    if (match === 'Self') return subject.metadata.namespace === pod.metadata.namespace;
    const [own, other] = [this.namespaceLabels(subject), this.namespaceLabels(pod)];
    return sameLabels.every((key) => own[key] !== undefined && own[key] === other[key]);
  }

  private isSelected({ podSelector, namespaceSelector, serviceAccount }: Peer, namespace: string | undefined, pod: AntreaObject): boolean {
    const { serviceAccountName = 'default' } = pod.spec;
    if (serviceAccount !== undefined) return pod.metadata.namespace === serviceAccount.namespace && serviceAccountName === serviceAccount.name;
    if (namespaceSelector === undefined && namespace !== undefined && pod.metadata.namespace !== namespace) return false;
    return selects(namespaceSelector ?? {}, this.namespaceLabels(pod)) && selects(podSelector ?? {}, pod.metadata.labels ?? {});
  }

  /** A group that does not exist has no members. */
  private inGroup(name: string, namespace: string | undefined, address: string, withBlocks: boolean): boolean {
    const kind = namespace === undefined ? 'ClusterGroup' : 'Group';
    const group = this.objects.find((each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace);
    if (group === undefined) return false;
    const { ipBlocks, serviceReference, childGroups, podSelector, namespaceSelector } = group.spec;
    if (childGroups !== undefined) return childGroups.some((child) => this.inGroup(child, namespace, address, withBlocks));
    if (ipBlocks !== undefined) return withBlocks && ipBlocks.some((block) => inBlock(block, address));
    const pod = this.podAt(address);
    if (pod === undefined) return false;
    if (serviceReference !== undefined) {
      const { name: called, namespace: of } = serviceReference;
      const service = this.objects.find((each) => each.kind === 'Service' && each.metadata.name === called && each.metadata.namespace === of);
      return service !== undefined && pod.metadata.namespace === of && selects({ matchLabels: service.spec.selector ?? {} }, pod.metadata.labels ?? {});
    }
    const own = podSelector === undefined ? {} : { podSelector };
    return this.isSelected(namespaceSelector === undefined ? own : { ...own, namespaceSelector }, namespace, pod);
  }

  private nativePolicies(direction: Direction, pod: AntreaObject): AntreaObject[] {
    return this.objects.filter(({ apiVersion, kind, metadata, spec }) => apiVersion === 'networking.k8s.io/v1' && kind === 'NetworkPolicy'
      && metadata.namespace === pod.metadata.namespace && selects(spec.podSelector ?? {}, pod.metadata.labels ?? {})
      && spec.policyTypes!.some((type) => type.toLowerCase() === direction));
  }

  private nativeAllows(policy: AntreaObject, direction: Direction, packet: AntreaPacket): boolean {
    const other = direction === 'ingress' ? packet.source : packet.destination;
    return (policy.spec[direction] ?? []).some((rule) => {
      const peers = direction === 'ingress' ? rule.from ?? [] : rule.to ?? [];
      return hasPort(rule, packet) && (peers.length === 0 || peers.some((peer) => this.isPeer(peer, policy, policy, other)));
    });
  }

  private namespaceLabels({ metadata: { namespace } }: AntreaObject): Labels {
    const own = this.objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace)?.metadata.labels ?? {};
    return { ...own, 'kubernetes.io/metadata.name': namespace! };
  }

  private podAt(address: string): AntreaObject | undefined {
    return this.objects.find(({ kind, status }) => kind === 'Pod' && status?.podIP === address);
  }
}

/** "Nondeterministic" where the possible actions lead to different ends. */
function agreed(verdicts: readonly Verdict[]): Verdict {
  return verdicts.every((verdict) => verdict === verdicts[0]) ? verdicts[0]! : 'undefined';
}

function hasPort({ ports = [] }: Rule, packet: AntreaPacket): boolean {
  return ports.length === 0 || ports.some(({ protocol = 'TCP', port, endPort = port }) => protocol === packet.protocol
    && (port === undefined || (port <= packet.port && packet.port <= endPort!)));
}

function inBlock({ cidr, except = [] }: { readonly cidr: string; readonly except?: readonly string[] }, address: string): boolean {
  const holds = (block: string): boolean => contains(parseCidr(block), parseAddress(address));
  return holds(cidr) && !except.some(holds);
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return (operator === 'In') === (value !== undefined && values.includes(value));
  });
}
